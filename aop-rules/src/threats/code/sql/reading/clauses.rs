//! Where a value that is read as SQL goes on with a selection, a clause of somebody else's query, or a statement of its own.

use super::{Reading, Step};
use crate::threats::code::sql::keywords::Keyword;
use crate::threats::code::sql::shapes::{Strictness, select_strength, starts_statement};
use crate::threats::code::sql::tokens::Kind;

impl Reading<'_> {
    /// `(SELECT …`, where a value should be.
    pub(super) fn subselect(&mut self) -> Step {
        let is_first = self.first.is_none() && self.depth == 0;
        if is_first && self.quote.is_none() {
            return self.incomplete_select();
        }
        let needed = if self.is_behind_word() { 2 } else { 1 };
        if select_strength(&mut self.tokens, self.at) >= needed {
            return Step::Hit;
        }
        self.selects = true;
        self.at += 1;
        Step::On
    }

    /// A whole statement is no injection, and is looked at as one; what only begins like one is cut out of a query.
    fn incomplete_select(&mut self) -> Step {
        let strength = select_strength(&mut self.tokens, self.at);
        if strength < 2 || self.kind(1) == Kind::Word && self.kind(2) != Kind::Comma {
            return Step::Stop;
        }
        let (mut depth, mut ahead, mut last, mut selects, mut has_from) = (0, 0, Kind::End, 0, false);
        loop {
            let kind = self.kind(ahead);
            match kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Key(Keyword::Select) => selects += 1,
                Kind::Key(Keyword::From) => has_from = true,
                Kind::Other => return Step::Stop,
                Kind::End | Kind::Cut | Kind::OpenText => break,
                _ => {}
            }
            last = kind;
            ahead += 1;
        }
        let is_cut_off = matches!(last, Kind::Key(Keyword::Where | Keyword::And | Keyword::Or) | Kind::Compare);
        let is_unbalanced = depth != 0 && has_from;
        if selects == 1 && (is_cut_off || is_unbalanced) && self.kind(ahead) == Kind::End {
            self.at += ahead.saturating_sub(1);
            return Step::Hit;
        }
        Step::Stop
    }

    /// Whether the value begins with a word, as prose does, and nothing but SQL's operators can tell it from that.
    pub(super) fn is_behind_word(&self) -> bool {
        self.quote.is_none() && matches!(self.first, Some(Kind::Word | Kind::Function)) && self.logic == 0
    }

    /// UNION, INTERSECT, EXCEPT, MINUS, and what they select.
    pub(super) fn union(&mut self) -> Step {
        use Keyword as K;
        let mut ahead = 1;
        while matches!(self.kind(ahead), Kind::Key(K::All | K::Distinct) | Kind::Open | Kind::Arithmetic | Kind::Negate) {
            ahead += 1;
        }
        let breaks_out = self.quote.is_some()
            || self.signs > 0
            || self.operators > 0
            || self.tokens.comments() > 0
            || matches!(self.first, Some(Kind::Variable));
        let is_hit = match self.kind(ahead) {
            Kind::Key(K::Select | K::Values) => {
                let strength = select_strength(&mut self.tokens, self.at + ahead);
                let mut end = ahead + 1;
                let words = if self.tokens.comments() > 0 { 2 } else { 1 };
                while end <= ahead + words && self.kind(end) == Kind::Word {
                    end += 1;
                }
                let is_end = matches!(self.kind(end), Kind::End | Kind::Cut);
                let is_number = matches!(self.first, Some(Kind::Number)) && end == ahead + 1;
                strength >= 1 || is_end && (breaks_out || is_number)
            }
            Kind::End | Kind::Cut => breaks_out && self.first != Some(Kind::Word),
            Kind::Key(K::Exec) => starts_statement(&mut self.tokens, self.text, self.at + ahead, Strictness::Low),
            Kind::Number => breaks_out && self.kind(ahead + 1) == Kind::Cut,
            _ => false,
        };
        self.at += ahead;
        if is_hit { Step::Hit } else { Step::Stop }
    }

    /// A clause that no value is followed by: ORDER BY, GROUP BY, HAVING, LIMIT.
    pub(super) fn clause(&mut self, words: usize) -> Step {
        let is_known_value = !matches!(self.first, Some(Kind::Word) | None) || self.logic > 0 && self.values > 0;
        let breaks_out = self.quote.is_some() || self.closes_others || is_known_value;
        let is_limit = matches!(self.kind(0), Kind::Key(Keyword::Limit));
        let mut next = words;
        while matches!(self.kind(next), Kind::Open | Kind::Arithmetic | Kind::Negate) {
            next += 1;
        }
        let follows = self.kind(next);
        let is_value = matches!(
            follows,
            Kind::Number | Kind::Function | Kind::Variable | Kind::Text | Kind::Key(Keyword::If | Keyword::Case)
        );
        let is_known = is_value || next > words && follows == Kind::Key(Keyword::Constant);
        if is_limit {
            // LIMIT alone says little: `5 limit 3` may be somebody's note.
            self.at += 1;
            self.wants_operand = true;
            return if self.quote.is_some() && is_value { Step::Hit } else { Step::On };
        }
        if is_known && (breaks_out || words == 1) || breaks_out && self.quote.is_some() && follows == Kind::Word {
            self.at += next;
            return Step::Hit;
        }
        self.at += words;
        self.wants_operand = true;
        if breaks_out { Step::On } else { Step::Stop }
    }

    /// What stands behind a semicolon.
    pub(super) fn statement(&mut self) -> Step {
        let is_prose = self.is_behind_word() && self.operators == 0 && !self.closes_others;
        let is_program = self.quote.is_none() && self.first == Some(Kind::Word) && self.operators > 0;
        let strictness = if is_program || is_prose { Strictness::High } else { Strictness::Low };
        let behind = self.quote.is_none_or(|quote| !quote.opens || quote.is_behind_value);
        self.at += 1;
        while self.kind(0) == Kind::Semicolon {
            self.at += 1;
        }
        if behind && starts_statement(&mut self.tokens, self.text, self.at, strictness) {
            return Step::Hit;
        }
        match self.kind(0) {
            // `';--`
            Kind::Cut if self.quote.is_some() => {
                self.operators += 1;
                Step::On
            }
            _ => Step::Stop,
        }
    }

    /// T-SQL needs no semicolon between statements.
    pub(super) fn statement_without_semicolon(&mut self) -> Step {
        let breaks_out = match self.quote {
            Some(quote) => quote.is_behind_value && !quote.opens,
            None => matches!(self.first, Some(Kind::Number)) || self.closes_others,
        };
        let is_wait = self.kind(0) == Kind::Key(Keyword::Waitfor);
        if (breaks_out || is_wait) && starts_statement(&mut self.tokens, self.text, self.at, Strictness::High) {
            return Step::Hit;
        }
        Step::Stop
    }
}
