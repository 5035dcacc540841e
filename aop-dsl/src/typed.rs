//! The typed form: a policy whose names are resolved and whose types agree. What is here cannot be wrong any more.
//!
//! Events are slots of a rule: slot 0 is the trigger, the others are the events of its clauses. A condition that mentions only
//! its own slot can be decided when that event arrives; one that mentions the trigger too is decided when the trigger does.

use std::sync::Arc;

use aop_toon::{Effect, EventType, Phase, Severity};

use crate::syntax::ast::{self, BinaryOp, Quantifier, Span};
use crate::types::Type;

/// A policy that may be lowered.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The file's name, as diagnostics call it, and its text: explanations quote from it.
    pub(crate) source_name: Arc<str>,
    pub(crate) source: Arc<str>,
    pub(crate) schema: Arc<Schema>,
    /// The package's own functions and those of the packages it uses; none calls itself, directly or through others.
    /// A function calls only those before it.
    pub(crate) functions: Vec<Function>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) batch_rules: Vec<BatchRule>,
    pub(crate) tests: Vec<ast::Test>,
    pub(crate) undeclared: Undeclared,
}

/// What the rules of a package make of actions that no schema declares: such have no effects and no labels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Undeclared {
    /// A rule asks whether an action is declared.
    pub(crate) is_asked: bool,
    /// Where a rule that refuses first asks for effects or labels, so that it lets them pass.
    pub(crate) passes: Option<(Span, EventField)>,
}

/// The actions that the package and those it uses declare.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Schema {
    /// Sorted by name.
    pub(crate) actions: Vec<Action>,
    pub(crate) labels: Vec<String>,
    pub(crate) effects: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    pub(crate) name: String,
    /// A record.
    pub(crate) params: Type,
    /// `any` when the schema does not say.
    pub(crate) result: Type,
    /// Of its requests, sorted.
    pub(crate) effects: Vec<String>,
    /// Of its responses, sorted.
    pub(crate) labels: Vec<String>,
}

