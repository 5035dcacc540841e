//! Why the grammar could not read a piece, in the words of its author.
//!
//! What people often write instead has a sentence of its own ([`items`], [`clauses`], [`expressions`]); the rest is said by what
//! was found and what could have stood there.

mod clauses;
mod expressions;
mod items;

use std::ops::Range;

use super::ast::Span;
use super::grammar::Rule;
use super::lexer::TokenKind;
use super::patch::Edit;
use super::piece::Shape;
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, DiagnosticCode, shown};

/// Words that can be no names.
const RESERVED: [&str; 28] = [
    "after",
    "all",
    "and",
    "any",
    "as",
    "by",
    "contains",
    "derives_from",
    "ends_with",
    "expect",
    "false",
    "for",
    "has",
    "in",
    "is",
    "matches",
    "not",
    "on",
    "or",
    "per",
    "seq",
    "starts_with",
    "then",
    "true",
    "unless",
    "where",
    "within",
    "without",
];

/// A piece that could not be read.
pub(super) struct Failure<'f, 's, 'r, 'k> {
    pub(super) reader: &'f mut Reader<'s, 'r, 'k>,
    pub(super) shape: Shape,
    pub(super) tokens: Range<usize>,
    /// The token that could not be read; the end of the piece when something is missing there.
    pub(super) at: usize,
    /// What could have stood there.
    pub(super) expected: Vec<Rule>,
}

/// Says what is wrong; a change comes back when it is sure what was meant.
pub(super) fn failure(mut failure: Failure<'_, '_, '_, '_>) -> Option<Edit> {
    match known(&mut failure) {
        Some(answer) => answer.edit,
        None => {
            unknown(&mut failure);
            None
        }
    }
}

type Case = fn(&mut Failure<'_, '_, '_, '_>) -> Option<Answer>;

/// Says what is wrong when it is one of the known mistakes.
fn known(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let own: &[Case] = match failure.shape.rule {
        Rule::rule_head | Rule::batch_head | Rule::test_head => &[items::head_name, items::annotation],
        Rule::use_item => &[items::used_file],
        Rule::let_item | Rule::fn_item => {
            &[items::definition_name, items::function_result, items::function_body, items::types]
        }
        Rule::label_member | Rule::effect_member | Rule::type_member | Rule::action_member => &[items::action, items::types],
        Rule::trigger | Rule::event_clause | Rule::seq_clause => &[clauses::event],
        Rule::count_clause | Rule::value_clause | Rule::cycle_clause => &[clauses::aggregate, clauses::event],
        Rule::then_clause => &[clauses::then],
        Rule::over_clause | Rule::if_clause => &[clauses::batch],
        Rule::test_step => &[clauses::step],
        _ => &[],
    };
    let common: &[Case] =
        &[clauses::window, expressions::reserved_name, expressions::quantifier, items::types, expressions::expression];
    own.iter().chain(common).find_map(|case| case(failure))
}

/// That something was said, and what the piece is to be read as.
pub(super) struct Answer {
    edit: Option<Edit>,
}

impl<'s> Failure<'_, 's, '_, '_> {
    pub(super) fn text(&self, at: usize) -> &'s str {
        if self.tokens.contains(&at) { self.reader.text(at) } else { "" }
    }

    /// The token that could not be read.
    pub(super) fn found(&self) -> &'s str {
        self.text(self.at)
    }

    /// The token before it.
    pub(super) fn before(&self) -> &'s str {
        if self.at > self.tokens.start { self.reader.text(self.at - 1) } else { "" }
    }

    pub(super) fn found_kind(&self) -> Option<TokenKind> {
        if self.tokens.contains(&self.at) { self.reader.kind(self.at) } else { None }
    }

    /// Where it stands; behind the piece when something is missing there.
    pub(super) fn span(&self) -> Span {
        if self.tokens.contains(&self.at) { self.reader.span(self.at) } else { self.reader.behind(self.tokens.end) }
    }

    pub(super) fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// Whether an expression could have begun there.
    pub(super) fn expects_operand(&self) -> bool {
        [Rule::expr, Rule::sum, Rule::boolean, Rule::tagged].into_iter().any(|rule| self.expects(rule))
    }

    /// Whether an expression had just ended there.
    pub(super) fn expects_operator(&self) -> bool {
        self.expects(Rule::infix) || self.expects(Rule::sum_infix)
    }

    /// Whether a type could have begun there.
    pub(super) fn expects_type(&self) -> bool {
        [Rule::ty, Rule::enumeration, Rule::collection].into_iter().any(|rule| self.expects(rule))
    }

    pub(super) fn say(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> Answer {
        self.flaw(code, span, message);
        Answer { edit: None }
    }

    pub(super) fn flaw(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.reader.sink.error(code, span, message)
    }

    /// A mistake; the piece is read again as if `replacement` stood there, which is offered as its fix.
    pub(super) fn mend(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        replacement: impl Into<String>,
        message: impl Into<String>,
    ) -> Answer {
        let replacement = replacement.into();
        self.reader.sink.error(code, span, message).fix(span, replacement.clone());
        Answer { edit: Some(Edit { span, replacement: replacement.into() }) }
    }

    /// What was to be said is said.
    pub(super) fn silent(&self) -> Answer {
        Answer { edit: None }
    }

    /// How the piece reads when it is right.
    pub(super) fn reading(&self) -> String {
        format!("{} reads: {}", self.shape.what, self.shape.example)
    }
}

