//! Attacks by text on whoever reads it: one file a kind, one line a recognizer.
//!
//! A recognizer says what the text does (override, extract, impersonate); [`judge`] says what that is worth from where
//! the text came. The texts are seen in their normalised view, so disguised letters change nothing.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Provenance, Recognizer};

pub mod answer_hijack;
pub mod code;
pub mod delimiter_forgery;
pub mod encoded_payload;
pub mod exfiltration;
pub mod hidden_text;
pub mod impersonation;
pub mod jailbreak;
pub mod model;
pub mod obeyed;
pub mod r#override;
pub mod prompt_extraction;
pub mod role_play;
mod sensitivity;
pub mod suppression;
pub mod tool_abuse;
pub mod turn_forgery;
pub mod words;

pub use sensitivity::{ProvenanceSettings, Sensitivity, Worth};

/// The recognizers of attacks, a table a kind, in the manual's order.
/// None without the feature `threats`, so that none of them is linked in.
pub static TABLES: &[&[Recognizer]] = if cfg!(feature = "threats") { ALL } else { &[] };

static ALL: &[&[Recognizer]] = &[
    r#override::RECOGNIZERS,
    jailbreak::RECOGNIZERS,
    role_play::RECOGNIZERS,
    prompt_extraction::RECOGNIZERS,
    impersonation::RECOGNIZERS,
    delimiter_forgery::RECOGNIZERS,
    turn_forgery::RECOGNIZERS,
    tool_abuse::RECOGNIZERS,
    exfiltration::RECOGNIZERS,
    answer_hijack::RECOGNIZERS,
    suppression::RECOGNIZERS,
    hidden_text::RECOGNIZERS,
    encoded_payload::RECOGNIZERS,
    model::RECOGNIZERS,
    code::sql::injection::RECOGNIZERS,
    code::sql::statement::RECOGNIZERS,
    code::nosql::RECOGNIZERS,
    code::script::injection::RECOGNIZERS,
    code::shell::injection::RECOGNIZERS,
    code::shell::command::RECOGNIZERS,
    code::template::RECOGNIZERS,
    code::path::RECOGNIZERS,
    code::address::RECOGNIZERS,
    code::link::RECOGNIZERS,
    code::terminal::RECOGNIZERS,
];

/// What a user may ask for, though nobody else may: to act, to send, to play a part, to answer so and to keep it to oneself.
static RIGHTS_OF_USERS: &[&str] =
    &["threats/role-play", "threats/tool-abuse", "threats/exfiltration", "threats/answer-hijack", "threats/suppression"];

/// Whether a rule looks at code, which is as bad wherever it comes from: whoever wrote a parameter, the action will run it. It
/// does when that is what its recognizers find.
pub(crate) fn is_code(rule: &Rule) -> bool {
    let mut recognizers = TABLES.iter().copied().flatten();
    recognizers.any(|recognizer| recognizer.entity == "CODE_INJECTION" && recognizer.rule.id == rule.id)
}

/// Whether users may ask for what a rule finds.
pub(crate) fn is_right_of_users(rule: &Rule) -> bool {
    RIGHTS_OF_USERS.contains(&rule.id)
}

/// What an attack's wording is worth by its provenance: how bad, and what to do (`None`: the engine's threshold decides),
/// where the settings say nothing else ([`ThreatSettings::worth`](crate::scan::ThreatSettings::worth)).
///
/// From a tool it is the rule's own severity, since nobody there has a right to instruct. The user may say what he likes,
/// so it is a warning and a flag; what is his right to ask for is nothing. The agent repeating one is worth knowing. The
/// operator's prompts are his own business: they name attacks in order to forbid them, and nothing is reported.
///
/// ```
/// use aop_rules::scan::Provenance;
/// use aop_rules::threats::{judge, r#override, tool_abuse};
/// use aop_toon::{Effect, Severity};
///
/// assert_eq!(judge(&r#override::RULE, Provenance::Tool), Some((Severity::Error, None)));
/// assert_eq!(judge(&r#override::RULE, Provenance::User), Some((Severity::Warning, Some(Effect::Flag))));
/// assert_eq!(judge(&r#override::RULE, Provenance::System), None);
/// assert_eq!(judge(&tool_abuse::RULE, Provenance::User), None);
/// ```
pub fn judge(rule: &Rule, provenance: Provenance) -> Option<(Severity, Option<Effect>)> {
    if is_code(rule) {
        return Some((rule.severity, rule.effect));
    }
    // The model is a guess: it speaks where somebody may attack, and of orders only where nobody may give any.
    if rule.id == model::ATTACK.id && matches!(provenance, Provenance::Agent | Provenance::Params)
        || rule.id == model::INSTRUCTION.id && provenance != Provenance::Tool
    {
        return None;
    }
    match provenance {
        Provenance::Tool | Provenance::Redteam => Some((rule.severity, rule.effect)),
        Provenance::User if is_right_of_users(rule) => None,
        Provenance::User => Some((Severity::Warning, Some(Effect::Flag))),
        Provenance::Agent | Provenance::Params => Some((Severity::Info, Some(Effect::Flag))),
        Provenance::System => None,
    }
}
