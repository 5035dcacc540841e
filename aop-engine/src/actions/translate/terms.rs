//! Rules about who may ask for an action, on whose instruction, with whose approval, and how often.

use aop_rules::acl;
use aop_rules::post_run::{Pattern, TimeSpan};

use super::super::compiled_in::ActionError;
use super::super::text::{in_message, quoted};
use super::super::{ActionBudget, ActionRule, AgentName, BudgetCount, BudgetScope, Instruction};
use super::names::Meant;
use super::{Draft, Translation};

/// What a caller is told apart by.
struct Trait<'t> {
    /// The field of the settings with those who may, and with those who may not.
    fields: (&'static str, &'static str),
    /// What it is called.
    word: &'static str,
    /// The event's field, and what is compared.
    field: &'static str,
    text: &'static str,
    allowed: Option<Vec<Who<'t>>>,
    denied: Vec<Who<'t>>,
}

/// One of those who may, or may not.
enum Who<'t> {
    Agent(i64),
    Like(&'t str),
}

impl Trait<'_> {
    /// Whether a caller that is known is one of these.
    fn is_one_of(&self, list: &[Who<'_>]) -> String {
        let (mut ids, mut names, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        for who in list {
            match who {
                Who::Agent(id) => ids.push(id.to_string()),
                Who::Like(name) if !name.contains(['*', '?']) => names.push(quoted(name)),
                Who::Like(pattern) => patterns.push(quoted(pattern)),
            }
        }
        let of_kinds = [is_listed(self.field, &ids), is_listed(self.text, &names), is_like(self.text, &patterns)];
        let any: Vec<String> = of_kinds.into_iter().flatten().collect();
        if any.is_empty() { "false".to_owned() } else { any.join(" or ") }
    }

    fn listed(list: &[Who<'_>]) -> String {
        let shown = |who: &Who<'_>| match who {
            Who::Agent(id) => id.to_string(),
            Who::Like(pattern) => in_message(pattern),
        };
        if list.is_empty() { "nobody".to_owned() } else { list.iter().take(10).map(shown).collect::<Vec<_>>().join(", ") }
    }
}

/// That a value is one of these; a list is one operator, however long it is.
fn is_listed(value: &str, list: &[String]) -> Option<String> {
    match list {
        [] => None,
        [one] => Some(format!("{value} == {one}")),
        more => Some(format!("{value} in [{}]", more.join(", "))),
    }
}

/// That a text is like one of these patterns.
pub(super) fn is_like(text: &str, patterns: &[String]) -> Option<String> {
    match patterns {
        [] => None,
        [one] => Some(format!("is_like({text}, {one})")),
        more => Some(format!("is_like_any({text}, [{}])", more.join(", "))),
    }
}

/// Who may ask.
pub(super) fn who(translation: &mut Translation, name: &str, action: &ActionRule, meant: &Meant) {
    let traits = [
        Trait {
            fields: ("agents", "deny_agents"),
            word: "agent",
            field: "c.agent.id",
            text: "to_string(c.agent.id)",
            allowed: action.agents.as_deref().map(of_agents),
            denied: of_agents(&action.deny_agents),
        },
        Trait {
            fields: ("roles", "deny_roles"),
            word: "role",
            field: "c.principal.role",
            text: "c.principal.role",
            allowed: action.roles.as_deref().map(of_patterns),
            denied: of_patterns(&action.deny_roles),
        },
        Trait {
            fields: ("organisations", "deny_organisations"),
            word: "organisation",
            field: "c.principal.organisation",
            text: "c.principal.organisation",
            allowed: action.organisations.as_deref().map(of_patterns),
            denied: of_patterns(&action.deny_organisations),
        },
    ];
    for of in &traits {
        let (allow, deny) = of.fields;
        if let Some(allowed) = &of.allowed {
            let condition = format!("not (has {} and ({}))", of.field, of.is_one_of(allowed));
            let message = format!("it is for {} {}", plural(of.word), Trait::listed(allowed));
            refuse(translation, format!("{name}.{allow}"), of, meant, condition, &message);
        }
        if !of.denied.is_empty() {
            let condition = format!("(not (has {}) or {})", of.field, of.is_one_of(&of.denied));
            let message = format!("it is not for {} {}", plural(of.word), Trait::listed(&of.denied));
            refuse(translation, format!("{name}.{deny}"), of, meant, condition, &message);
        }
    }
}

fn refuse(translation: &mut Translation, setting: String, of: &Trait<'_>, meant: &Meant, condition: String, why: &str) {
    translation.rule(Draft {
        setting,
        rule: &acl::NOT_ALLOWED,
        at: None,
        trigger: meant.request("c", &[condition]),
        clauses: Vec::new(),
        effect: None,
        message: format!("{} {{{}}} may not ask for `{}`; {why}", of.word, of.field, meant.shown()),
    });
}

fn of_agents(agents: &[AgentName]) -> Vec<Who<'_>> {
    agents
        .iter()
        .map(|agent| match agent {
            AgentName::Id(id) => Who::Agent(*id),
            AgentName::Like(pattern) => Who::Like(pattern.as_str()),
        })
        .collect()
}

