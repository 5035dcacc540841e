//! `aop policy import`: a schema from what the tools say of themselves.

use std::io::{self, Write as _};
use std::path::PathBuf;

use aop_engine::policy::import::{self, Kind, Options};
use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::output::note;
use crate::policy::files::read_text;

/// Write a policy with a schema, from an MCP tool manifest or JSON Schemas
///
/// An MCP manifest is the answer to tools/list, or its list of tools. Lists of functions in the form that model APIs take
/// are read too. What a type cannot say is `any`, with a comment that says why.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// The JSON file; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the file holds
    #[arg(long, value_enum, default_value_t = From::Auto)]
    from: From,
    /// The name of the policy that is written
    #[arg(long, default_value = "imported.tools", value_name = "NAME")]
    name: String,
    /// The action's name, where the file is the JSON Schema of one action's parameters
    #[arg(long, value_name = "NAME")]
    action: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// Whatever it looks like
    Auto,
    /// The answer to MCP's tools/list
    Mcp,
    /// JSON Schemas: of one action, or by action name
    JsonSchema,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let text = read_text(&arguments.file)?;
    let kind = match arguments.from {
        From::Auto => None,
        From::Mcp => Some(Kind::Mcp),
        From::JsonSchema => Some(Kind::JsonSchema),
    };
    let options = Options { kind, package: arguments.name.clone(), action: arguments.action.clone() };
    let imported =
        import::import(&text, &options).map_err(|error| Error::usage(format!("{}: {error}", arguments.file.display())))?;
    io::stdout().lock().write_all(imported.policy.as_bytes())?;
    if !imported.unlabelled.is_empty() {
        note(unlabelled(&imported.unlabelled));
    }
    Ok(Exit::Good)
}

/// Tools that rules about effects and labels do not see.
fn unlabelled(tools: &[String]) -> String {
    const SHOWN_MAX: usize = 8;
    let shown: Vec<String> = tools.iter().take(SHOWN_MAX).map(|tool| format!("{tool:?}")).collect();
    let others = match tools.len().saturating_sub(SHOWN_MAX) {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    format!(
        "{} without hints, so without effects and labels: {}{others}; rules about these do not see them until you give them words",
        if tools.len() == 1 { "1 tool is".to_owned() } else { format!("{} tools are", tools.len()) },
        shown.join(", "),
    )
}
