//! What statements and selections begin with, told apart from sentences that begin with the same words.

use super::keywords::{Keyword as K, is_object};
use super::tokens::{Kind, Tokens};
use crate::text::words::begins_with;

/// How sure the beginning of a statement has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Behind a number or a string that was ended.
    Low,
    /// Behind a word, where the same words may be prose or a program.
    High,
}

/// How much what stands behind SELECT is SQL: 2 when it selects what no sentence has there (a function, a number, a
/// variable, a list), 1 when it selects a name from a name, 0 else. `at` is the SELECT.
pub(super) fn select_strength(tokens: &mut Tokens<'_>, at: usize) -> u8 {
    let mut at = at + 1;
    for _ in 0..MODIFIERS_MAX {
        match tokens.get(at).kind {
            Kind::Key(K::Distinct | K::All | K::Not | K::Prefix) | Kind::Open | Kind::Arithmetic | Kind::Negate => at += 1,
            Kind::Key(K::Top) => at += 2,
            Kind::Key(K::Select) => return 2,
            _ => break,
        }
    }
    let (first, next) = (tokens.get(at).kind, tokens.get(at + 1).kind);
    match first {
        Kind::Text | Kind::Variable | Kind::Star | Kind::Function => 2,
        // `select 2 options` is prose, `select 1 from t` is not.
        Kind::Number | Kind::Key(K::Constant) => match next {
            Kind::Word if !matches!(tokens.get(at + 2).kind, Kind::Key(K::From) | Kind::Comma | Kind::End | Kind::Cut) => 0,
            Kind::Word if tokens.get(at + 2).kind != Kind::Key(K::From) => 1,
            _ => 2,
        },
        // Behind UNION even a list that somebody has forgotten.
        Kind::Key(K::From) if next == Kind::Word => 1,
        Kind::Key(K::Case | K::Exists | K::If | K::Replace | K::Infix | K::Values)
            if next == Kind::Open || first == Kind::Key(K::Case) =>
        {
            2
        }
        Kind::OpenText => 1,
        Kind::Key(K::Table) if matches!(next, Kind::Close | Kind::Key(K::From)) => 1,
        Kind::Word => named_strength(tokens, at),
        _ => 0,
    }
}

/// `name FROM name`, `name, name FROM`, `name) FROM`: `at` is the first name.
fn named_strength(tokens: &mut Tokens<'_>, mut at: usize) -> u8 {
    let mut commas = 0;
    for _ in 0..COLUMNS_MAX {
        at += 1;
        match tokens.get(at).kind {
            Kind::Close => {}
            Kind::Key(K::As) => at += 1,
            Kind::Text if commas == 0 => {}
            Kind::Comma => {
                commas += 1;
                match tokens.get(at + 1).kind {
                    Kind::Word => at += 1,
                    Kind::Number | Kind::Function | Kind::Text | Kind::Variable | Kind::Open | Kind::Key(K::Constant) => {
                        return 2;
                    }
                    _ => return 0,
                }
            }
            // Another name for it, or prose.
            Kind::Word if tokens.get(at + 1).kind == Kind::Key(K::From) => {}
            // Firebird's FIRST and SKIP, and what SQL does not allow but attacks hold.
            Kind::Number if commas == 0 && matches!(tokens.get(at + 1).kind, Kind::Word | Kind::Key(K::Distinct)) => {}
            Kind::Word if matches!(tokens.get(at - 1).kind, Kind::Number | Kind::Key(K::Distinct)) => {}
            Kind::Key(K::Distinct) if tokens.get(at - 1).kind == Kind::Number => {}
            Kind::Function => return 1,
            Kind::Arithmetic | Kind::Bars | Kind::Cast | Kind::Compare => return 2,
            Kind::Key(K::From) => {
                let mut table = at + 1;
                while tokens.get(table).kind == Kind::Open {
                    table += 1;
                }
                let is_table = matches!(tokens.get(table).kind, Kind::Word | Kind::Function | Kind::Key(K::Select));
                return match tokens.get(table + 1).kind {
                    Kind::Key(K::Where | K::Limit | K::Order | K::Group | K::Union | K::Join) | Kind::Cut if is_table => 2,
                    Kind::End | Kind::Close | Kind::Comma | Kind::Semicolon | Kind::Open | Kind::Key(_) if is_table => {
                        1 + u8::from(commas > 0)
                    }
                    Kind::Word if is_table => 1,
                    Kind::OpenText | Kind::Text | Kind::Other if is_table => 1,
                    _ => 0,
                };
            }
            Kind::End | Kind::Cut if at > 1 => return u8::from(commas > 0 || tokens.get(at).kind == Kind::Cut),
            _ => return 0,
        }
    }
    1
}

