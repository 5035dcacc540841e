//! A UNION with what the first selection has no business with.

use super::{COLUMN_TOKENS_MAX, Reading};
use crate::threats::code::sql::keywords::{Keyword, tells_of_server};
use crate::threats::code::sql::names::{is_credential, is_credential_store, is_system_table};
use crate::threats::code::sql::tokens::Kind;

impl Reading<'_> {
    /// A UNION with what the first selection has no business with.
    pub(super) fn union(&self) -> Option<usize> {
        use Keyword as K;
        let first_from = (0..self.tokens.len()).find(|&at| self.key(at) == Some(K::From));
        let is_cut = self.tokens.last().is_some_and(|last| last.kind == Kind::Cut && is_empty_comment(self.slice_of(*last)));
        (1..self.tokens.len()).find(|&at| {
            if self.key(at) != Some(K::Union) {
                return false;
            }
            let mut select = at + 1;
            while matches!(self.kind(select), Kind::Key(K::All | K::Distinct) | Kind::Open)
                && select < at + COLUMN_TOKENS_MAX
            {
                select += 1;
            }
            if self.key(select) != Some(K::Select) {
                return false;
            }
            let first_comment = self.comments.partition_point(|&(_, behind)| behind < at);
            let comments = self.comments[first_comment..].iter().take_while(|&&(_, behind)| behind <= select);
            let is_glued =
                comments.map(|&(comment, _)| self.slice_of(comment)).any(|said| said == "/**/" || said.starts_with("/*!"));
            let is_missed = self.kind(at - 1) == Kind::Number
                && matches!(self.kind(at.wrapping_sub(2)), Kind::Arithmetic)
                && matches!(self.kind(at.wrapping_sub(3)), Kind::Compare);
            // `1UNION SELECT`: nobody writes so but to get past a filter.
            let is_joined = self.kind(at - 1) == Kind::Number && self.tokens[at - 1].end == self.tokens[at].start;
            is_glued
                || is_joined
                || is_missed
                || is_cut
                || self.selects_foreign(at, select, first_from.is_some_and(|from| from < at))
        })
    }

    /// Whether a selection behind UNION holds nothing but constants, or credentials, or tells about the server.
    fn selects_foreign(&self, union: usize, select: usize, first_has_table: bool) -> bool {
        use Keyword as K;
        let end = self.tokens.len().min(select + COLUMN_TOKENS_MAX);
        let (mut constants, mut others, mut numbers) = (0, 0, 0);
        let mut at = select + 1;
        while at < end {
            match self.kind(at) {
                Kind::Number => {
                    constants += 1;
                    numbers += 1;
                }
                Kind::Key(K::Constant) if self.is(at, "null") => constants += 1,
                Kind::Key(K::Constant)
                    if self.is(at, "current_user") || self.is(at, "session_user") || self.is(at, "system_user") =>
                {
                    return true;
                }
                Kind::Variable if self.slice(at).starts_with("@@") => return true,
                Kind::Function => {
                    let is_empty = self.kind(at + 2) == Kind::Close;
                    if is_empty && tells_of_server(self.slice(at)) {
                        return true;
                    }
                    others += 1;
                }
                Kind::Word if is_credential(self.slice(at)) && !self.has_before(union, at) => return true,
                Kind::Comma | Kind::Open | Kind::Close | Kind::Arithmetic => {}
                Kind::Key(K::From) | Kind::Semicolon | Kind::End | Kind::Cut | Kind::Key(K::Union | K::Order | K::Limit) => {
                    break;
                }
                _ => others += 1,
            }
            at += 1;
        }
        let has_table = self.key(at) == Some(K::From);
        let is_padding = others == 0 && !has_table && first_has_table && (constants >= 3 || constants >= 2 && numbers == 0);
        let is_padded =
            has_table && constants >= 2 && others <= 2 && constants > others && first_has_table && !self.is_list(union);
        let reads_system = has_table && self.kind(at + 1) == Kind::Word && {
            let table = self.slice(at + 1);
            (is_system_table(table) || is_credential_store(table)) && !self.first_reads_system(union)
        };
        is_padding || is_padded || reads_system
    }

    /// The tokens before a UNION, as far as they are looked at.
    fn selected_first(&self, union: usize) -> std::ops::Range<usize> {
        union.saturating_sub(COLUMN_TOKENS_MAX)..union
    }

    /// Whether a name is already selected before the UNION.
    fn has_before(&self, union: usize, name: usize) -> bool {
        let name = self.slice(name);
        self.selected_first(union).any(|at| self.kind(at) == Kind::Word && self.is(at, name))
    }

    /// Whether the first selection is of constants as well.
    fn is_list(&self, union: usize) -> bool {
        let is_constant = |&at: &usize| matches!(self.kind(at), Kind::Number | Kind::Key(Keyword::Constant));
        let columns = self.selected_first(union).take_while(|&at| self.key(at) != Some(Keyword::From));
        columns.filter(is_constant).count() >= 2
    }

    fn first_reads_system(&self, union: usize) -> bool {
        self.selected_first(union).any(|at| self.key(at) == Some(Keyword::From) && is_system_table(self.slice(at + 1)))
    }
}

/// Whether a comment says nothing.
fn is_empty_comment(comment: &str) -> bool {
    comment.trim_start_matches(['-', '#', '/', '*', '+', ' ', '%']).trim_matches(['\'', '"', ' ']).is_empty()
}
