//! A schema from what tools say of themselves: MCP manifests, JSON Schemas, lists of functions as model APIs take them.
//!
//! Text → `tools` (one `Tool` for each) → `schema_type` (a type for each JSON Schema) → policy text. Whoever writes a
//! manifest is not trusted: names, descriptions and words come out quoted, and the result is one schema whatever they hold.

mod schema_type;
mod tools;
mod write;

use aop_toon::{Document, Limits};

/// The largest manifest that is read, in bytes.
const BYTES_MAX: usize = 16 << 20;

/// What is read, and what is written from it.
///
/// ```
/// use aop_dsl::import::{Options, import};
///
/// let manifest = r#"{"tools": [{"name": "get_page", "description": "Reads a page.",
///     "inputSchema": {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}, "depth": {"type": "integer"}},
///         "required": ["url"]},
///     "annotations": {"readOnlyHint": true, "openWorldHint": true}}]}"#;
/// let imported = import(manifest, &Options::default()).unwrap();
/// assert!(imported.policy.contains("action get_page(url: url, depth: int?) : untrusted;"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What the text holds; nothing to tell by its looks.
    pub kind: Option<Kind>,
    /// The name of the policy that is written.
    pub package: String,
    /// The action's name, where the text is the JSON Schema of one action's parameters.
    pub action: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { kind: None, package: "imported.tools".to_owned(), action: None }
    }
}

/// What a text to be imported holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer to MCP's `tools/list`, its list of tools, or a list of functions in the form of a model's API.
    Mcp,
    /// A JSON Schema of one action's parameters, or an object with one for each action's name.
    JsonSchema,
}

/// A policy that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its text, in its one form.
    pub policy: String,
    /// The tools that say nothing of what they reach. They have no labels and effects, so that rules about these do not see them; a
    /// comment above each says so.
    pub unlabelled: Vec<String>,
}

/// Why nothing can be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(String);

impl ImportError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// The text of a policy whose schema declares these tools.
///
/// JSON Schema (drafts 7 to 2020-12) becomes types: formats `email`, `uri`, `hostname`, `ipv4`, `ipv6` and `date-time` become the types
/// of that name, `number` becomes `decimal`, what is not required or may be null becomes optional. What no type can say becomes `any`,
/// with a comment that says why. Of an MCP tool's hints, which are its own words, `openWorldHint` becomes the label `untrusted` and,
/// unless the tool only reads, the effect `egress`; `destructiveHint` becomes the effect `destructive`. Of a tool without these hints
/// nothing follows, and a comment says so.
///
/// # Errors
/// When the text is no JSON, holds no tools, names one twice, or gives one parameters that are no object.
pub fn import(text: &str, options: &Options) -> Result<Imported, ImportError> {
    let limits = Limits { bytes: BYTES_MAX, depth: 128 };
    let document = Document::parse(text.as_bytes(), &limits).map_err(|error| ImportError::new(error.to_string()))?;
    let tools = tools::read(document.root(), options)?;
    let written = write::policy(&options.package, &tools, tools::is_one_page(document.root()))?;
    // The formatter has the last word on form; a text of ours that it refuses would be a mistake here, and goes out as it is.
    let policy = crate::format(&written).unwrap_or(written);
    let unlabelled = tools.into_iter().filter(|tool| tool.hints.say_nothing()).map(|tool| tool.name).collect();
    Ok(Imported { policy, unlabelled })
}

#[cfg(test)]
mod tests;