/// So many modifiers and parentheses may stand before what is selected.
const MODIFIERS_MAX: usize = 16;

/// So many columns are read before FROM has to come.
const COLUMNS_MAX: usize = 48;

/// Whether a statement begins at a token that reads, changes or runs something.
pub(super) fn starts_statement(tokens: &mut Tokens<'_>, text: &str, at: usize, strictness: Strictness) -> bool {
    let kind = |tokens: &mut Tokens<'_>, ahead: usize| tokens.get(at + ahead).kind;
    let is_low = strictness == Strictness::Low;
    let ends = |kind: Kind| matches!(kind, Kind::End | Kind::Cut | Kind::Semicolon);
    let Kind::Key(key) = kind(tokens, 0) else { return is_procedure(tokens, text, at) };
    let (next, third) = (kind(tokens, 1), kind(tokens, 2));
    let second = tokens.get(at + 1);
    let second = text.get(second.start as usize..second.end as usize).unwrap_or_default();
    let names_object = matches!(next, Kind::Word | Kind::Function) && is_object(second);
    match key {
        K::Select => select_strength(tokens, at) >= if is_low { 1 } else { 2 },
        K::Insert | K::Replace | K::Merge => next == Kind::Key(K::Into) && matches!(third, Kind::Word | Kind::Function),
        K::Update => {
            matches!(next, Kind::Word)
                && third == Kind::Key(K::Set)
                && matches!(kind(tokens, 4), Kind::Compare)
                && kind(tokens, 3) == Kind::Word
        }
        K::Delete => {
            let from = if third == Kind::Key(K::From) { 2 } else { 1 };
            let behind = kind(tokens, from + 2);
            kind(tokens, from) == Kind::Key(K::From)
                && matches!(kind(tokens, from + 1), Kind::Word)
                && (ends(behind) || matches!(behind, Kind::Key(K::Where | K::Limit) | Kind::Close | Kind::OpenText))
        }
        K::Drop | K::Create | K::Alter => match next {
            Kind::Key(K::Table | K::Procedure) | Kind::Word | Kind::Function
                if names_object || matches!(next, Kind::Key(_)) =>
            {
                let name = if third == Kind::Key(K::If) { kind(tokens, 4) } else { third };
                matches!(name, Kind::Word | Kind::Function | Kind::Variable | Kind::Key(_) | Kind::Text)
                    && (is_low || key != K::Drop || !matches!(kind(tokens, 3), Kind::Word))
            }
            Kind::Word => is_low && key == K::Drop && kind(tokens, 2) == Kind::Cut,
            _ => false,
        },
        K::Truncate => next == Kind::Key(K::Table) || is_low && next == Kind::Word && ends(third),
        K::Exec => match next {
            Kind::Variable | Kind::Text => true,
            Kind::Open => matches!(third, Kind::Variable) || is_low && matches!(third, Kind::Text),
            Kind::Key(K::As) => true,
            Kind::Word | Kind::Function => is_procedure(tokens, text, at + 1) || is_low && third == Kind::Variable,
            _ => false,
        },
        K::Declare => {
            next == Kind::Variable
                || ends(next)
                || next == Kind::Word && matches!(third, Kind::Word | Kind::Key(_)) && is_low
        }
        K::Waitfor => matches!(next, Kind::Word) && matches!(third, Kind::Text | Kind::OpenText),
        K::Shutdown => ends(next) && is_low || matches!(next, Kind::Cut | Kind::Key(K::With | K::End)),
        K::If | K::While => match next {
            Kind::Key(K::Exists) if third == Kind::Open => true,
            Kind::Number | Kind::Key(K::Exists | K::Not) => is_low,
            Kind::Open => {
                let is_value =
                    matches!(third, Kind::Number | Kind::Text | Kind::Variable | Kind::Key(K::Select) | Kind::Open);
                is_value && is_low
                    || third == Kind::Number && kind(tokens, 3) == Kind::Compare && kind(tokens, 4) == Kind::Number
            }
            _ => false,
        },
        K::Begin => match next {
            Kind::Function => is_procedure(tokens, text, at + 1),
            Kind::Word if second.eq_ignore_ascii_case("try") => matches!(third, Kind::Key(_)),
            Kind::Key(K::Declare | K::Shutdown | K::Goto | K::Select | K::Exec) => true,
            Kind::Word => is_low && matches!(third, Kind::Key(_) | Kind::Variable),
            other => is_low && ends(other),
        },
        K::Goto => next == Kind::Word && (is_low || matches!(third, Kind::Key(_) | Kind::Word | Kind::Semicolon)),
        K::Print => matches!(next, Kind::Text) && is_low,
        K::Call => next == Kind::Function && is_low,
        K::Load => matches!(next, Kind::Word) && matches!(third, Kind::Word | Kind::Key(_)) && is_low,
        K::Do => matches!(next, Kind::Open | Kind::Function) && is_low,
        K::Use => next == Kind::Word && third == Kind::Semicolon && is_low,
        K::Set => next == Kind::Variable && third == Kind::Compare,
        K::Grant | K::Revoke => {
            is_low && (matches!(next, Kind::Key(_)) || next == Kind::Word && names_grantee(tokens, text, at))
        }
        K::Backup | K::Attach => names_object,
        K::Copy => matches!(third, Kind::Key(K::From)) && is_low,
        _ => false,
    }
}

