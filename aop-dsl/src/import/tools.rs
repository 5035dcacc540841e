//! Manifests → tools: which forms there are, and what each says.

use std::collections::BTreeSet;

use aop_toon::Value;

use super::{ImportError, Kind, Options};

/// A tool as its manifest describes it.
#[derive(Debug, Clone)]
pub(super) struct Tool<'d> {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// The JSON Schema of its parameters; nothing when it takes none.
    pub(super) params: Option<Value<'d>>,
    /// The JSON Schema of its result.
    pub(super) result: Option<Value<'d>>,
    pub(super) hints: Hints,
}

/// What a tool says of itself (MCP `annotations`); nobody has checked it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hints {
    pub(super) reads_only: bool,
    pub(super) destroys: bool,
    pub(super) open_world: bool,
    /// It says that it reaches nothing outside.
    pub(super) closed_world: bool,
}

impl Hints {
    /// Whether it says nothing that labels or effects follow from.
    pub(super) fn say_nothing(&self) -> bool {
        !self.open_world && !self.closed_world && !self.destroys
    }
}

/// The tools of a manifest, in its order.
pub(super) fn read<'d>(root: Value<'d>, options: &Options) -> Result<Vec<Tool<'d>>, ImportError> {
    let tools = match list_of_tools(root) {
        Some(list) if options.kind != Some(Kind::JsonSchema) => {
            (0..).zip(list.items()).map(|(at, tool)| tool_of(tool, at)).collect::<Result<Vec<_>, _>>()?
        }
        _ if options.kind == Some(Kind::Mcp) => {
            let message = "there is no list of tools: an answer to tools/list has them in `result.tools` or `tools`";
            return Err(ImportError::new(message));
        }
        _ => schemas(root, options)?,
    };
    if tools.is_empty() {
        return Err(ImportError::new("there is no tool in it"));
    }
    let mut names = BTreeSet::new();
    match tools.iter().find(|tool| !names.insert(tool.name.as_str())) {
        Some(twice) => {
            Err(ImportError::new(format!("the tool {:?} is there twice; one action has one declaration", twice.name)))
        }
        None => Ok(tools),
    }
}

/// Whether an answer to `tools/list` says that there is more.
pub(super) fn is_one_page(root: Value<'_>) -> bool {
    let is_told = |value: Value<'_>| value.get("nextCursor").is_some_and(|cursor| !cursor.is_null());
    is_told(root) || root.get("result").is_some_and(is_told)
}

/// The list of tools: the text itself, or in `tools`, `result.tools` or `functions`.
fn list_of_tools(root: Value<'_>) -> Option<Value<'_>> {
    let inside = |value: Value<'_>| {
        value.get("tools").or_else(|| value.get("functions")).filter(|list| list.is_array()).map(|list| list.id())
    };
    let id = if root.is_array() { Some(root.id()) } else { inside(root).or_else(|| root.get("result").and_then(inside)) };
    id.map(|id| root.document().value(id))
}

/// One entry of a list: of MCP (`inputSchema`), or of a model's API (`function.parameters`, `input_schema`).
fn tool_of(entry: Value<'_>, at: usize) -> Result<Tool<'_>, ImportError> {
    let entry = entry.get("function").filter(|function| function.is_object()).unwrap_or(entry);
    let name = entry.get("name").and_then(|name| name.as_str()).filter(|name| !name.is_empty());
    let Some(name) = name else {
        return Err(ImportError::new(format!(
            "tool {at} (at {:?}) has no name; each tool is an object with a `name`",
            entry.pointer()
        )));
    };
    let first = |names: &[&str]| names.iter().find_map(|name| entry.get(name)).filter(|value| !value.is_null());
    let hint = |name: &str| first(&["annotations"]).and_then(|hints| hints.get(name)?.as_bool());
    let params = first(&["inputSchema", "input_schema", "parameters"]);
    checked(&name, params)?;
    Ok(Tool {
        description: first(&["description", "title"]).and_then(|text| text.as_str()).map(|text| text.into_owned()),
        params,
        result: first(&["outputSchema", "output_schema"]),
        hints: Hints {
            reads_only: hint("readOnlyHint") == Some(true),
            destroys: hint("destructiveHint") == Some(true),
            open_world: hint("openWorldHint") == Some(true),
            closed_world: hint("openWorldHint") == Some(false),
        },
        name: name.into_owned(),
    })
}

/// JSON Schemas by action name, or the one of the action that the options name.
fn schemas<'d>(root: Value<'d>, options: &Options) -> Result<Vec<Tool<'d>>, ImportError> {
    let tool = |name: &str, schema: Value<'d>| {
        checked(name, Some(schema))?;
        let description = schema.get("description").and_then(|text| text.as_str()).map(|text| text.into_owned());
        Ok(Tool { name: name.to_owned(), description, params: Some(schema), result: None, hints: Hints::default() })
    };
    if let Some(name) = &options.action {
        return Ok(vec![tool(name, root)?]);
    }
    if !root.is_object() {
        return Err(ImportError::new(format!(
            "this is {}; a manifest or a schema is an object or a list",
            root.kind().with_article()
        )));
    }
    if is_schema(root) {
        let title = root.get("title").and_then(|title| title.as_str()).filter(|title| !title.is_empty());
        let message = "this is the JSON Schema of one action, and nothing names the action; give its name with --action";
        return Ok(vec![tool(&title.ok_or_else(|| ImportError::new(message))?, root)?]);
    }
    root.entries().map(|(name, schema)| tool(&name.as_str(), schema)).collect()
}

/// Whether an object is a JSON Schema, and not an object of them.
fn is_schema(value: Value<'_>) -> bool {
    let is_word = value.get("type").is_some_and(|word| word.as_str().is_some() || word.is_array());
    is_word || ["$schema", "$ref", "allOf", "anyOf", "oneOf"].iter().any(|word| value.get(word).is_some())
}

/// Parameters are an object, as the actions of events have them.
fn checked(name: &str, schema: Option<Value<'_>>) -> Result<(), ImportError> {
    let Some(schema) = schema else { return Ok(()) };
    let of_type = schema.get("type").and_then(|word| word.as_str());
    match of_type {
        _ if !schema.is_object() => Err(ImportError::new(format!(
            "the parameters of {name:?} are {}; a JSON Schema is an object",
            schema.kind().with_article()
        ))),
        Some(other) if other != "object" => Err(ImportError::new(format!(
            "the parameters of {name:?} are of type {other:?}; an action's parameters are an object"
        ))),
        _ => Ok(()),
    }
}