/// What was found, and what could have stood there.
fn unknown(failure: &mut Failure<'_, '_, '_, '_>) {
    let wanted = wanted(failure);
    let (span, what) = (failure.span(), failure.shape.what);
    let message = match failure.found() {
        "" => format!("{what} ends where {wanted} was expected"),
        found => format!("`{}` stands where {wanted} was expected", shown(found)),
    };
    let (code, reading) = (failure.shape.code, failure.reading());
    failure.flaw(code, span, message).help(reading);
}

/// What could have stood there, as a phrase.
fn wanted(failure: &Failure<'_, '_, '_, '_>) -> String {
    let mut phrases: Vec<String> = Vec::new();
    let is_type = failure.expects_type();
    let is_behind_operand = failure.expects_operator();
    for rule in &failure.expected {
        let phrase = match rule {
            _ if failure.expects_operand() && is_operand(*rule) => "an expression".to_owned(),
            _ if is_type && matches!(rule, Rule::dotted | Rule::record | Rule::kw_record | Rule::brace_open) => {
                "a type".to_owned()
            }
            Rule::EOI => format!("the end of {}", failure.shape.what),
            // Any value may be called or taken apart.
            Rule::paren_open | Rule::list_open if is_behind_operand => continue,
            other => match phrase(*other) {
                Some(phrase) => phrase.to_owned(),
                None => continue,
            },
        };
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases.sort_by_key(|phrase| (phrase.starts_with("the end of"), phrase != "an operator"));
    match phrases.split_last() {
        None => "something else".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
    }
}

fn is_operand(rule: Rule) -> bool {
    use Rule::{
        boolean, collection_type, expr, group, list, list_open, name, number, paren_open, prefix, quantified, quantifier,
        string, sum, tagged,
    };
    matches!(
        rule,
        boolean
            | expr
            | group
            | list
            | list_open
            | name
            | number
            | paren_open
            | prefix
            | quantified
            | quantifier
            | string
            | sum
            | tagged
            | collection_type
    )
}

/// A part of the grammar in the author's words; nothing for what goes without saying.
fn phrase(rule: Rule) -> Option<&'static str> {
    let phrase = match rule {
        Rule::name | Rule::word => "a name",
        Rule::dotted => "a name",
        Rule::string => "a text in double quotes",
        Rule::number => "a number",
        Rule::colon => "`:`",
        Rule::comma => "`,`",
        Rule::semicolon => "`;`",
        Rule::equals => "`=`",
        Rule::arrow | Rule::result => "`->`",
        Rule::paren_open | Rule::params | Rule::actions => "`(`",
        Rule::paren_close => "`)`",
        Rule::list_open => "`[`",
        Rule::list_close => "`]`",
        Rule::brace_open => "`{`",
        Rule::brace_close => "`}`",
        Rule::angle_open => "`<`",
        Rule::angle_close => "`>`",
        Rule::bar => "`|`",
        Rule::words => "`:`",
        Rule::infix | Rule::sum_infix | Rule::is_type => "an operator",
        Rule::ty | Rule::enumeration | Rule::record | Rule::collection_type | Rule::collection => "a type",
        Rule::field_def => "a name with its type",
        Rule::event | Rule::binding | Rule::pattern => "an event such as `c: request(send_email)`",
        Rule::action_name | Rule::glob_name => "an action's name",
        Rule::condition | Rule::kw_where => "`where`",
        Rule::window | Rule::kw_within => "`within`",
        Rule::whole_run | Rule::events => "a window such as `10m`, `30 events` or `run`",
        Rule::scope | Rule::kw_per => "`per`",
        Rule::by | Rule::kw_by => "`by`",
        Rule::limit | Rule::limit_unit => "a bound such as `max 4096 keys`",
        Rule::batch_window => "`window`",
        Rule::comparison => "a comparison such as `>`",
        Rule::effect => "an effect such as `deny`",
        Rule::message => "a message in double quotes",
        Rule::annotation => "an annotation such as `@severity(critical)`",
        Rule::annotation_value | Rule::lint => "a value",
        Rule::json | Rule::json_record | Rule::json_list | Rule::json_number => "a value",
        Rule::json_member => "a key with its value",
        Rule::at => "a duration such as `3s`",
        Rule::kw_for => "`for`",
        Rule::kw_in => "`in`",
        Rule::kw_at => "`at`",
        Rule::kw_seq => "`seq`",
        Rule::kw_runs => "`runs`",
        Rule::path => "a path such as `params.account`",
        Rule::argument | Rule::label => "an argument",
        _ => return None,
    };
    Some(phrase)
}
