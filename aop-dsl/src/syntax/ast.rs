//! The syntax tree: a policy as it is written, each part with its place; nothing is resolved or checked yet.
//!
//! Every node has a [`Span`]. Comments are kept apart, in [`File::comments`], by their places: the formatter puts them back.

use std::ops::Range;

/// Bytes of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// From the start of this one to the end of the other.
    pub(crate) fn to(self, end: Span) -> Self {
        Self { start: self.start, end: end.end }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.range()
    }
}

/// A name with its place: an identifier, or several joined by dots where the grammar says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A whole policy file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct File {
    pub(crate) header: Header,
    pub(crate) items: Vec<Item>,
    /// All comments (`// …`) in the order of the text, with the slashes, without the line's end.
    pub(crate) comments: Vec<Comment>,
    /// What was to be defined (a `let`, a function, a type, an action, a rule) but could not be read: nothing is known of it,
    /// and using it is no second mistake.
    pub(crate) broken: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// `policy acme.mail version "1.4.0" dsl 1;`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// The package's dotted name.
    pub(crate) name: Name,
    /// The version without its quotes.
    pub(crate) version: Name,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Use(Use),
    Schema(Schema),
    Let(Let),
    Function(Function),
    Rule(Rule),
    BatchRule(BatchRule),
    Test(Test),
}

/// `use std.labels;`, `use acme.common as common;`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Use {
    pub(crate) package: Name,
    pub(crate) alias: Option<Name>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Schema {
    pub(crate) members: Vec<SchemaMember>,
    /// A member could not be read and is not here.
    pub(crate) is_broken: bool,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SchemaMember {
    /// `label untrusted;`: what a response may be marked with.
    Label(Name),
    /// `effect egress;`: what a request may do.
    Effect(Name),
    /// `type Address = { street: string, zip: string? };`
    Type {
        name: Name,
        ty: TypeExpr,
        span: Span,
    },
    Action(Action),
}

/// `action get_website(url: url) -> { body: string } : untrusted;`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    /// Dotted, or any text when it was written in quotes.
    pub(crate) name: Name,
    pub(crate) params: Vec<FieldDef>,
    pub(crate) result: Option<TypeExpr>,
    /// Effects and labels, in the order in which they stand.
    pub(crate) words: Vec<Name>,
    pub(crate) span: Span,
}

/// `name: type`; a quoted name may be any text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldDef {
    pub(crate) name: Name,
    pub(crate) ty: TypeExpr,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TypeExpr {
    pub(crate) kind: TypeExprKind,
    /// `?` stands behind it.
    pub(crate) optional: bool,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TypeExprKind {
    /// `string`, `any`, `record` or a name the schema gives; may be qualified.
    Named(Name),
    List(Box<TypeExpr>),
    Set(Box<TypeExpr>),
    /// `enum["EUR", "USD"]`
    Enum(Vec<Name>),
    /// `{ body: string, tags: list<string>? }`
    Record(Vec<FieldDef>),
}

/// `let internal: set<domain> = ["ourcompany.com"];`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Let {
    pub(crate) name: Name,
    pub(crate) ty: Option<TypeExpr>,
    pub(crate) value: Expr,
    pub(crate) span: Span,
}

/// `fn external(a: email) -> bool = not (a.domain in internal);`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: Name,
    pub(crate) params: Vec<FieldDef>,
    pub(crate) result: TypeExpr,
    pub(crate) body: Expr,
    pub(crate) span: Span,
}

/// `@severity(critical)`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Annotation {
    pub(crate) name: Name,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: Name,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) trigger: Trigger,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) then: Then,
    /// A clause could not be read: it is not here, a trigger became `event` without a name, a `then` has no effects, and names
    /// that nothing binds may be those it would have bound.
    pub(crate) is_broken: bool,
    pub(crate) span: Span,
}

/// `on c: request(send_email) where …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trigger {
    pub(crate) event: EventMatch,
    pub(crate) span: Span,
}

