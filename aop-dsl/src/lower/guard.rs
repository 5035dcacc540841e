//! What a condition cannot hold without: a value that must be one of a few, a text that must be in it, a bound it must pass.
//!
//! Things with such a need are found by the value ([`crate::program::Guarded`]) instead of being looked at one by one. Where the
//! value is unknown, all of them are looked at, so that nothing is decided here.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};
use rust_decimal::Decimal;

use super::literal;
use crate::program::{Bounds, BuildUnhashed, Comparison, ExprId, Exprs, Guarded, Index, Node, constant_amount, quick_hash};
use crate::typed::Const;
use crate::types::{PatternKind, Type};
use crate::value::from_const;

/// With fewer things that need something of a value, each is looked at.
const GUARDED_MIN: usize = 4;

/// A longer list is not taken apart.
const ALTERNATIVES_MAX: usize = 256;

/// Something that a condition needs of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Need {
    /// About the event.
    pub(super) value: ExprId,
    pub(super) kind: NeedKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NeedKind {
    /// One of these quick hashes.
    Equal(Vec<u64>),
    /// One of these in its text.
    Texts(Vec<String>),
    AtLeast(Decimal),
    AtMost(Decimal),
}

/// What a condition needs: at least one of these. Nothing when no such list is known.
pub(super) fn needs(exprs: &Exprs, condition: ExprId) -> Option<Vec<Need>> {
    match exprs.node(condition) {
        Node::And(parts) => {
            parts.iter().filter_map(|part| needs(exprs, *part)).min_by_key(|needs| needs.iter().map(breadth).sum::<usize>())
        }
        Node::Or(parts) => {
            let all: Option<Vec<Vec<Need>>> = parts.iter().map(|part| needs(exprs, *part)).collect();
            all.map(|needs| needs.concat()).filter(|needs| needs.len() <= 8)
        }
        _ => need(exprs, condition).map(|need| vec![need]),
    }
}

/// How many values are let through, roughly.
fn breadth(need: &Need) -> usize {
    match &need.kind {
        NeedKind::Equal(hashes) => hashes.len(),
        NeedKind::Texts(texts) => texts.len() * if texts.iter().any(|text| text.len() < 3) { 500 } else { 100 },
        NeedKind::AtLeast(_) | NeedKind::AtMost(_) => 1_000_000,
    }
}

fn need(exprs: &Exprs, condition: ExprId) -> Option<Need> {
    let constant = |id: ExprId| match exprs.node(id) {
        Node::Const(id) => Some(exprs.constant(*id)),
        _ => None,
    };
    let text = |id: ExprId| match constant(id) {
        Some(Const::Text(text)) if !text.is_empty() => Some(vec![text.to_string()]),
        _ => None,
    };
    let (value, kind) = match exprs.node(condition) {
        Node::Compare { op, left, right, ty } => {
            let (value, constant, op) = match (constant(*left), constant(*right)) {
                (None, Some(constant)) => (*left, constant, *op),
                (Some(constant), None) => (*right, constant, turned(*op)),
                _ => return None,
            };
            (value, comparison(op, constant, ty)?)
        }
        Node::Among { value, members, negated: false } => {
            let Const::List(entries) = exprs.members_list(*members) else { return None };
            (*value, NeedKind::Equal(plain(entries)?))
        }
        Node::Contains { haystack, needle, ty } if ty.is_textual() => (*haystack, NeedKind::Texts(text(*needle)?)),
        Node::StartsWith(value, part) | Node::EndsWith(value, part) => (*value, NeedKind::Texts(text(*part)?)),
        Node::Matches { value, pattern } => match constant(*pattern)? {
            Const::Pattern(PatternKind::Regex, text) => (*value, NeedKind::Texts(literal::of_regex(text)?)),
            Const::Pattern(PatternKind::Glob, text) => (*value, NeedKind::Texts(literal::of_glob(text)?)),
            Const::Pattern(PatternKind::Literal, text) => {
                (*value, NeedKind::Equal(vec![quick_hash(&from_const(&Const::Text(text.clone())))]))
            }
            _ => return None,
        },
        _ => return None,
    };
    let expr = exprs.get(value);
    (expr.closed && !matches!(expr.node, Node::Const(_))).then_some(Need { value, kind })
}

