//! Definitions of memories: what is the same in two clauses is remembered once.

use super::Builder;
use crate::program::{ExprId, MemoryDef, MemoryId, MemoryKind, combined, stable_hash};
use crate::typed::{Scope, Window};

/// The memory of what `watched` stands for.
pub(super) fn memory(
    builder: &mut Builder,
    watched: impl IntoIterator<Item = u64>,
    scope: Scope,
    window: Window,
    accepted_only: bool,
    kind: MemoryKind,
) -> MemoryId {
    let watched = combined(watched);
    let hash = combined([watched, stable_hash(&(scope, window, accepted_only)), kind_hash(builder, &kind)]);
    builder.memory(MemoryDef { hash, scope, window, kind })
}

fn kind_hash(builder: &Builder, kind: &MemoryKind) -> u64 {
    let all = |exprs: &[ExprId]| combined(exprs.iter().map(|id| builder.exprs.hash(*id)));
    let optional = |expr: &Option<ExprId>| expr.map_or(0, |id| builder.exprs.hash(id));
    match kind {
        MemoryKind::Records { capacity, values, join } => combined([1, u64::from(*capacity), all(values), all(join)]),
        MemoryKind::Chain { values } => combined([2].into_iter().chain(values.iter().map(|values| all(values)))),
        MemoryKind::Cells { function, value, keys, keys_max, capacity } => {
            combined([3, stable_hash(function), optional(value), all(keys), *keys_max, u64::from(*capacity)])
        }
        MemoryKind::CellRecords { keys, keys_max, values, join, capacity } => {
            combined([4, all(keys), *keys_max, all(values), all(join), u64::from(*capacity)])
        }
        MemoryKind::Cycle { same, capacity } => combined([5, all(same), u64::from(*capacity)]),
        MemoryKind::Duties { values, join } => combined([6, all(values), all(join)]),
    }
}