impl Schema {
    pub(crate) fn action(&self, name: &str) -> Option<&Action> {
        self.actions.binary_search_by(|action| action.name.as_str().cmp(name)).ok().map(|at| &self.actions[at])
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FunctionId(pub(crate) u32);

/// A pure function; its parameters are the locals 0, 1, ….
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Function {
    /// Qualified, for messages.
    pub(crate) name: String,
    pub(crate) params: Vec<Type>,
    /// The number of locals: parameters and quantifier variables.
    pub(crate) locals: usize,
    pub(crate) body: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    /// Without the package.
    pub(crate) name: String,
    /// `package.rule`.
    pub(crate) code: String,
    /// Of the name.
    pub(crate) span: Span,
    pub(crate) severity: Severity,
    pub(crate) on_unknown: OnUnknown,
    pub(crate) phase: Phase,
    pub(crate) description: Option<String>,
    /// What its findings point at: a path of the trigger.
    pub(crate) at: Option<Expr>,
    /// The names of the event slots, for explanations; `_` where the author gave none.
    pub(crate) slots: Vec<String>,
    /// The number of quantifier variables.
    pub(crate) locals: usize,
    pub(crate) trigger: EventMatch,
    /// In the order of the text. All must hold.
    pub(crate) clauses: Vec<Clause>,
    /// At least one.
    pub(crate) effects: Vec<EffectSpec>,
    pub(crate) message: Template,
}

impl Rule {
    /// The strongest thing it can ask for.
    pub(crate) fn effect(&self) -> Effect {
        self.effects.iter().map(EffectSpec::effect).max().unwrap_or(Effect::Flag)
    }

    /// The trigger and the events of all clauses, in the order of the text.
    pub(crate) fn events(&self) -> impl Iterator<Item = &EventMatch> {
        std::iter::once(&self.trigger).chain(self.clauses.iter().flat_map(|clause| match &clause.kind {
            ClauseKind::Condition(_) | ClauseKind::Cycle(_) => &[],
            ClauseKind::After { event, .. } | ClauseKind::Without { event, .. } | ClauseKind::Expect { event, .. } => {
                std::slice::from_ref(event)
            }
            ClauseKind::Seq { steps, .. } => steps.as_slice(),
            ClauseKind::Aggregate(aggregate) => std::slice::from_ref(&aggregate.event),
        }))
    }

    /// Whether an undecided rule must not let the event pass.
    #[cfg(test)]
    pub(crate) fn fails_closed(&self) -> bool {
        self.on_unknown == OnUnknown::Deny
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OnUnknown {
    Deny,
    Flag,
    Ignore,
}

/// An event's slot in its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot(pub(crate) u16);

impl Slot {
    pub(crate) const TRIGGER: Slot = Slot(0);
}

/// An event that a rule asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EventMatch {
    pub(crate) slot: Slot,
    pub(crate) pattern: Pattern,
    /// `true` when nothing is written. Of the trigger: mentions slot 0 only. Of a clause: its own slot, slot 0, and in a `seq`
    /// the slots of the steps before it.
    pub(crate) condition: Expr,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Pattern {
    /// Requests or responses with one of these actions.
    Action(ActionEvent, Vec<ActionName>),
    /// Another event by its type.
    Type(EventType),
    /// `event`
    AnyEvent,
    RunEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ActionEvent {
    Request,
    Response,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ActionName {
    Exact(String),
    /// `*` stands for any characters; the whole name must match.
    Glob(String),
    /// `*`
    Any,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clause {
    /// `unless` stands before it.
    pub(crate) negated: bool,
    pub(crate) kind: ClauseKind,
    pub(crate) span: Span,
}

#[expect(clippy::large_enum_variant, reason = "one of each clause of each rule, while policies are compiled")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ClauseKind {
    /// `where E`, `unless E`: about the trigger.
    Condition(Expr),
    After {
        event: EventMatch,
        window: Window,
        scope: Scope,
    },
    Without {
        event: EventMatch,
        window: Window,
        scope: Scope,
    },
    /// In the order of time; at least one step.
    Seq {
        steps: Vec<EventMatch>,
        window: Window,
        scope: Scope,
    },
    /// The rule's phase is post-run then.
    Expect {
        event: EventMatch,
        window: Window,
    },
    Aggregate(Aggregate),
    Cycle(Cycle),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Window {
    Micros(i64),
    Events(u64),
    Run,
}

/// Whose memory it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Run,
    Agent,
    Organisation,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) function: AggregateFunction,
    pub(crate) event: EventMatch,
    /// About the event's slot only; nothing for `count`. For `sum` a number, a duration or a size.
    pub(crate) value: Option<Expr>,
    /// One of `==`, `!=`, `<`, `<=`, `>`, `>=`.
    pub(crate) comparison: BinaryOp,
    /// About the trigger or constant; of the same type as what it is compared with.
    pub(crate) bound: Expr,
    pub(crate) window: Window,
    /// The same paths twice: of the event that is counted, and of the trigger whose cell is asked.
    pub(crate) by: Vec<Key>,
    pub(crate) keys_max: u64,
    pub(crate) events_max: u64,
    pub(crate) scope: Scope,
    /// What the aggregate's value is.
    pub(crate) ty: Type,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) of_event: Expr,
    pub(crate) of_trigger: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AggregateFunction {
    Count,
    Sum,
    Distinct,
    Max,
}

/// `cycle(KEY where …) CMP E within W`: the events are those that the trigger's pattern and condition match.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    /// About slot 0: what repeats (the key and the paths that must be the same one period before).
    pub(crate) same: Vec<Expr>,
    pub(crate) comparison: BinaryOp,
    pub(crate) bound: Expr,
    pub(crate) window: Window,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum EffectSpec {
    Flag,
    /// Every leaf under a path of the trigger.
    Redact(Expr),
    /// The spans that a detector found under a path of the trigger: [`ExprKind::Detect`].
    RedactDetected(Expr),
    Throttle {
        wait_micros: i64,
    },
    RequireApproval {
        role: String,
        ttl_micros: i64,
    },
    Deny,
}

impl EffectSpec {
    pub(crate) fn effect(&self) -> Effect {
        match self {
            Self::Flag => Effect::Flag,
            Self::Redact(_) | Self::RedactDetected(_) => Effect::Redact,
            Self::Throttle { .. } => Effect::Throttle,
            Self::RequireApproval { .. } => Effect::RequireApproval,
            Self::Deny => Effect::Deny,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Template {
    pub(crate) parts: Vec<TemplatePart>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TemplatePart {
    Text(String),
    Value(Expr),
}

/// `batch rule`: about sets of runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchRule {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) span: Span,
    pub(crate) severity: Severity,
    pub(crate) on_unknown: OnUnknown,
    pub(crate) description: Option<String>,
    /// About `run.*`.
    pub(crate) condition: Expr,
    pub(crate) window_micros: i64,
    /// About `run.*` and `meta.*` of a run.
    pub(crate) by: Vec<Expr>,
    /// May hold [`ExprKind::RunAggregate`] and [`ExprKind::Baseline`].
    pub(crate) test: Expr,
    pub(crate) message: Template,
    pub(crate) locals: usize,
}

/// An expression whose type is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) ty: Type,
    pub(crate) span: Span,
}

impl Expr {
    /// Of a path, the parts of type `any` that it asks for a member or an item, with what they must be for that: the outermost first.
    pub(crate) fn any_bases(&self) -> Vec<(&Expr, Type)> {
        let (base, shape) = match &self.kind {
            ExprKind::Field { base, .. } => (base, Type::Record(Arc::from([]))),
            ExprKind::Index { base, index } if *index.ty.required() == Type::Int => (base, Type::list(Type::Any)),
            ExprKind::Index { base, .. } => (base, Type::Record(Arc::from([]))),
            _ => return Vec::new(),
        };
        let mut bases = base.any_bases();
        if *base.ty.required() == Type::Any {
            bases.push((base, shape));
        }
        bases
    }

    /// Its parts, in the order of the text.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Event { .. } | ExprKind::Global(_) => Vec::new(),
            ExprKind::Field { base, .. } => vec![base],
            ExprKind::Index { base, index } => vec![base, index],
            ExprKind::Call { arguments, .. } => arguments.iter().collect(),
            ExprKind::Builtin { arguments, .. } => arguments.iter().flatten().collect(),
            ExprKind::Detect(detect) => vec![&detect.target],
            ExprKind::Cast(value) | ExprKind::Has(value) | ExprKind::Not(value) | ExprKind::Negate(value) => vec![value],
            ExprKind::Is { value, .. } => vec![value],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::DerivesFrom { value, source } => vec![value, source],
            ExprKind::Quantified { domain, body, .. } => vec![domain, body],
            ExprKind::List(items) => items.iter().collect(),
            ExprKind::RunAggregate { value, .. } => value.as_deref().into_iter().collect(),
            ExprKind::Baseline { aggregate, .. } => vec![aggregate],
        }
    }
}

/// A quantifier's variable or a function's parameter: an index into the locals of the rule or function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Local(pub(crate) u16);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    Const(Const),
    Local(Local),
    /// A field of the event in a slot, or of the request that this response answers.
    Event {
        slot: Slot,
        of_request: bool,
        field: EventField,
    },
    Global(Global),
    /// A member of a record or of `any`. When the base's type is a record, the field is in it. An optional one that is absent
    /// or null is absent; a required one that is missing is unknown. `?.` (or an optional base): absent stays absent.
    Field {
        base: Box<Expr>,
        name: String,
        optional: bool,
    },
    /// An item of a list by number (counted from 0; outside: absent), a member of `any` or a record by text (missing: absent).
    Index {
        base: Box<Expr>,
        index: Box<Expr>,
    },
    Call {
        function: FunctionId,
        arguments: Vec<Expr>,
    },
    /// A function of the table [`crate::builtins::BUILTINS`], by its place there; one argument for each of its parameters, `None` for an
    /// optional one that was not given.
    Builtin {
        builtin: usize,
        arguments: Vec<Option<Expr>>,
    },
    /// `pii(c.params, kinds: ["iban"])`
    Detect(Detect),
    /// Read as this type; what is of another type is unknown. From and to are told by the two expressions' types.
    Cast(Box<Expr>),
    /// Whether it can be read as this type.
    Is {
        value: Box<Expr>,
        ty: Type,
    },
    Has(Box<Expr>),
    /// `[c.params?.to, c.params?.cc]`: a list that is not known beforehand. An item that is absent is left out.
    List(Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// Both sides have types that fit the operator; not `derives_from`.
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Enough of a value's text appears in a value of a past event. The source is a path of an event slot.
    DerivesFrom {
        value: Box<Expr>,
        source: Box<Expr>,
    },
    /// Over a list, a set or `any` (unknown when it is no array). `Any` and `All` are bools, `Count` is an int.
    Quantified {
        quantifier: Quantifier,
        variable: Local,
        domain: Box<Expr>,
        body: Box<Expr>,
    },
    /// In batch rules: over the runs of the window.
    RunAggregate {
        function: RunFunction,
        value: Option<Box<Expr>>,
    },
    /// In batch rules: the aggregate over the time that came before the window.
    Baseline {
        aggregate: Box<Expr>,
        micros: i64,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detect {
    pub(crate) detector: DetectorFamily,
    /// A path of the event in a slot.
    pub(crate) target: Box<Expr>,
    /// Entities in the detectors' spelling (`IBAN_CODE`); empty means all.
    pub(crate) kinds: Vec<String>,
}

/// The detectors that the engine gives to the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DetectorFamily {
    /// `pii(…)`: personal data.
    Pii,
    /// `secrets(…)`: keys and tokens.
    Secrets,
    /// `injection(…)`: attacks by text.
    Injection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EventField {
    Seq,
    T,
    Actor,
    Type,
    Meta,
    Action,
    Params,
    Rationale,
    Effects,
    Labels,
    Declared,
    CallId,
    Status,
    Result,
    /// The result of actions that are declared to have one: on success it must be there.
    PromisedResult,
    Error,
    Latency,
    Thought,
    Goal,
    Steps,
    Plan,
    Output,
    Summary,
    Confidence,
    ErrorType,
    Message,
    StackTrace,
    /// `e.agent.id`, and of the trigger also `agent.id`.
    AgentId,
    /// `e.principal.role`
    PrincipalRole,
    /// `e.principal.organisation`
    PrincipalOrganisation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Global {
    /// The run's clock at the trigger.
    Now,
    RunDuration,
    RunEvents,
    RunRequests,
    RunResponses,
    RunErrors,
    RunRefused,
    RunStatus,
    RunId,
    /// `run.meta` in batch rules, also written `meta`.
    RunMeta,
    /// `flow.bytes`, `flow.path`, `flow.source`: of the last `derives_from` that held; only in messages.
    FlowBytes,
    FlowPath,
    FlowSource,
    /// `cycle.length`, `cycle.count`; only in messages.
    CycleLength,
    CycleCount,
    /// `runs.count` in batch rules.
    RunsCount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RunFunction {
    Count,
    Sum,
    Mean,
    Min,
    Max,
    P50,
    P90,
    P95,
    P99,
    Rate,
}

/// A value that is known when the policy is compiled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Const {
    Bool(bool),
    /// int and decimal
    Number(rust_decimal::Decimal),
    Float(f64),
    /// string, enum, and texts of other types in their normal form (email and domain folded, path normalised)
    Text(Arc<str>),
    /// Microseconds.
    Duration(i64),
    /// Bytes.
    Size(u64),
    Time(aop_toon::Timestamp),
    Ip(std::net::IpAddr),
    Cidr(ipnet::IpNet),
    /// A pattern's text, checked: it compiles.
    Pattern(crate::types::PatternKind, Arc<str>),
    /// List or set. A set<domain> may hold `*.example.com`.
    List(Arc<[Const]>),
}