/// Whether what is granted or revoked is so `TO` or `FROM` somebody, with whom the statement ends: `GRANT dba TO eve`.
fn names_grantee(tokens: &mut Tokens<'_>, text: &str, at: usize) -> bool {
    let is_end = |kind: Kind| matches!(kind, Kind::End | Kind::Cut | Kind::Semicolon | Kind::Key(K::With) | Kind::Variable);
    (at + 2..at + GRANT_TOKENS_MAX).any(|place| {
        let token = tokens.get(place);
        let word = text.get(token.start as usize..token.end as usize).unwrap_or_default();
        let leads = token.kind == Kind::Key(K::From) || word.eq_ignore_ascii_case("to");
        let parts = matches!(tokens.get(place - 1).kind, Kind::Word | Kind::Key(_) | Kind::Star);
        leads && parts && matches!(tokens.get(place + 1).kind, Kind::Word | Kind::Text) && is_end(tokens.get(place + 2).kind)
    })
}

/// So many tokens of a grant are read.
const GRANT_TOKENS_MAX: usize = 16;

/// Whether a name is of a procedure that attacks call: `xp_…`, `sp_…`, a function that waits or reaches outside.
fn is_procedure(tokens: &mut Tokens<'_>, text: &str, at: usize) -> bool {
    let token = tokens.get(at);
    if !matches!(token.kind, Kind::Word | Kind::Function) {
        return false;
    }
    let name = text.get(token.start as usize..token.end as usize).unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or(name);
    let begins = |prefix: &str| begins_with(last, prefix);
    begins("xp_") || begins("sp_") || super::keywords::is_dangerous(name)
}
