//! `aop redact`: replaces personal data and secrets, and leaves every other byte as it is.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use aop_engine::{Document, Engine, Event, Provenance};
use clap::ValueEnum;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::input::{Chunk, Line, Source, each_line};
use crate::output::{complain, visible};
use crate::scan::LINE_LIMITS;

/// Replace personal data and secrets in Toon events or other JSON lines
///
/// Every line is a Toon event or any other JSON value. It comes out as it went in, with what was found replaced by its
/// name, such as <EMAIL_ADDRESS>; a line in which nothing was found comes out byte for byte. Redacting twice changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file to read; - for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// What is put in the place of what was found
    #[arg(long, value_enum, default_value_t = Operator::Replace)]
    operator: Operator,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Of an event, what names it and its run (seq, t, meta.run_id, …) stays. A number that is redacted becomes a string.
A line that is no JSON is told on standard error and left out: what cannot be read cannot be redacted.

Exit codes:
  0  every line came out, redacted where something was found
  2  a line could not be read and was left out, or the arguments make no sense";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Operator {
    /// The entity's name in angle brackets
    Replace,
    /// Not in this version
    Mask,
    /// Not in this version
    Remove,
    /// Not in this version
    Hash,
    /// Not in this version
    Token,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    if arguments.operator != Operator::Replace {
        let name = arguments.operator.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        return Err(Error::usage(format!("the operator `{name}` is not in this version of aop; use `replace`")));
    }
    let configuration = Configuration::load(arguments.config.as_deref())?;
    let engine = configuration.engine(&[])?;
    let source = Source::of_argument(&arguments.file)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut is_bad = false;
    let work = |chunk: &Chunk, line: &Line, (): &mut ()| redact(&engine, chunk, line);
    each_line(&source, LINE_LIMITS.bytes, &mut out, work, |out, chunk, line, redacted| {
        match redacted {
            Ok(Some(text)) => out.write_all(text.as_bytes())?,
            Ok(None) => out.write_all(chunk.text(line).unwrap_or_default())?,
            Err(error) => {
                is_bad = true;
                complain(format_args!("{}:{}: left out: {error}", visible(&source.name), line.number));
                return Ok(());
            }
        }
        out.write_all(if line.is_ended { b"\n" } else { b"" })
    })?;
    Ok(if is_bad { Exit::Bad } else { Exit::Good })
}

/// The line with what was found replaced; nothing when it can stay as it is.
fn redact(engine: &Engine, chunk: &Chunk, line: &Line) -> Result<Option<String>, String> {
    let text = chunk.text(line).map_err(|error| error.to_string())?;
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    let document = Document::parse(text, &LINE_LIMITS).map_err(|error| error.to_string())?;
    let is_like_an_event = ["seq", "payload"].iter().all(|name| document.root().get(name).is_some());
    if is_like_an_event && let Ok(event) = Event::from_document(document.clone()) {
        return Ok(engine.redact_event(&event));
    }
    Ok(engine.redact(&document, Provenance::User))
}