/// `w: response(get_website) where …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventMatch {
    pub(crate) binding: Option<Name>,
    pub(crate) pattern: Pattern,
    pub(crate) condition: Option<Expr>,
    pub(crate) span: Span,
}

/// `request(db.delete | db.drop)`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    /// `request`, `response`, `reasoning`, `final`, `error`, `event`, `run_end`, or a mistake.
    pub(crate) kind: Name,
    /// The actions in the parentheses, joined by `|`; nothing when there are no parentheses.
    pub(crate) actions: Option<Vec<ActionPattern>>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActionPattern {
    /// A name, `*`, or a glob such as `mail.*`; the text without quotes.
    pub(crate) text: String,
    /// It stood in quotes: every character is meant.
    pub(crate) quoted: bool,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clause {
    pub(crate) kind: ClauseKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a rule has few clauses, and they are not moved around")]
pub(crate) enum ClauseKind {
    Where(Expr),
    After {
        event: EventMatch,
        window: Option<Window>,
        scope: Option<Name>,
    },
    Without {
        event: EventMatch,
        window: Option<Window>,
        scope: Option<Name>,
    },
    Seq {
        steps: Vec<EventMatch>,
        window: Option<Window>,
        scope: Option<Name>,
    },
    Expect {
        event: EventMatch,
        window: Option<Window>,
    },
    Aggregate(Aggregate),
    Cycle(Cycle),
    /// `unless after …`, `unless count(…) > 3 within 1h`
    Unless(Box<Clause>),
}

/// `within 10m`, `within 30 events`, `within run`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) kind: WindowKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WindowKind {
    /// Microseconds; as written for the formatter.
    Duration {
        micros: i64,
        text: String,
    },
    Events(u64),
    Run,
}

/// `sum(t.params.amount for t: request(transfer) where …) > 5000.00 within 1h by params.account max 4096 keys per agent`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregate {
    /// `count`, `sum`, `distinct`, `max`, or a mistake.
    pub(crate) function: Name,
    /// What is added up or told apart; nothing for `count`.
    pub(crate) value: Option<Expr>,
    pub(crate) event: EventMatch,
    pub(crate) comparison: BinaryOp,
    pub(crate) comparison_span: Span,
    pub(crate) bound: Expr,
    pub(crate) window: Option<Window>,
    /// `by params.account, agent.id`: paths of the counted event, without its variable.
    pub(crate) by: Vec<Expr>,
    pub(crate) keys_max: Option<(u64, Span)>,
    pub(crate) events_max: Option<(u64, Span)>,
    pub(crate) scope: Option<Name>,
}

/// `cycle(c.action where c.params == prev.params) >= 3 within 30 events`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    pub(crate) key: Expr,
    pub(crate) condition: Option<Expr>,
    pub(crate) comparison: BinaryOp,
    pub(crate) comparison_span: Span,
    pub(crate) bound: Expr,
    pub(crate) window: Option<Window>,
}

/// `then deny, redact(c.params) "…"`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Then {
    pub(crate) effects: Vec<EffectExpr>,
    pub(crate) message: Option<Template>,
    pub(crate) span: Span,
}

/// `throttle(wait: 5s)`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EffectExpr {
    pub(crate) name: Name,
    pub(crate) arguments: Option<Vec<Argument>>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Argument {
    pub(crate) name: Option<Name>,
    pub(crate) value: Expr,
}

/// `"customer id {c.params.customer} is not C-NNNNNNNN"`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub(crate) parts: Vec<TemplatePart>,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TemplatePart {
    /// Decoded text.
    Text(String),
    /// What stands in braces; spans are those of the file.
    Value(Expr),
}

