//! How large an expression is, told by its syntax.

use regex_syntax::ast::{Ast, ClassPerlKind, ClassSet, ClassSetItem};
use regex_syntax::hir::{Class, Hir, HirKind};
use regex_syntax::utf8::Utf8Sequences;

/// Larger expressions are refused: that of `\w{100}` is accepted.
pub(crate) const STATES_MAX: usize = 350_000;

/// What the compiler may take, in bytes. A state of [`to_compile`] takes it 10 to 40 of them, and keeps about half.
pub(super) const BYTES_MAX: usize = STATES_MAX * 64;

/// What it takes to read the classes of an expression, in states. A class that the text names is a table of up to 140,000
/// characters, and a range has as many as it says; each of them may be looked up for the one of the other case.
pub(super) fn to_read(ast: &Ast) -> usize {
    match ast {
        Ast::ClassUnicode(_) => NAMED_CLASS,
        Ast::ClassPerl(class) => perl(&class.kind),
        Ast::ClassBracketed(class) => set(&class.kind),
        Ast::Repetition(repetition) => to_read(&repetition.ast),
        Ast::Group(group) => to_read(&group.ast),
        Ast::Alternation(parts) => parts.asts.iter().map(to_read).sum(),
        Ast::Concat(parts) => parts.asts.iter().map(to_read).sum(),
        Ast::Empty(_) | Ast::Flags(_) | Ast::Literal(_) | Ast::Dot(_) | Ast::Assertion(_) => 0,
    }
}

const NAMED_CLASS: usize = 3_000;

fn perl(kind: &ClassPerlKind) -> usize {
    match kind {
        ClassPerlKind::Word => NAMED_CLASS,
        ClassPerlKind::Digit => 200,
        ClassPerlKind::Space => 20,
    }
}

fn set(class: &ClassSet) -> usize {
    match class {
        ClassSet::Item(item) => set_item(item),
        ClassSet::BinaryOp(both) => set(&both.lhs).saturating_add(set(&both.rhs)),
    }
}

fn set_item(item: &ClassSetItem) -> usize {
    match item {
        ClassSetItem::Empty(_) | ClassSetItem::Literal(_) | ClassSetItem::Ascii(_) => 0,
        ClassSetItem::Range(range) => (u32::from(range.end.c).saturating_sub(u32::from(range.start.c)) / 32) as usize,
        ClassSetItem::Unicode(_) => NAMED_CLASS,
        ClassSetItem::Perl(class) => perl(&class.kind),
        ClassSetItem::Bracketed(class) => set(&class.kind),
        ClassSetItem::Union(union) => union.items.iter().map(set_item).sum(),
    }
}

/// About how many states an expression takes, or more than [`STATES_MAX`]: then the rest is not looked at. Recurses as deep as
/// groups may nest.
pub(super) fn to_compile(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() + 2,
        HirKind::Class(Class::Unicode(class)) => {
            let bytes = |range: &regex_syntax::hir::ClassUnicodeRange| -> usize {
                Utf8Sequences::new(range.start(), range.end()).map(|sequence| sequence.len()).sum()
            };
            class.ranges().iter().map(bytes).sum::<usize>() + 2
        }
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1) as usize;
            (to_compile(&repetition.sub) + 1).saturating_mul(times).saturating_add(2)
        }
        HirKind::Capture(capture) => to_compile(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            let mut states = parts.len();
            for part in parts {
                if states > STATES_MAX {
                    break;
                }
                states = states.saturating_add(to_compile(part));
            }
            states
        }
    }
}