fn of_patterns(patterns: &[Pattern]) -> Vec<Who<'_>> {
    patterns.iter().map(|pattern| Who::Like(pattern.as_str())).collect()
}

fn plural(word: &str) -> String {
    format!("{word}s")
}

/// On whose instruction.
pub(super) fn provenances(
    translation: &mut Translation,
    name: &str,
    action: &ActionRule,
    meant: &Meant,
) -> Result<(), ActionError> {
    let Some(allowed) = &action.provenances else { return Ok(()) };
    // A list without the user would say that nobody may, or a tool's result alone; neither can be told of a call.
    if !allowed.contains(&Instruction::User) {
        let problem = "write [\"user\"] for what the user says alone, or [\"user\", \"tool\"] for what a tool's result says \
                       too; for nobody, write `allow = false`";
        return Err(ActionError::new(format!("{name}.provenances"), problem));
    }
    if allowed.contains(&Instruction::Tool) {
        return Ok(());
    }
    translation.rule(Draft {
        setting: format!("{name}.provenances"),
        rule: &acl::NOT_ALLOWED,
        at: Some("c.params"),
        trigger: meant.request("c", &[]),
        clauses: vec![
            "after w: response(*) where c.params derives_from (w.result ?? w.error) within run".to_owned(),
        ],
        effect: None,
        message: format!(
            "`{}` carries {{flow.bytes}} bytes of the result #{{w.seq}}, and it is not to be done because a tool's result says so",
            meant.shown()
        ),
    });
    Ok(())
}

/// With whose approval.
pub(super) fn approval(
    translation: &mut Translation,
    name: &str,
    action: &ActionRule,
    meant: &Meant,
) -> Result<(), ActionError> {
    let Some(terms) = &action.approval else { return Ok(()) };
    let setting = format!("{name}.approval");
    if terms.role.trim().is_empty() {
        return Err(ActionError::new(format!("{setting}.role"), "a role has a name, such as \"finance\""));
    }
    let (role, ttl) = (quoted(&terms.role), duration(terms.ttl, &format!("{setting}.ttl"))?);
    // An answer that counts: of somebody of the role, about this very call, and not said by the agent itself.
    let answer = |name: &str, said: &str| {
        format!(
            "{name}: response(human_approve)\n    where {name}.status == \"success\" and not ({name}.actor in [\"agent\", \"redteam\"]) and {said}\n      \
             and ({name}.principal.role ?? \"\") == {role}\n      \
             and {name}.request.params.action is string and ({name}.request.params.action as string) == c.action\n      \
             and has {name}.request.params.params and {name}.request.params.params == c.params"
        )
    };
    // Asked before it is read, so that an answer of another form is none rather than unknown.
    let yes = answer("h", "h.result.approved is bool and (h.result.approved as bool)");
    let no = answer("n", "n.result.approved is bool and not (n.result.approved as bool)");
    let effect = format!("require_approval(role: {role}, ttl: {ttl})");
    translation.rule(Draft {
        setting: setting.clone(),
        rule: &acl::APPROVAL,
        at: None,
        trigger: meant.request("c", &[]),
        clauses: vec![format!("unless after {yes}\n    within {ttl}")],
        effect: Some(effect.clone()),
        message: format!("the action `{}` has to be approved", meant.shown()),
    });
    // A no after a yes takes it back. A yes after that does not bring it back before the no is forgotten: who is in two minds is not asked
    // to be quick.
    translation.rule(Draft {
        setting: format!("{setting}.withdrawn"),
        rule: &acl::APPROVAL,
        at: None,
        trigger: meant.request("c", &[]),
        clauses: vec![format!("seq [\n    {yes};\n    {no};\n  ] within {ttl}")],
        effect: Some(effect),
        message: format!("the approval of `{}` was taken back by #{{n.seq}}", meant.shown()),
    });
    Ok(())
}