/// `batch rule drift @severity(warning) { over runs … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchRule {
    pub(crate) name: Name,
    pub(crate) annotations: Vec<Annotation>,
    /// `where` of `over runs`.
    pub(crate) condition: Option<Expr>,
    pub(crate) window: Option<Window>,
    pub(crate) by: Vec<Expr>,
    /// The `if`.
    pub(crate) test: Expr,
    pub(crate) then: Then,
    /// A part could not be read and is not here, or is [`ExprKind::Error`].
    pub(crate) is_broken: bool,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    Bool(bool),
    /// Digits, `_` removed.
    Int(String),
    /// Digits with a point, `_` removed.
    Decimal(String),
    /// A string literal, decoded.
    Text(String),
    /// As written, for the formatter.
    Duration {
        micros: i64,
        text: String,
    },
    Size {
        bytes: u64,
        text: String,
    },
    /// `re"…"`: tag and raw text (no escapes but `\"`).
    Tagged {
        tag: Name,
        text: String,
    },
    List(Vec<Expr>),
    /// A name by itself: a variable, a `let`, an event binding, `agent`, `run`, `flow`.
    Name(String),
    /// `a.b`, `a?.b`
    Field {
        base: Box<Expr>,
        name: Name,
        optional: bool,
    },
    /// `a[0]`, `a["key"]`
    Index {
        base: Box<Expr>,
        index: Box<Expr>,
    },
    /// `f(x)`, `package.f(x)`, `x.f(y)`: the callee is a name or a field.
    Call {
        callee: Box<Expr>,
        arguments: Vec<Argument>,
    },
    /// `x as string`
    Cast {
        value: Box<Expr>,
        ty: TypeExpr,
    },
    /// `x is string`
    Is {
        value: Box<Expr>,
        ty: TypeExpr,
    },
    Has(Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary {
        op: BinaryOp,
        op_span: Span,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Quantified {
        quantifier: Quantifier,
        variable: Name,
        domain: Box<Expr>,
        body: Box<Expr>,
    },
    /// `( … )`, kept so that the formatter gives it back.
    Group(Box<Expr>),
    /// Stands where an expression could not be read; its mistake is reported already.
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Quantifier {
    Any,
    All,
    Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Matches,
    Contains,
    StartsWith,
    EndsWith,
    DerivesFrom,
    /// `??`
    Else,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOp {
    /// As it is written.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Matches => "matches",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::DerivesFrom => "derives_from",
            Self::Else => "??",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// `test "mail after page" for web_to_mail { … }`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    /// What it shows, decoded.
    pub(crate) title: Name,
    pub(crate) rule: Name,
    pub(crate) steps: Vec<TestStep>,
    /// A step could not be read and is not here.
    pub(crate) is_broken: bool,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TestStep {
    /// Since the test's start; as before when nothing is written. Microseconds and the text.
    pub(crate) at: Option<(i64, String)>,
    /// How often an event comes, all at that time: `30 request(x) { … };`. Once when nothing is written.
    pub(crate) times: u64,
    pub(crate) kind: TestStepKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TestStepKind {
    /// `request(send_email) { to: […] };`, `final { … };`, `error { … };`, `reasoning { … };`: kind, action, body.
    Event {
        kind: Name,
        action: Option<Name>,
        body: Option<Json>,
    },
    /// `user "…";`, `system "…";`, `reasoning "…";`: who, what.
    Said {
        who: Name,
        text: Name,
    },
    /// `agent 7;`
    Agent {
        id: i64,
    },
    /// `role "approver";`
    Role {
        role: Name,
    },
    /// `meta { session_id: "s-1" };`: the meta of the events after it.
    Meta {
        body: Json,
    },
    /// `run { … };`, `20 runs { … };`
    Runs {
        count: u64,
        body: Json,
    },
    /// `end;`, `end after 30s;` (microseconds and the text)
    End {
        after: Option<(i64, String)>,
    },
    Expect(Expectation),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expectation {
    /// `deny`, `flag`, …; nothing for `expect nothing`.
    pub(crate) effect: Option<Name>,
    pub(crate) seq: Option<u64>,
}

/// A value in a test, as in JSON; keys may stand without quotes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json {
    pub(crate) kind: JsonKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum JsonKind {
    Null,
    Bool(bool),
    /// The lexeme.
    Number(String),
    Text(String),
    /// `20s`, in a run's body: microseconds and the text.
    Duration {
        micros: i64,
        text: String,
    },
    List(Vec<Json>),
    Record(Vec<(Name, Json)>),
}
