//! What a clause asks of past events: decided in part when they arrive, in part at the trigger.

use std::collections::BTreeMap;

use super::expr::{View, lower, lower_own};
use super::mention::{About, conjuncts, mention};
use super::{Builder, PackageContext};
use crate::program::{Cross, ExprId, Feed, FeedInto, FlowId, WatchId};
use crate::syntax::ast::BinaryOp;
use crate::typed::{Expr, ExprKind, Pattern, Slot};
use crate::types::Type;

/// An event of a clause, its condition split.
pub(super) struct Split {
    pub(super) slot: Slot,
    pub(super) watch: WatchId,
    /// Tells the watched events apart.
    pub(super) hash: u64,
    /// The parts that speak of other events too.
    pub(super) crosses: Vec<Expr>,
}

/// Splits a condition, in which small functions are written out.
pub(super) fn split(
    builder: &mut Builder,
    package: &PackageContext,
    slot: Slot,
    pattern: &Pattern,
    condition: &Expr,
) -> Split {
    let (mut local, mut crosses) = (Vec::new(), Vec::new());
    for part in conjuncts(condition) {
        match mention(part).about {
            About::Nothing => local.push(lower_own(builder, package, slot, part)),
            About::One(about) if about == slot => local.push(lower_own(builder, package, slot, part)),
            _ => crosses.push(part.clone()),
        }
    }
    let local = builder.exprs.all(local);
    let watch = builder.watch(pattern, local);
    Split { slot, watch, hash: builder.watch_hash(watch), crosses }
}

/// What a memory must join on, and what is asked at the trigger.
pub(super) struct Crossed {
    pub(super) cross: Option<Cross>,
    /// About the event that is kept.
    pub(super) join: Vec<ExprId>,
    pub(super) flows: Vec<(Slot, FlowId)>,
}

/// Lowers the parts of a condition that speak of several events; `current` is the one at which it is decided, `kept` what is
/// kept of the others.
pub(super) fn cross(
    builder: &mut Builder,
    package: &PackageContext,
    crosses: &[Expr],
    current: Slot,
    own: Slot,
    watched: &BTreeMap<Slot, u64>,
    kept: &mut BTreeMap<Slot, Vec<ExprId>>,
) -> Crossed {
    let mut flows = Vec::new();
    let (mut parts, mut join, mut of_current) = (Vec::new(), Vec::new(), Vec::new());
    for part in crosses {
        let currents = [current];
        let mut view = View { current: &currents, kept: &mut *kept, watched, flows: &mut flows };
        parts.push(lower(builder, package, &mut view, part));
        if let Some((of_own, of_other)) = equality(part, own, current) {
            join.push(lower_own(builder, package, own, of_own));
            of_current.push(lower_own(builder, package, current, of_other));
        }
    }
    let cross = (!crosses.is_empty()).then(|| Cross { condition: builder.exprs.all(parts), join: of_current.into() });
    Crossed { cross, join, flows }
}

/// `own.x == other.y`, as the side about `own` and the side about `other`.
fn equality(part: &Expr, own: Slot, other: Slot) -> Option<(&Expr, &Expr)> {
    let ExprKind::Binary { op: BinaryOp::Equal, left, right } = &part.kind else { return None };
    if !can_join(&left.ty) || !can_join(&right.ty) {
        return None;
    }
    match (mention(left).about, mention(right).about) {
        (About::One(a), About::One(b)) if a == own && b == other => Some((left, right)),
        (About::One(a), About::One(b)) if a == other && b == own => Some((right, left)),
        _ => None,
    }
}

/// Whether equal values of this type have equal quick hashes: sets and lists are compared item by item, each read by its type.
fn can_join(ty: &Type) -> bool {
    !matches!(ty.required(), Type::List(_) | Type::Set(_) | Type::Record(_) | Type::Any | Type::Float | Type::Error)
}

/// Lets the places that texts come from be fed.
pub(super) fn feed_flows(builder: &mut Builder, flows: &[(Slot, FlowId)], watches: &BTreeMap<Slot, WatchId>) {
    for (slot, flow) in flows {
        if let Some(watch) = watches.get(slot) {
            builder.feed(*watch, Feed { accepted_only: false, into: FeedInto::Flow(*flow) });
        }
    }
}