/// The comparison with its sides changed.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Equal | Comparison::NotEqual => op,
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
    }
}

fn comparison(op: Comparison, constant: &Const, ty: &Type) -> Option<NeedKind> {
    let is_number = matches!(ty, Type::Int | Type::Decimal | Type::Duration | Type::Size);
    match op {
        Comparison::Equal if is_scalar(ty) => Some(NeedKind::Equal(vec![quick_hash(&from_const(constant))])),
        Comparison::Greater | Comparison::GreaterEqual if is_number => constant_amount(constant).map(NeedKind::AtLeast),
        Comparison::Less | Comparison::LessEqual if is_number => constant_amount(constant).map(NeedKind::AtMost),
        _ => None,
    }
}

/// Types whose values are equal exactly when what they are read as is.
fn is_scalar(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool
            | Type::Int
            | Type::Decimal
            | Type::String
            | Type::Code(_)
            | Type::Email
            | Type::Domain
            | Type::Url
            | Type::Path
            | Type::Enum(_)
            | Type::Time
            | Type::Duration
            | Type::Size
    )
}

/// The quick hashes of entries that stand for themselves.
fn plain(entries: &[Const]) -> Option<Vec<u64>> {
    let is_plain = |entry: &Const| match entry {
        Const::Text(text) => !text.contains('*'),
        Const::Number(_) => true,
        _ => false,
    };
    let is_good = (1..=ALTERNATIVES_MAX).contains(&entries.len()) && entries.iter().all(is_plain);
    is_good.then(|| entries.iter().map(|entry| quick_hash(&from_const(entry))).collect())
}

/// Puts things into an index, each with what its condition needs.
pub(super) fn index(things: &[(u32, Option<Vec<Need>>)]) -> Index {
    let mut counts: HashMap<ExprId, usize> = HashMap::new();
    for need in things.iter().flat_map(|(_, needs)| needs.iter().flatten()) {
        *counts.entry(need.value).or_default() += 1;
    }
    let is_shared = |needs: &&Vec<Need>| needs.iter().all(|need| counts[&need.value] >= GUARDED_MIN);
    let mut always = Vec::new();
    let mut by_value: BTreeMap<ExprId, Vec<(u32, &NeedKind)>> = BTreeMap::new();
    for (thing, needs) in things {
        match needs.as_ref().filter(is_shared) {
            None => always.push(*thing),
            Some(needs) => {
                for need in needs {
                    by_value.entry(need.value).or_default().push((*thing, &need.kind));
                }
            }
        }
    }
    let guarded = by_value.into_iter().map(|(value, things)| guarded(value, &things)).collect();
    Index { always: always.into(), guarded }
}

fn guarded(value: ExprId, things: &[(u32, &NeedKind)]) -> Guarded {
    let mut all: Vec<u32> = things.iter().map(|(thing, _)| *thing).collect();
    all.sort_unstable();
    all.dedup();
    let mut equal: HashMap<u64, Vec<u32>, BuildUnhashed> = HashMap::default();
    let mut texts: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let (mut at_least, mut at_most) = (Vec::new(), Vec::new());
    for (thing, kind) in things {
        match kind {
            NeedKind::Equal(hashes) => hashes.iter().for_each(|hash| equal.entry(*hash).or_default().push(*thing)),
            NeedKind::Texts(needed) => needed.iter().for_each(|text| texts.entry(text).or_default().push(*thing)),
            NeedKind::AtLeast(bound) => at_least.push((*bound, *thing)),
            NeedKind::AtMost(bound) => at_most.push((*bound, *thing)),
        }
    }
    at_least.sort_unstable();
    at_most.sort_unstable_by(|a, b| b.cmp(a));
    let equal = equal.into_iter().map(|(hash, things)| (hash, things.into())).collect();
    let texts = (!texts.is_empty()).then(|| {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts.keys());
        // It fails when the texts are larger than its numbers can count, which no policy is.
        let automaton = automaton.expect("texts of policies are of bounded size");
        (automaton, texts.into_values().map(Into::into).collect())
    });
    let bounds = Bounds { at_least: at_least.into(), at_most: at_most.into() };
    Guarded { value, all: all.into(), equal, texts, bounds }
}
