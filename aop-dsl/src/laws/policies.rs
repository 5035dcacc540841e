//! Random policies, as text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The schema and the constants that all random rules share.
pub(super) const HEADER: &str = r#"
policy law.random version "1.0.0" dsl 1;
schema {
  effect egress;
  effect spend;
  label untrusted;
  action send(to: list<string>, text: string?, copies: int?) : egress;
  action page(url: shell, depth: int) -> { body: string, score: decimal? } : untrusted;
  action pay(amount: decimal, account: string, currency: enum["EUR", "USD"], note: string?) -> { done: bool } : spend, egress;
  action db.drop(table: sql, force: bool);
}
let known: set<string> = ["a", "b"];
let limit: decimal = 5.50;
fn large(amount: decimal) -> bool = amount > limit;
fn noted(note: string?) -> bool = (note ?? "none") != "none";
"#;

/// A rule without its name.
#[derive(Debug, Clone)]
pub(super) struct RuleText {
    annotations: String,
    trigger: String,
    clauses: Vec<String>,
    effect: String,
}

impl RuleText {
    fn text(&self, at: usize) -> String {
        let Self { annotations, trigger, clauses, effect } = self;
        // Names are told apart by their clause's place.
        let numbered = |(at, clause): (usize, &String)| format!("  {}\n", clause.replace('#', &at.to_string()));
        let clauses: String = clauses.iter().enumerate().map(numbered).collect();
        format!("rule r{at}{annotations} {{\n  on {trigger}\n{clauses}  then {effect};\n}}\n")
    }

    /// The same rule with nothing that refuses an event.
    pub(super) fn flagging(&self) -> Self {
        let annotations = self.annotations.replace("deny", "flag");
        Self { annotations, effect: "flag \"{c.seq}\"".to_owned(), ..self.clone() }.named()
    }

    /// Messages of the run's end have no `c`.
    fn named(mut self) -> Self {
        if self.trigger == "run_end" {
            self.effect = "flag".to_owned();
        }
        self
    }
}

/// A policy of these rules, which are called `r0`, `r1`, ….
pub(super) fn policy(rules: &[RuleText]) -> String {
    let order: Vec<usize> = (0..rules.len()).collect();
    policy_in_order(rules, &order)
}

/// The same rules in another order, each under the name that its place in the first order gives it.
pub(super) fn policy_in_order(rules: &[RuleText], order: &[usize]) -> String {
    let rules = order.iter().map(|&at| rules[at].text(at));
    HEADER.to_owned() + &rules.collect::<String>()
}

/// The same rules under other names: each is called by the number that stands in its place.
pub(super) fn policy_with_names(rules: &[RuleText], names: &[usize]) -> String {
    let rules = rules.iter().zip(names).map(|(rule, name)| rule.text(*name));
    HEADER.to_owned() + &rules.collect::<String>()
}

