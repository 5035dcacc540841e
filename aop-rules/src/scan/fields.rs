//! Parameters that are declared to hold statements of SQL or commands of a shell.

use serde::{Deserialize, Serialize};

use crate::post_run::Pattern;
use crate::scan::mistakes::Mistakes;
use crate::scan::places::PathPattern;
use crate::scan::recognizer::Language;

/// A parameter of an action, and what it is declared to hold.
///
/// ```
/// use aop_rules::scan::{DeclaredField, Language};
///
/// let field: DeclaredField = serde_json::from_str(r#"{"action": "run_*", "param": "/query", "language": "sql"}"#).unwrap();
/// assert_eq!(field.language, Language::Sql);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { action = \"run_query\", param = \"/query\", language = \"sql\" }"
)]
pub struct DeclaredField {
    /// The action's name; `*` stands for any text in it.
    pub action: Pattern,
    /// The way to the parameter: a JSON Pointer into the action's parameters, in which `*` and `**` are known.
    pub param: String,
    /// What it holds; undeclared takes back what a policy's schema declares.
    pub language: Language,
}

/// All declarations, read.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(Pattern, PathPattern, Language)>);

impl Fields {
    /// Reads declarations. What is wrong in them is noted and left out.
    pub(crate) fn new(fields: &[DeclaredField], mistakes: &mut Mistakes) -> Self {
        let mut read = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            match PathPattern::new(&field.param) {
                Ok(path) => read.push((field.action.clone(), path, field.language)),
                Err(problem) => mistakes.add(format_args!("threats.fields[{index}].param"), problem),
            }
        }
        Self(read)
    }

    /// The same with further declarations, which hold where these do not speak. One whose way is longer than a way may be is
    /// left out.
    pub(crate) fn with(mut self, fields: &[DeclaredField]) -> Self {
        let read =
            |field: &DeclaredField| Some((field.action.clone(), PathPattern::new(&field.param).ok()?, field.language));
        self.0.extend(fields.iter().filter_map(read));
        self
    }

    /// What is declared of one action.
    pub(crate) fn of_action<'f>(&'f self, action: &str) -> ActionFields<'f> {
        let of_action = self.0.iter().filter(|(pattern, ..)| pattern.matches(action));
        ActionFields(of_action.map(|(_, path, language)| (path, *language)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is declared of one action's parameters. The first that leads to a parameter holds.
#[derive(Debug, Default)]
pub(crate) struct ActionFields<'f>(Vec<(&'f PathPattern, Language)>);

impl ActionFields<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the parameter at a pointer, which leads from the event's root, is declared to hold.
    pub(crate) fn language(&self, pointer: &str) -> Language {
        let Some(in_params) = pointer.strip_prefix("/payload/params") else { return Language::Undeclared };
        let declared = self.0.iter().find(|(path, _)| path.covers(in_params));
        declared.map(|(_, language)| *language).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(action: &str, param: &str, language: Language) -> DeclaredField {
        DeclaredField { action: action.parse().unwrap(), param: param.to_owned(), language }
    }

    #[test]
    fn settings_win_over_what_is_declared_elsewhere() {
        let settings = [declared("run_*", "/query", Language::Shell), declared("count", "/sql", Language::Undeclared)];
        let schema = [
            declared("run_report", "/query", Language::Sql),
            declared("run_report", "/steps/*/statement", Language::Sql),
            declared("count", "/sql", Language::Sql),
            declared("deep", &"/a".repeat(40), Language::Sql),
        ];
        let mut mistakes = Mistakes::default();
        let fields = Fields::new(&settings, &mut mistakes).with(&schema);
        mistakes.into_result().unwrap();
        let language = |action: &str, param: &str| fields.of_action(action).language(&format!("/payload/params{param}"));
        assert_eq!(language("run_report", "/query"), Language::Shell);
        assert_eq!(language("run_report", "/steps/2/statement"), Language::Sql);
        assert_eq!(language("run_report", "/steps/2/note"), Language::Undeclared);
        assert_eq!(language("count", "/sql"), Language::Undeclared);
        assert_eq!(language("deep", &"/a".repeat(40)), Language::Undeclared);
    }
}
