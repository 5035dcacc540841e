//! What a reading comes to where the value ends, or where a comment or a string takes the rest of it.

use super::quote::Quote;
use super::reading::Reading;
use super::tokens::{Kind, Token};

impl Reading<'_> {
    /// What the reading comes to where the value ends, or a comment or a string takes the rest of it.
    pub(super) fn ends(&mut self, token: Token) -> bool {
        if self.wants_operand && token.kind != Kind::OpenText {
            return false;
        }
        if token.kind == Kind::Cut && self.is_quoted_in_prose(token) {
            return false;
        }
        if token.kind == Kind::OpenText {
            if !self.wants_operand {
                return false;
            }
            self.term.operands += 1;
        }
        let words_only = self.values == 0;
        let compares = self.compares;
        if self.closes_term() || self.tokens.runs_comments() && self.logic > 0 {
            return true;
        }
        match self.quote {
            Some(quote) if token.kind == Kind::OpenText => self.reopens(quote, token, compares, words_only),
            Some(quote) if token.kind == Kind::Cut => self.is_cut_in_string(quote, token),
            // `' or 1`
            Some(quote) => {
                self.logic > 0
                    && self.words == 0
                    && self.values == 1
                    && quote.is_behind_value
                    && !quote.is_inches
                    && !quote.opens
            }
            None if token.kind == Kind::Cut => self.is_cut_bare(token),
            None => self.is_expression() || self.ends_in_truth(token),
        }
    }

    /// `1 OR TRUE`: a value, and behind OR a word that says yes whatever the row. `1 or 2` is a choice.
    fn ends_in_truth(&self, end: Token) -> bool {
        let said = &self.text[self.start..end.start as usize];
        let said = said.trim_end_matches(|last: char| last == ')' || last.is_ascii_whitespace());
        let is_truth = ["true", "false"].iter().any(|word| {
            said.len()
                .checked_sub(word.len())
                .and_then(|at| said.get(at..))
                .is_some_and(|end| end.eq_ignore_ascii_case(word))
        });
        let breaks_out = self.begins_with_value || self.closes_others;
        is_truth
            && breaks_out
            && self.first == Some(Kind::Number)
            && self.logic == 1
            && self.words == 0
            && self.functions == 0
    }

    /// `They would type ' OR 1=1 -- in the form.`: a sentence that tells of an attack goes on behind it.
    fn is_quoted_in_prose(&self, comment: Token) -> bool {
        let words = |text: &str| {
            let is_word = |word: &&str| {
                word.len() > 1
                    && word.trim_end_matches(['.', ',', '?', '!', ':']).bytes().all(|byte| byte.is_ascii_alphabetic())
            };
            text.split_ascii_whitespace().take(PROSE_WORDS_MAX).filter(is_word).count()
        };
        self.quote.is_some_and(|quote| {
            quote.opens
                && words(&self.text[..quote.at]) >= PROSE_WORDS_MIN
                && words(self.slice(comment)) >= PROSE_WORDS_MIN - 1
        })
    }

    /// `a' + 'b`: the value ends with a string that the query's own quotation mark closes.
    fn reopens(&mut self, quote: Quote, token: Token, compares: bool, words_only: bool) -> bool {
        let rest = self.slice(token);
        let is_same = rest.as_bytes().first() == Some(&quote.mark);
        let is_short = rest.len() <= REOPENED_BYTES_MAX && !rest.contains('\n');
        if !is_same || !is_short || self.operators + self.logic == 0 {
            return false;
        }
        let texts_only = words_only && self.words == 0;
        // Search queries have `"a" and "b"`; they leave blanks between.
        let is_close = !self.text.as_bytes()[quote.at + 1..].first().is_some_and(u8::is_ascii_whitespace) && self.logic > 0;
        if quote.mark == b'"' && !is_close && (texts_only || !compares && words_only) {
            return false;
        }
        if quote.opens {
            // `A '-' B`, but not `say 'and' here`: of words it is prose, of signs it is an operator between quotation marks.
            let is_one_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let before = self.text[..quote.at].trim_end();
            let behind = rest[1..].trim_start();
            return texts_only && self.logic == 0 && self.operators == 1 && is_one_word(before) && is_one_word(behind);
        }
        quote.is_behind_value
    }

    fn is_cut_in_string(&mut self, quote: Quote, token: Token) -> bool {
        let comment = self.slice(token);
        let opens_twice = quote.opens && self.operators + self.logic == 0 && !self.closes_others;
        if !quote.is_behind_value || opens_twice {
            return false;
        }
        let is_close = !self.text.as_bytes()[quote.at + 1..].first().is_some_and(u8::is_ascii_whitespace) && self.logic > 0;
        if self.operators + self.logic > 0 && (!quote.is_inches || is_close) {
            return is_bare_comment(comment) || (self.values > 0 || self.logic > 0) && !comment.starts_with('#');
        }
        let before = &self.text[..quote.at];
        let is_prose = quote.mark == b'"' && (quote.is_inches || before.contains(' '));
        let is_bare = is_bare_comment(comment) && (!comment.starts_with('#') || comment.len() == 1);
        !is_prose && (is_bare || comment.contains("sp_password"))
    }

    /// `1 OR 1--`: nothing but a comment ends it.
    fn is_cut_bare(&mut self, token: Token) -> bool {
        let comment = self.slice(token);
        let is_known = self.values > 0 && self.commas == 0 && !self.tokens.is_folded();
        let is_named = self.words > 0 && self.logic == 0 && self.opens == 0;
        let is_more = self.operators + self.logic + self.opens > 0 || self.closes_others;
        let rest = comment.trim_start_matches(['-', '#', '/', '*']);
        if is_known && comment.contains("sp_password") {
            // The name by which SQL Server leaves a statement out of its log.
            return true;
        }
        if !is_known
            || is_named
            || !is_bare_comment(comment)
            || !(rest.is_empty() || rest.starts_with([' ', '\'']) || rest.starts_with(')'))
        {
            return false;
        }
        let is_spaced = self.text.as_bytes().get((token.start as usize).wrapping_sub(1)) == Some(&b' ');
        match comment.as_bytes()[0] {
            b'#' => self.logic > 0 || self.closes_others,
            // `2024/*` is a path.
            b'/' => self.operators + self.logic > 0 || self.signs > 0 || is_spaced || self.first == Some(Kind::Variable),
            _ => is_more || matches!(self.first, Some(Kind::Number | Kind::Variable)),
        }
    }

    /// Without a comment, only what asks the server or takes a text apart letter by letter.
    fn is_expression(&mut self) -> bool {
        let all_probe = self.functions > 0 && self.probes >= self.functions;
        self.has_case && self.cases == 0
            || self.tells > 0 && all_probe && self.functions > 1
            || self.tells > 0 && all_probe && self.compares
            || self.tells > 0 && self.functions > 0 && self.values > 2 && all_probe
            || self.joins_probes && all_probe && self.functions > 1
            || self.probes > 1 && all_probe && self.operators > 0 && self.words > 0 && self.first != Some(Kind::Word)
    }
}

/// Whether a comment holds next to nothing, as one does that only takes the rest of the query away.
fn is_bare_comment(comment: &str) -> bool {
    let said = comment.trim_start_matches(['-', '#', '/', '*', '!', '+', ' ']).trim_end();
    said.len() <= COMMENT_BYTES_MAX && !said.contains(' ')
}

const COMMENT_BYTES_MAX: usize = 12;

/// A value has fewer words, and so many are counted.
const PROSE_WORDS_MIN: usize = 4;
const PROSE_WORDS_MAX: usize = 12;

/// A longer string at the end is prose or a program.
const REOPENED_BYTES_MAX: usize = 60;
