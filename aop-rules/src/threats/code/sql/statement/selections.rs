//! Selections within a statement that read credentials, carry a text out letter by letter, or only take time.

use super::{COLUMN_TOKENS_MAX, COPY_TOKENS_MAX, Reading};
use crate::threats::code::sql::keywords::{Keyword, tells_of_server};
use crate::threats::code::sql::names::{is_credential, is_system_table};
use crate::threats::code::sql::tokens::Kind;

impl Reading<'_> {
    /// Whether the columns that a FROM belongs to hold a credential.
    pub(super) fn selects_credential(&self, from: usize) -> bool {
        (from.saturating_sub(COLUMN_TOKENS_MAX)..from)
            .rev()
            .take_while(|&at| self.key(at) != Some(Keyword::Select))
            .any(|at| self.kind(at) == Kind::Word && is_credential(self.slice(at)))
    }

    /// A selection within another statement's values that reads credentials, or takes a text apart letter by letter.
    pub(super) fn carries_out(&self, select: usize) -> bool {
        use Keyword as K;
        if select == 0 || self.kind(select - 1) != Kind::Open {
            return false;
        }
        let before = select.checked_sub(2);
        let is_probe = |at: usize| {
            self.kind(at) == Kind::Function
                && ["ascii", "ord", "substring", "substr", "mid", "convert", "unicode", "exp"]
                    .iter()
                    .any(|name| self.is(at, name))
        };
        // `ASCII(SUBSTRING((SELECT`, `CONVERT(int, (SELECT`
        let is_probed = before.is_some_and(|before| {
            let opens = (before.saturating_sub(6)..=before).rev().take_while(|&at| {
                matches!(self.kind(at), Kind::Open | Kind::Comma | Kind::Word | Kind::Negate | Kind::Function)
            });
            opens.into_iter().any(is_probe)
        });
        let is_compared =
            before.is_some_and(|before| matches!(self.kind(before), Kind::Key(K::Infix)) && self.is(before, "rlike"));
        let first_key = self.key(0);
        let is_written = matches!(first_key, Some(K::Insert | K::Update | K::Replace))
            && before.is_some_and(|before| {
                matches!(self.kind(before), Kind::Open | Kind::Comma | Kind::Compare | Kind::Arithmetic | Kind::Bars)
            });
        let end = self.tokens.len().min(select + COLUMN_TOKENS_MAX);
        let columns = (select + 1..end)
            .take_while(|&at| !matches!(self.kind(at), Kind::Key(K::From) | Kind::Semicolon | Kind::End | Kind::Cut));
        let has_credential = columns.clone().any(|at| self.kind(at) == Kind::Word && is_credential(self.slice(at)));
        let joins = |at: usize| self.is(at, "concat") || self.is(at, "concat_ws");
        let in_concat = before.is_some_and(|before| (before.saturating_sub(4)..=before).any(joins));
        let tells = columns.clone().any(|at| self.kind(at) == Kind::Function && tells_of_server(self.slice(at)));
        let is_letter = self.kind(select + 1) == Kind::Function && is_probe(select + 1) && self.compares_letter(select);
        let measures = columns.last().is_some_and(|last| self.measures_credential(last));
        is_probed
            || is_compared
            || is_written && has_credential
            || in_concat && (tells || has_credential)
            || is_letter
            || measures
    }

    /// `SELECT 1, password, 3 FROM …`: numbers fill the columns of somebody else's query.
    pub(super) fn is_padded_read(&self, select: usize) -> bool {
        let end = self.tokens.len().min(select + COLUMN_TOKENS_MAX);
        let Some(from) = (select..end).find(|&at| self.key(at) == Some(Keyword::From)) else { return false };
        let is_number = |&at: &usize| {
            self.kind(at) == Kind::Number
                && matches!(self.kind(at - 1), Kind::Comma | Kind::Key(Keyword::Select))
                && matches!(self.kind(at + 1), Kind::Comma | Kind::Key(Keyword::From))
        };
        let numbers = (select + 1..=from).filter(is_number).count();
        let reads = (select..from).any(|at| self.kind(at) == Kind::Word && is_credential(self.slice(at)))
            || is_system_table(self.slice(from + 1));
        numbers >= 2 && reads
    }

    /// Whether the selection in parentheses is compared with a single letter.
    fn compares_letter(&self, select: usize) -> bool {
        let mut depth = 1;
        for at in select..self.tokens.len().min(select + COPY_TOKENS_MAX) {
            match self.kind(at) {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.kind(at + 1) == Kind::Compare
                    && self.kind(at + 2) == Kind::Text
                    && self.slice(at + 2).len() == 3;
            }
        }
        false
    }

    /// `(SELECT … WHERE … LENGTH(password) > 8`
    fn measures_credential(&self, from: usize) -> bool {
        let end = self.tokens.len().min(from + COLUMN_TOKENS_MAX);
        (from..end).take_while(|&at| self.kind(at) != Kind::Semicolon).any(|at| {
            let measures =
                ["length", "len", "ascii", "substr", "substring", "ord", "mid"].iter().any(|name| self.is(at, name));
            self.kind(at) == Kind::Function
                && measures
                && self.kind(at + 2) == Kind::Word
                && is_credential(self.slice(at + 2))
        })
    }

    /// One table of the system joined with itself, only for the time that takes.
    pub(super) fn waits_by_joins(&self, select: usize) -> bool {
        let end = self.tokens.len().min(select + COLUMN_TOKENS_MAX);
        let Some(from) = (select..end).find(|&at| self.key(at) == Some(Keyword::From)) else { return false };
        let table = self.slice(from + 1);
        let again = (from + 2..end.min(from + 16)).filter(|&at| self.kind(at) == Kind::Word && self.is(at, table)).count();
        is_system_table(table) && again >= 2
    }
}
