//! Parameters that schemas declare to hold code: what a policy set tells those who look into such texts.

use crate::typed::Schema;
use crate::types::{CodeLanguage, Type};

/// A parameter of an action that a schema declares as `sql` or `shell`.
///
/// ```
/// use aop_dsl::CodeLanguage;
///
/// let policies = aop_dsl::compile("db.aop", r#"
///     policy acme.db version "1.0.0" dsl 1;
///     schema { action db.run(steps: list<{ statement: sql, note: string? }>, setup: shell?); }
/// "#).unwrap();
/// let fields: Vec<_> = policies.code_fields().into_iter().map(|field| (field.param, field.language)).collect();
/// assert_eq!(fields, [
///     ("/setup".to_owned(), CodeLanguage::Shell),
///     ("/steps/*/statement".to_owned(), CodeLanguage::Sql),
/// ]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeField {
    /// The action's name.
    pub action: String,
    /// The way to it: a JSON Pointer into the action's parameters, in which `*` stands for each item of a list.
    pub param: String,
    /// What it holds.
    pub language: CodeLanguage,
}

/// Adds what a schema declares, in the order of the actions.
pub(crate) fn of_schema(schema: &Schema, fields: &mut Vec<CodeField>) {
    for action in &schema.actions {
        // Types stand in each other only so deep, and are made of only so many.
        let mut rest = vec![(String::new(), &action.params)];
        while let Some((param, ty)) = rest.pop() {
            match ty.required() {
                Type::Code(language) => {
                    fields.push(CodeField { action: action.name.clone(), param, language: *language });
                }
                Type::List(item) | Type::Set(item) => rest.push((format!("{param}/*"), item)),
                Type::Record(members) => {
                    let below = |name: &str| format!("{param}/{}", name.replace('~', "~0").replace('/', "~1"));
                    rest.extend(members.iter().map(|member| (below(&member.name), &member.ty)));
                }
                _ => {}
            }
        }
    }
}
