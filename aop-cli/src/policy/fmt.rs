//! `aop policy fmt`: policies in their one form.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aop_engine::policy;

use crate::error::Error;
use crate::exit::Exit;
use crate::output::complain;
use crate::policy::files::{PolicyFile, STANDARD_INPUT, is_stdin, read_text};

/// Write policies in their one form: indented, ordered white space, comments kept
///
/// Files are changed in place; what is in form already is not touched. A file with a mistake is left as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// Policy files, or folders: every *.aop below; - reads standard input and writes standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing, and name the files that are not in form
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    match &arguments.paths[..] {
        [path] if is_stdin(path) => return standard_input(path, arguments.check),
        paths if paths.iter().any(|path| is_stdin(path)) => {
            return Err(Error::usage("`-` stands alone: what is read there is written to standard output"));
        }
        _ => {}
    }
    let mut exit = Exit::Good;
    for file in PolicyFile::read_all(&arguments.paths)? {
        match policy::format(&file.source.name, &file.source.text) {
            Err(diagnostics) => {
                io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
                exit = Exit::Found;
            }
            Ok(formatted) if formatted == file.source.text => {}
            Ok(_) if arguments.check => {
                complain(format_args!("{} is not in form; run `aop policy fmt`", file.source.name));
                exit = Exit::Found;
            }
            Ok(formatted) => {
                // Beside the file and then over it, so that a crash leaves the old text or the new one.
                let beside = file.path.with_extension("aop.new");
                let written = fs::write(&beside, formatted).and_then(|()| fs::rename(&beside, &file.path));
                written.map_err(|error| Error::read(&file.path, error))?;
                writeln!(io::stdout().lock(), "{}", file.source.name)?;
            }
        }
    }
    Ok(exit)
}

fn standard_input(path: &Path, check: bool) -> Result<Exit, Error> {
    let text = read_text(path)?;
    match policy::format(STANDARD_INPUT, &text) {
        Err(diagnostics) => {
            io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
            Ok(Exit::Found)
        }
        Ok(formatted) if check => {
            if formatted == text {
                return Ok(Exit::Good);
            }
            complain("standard input is not in form");
            Ok(Exit::Found)
        }
        Ok(formatted) => {
            io::stdout().lock().write_all(formatted.as_bytes())?;
            Ok(Exit::Good)
        }
    }
}
