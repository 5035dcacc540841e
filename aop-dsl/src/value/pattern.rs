//! What `matches` takes.

use std::sync::Arc;

use ::regex::Regex;
use ::semver::VersionReq;
use globset::GlobMatcher;
use ipnet::IpNet;

use super::{Gap, Reason, Value, glob, regular, semver};
use crate::typed::Const;
use crate::types::PatternKind;

/// A pattern, a version requirement or a network, made ready.
#[derive(Debug, Clone)]
pub(crate) enum Matcher {
    /// Searches.
    Regex(Regex),
    Glob(GlobMatcher),
    Literal(Arc<str>),
    Versions(VersionReq),
    Network(IpNet),
}

impl Matcher {
    /// Compiles a constant, which [`super::const_read`] has accepted.
    pub(crate) fn new(constant: &Const) -> Result<Self, String> {
        match constant {
            Const::Pattern(PatternKind::Regex, text) => {
                regular::compile(text).map(Self::Regex).map_err(|problem| problem.to_string())
            }
            Const::Pattern(PatternKind::Glob, text) => glob::compile(text).map(|glob| Self::Glob(glob.compile_matcher())),
            Const::Pattern(PatternKind::Literal, text) => Ok(Self::Literal(Arc::clone(text))),
            Const::Pattern(PatternKind::Versions, text) => semver::requirement(text).map(Self::Versions),
            Const::Cidr(network) => Ok(Self::Network(*network)),
            _ => Err("this is no pattern".to_owned()),
        }
    }

    /// Whether a text matches, or a version, or an address.
    pub(crate) fn matches(&self, value: &Value<'_>) -> Result<bool, Gap> {
        match (self, value) {
            (_, Value::Digest(_)) => return Err(Gap::Unknown(Reason::Forgotten)),
            (Self::Network(network), Value::Ip(ip)) => return Ok(network.contains(ip)),
            (Self::Network(network), Value::Cidr(part)) => return Ok(network.contains(part)),
            _ => {}
        }
        let text = value.to_text().ok_or(Gap::Unknown(Reason::WrongType))?;
        match self {
            Self::Regex(regex) => Ok(regex.is_match(&text)),
            Self::Glob(glob) => Ok(glob.is_match(&*text)),
            Self::Literal(literal) => Ok(**literal == *text),
            Self::Versions(versions) => {
                let version = semver::parse(&text).ok_or(Gap::Unknown(Reason::Malformed))?;
                Ok(versions.matches(&version))
            }
            Self::Network(_) => Err(Gap::Unknown(Reason::WrongType)),
        }
    }
}

/// Whether a pattern compiles, or what is wrong with it; takes less than to compile it.
pub(super) fn check(kind: PatternKind, text: &str) -> Result<(), String> {
    match kind {
        PatternKind::Regex => regular::size(text).map(drop).map_err(|problem| problem.to_string()),
        PatternKind::Glob => glob::compile(text).map(drop),
        PatternKind::Literal => Ok(()),
        PatternKind::Versions => semver::requirement(text).map(drop),
    }
}