/// How often.
pub(super) fn budgets(
    translation: &mut Translation,
    name: &str,
    action: &ActionRule,
    meant: &Meant,
) -> Result<(), ActionError> {
    for (at, budget) in action.budget.iter().enumerate() {
        let setting = format!("{name}.budget.{at}");
        let (clause, what) = counted(budget, meant, &setting)?;
        let whose = match budget.per {
            BudgetScope::Run => "run",
            BudgetScope::Agent => "agent",
            BudgetScope::Organisation => "organisation",
        };
        let window = budget.within.map_or_else(String::new, |within| format!(" within {within}"));
        let mut conditions = Vec::new();
        if let Some(pointer) = &budget.sum {
            conditions.push(is_amount("c", pointer));
            translation.rule(Draft {
                setting: format!("{setting}.sum"),
                rule: &acl::BUDGET,
                at: Some("c.params"),
                trigger: meant.request("c", &[format!("not ({})", is_amount("c", pointer))]),
                clauses: Vec::new(),
                effect: None,
                message: format!(
                    "`{}` has no number at `{}`, so that its budget cannot be kept",
                    meant.shown(),
                    in_message(pointer)
                ),
            });
        }
        translation.rule(Draft {
            setting,
            rule: &acl::BUDGET,
            at: budget.sum.as_ref().map(|_| "c.params"),
            trigger: meant.request("c", &conditions),
            clauses: vec![clause],
            effect: None,
            message: format!(
                "the budget of the {whose} for `{}` is {} {what}{window}, and this would pass it",
                meant.shown(),
                budget.max
            ),
        });
    }
    Ok(())
}

fn is_amount(event: &str, pointer: &str) -> String {
    format!("at({event}.params, {}) is decimal", quoted(pointer))
}

/// The clause that a budget is, and what it counts.
fn counted(budget: &ActionBudget, meant: &Meant, setting: &str) -> Result<(String, String), ActionError> {
    if !budget.max.is_finite() || budget.max.as_f64() < 0.0 {
        return Err(ActionError::new(format!("{setting}.max"), "a budget is a number that is not below 0"));
    }
    if budget.sum.is_some() && budget.count != BudgetCount::Calls {
        return Err(ActionError::new(format!("{setting}.sum"), "a budget has a `sum` or a `count`, not both; make it two"));
    }
    let window = match (budget.within, budget.per) {
        (Some(within), _) => duration(within, &format!("{setting}.within"))?,
        (None, BudgetScope::Run) => "run".to_owned(),
        (None, _) => {
            let problem = "a budget over several runs needs a time, such as \"1d\": they have no end";
            return Err(ActionError::new(format!("{setting}.within"), problem));
        }
    };
    let whose = match budget.per {
        BudgetScope::Run => "",
        BudgetScope::Agent => " per agent",
        BudgetScope::Organisation => " per organisation",
    };
    let max = budget.max;
    let (value, what) = match (&budget.sum, budget.count) {
        (Some(pointer), _) => {
            if !pointer.starts_with('/') {
                let problem = "this is no JSON Pointer into the parameters; write one such as \"/amount\"";
                return Err(ActionError::new(format!("{setting}.sum"), problem));
            }
            // An amount below nothing would give a budget back.
            let amount = format!("max((at(r.params, {0}) as decimal) ?? 0, 0)", quoted(pointer));
            let counted = meant.request("r", &[is_amount("r", pointer)]);
            (format!("sum({amount} for r: {counted})"), format!("of `{}`", in_message(pointer)))
        }
        (None, BudgetCount::Calls) => (format!("count(r: {})", meant.request("r", &[])), "calls".to_owned()),
        (None, BudgetCount::Tokens) => {
            let tokens = "sum(token_count(e.meta?.tokens) ?? 0 for e: event where token_count(e.meta?.tokens) > 0)";
            (tokens.to_owned(), "tokens".to_owned())
        }
        (None, BudgetCount::Seconds) => {
            let seconds = format!("sum(seconds(r.latency ?? 0s) for r: {})", meant.response("r", &[]));
            (seconds, "seconds".to_owned())
        }
    };
    Ok((format!("{value} > {max} within {window}{whose}"), what))
}

/// A length of time as a policy writes it: in one unit.
fn duration(span: TimeSpan, setting: &str) -> Result<String, ActionError> {
    const UNITS: [(i64, &str); 5] =
        [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms")];
    let micros = span.micros();
    let unit = UNITS.iter().find(|(length, _)| micros > 0 && micros % length == 0);
    let (length, unit) =
        unit.ok_or_else(|| ActionError::new(setting, "a time is one of milliseconds or more, such as \"10m\""))?;
    Ok(format!("{}{unit}", micros / length))
}