/// An event that a rule may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Request(&'static str),
    Response(&'static str),
    AnyRequest,
    AnyResponse,
    /// Requests for one of several actions, or for those with such a name.
    Requests(&'static str),
    Responses(&'static str),
    Reasoning,
    Final,
    Error,
    Event,
}

const ACTIONS: [&str; 4] = ["send", "page", "pay", "db.drop"];

impl Kind {
    fn pattern(self) -> String {
        match self {
            Self::Request(action) => format!("request({action})"),
            Self::Response(action) => format!("response({action})"),
            Self::AnyRequest => "request(*)".to_owned(),
            Self::AnyResponse => "response(*)".to_owned(),
            Self::Requests(names) => format!("request({names})"),
            Self::Responses(names) => format!("response({names})"),
            Self::Reasoning => "reasoning".to_owned(),
            Self::Final => "final".to_owned(),
            Self::Error => "error".to_owned(),
            Self::Event => "event".to_owned(),
        }
    }
}

fn kind() -> BoxedStrategy<Kind> {
    mixed![
        4 => Just(Kind::Request("pay")),
        6 => select(&ACTIONS[..]).prop_map(Kind::Request),
        5 => select(&ACTIONS[..]).prop_map(Kind::Response),
        2 => Just(Kind::AnyRequest),
        1 => Just(Kind::AnyResponse),
        1 => select(&["send | pay", "p*", "db.* | page"][..]).prop_map(Kind::Requests),
        1 => select(&["page | pay", "db.*"][..]).prop_map(Kind::Responses),
        1 => Just(Kind::Reasoning),
        1 => Just(Kind::Final),
        1 => Just(Kind::Error),
        1 => Just(Kind::Event),
    ]
    .boxed()
}

/// Any rule of the language that the reference knows.
pub(super) fn rule() -> BoxedStrategy<RuleText> {
    mixed![8 => checking_rule(), 2 => expecting_rule(), 1 => ending_rule(), 1 => cycle_rule()].boxed()
}

/// A rule that can refuse.
fn checking_rule() -> BoxedStrategy<RuleText> {
    kind()
        .prop_flat_map(|kind| {
            (annotations(), condition_or_none("c", kind), vec(clause(kind), 0..3), effect()).prop_map(
                move |(annotations, condition, clauses, effect)| RuleText {
                    annotations,
                    trigger: format!("c: {}{condition}", kind.pattern()),
                    clauses,
                    effect,
                },
            )
        })
        .boxed()
}

/// A rule with a duty.
fn expecting_rule() -> BoxedStrategy<RuleText> {
    (kind(), kind())
        .prop_flat_map(|(kind, expected)| {
            let clauses = vec(clause(kind), 0..2);
            let duty = (past_condition(expected, kind), duration()).prop_map(move |(condition, window)| {
                format!("expect p#: {}{condition} within {window}", expected.pattern())
            });
            (flag_annotations(), condition_or_none("c", kind), clauses, duty).prop_map(
                move |(annotations, condition, mut clauses, duty)| {
                    clauses.push(duty);
                    let trigger = format!("c: {}{condition}", kind.pattern());
                    RuleText {
                        annotations: format!(" @phase(post_run){annotations}"),
                        trigger,
                        clauses,
                        effect: "flag".to_owned(),
                    }
                },
            )
        })
        .boxed()
}

/// A rule about the run's end.
fn ending_rule() -> BoxedStrategy<RuleText> {
    let of_run = of_run();
    let counted = kind().prop_flat_map(count_without_trigger);
    let past = kind().prop_flat_map(|kind| {
        (select(&["after", "without", "unless after"][..]), condition_or_none("p#", kind), window())
            .prop_map(move |(word, condition, window)| format!("{word} p#: {}{condition} within {window}", kind.pattern()))
    });
    (flag_annotations(), vec(mixed![1 => of_run, 1 => counted, 1 => past], 1..3))
        .prop_map(|(annotations, clauses)| RuleText {
            annotations: format!(" @phase(post_run){annotations}"),
            trigger: "run_end".to_owned(),
            clauses,
            effect: "flag".to_owned(),
        })
        .boxed()
}

/// What the run is in numbers.
fn of_run() -> BoxedStrategy<String> {
    let conditions = [
        "where run.requests > 5",
        "where run.responses % 3 == 1",
        "where run.errors > 0",
        "where run.refused > 0",
        "where run.duration > 30s and run.events < 40",
        "unless run.responses < run.requests",
    ];
    select(conditions.map(str::to_owned).to_vec()).boxed()
}

/// A rule about repetitions. What repeats is always known: half a repetition is a matter of taste.
pub(super) fn cycle_rule() -> BoxedStrategy<RuleText> {
    let condition = select(&["", " where c.params == prev.params"][..]);
    let trigger = select(&["c: request(*)", "c: request(pay | page)", r#"c: request(*) where "egress" in c.effects"#][..]);
    let cycle =
        (condition, select(&[">=", ">"][..]), 2..4u32, window()).prop_map(|(condition, comparison, bound, window)| {
            format!("cycle(c.action{condition}) {comparison} {bound} within {window}")
        });
    (annotations(), trigger, cycle, effect())
        .prop_map(|(annotations, trigger, cycle, effect)| RuleText {
            annotations,
            trigger: trigger.to_owned(),
            clauses: vec![cycle],
            effect,
        })
        .boxed()
}

fn annotations() -> BoxedStrategy<String> {
    select(&["", "", " @on_unknown(deny)", " @on_unknown(flag)", " @on_unknown(ignore)"][..]).prop_map(str::to_owned).boxed()
}

/// Of rules that may only flag.
fn flag_annotations() -> BoxedStrategy<String> {
    select(&["", " @on_unknown(flag)", " @on_unknown(ignore)"][..]).prop_map(str::to_owned).boxed()
}

fn effect() -> BoxedStrategy<String> {
    let effects = [
        "flag",
        "flag \"at {c.seq}\"",
        "deny",
        "deny \"{c.type}\"",
        "throttle(wait: 5s)",
        "require_approval(role: \"boss\", ttl: 10m)",
    ];
    select(effects.map(str::to_owned).to_vec()).boxed()
}

fn clause(trigger: Kind) -> BoxedStrategy<String> {
    mixed![
        2 => condition("c", trigger).prop_map(|condition| format!("where {condition}")),
        1 => condition("c", trigger).prop_map(|condition| format!("unless {condition}")),
        5 => past_event(trigger).prop_map(|event| format!("after {event}")),
        3 => past_event(trigger).prop_map(|event| format!("without {event}")),
        2 => past_event(trigger).prop_map(|event| format!("unless after {event}")),
        2 => sequence(trigger),
        5 => aggregate(trigger),
        1 => aggregate(trigger).prop_map(|aggregate| format!("unless {aggregate}")),
    ]
    .boxed()
}

fn past_event(trigger: Kind) -> BoxedStrategy<String> {
    kind()
        .prop_flat_map(move |kind| {
            (past_condition(kind, trigger), scoped_window())
                .prop_map(move |(condition, window)| format!("p#: {}{condition} within {window}", kind.pattern()))
        })
        .boxed()
}

fn sequence(trigger: Kind) -> BoxedStrategy<String> {
    let step = |name: &'static str| {
        kind().prop_flat_map(move |kind| {
            let condition = mixed![3 => condition_or_none(name, kind), 1 => cross(name, kind, trigger)];
            condition.prop_map(move |condition| format!("{name}: {}{condition};", kind.pattern()))
        })
    };
    let joined = (select(&["pay", "page", "send"][..]), select(&["==", "!="][..])).prop_map(|(action, comparison)| {
        let field = match action {
            "pay" => "params.account",
            "page" => "params.depth",
            _ => "action",
        };
        format!("s#: request({action}); t#: request({action}) where t#.{field} {comparison} s#.{field};")
    });
    let steps = mixed![
        3 => (step("s#"), step("t#")).prop_map(|(first, second)| format!("{first} {second}")),
        1 => (step("s#"), step("t#"), step("u#")).prop_map(|(first, second, third)| format!("{first} {second} {third}")),
        1 => joined,
        1 => step("s#"),
    ];
    (steps, scoped_window()).prop_map(|(steps, window)| format!("seq [ {steps} ] within {window}")).boxed()
}

fn aggregate(trigger: Kind) -> BoxedStrategy<String> {
    let by = move |counted: Kind| -> BoxedStrategy<String> {
        let keys: &[&str] = match (counted, trigger) {
            (Kind::Request("pay"), Kind::Request("pay")) => &[
                "",
                " by params.account",
                " by params.currency",
                " by params.account, params.currency",
                " by params.account max 2 keys",
            ],
            (Kind::Request("page"), Kind::Request("page")) => {
                &["", " by params.url", " by params.url.length", " by params.depth max 1 keys"]
            }
            (Kind::Request("db.drop"), Kind::Request("db.drop")) => &["", " by params.table"],
            (
                Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
                Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
            ) => &["", " by action"],
            _ => &[""],
        };
        select(keys.to_vec()).prop_map(str::to_owned).boxed()
    };
    let by_scope = move |counted: Kind| (by(counted), scope()).prop_map(|(by, scope)| format!("{by}{scope}"));
    let counted = kind().prop_flat_map(move |kind| {
        let kind = if kind == Kind::AnyResponse { trigger } else { kind };
        (past_condition(kind, trigger), comparison(), 0..5u32, window(), by_scope(kind)).prop_map(
            move |(condition, comparison, bound, window, by)| {
                format!("count(p#: {}{condition}) {comparison} {bound} within {window}{by}", kind.pattern())
            },
        )
    });
    let pay = Kind::Request("pay");
    let summed = (past_condition(pay, trigger), comparison(), amount(), window(), by_scope(pay)).prop_map(
        |(condition, comparison, bound, window, by)| {
            format!("sum(p#.params.amount for p#: request(pay){condition}) {comparison} {bound} within {window}{by}")
        },
    );
    let page = Kind::Request("page");
    let depth = (past_condition(page, trigger), comparison(), 0..12u32, window(), by_scope(page)).prop_map(
        |(condition, comparison, bound, window, by)| {
            format!("sum(p#.params.depth for p#: request(page){condition}) {comparison} {bound} within {window}{by}")
        },
    );
    let greatest = (past_condition(pay, trigger), comparison(), amount(), window(), by_scope(pay)).prop_map(
        |(condition, comparison, bound, window, by)| {
            format!("max(p#.params.amount for p#: request(pay){condition}) {comparison} {bound} within {window}{by}")
        },
    );
    let field = select(&["p#.params.account", "p#.params.amount", "p#.params.currency", "p#.seq % 3"][..]);
    let different = (field, past_condition(pay, trigger), comparison(), 0..4u32, window(), by_scope(pay)).prop_map(
        |(field, condition, comparison, bound, window, by)| {
            format!("distinct({field} for p#: request(pay){condition}) {comparison} {bound} within {window}{by}")
        },
    );
    mixed![5 => counted, 2 => summed, 1 => depth, 2 => greatest, 2 => different].boxed()
}

fn count_without_trigger(kind: Kind) -> BoxedStrategy<String> {
    (condition_or_none("p#", kind), comparison(), 0..8u32, window())
        .prop_map(move |(condition, comparison, bound, window)| {
            format!("count(p#: {}{condition}) {comparison} {bound} within {window}", kind.pattern())
        })
        .boxed()
}

/// ` where …` of a past event `p`: about itself alone, or about the trigger `c` too.
fn past_condition(kind: Kind, trigger: Kind) -> BoxedStrategy<String> {
    mixed![4 => condition_or_none("p#", kind), 3 => cross("p#", kind, trigger)].boxed()
}

/// ` where …` that ties an event to the trigger, perhaps with a condition of its own.
fn cross(name: &'static str, kind: Kind, trigger: Kind) -> BoxedStrategy<String> {
    let tie = tie(name, kind, trigger);
    mixed![
        3 => tie.clone().prop_map(|tie| format!(" where {tie}")),
        2 => (condition(name, kind), tie.clone()).prop_map(|(own, tie)| format!(" where {own} and {tie}")),
        1 => (condition(name, kind), tie.clone()).prop_map(|(own, tie)| format!(" where {own} or {tie}")),
        1 => (condition("c", trigger), tie.clone()).prop_map(|(own, tie)| format!(" where {own} and {tie}")),
        1 => tie.prop_map(|tie| format!(" where not ({tie})")),
    ]
    .boxed()
}

/// A condition about two events.
fn tie(name: &'static str, kind: Kind, trigger: Kind) -> BoxedStrategy<String> {
    let mut ties = vec!["N.seq + 4 > c.seq", "N.t < c.t", "N.actor == c.actor", "N.seq % 2 == c.seq % 2"];
    match (kind, trigger) {
        (Kind::Request("pay"), Kind::Request("pay")) => ties.extend([
            "N.params.account == c.params.account",
            "N.params.account == c.params.account",
            "N.params.amount < c.params.amount",
            "N.params.amount + c.params.amount > 8",
            "N.params.note == c.params.note",
            "N.params.currency == c.params.currency and N.params.account != c.params.account",
            "N.params == c.params",
        ]),
        (Kind::Request("pay"), Kind::Request("send")) => ties.extend([
            "(any x in c.params.to: x == N.params.account)",
            "N.params.account in c.params.to",
            "N.params.note == c.params.text",
        ]),
        (Kind::Request("send"), Kind::Request("pay")) => ties.extend([
            "c.params.account in N.params.to",
            "(all x in N.params.to: x == c.params.account)",
            "N.params.copies > c.params.amount",
        ]),
        (Kind::Response("page"), Kind::Request("page")) => ties.extend([
            "N.request.params.url == c.params.url",
            "N.request.params.depth < c.params.depth",
            "N.result.body == c.params.url",
            "N.result.body contains c.params.url",
        ]),
        (
            Kind::Response(_) | Kind::AnyResponse | Kind::Responses(_),
            Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
        ) => {
            ties.extend(["N.request.seq < c.seq", "N.request.seq + 5 > c.seq", "N.request.seq == c.seq"]);
        }
        (Kind::Request("page"), Kind::Request("page")) => ties.extend([
            "N.params.url == c.params.url",
            "N.params.depth + 1 == c.params.depth",
            "(N.params.depth > c.params.depth or N.params.url == c.params.url)",
        ]),
        (
            Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
            Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
        ) => {
            ties.extend(["N.action == c.action", "N.action != c.action"]);
        }
        (
            Kind::Request(_) | Kind::AnyRequest | Kind::Requests(_),
            Kind::Response(_) | Kind::AnyResponse | Kind::Responses(_),
        ) => {
            ties.extend(["c.request.seq == N.seq", "c.request.seq != N.seq", "c.request.action == N.action"]);
        }
        _ => {}
    }
    select(ties.iter().map(|tie| tie.replace('N', name)).collect::<Vec<_>>()).boxed()
}

fn condition_or_none(name: &'static str, kind: Kind) -> BoxedStrategy<String> {
    mixed![1 => Just(String::new()), 2 => condition(name, kind).prop_map(|condition| format!(" where {condition}"))].boxed()
}

/// A condition about one event.
fn condition(name: &'static str, kind: Kind) -> BoxedStrategy<String> {
    let atom = || select(atoms(kind).iter().map(|atom| atom.replace('N', name)).collect::<Vec<_>>());
    mixed![
        6 => atom(),
        1 => atom().prop_map(|atom| format!("not ({atom})")),
        1 => (atom(), atom()).prop_map(|(one, other)| format!("({one} and {other})")),
        1 => (atom(), atom()).prop_map(|(one, other)| format!("({one} or {other})")),
    ]
    .boxed()
}

fn atoms(kind: Kind) -> Vec<&'static str> {
    let mut atoms = vec![r#"N.actor == "agent""#, "N.seq % 2 == 0"];
    atoms.extend(match kind {
        Kind::Request("pay") => &[
            "N.params.amount > 3",
            "N.params.amount <= 2.5",
            "N.params.amount == 5",
            "N.params.amount > limit",
            "large(N.params.amount)",
            r#"N.params.account == "a""#,
            "N.params.account in known",
            "N.params.account not in known",
            r#"N.params.currency == "EUR""#,
            r#"N.params.note == "x""#,
            r#"N.params.note != "x""#,
            "has N.params.note",
            r#"(N.params.note ?? "x") == "x""#,
            "noted(N.params.note)",
            r#"N.params.account matches re"^[ab]$""#,
        ][..],
        Kind::Request("send") => &[
            r#"(any x in N.params.to: x == "a")"#,
            "(all x in N.params.to: x in known)",
            r#"(count x in N.params.to: x == "a") >= 2"#,
            r#"N.params.to contains "b""#,
            "N.params.copies >= 2",
            "(N.params.copies ?? 1) < 2",
            r#"N.params.text contains "x""#,
            "N.params.to.length > 1",
        ][..],
        Kind::Request("page") => &[
            "N.params.depth > 1",
            "N.params.depth % 2 == 1",
            "N.params.depth * 2 - 1 < 4",
            "6 / N.params.depth >= 3",
            r#"N.params.url starts_with "a""#,
            r#"N.params.url matches glob"a*""#,
        ][..],
        Kind::Request(_) => {
            &["N.params.force", "not N.params.force", r#"N.params.table == "a""#, "N.params.table in known"][..]
        }
        Kind::Response("page") => &[
            r#"N.result.body contains "x""#,
            "N.result.score > 1.5",
            r#"N.status == "error""#,
            r#"N.request.params.url == "a""#,
            "N.request.params.depth > 1",
            "N.latency > 2s",
            "has N.result",
        ][..],
        Kind::Response("pay") => &[
            "N.result.done",
            "not N.result.done",
            "N.request.params.amount > 3",
            r#"N.request.params.account == "a""#,
            r#"N.status == "success""#,
            "N.latency <= 3s",
        ][..],
        Kind::Response(_) => &[r#"N.status == "error""#, "N.latency > 1s", "has N.error", "N.request.seq % 2 == 0"][..],
        Kind::Requests(_) => &[r#""egress" in N.effects"#, r#"N.action != "pay""#, "N.declared"][..],
        Kind::Responses(_) => &[r#""untrusted" in N.labels"#, r#"N.status == "success""#, "N.request.seq % 2 == 1"][..],
        Kind::AnyRequest => &[
            r#""egress" in N.effects"#,
            r#""spend" not in N.effects"#,
            r#"N.action == "pay""#,
            "N.declared",
            r#"N.action starts_with "db""#,
            "N.params?.account is string",
            r#"(N.params?.account as string) == "a""#,
            "(N.params?.amount as decimal) > 3",
            "has N.params.note.inner",
            "has N.params.to[0]",
            "has N.params.note",
        ][..],
        Kind::AnyResponse => &[r#""untrusted" in N.labels"#, "not N.declared", r#"N.status == "error""#, "has N.result"][..],
        Kind::Reasoning => &[r#"N.thought contains "a""#, r#"N.actor == "user""#, "has N.goal"][..],
        Kind::Final => &[r#"N.summary contains "x""#, "has N.summary"][..],
        Kind::Error => &[r#"N.error_type == "a""#, r#"N.message != "x""#][..],
        Kind::Event => &[r#"N.type == "reasoning""#, r#"N.actor in ["user", "system"]"#][..],
    });
    atoms
}

fn comparison() -> BoxedStrategy<&'static str> {
    mixed![6 => Just(">"), 6 => Just(">="), 2 => Just("<"), 2 => Just("<="), 1 => Just("=="), 1 => Just("!=")].boxed()
}

fn amount() -> BoxedStrategy<&'static str> {
    select(&["0", "2", "5", "5.50", "9.99", "20"][..]).boxed()
}

fn window() -> BoxedStrategy<String> {
    mixed![
        3 => Just("run".to_owned()),
        4 => duration(),
        3 => (1..12u32).prop_map(|events| format!("{events} events")),
    ]
    .boxed()
}

/// Whose memory it is; the run's mostly.
fn scope() -> BoxedStrategy<&'static str> {
    mixed![8 => Just(""), 1 => Just(" per agent"), 1 => Just(" per organisation")].boxed()
}

fn scoped_window() -> BoxedStrategy<String> {
    mixed![
        9 => window(),
        1 => (
            mixed![2 => duration(), 1 => (1..12u32).prop_map(|events| format!("{events} events"))],
            select(&["agent", "organisation"][..])
        )
            .prop_map(|(window, scope)| format!("{window} per {scope}")),
    ]
    .boxed()
}

fn duration() -> BoxedStrategy<String> {
    select(&["1s", "3s", "7s", "20s", "1m"][..]).prop_map(str::to_owned).boxed()
}

#[test]
fn random_policies_have_no_mistakes() {
    let strategy = proptest::collection::vec(rule(), 1..6);
    super::harness::try_all(100, &strategy, |rules| super::harness::compiled(&policy(&rules)).map(drop));
}
