//! Sets that are known when a policy is compiled.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::net::IpAddr;
use std::sync::Arc;

use globset::{GlobSet, GlobSetBuilder};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rust_decimal::Decimal;

use super::{Gap, Key, Matcher, Reason, Value, domain, from_const, glob, key};
use crate::typed::Const;
use crate::types::{PatternKind, Type};

/// A table that is the same in each process. Its entries are the policy author's, so nobody else can crowd it.
type Table<T> = HashSet<T, BuildHasherDefault<DefaultHasher>>;

/// A constant list or set, made ready to be asked what is in it: texts, numbers and addresses by hash, domains by a hash for
/// each of their labels, networks by binary search.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    texts: Table<Arc<str>>,
    /// `example.com` for the entry `*.example.com`.
    parents: Table<Box<str>>,
    numbers: Table<Decimal>,
    addresses: Table<IpAddr>,
    /// As they are written, for asking whether a network lies in one of them.
    networks: Vec<IpNet>,
    /// Disjoint and sorted, for addresses.
    networks_v4: Vec<Ipv4Net>,
    networks_v6: Vec<Ipv6Net>,
    globs: Option<GlobSet>,
    /// Other patterns.
    matchers: Vec<Matcher>,
    /// Everything else.
    keys: Table<Key>,
}

impl Members {
    /// The entries, which are of type `item`.
    pub(crate) fn new(entries: &[Const], item: &Type) -> Result<Self, String> {
        let mut members = Self::default();
        let (mut globs, mut glob_count) = (GlobSetBuilder::new(), 0);
        let mut add_glob = |text: &str| {
            globs.add(glob::compile(text)?);
            glob_count += 1;
            Ok::<(), String>(())
        };
        for entry in entries {
            match entry {
                Const::Text(text) => match (item.required(), text.strip_prefix("*.")) {
                    (Type::Domain, Some(parent)) => drop(members.parents.insert(parent.into())),
                    (Type::Path, _) if text.contains('*') => add_glob(text)?,
                    _ => drop(members.texts.insert(Arc::clone(text))),
                },
                Const::Number(number) => drop(members.numbers.insert(*number)),
                Const::Ip(ip) => drop(members.addresses.insert(*ip)),
                Const::Cidr(network) => {
                    members.networks.push(*network);
                    match network {
                        IpNet::V4(network) => members.networks_v4.push(*network),
                        IpNet::V6(network) => members.networks_v6.push(*network),
                    }
                }
                Const::Pattern(PatternKind::Glob, text) => add_glob(text)?,
                Const::Pattern(..) => members.matchers.push(Matcher::new(entry)?),
                other => drop(members.keys.insert(key(&from_const(other)))),
            }
        }
        if glob_count > 0 {
            members.globs = Some(globs.build().map_err(|_| "these globs are too large together".to_owned())?);
        }
        members.networks_v4 = Ipv4Net::aggregate(&members.networks_v4);
        members.networks_v6 = Ipv6Net::aggregate(&members.networks_v6);
        Ok(members)
    }

    /// Whether a value is in it.
    pub(crate) fn has(&self, value: &Value<'_>) -> Result<bool, Gap> {
        match value {
            Value::Text(text) => self.has_text(text, value),
            Value::Number(number) => Ok(self.numbers.contains(number)),
            Value::Ip(ip) => Ok(self.addresses.contains(ip) || self.has_address(*ip)),
            Value::Cidr(part) => Ok(self.networks.iter().any(|network| network.contains(part))),
            Value::Digest(digest) => self.has_digest(*digest),
            other => Ok(self.has_other(other)),
        }
    }

    fn has_text(&self, text: &str, value: &Value<'_>) -> Result<bool, Gap> {
        let found = self.texts.contains(text)
            || (!self.parents.is_empty() && domain::parents(text).any(|parent| self.parents.contains(parent)))
            || self.globs.as_ref().is_some_and(|globs| globs.is_match(text));
        if found { Ok(true) } else { super::compare::any(self.matchers.iter().map(|matcher| matcher.matches(value))) }
    }

    fn has_address(&self, ip: IpAddr) -> bool {
        // Of disjoint networks only the last one that starts at or before an address can hold it.
        match ip {
            IpAddr::V4(v4) => {
                let after = self.networks_v4.partition_point(|network| network.network() <= v4);
                after > 0 && self.networks_v4[after - 1].contains(&v4)
            }
            IpAddr::V6(v6) => {
                let after = self.networks_v6.partition_point(|network| network.network() <= v6);
                after > 0 && self.networks_v6[after - 1].contains(&v6)
            }
        }
    }

    /// What was too long to be remembered: known to be in a set of texts or not, unknown where patterns look into the text.
    fn has_digest(&self, digest: Key) -> Result<bool, Gap> {
        let is_it = |text: &Arc<str>| key(&Value::Text(std::borrow::Cow::Borrowed(text))) == digest;
        if self.keys.contains(&digest) || self.texts.iter().any(is_it) {
            return Ok(true);
        }
        let known = self.parents.is_empty() && self.globs.is_none() && self.matchers.is_empty();
        if known { Ok(false) } else { Err(Gap::Unknown(Reason::Forgotten)) }
    }

    /// JSON, floats, times and the like.
    fn has_other(&self, value: &Value<'_>) -> bool {
        match value.as_json() {
            Some(json) if json.kind() == aop_toon::Kind::String => self.texts.contains(&*json.as_str().unwrap_or_default()),
            Some(json) if json.kind() == aop_toon::Kind::Number => {
                super::decimal::read(json.raw()).is_some_and(|number| self.numbers.contains(&number))
            }
            _ => self.keys.contains(&key(value)),
        }
    }
}
