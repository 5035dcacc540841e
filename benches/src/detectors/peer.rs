//! A peer as a process, which answers lines as `aop scan` does.
//!
//! `COMMAND scan` gets a line `{"id":0,"text":"…"}` or `{"id":0,"json":…}` for each input and answers each with
//! `{"id":0,"spans":[{"entity","start","end","path"?,"rule"?,"score"?}]}`, offsets in bytes, entities by Presidio's names.
//! `COMMAND time FILE` reads the file, and for each line on standard input goes over the file's lines, each of them JSON, once,
//! from bytes to findings, and answers `{"seconds":0.5,"findings":7}`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::finder::{Finder, Found, Input};
use crate::BenchError;

/// A peer that is started anew for each question.
#[derive(Debug, Clone)]
pub struct Peer {
    name: String,
    command: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    id: usize,
    spans: Vec<Found>,
    #[serde(default)]
    error: Option<String>,
}

impl Peer {
    /// From `NAME=COMMAND`, the command's words parted by spaces.
    ///
    /// # Errors
    /// When it is not of that form.
    pub fn new(words: &str) -> Result<Self, BenchError> {
        let (name, command) = words.split_once('=').ok_or("a peer is given as NAME=COMMAND")?;
        let command: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        if command.is_empty() {
            return Err(format!("the peer {name} has no command").into());
        }
        Ok(Self { name: name.to_owned(), command })
    }

    fn start(&self, arguments: &[&str]) -> Result<Child, BenchError> {
        let [program, first @ ..] = &self.command[..] else { return Err("a peer needs a command".into()) };
        let mut command = Command::new(program);
        command.args(first).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().map_err(|error| format!("{}: {program}: {error}", self.name).into())
    }

    /// What it answers to some lines.
    ///
    /// # Errors
    /// When it does not start, or does not read to the end.
    pub fn answers(&self, lines: Vec<u8>) -> Result<String, BenchError> {
        let mut process = self.start(&["scan"])?;
        let mut stdin = process.stdin.take().ok_or("the peer's process has no standard input")?;
        // written beside the reading, as both pipes may be full
        let writer = std::thread::spawn(move || stdin.write_all(&lines));
        let mut answers = String::new();
        process.stdout.take().ok_or("the peer's process has no standard output")?.read_to_string(&mut answers)?;
        process.wait()?;
        writer.join().map_err(|_| "writing to the peer failed")?.map_err(|error| format!("{}: {error}", self.name))?;
        Ok(answers)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts it to be timed on a file.
    ///
    /// # Errors
    /// When it does not start.
    pub fn timed(&self, file: &Path) -> Result<Timed, BenchError> {
        let file = file.to_str().ok_or("the file's name is no text")?;
        let mut process = self.start(&["time", file])?;
        let (Some(rounds), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the peer's process has no pipes".into());
        };
        let mut timed = Timed { process, rounds, answers: BufReader::new(answers) };
        timed.round()?;
        Ok(timed)
    }
}

impl Finder for Peer {
    fn name(&self) -> &str {
        &self.name
    }

    fn find(&self, inputs: &[Input<'_>]) -> Result<Vec<Vec<Found>>, BenchError> {
        let mut lines = Vec::new();
        for (id, input) in inputs.iter().enumerate() {
            let line = match input {
                Input::Text(text) => json!({"id": id, "text": text}).to_string(),
                Input::Json(text) => {
                    // as it is written: the lexeme of a number matters
                    let json: &RawValue = serde_json::from_str(text)?;
                    format!("{{\"id\":{id},\"json\":{json}}}")
                }
            };
            writeln!(lines, "{line}")?;
        }
        let answers = self.answers(lines)?;

        let mut found = BTreeMap::new();
        for line in answers.lines() {
            let answer: Answer = serde_json::from_str(line).map_err(|error| format!("{}: {error}", self.name))?;
            if let Some(error) = answer.error {
                return Err(format!("{}: line {}: {error}", self.name, answer.id).into());
            }
            let is_data = |found: &Found| !found.rule.starts_with("threats/");
            found.insert(answer.id, answer.spans.into_iter().filter(is_data).collect::<Vec<_>>());
        }
        let take = |id| found.remove(&id).ok_or_else(|| format!("{} has not answered line {id}", self.name).into());
        (0..inputs.len()).map(take).collect()
    }
}

/// A peer that goes over a file when it is told to.
#[derive(Debug)]
pub struct Timed {
    process: Child,
    rounds: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Round {
    seconds: f64,
}

impl Timed {
    /// The seconds of one round.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn round(&mut self) -> Result<f64, BenchError> {
        writeln!(self.rounds)?;
        self.rounds.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the peer's process ended".into());
        }
        Ok(serde_json::from_str::<Round>(&line)?.seconds)
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        // It ends by itself at the end of its input; this is for one that hangs.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
