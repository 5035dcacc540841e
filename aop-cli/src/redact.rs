//! `aop redact`: redacts personal data and secrets, brings tokens back, and leaves every other byte as it is.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use aop_engine::{Document, Engine, Event, Operator, Provenance, Scratch};
use clap::ValueEnum;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::input::{Chunk, Line, Source, each_line};
use crate::output::{complain, visible};
use crate::scan::LINE_LIMITS;

/// Redact personal data and secrets in Toon events or other JSON lines
///
/// Every line is a Toon event or any other JSON value. It comes out as it went in, with what was found replaced by its
/// name, such as <EMAIL_ADDRESS>, or as another operator does; a line in which nothing was found comes out byte for byte.
/// Redacting twice changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file to read; - for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// What becomes of what was found, where the settings do not say it of an entity or a place [default: replace]
    #[arg(long, value_enum)]
    operator: Option<Word>,
    /// Bring back what the operator token has put away; nothing is looked for
    #[arg(long, conflicts_with = "operator")]
    restore: bool,
    /// The key of hash and token: a file that holds it [default: the variable AOP_REDACTION_KEY]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Whose lines these are: each tenant's hashes and tokens are made with a key of its own
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Of an event, what names it and its run (seq, t, meta.run_id, …) stays. A number that is redacted becomes a string, or null
where it is removed. A line that is no JSON is told on standard error and left out: what cannot be read cannot be redacted. So
is a line with a token that does not open. `aop keys redaction` makes a key.

Exit codes:
  0  every line came out, redacted where something was found
  2  a line could not be read or restored and was left out, or the arguments make no sense

Environment:
  AOP_REDACTION_KEY  the key of hash and token: 32 bytes as 64 hexadecimal digits or base64";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Word {
    /// The entity's name in angle brackets
    Replace,
    /// * for letters and digits; of cards and accounts the last four stay
    Mask,
    /// Nothing
    Remove,
    /// A keyed hash: equal values have equal hashes
    Hash,
    /// The value, encrypted; --restore brings it back
    Token,
    /// The value itself: nothing changes
    Keep,
}

impl From<Word> for Operator {
    fn from(word: Word) -> Self {
        match word {
            Word::Replace => Self::Replace,
            Word::Mask => Self::Mask,
            Word::Remove => Self::Remove,
            Word::Hash => Self::Hash,
            Word::Token => Self::Token,
            Word::Keep => Self::Keep,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let mut configuration = Configuration::load(arguments.config.as_deref())?;
    if let Some(file) = &arguments.key_file {
        configuration.read_redaction_key(file)?;
    }
    if let Some(id) = &arguments.tenant {
        configuration.redaction_key = configuration.redaction_key.map(|key| key.for_tenant(id));
    }
    if let Some(word) = arguments.operator {
        configuration.engine.redaction.default = Operator::from(word).into();
    }
    if configuration.redaction_key.is_none() {
        let asker = match arguments.operator {
            _ if arguments.restore => Some("--restore needs the key that the tokens were made with"),
            Some(Word::Hash) => Some("the operator hash needs a redaction key"),
            Some(Word::Token) => Some("the operator token needs a redaction key"),
            _ => None,
        };
        if let Some(asker) = asker {
            let advice = "set AOP_REDACTION_KEY or name a file with --key-file; `aop keys redaction` makes one";
            return Err(Error::usage(format!("{asker}: {advice}")));
        }
    }
    let engine = configuration.engine(&[])?;
    let change = if arguments.restore { restore } else { redact };
    let source = Source::of_argument(&arguments.file)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut is_bad = false;
    let work = |chunk: &Chunk, line: &Line, scratch: &mut Scratch| change(&engine, chunk, line, scratch);
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

/// The line with what was found redacted; nothing when it can stay as it is.
fn redact(engine: &Engine, chunk: &Chunk, line: &Line, scratch: &mut Scratch) -> Result<Option<String>, String> {
    let Some(document) = parse(chunk, line)? else { return Ok(None) };
    let is_like_an_event = ["seq", "payload"].iter().all(|name| document.root().get(name).is_some());
    if is_like_an_event && let Ok(event) = Event::from_document(document.clone()) {
        return Ok(engine.redact_event_with(&event, scratch));
    }
    Ok(engine.redact_with(&document, Provenance::User, scratch))
}

/// The line with its tokens brought back; nothing when it has none.
fn restore(engine: &Engine, chunk: &Chunk, line: &Line, _: &mut Scratch) -> Result<Option<String>, String> {
    let Some(document) = parse(chunk, line)? else { return Ok(None) };
    engine.restore_tokens(&document).map_err(|error| error.to_string())
}

/// The line's document; nothing when the line is blank.
fn parse<'c>(chunk: &'c Chunk, line: &Line) -> Result<Option<Document<'c>>, String> {
    let text = chunk.text(line).map_err(|error| error.to_string())?;
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    Document::parse(text, &LINE_LIMITS).map(Some).map_err(|error| error.to_string())
}
