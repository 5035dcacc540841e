//! The scoreboard: `cargo run --release -p aop-benches -- [AREA] [--json]`.

use std::path::PathBuf;
use std::process::ExitCode;

use aop_benches::events::Events;
use aop_benches::{BenchError, Row, batch, board, detectors, engine, http, parse, policy, serve, threats, wal};

const USAGE: &str = "\
Measures each goal against its floor, in one run.

usage: cargo run --release -p aop-benches -- [AREA] [--json] [--rounds N] [--dir DIR]
       … -- report [--peer NAME=COMMAND]… [--no-speed] [--json] [--write PAGE]
       … -- threats report [--peer NAME=COMMAND]… [--value-peer NAME=COMMAND]… [--left-out COMMAND] [--no-speed] [--json]
                           [--write PAGE]
       … -- sample [--seed N] [COUNT]
       … -- profile [TIMES]

AREA is parse, engine, batch, policy, detectors, threats, wal or http; without one, all of them are measured.
  --json      writes the rows as JSON
  --rounds N  rounds of the area http (5)
  --dir DIR   where logs and stores are written: a folder on the disk that is meant (beside this program)

report measures the detectors of personal data and secrets and writes the tables of docs/detectors.md; --write puts them
into the page. A peer is a command that answers as `aop scan` does (benches/rivals/detectors).
threats report does the same for attacks and docs/threats.md (benches/rivals/threats).
profile checks all traces TIMES (20) times with everything on and prints nothing, for a profiler to look at.
sample prints COUNT (200) findings in the traces at random, with what is around them, to be read by a person.
";

const AREAS: &[&str] = &["parse", "engine", "batch", "policy", "detectors", "threats", "wal", "http"];

struct Wish {
    areas: Vec<String>,
    is_json: bool,
    rounds: usize,
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [verb, words, data] if verb == "serve" => serve::serve(words, data.as_ref()),
        [verb, rest @ ..] if verb == "report" => {
            detectors::report::Wish::new(rest).and_then(|wish| detectors::report::run(&wish, &Events::load()))
        }
        [area, verb, rest @ ..] if area == "threats" && verb == "report" => {
            threats::report::Wish::new(rest).and_then(|wish| threats::report::run(&wish, &Events::load()))
        }
        [verb] if verb == batch::MEMORY => batch::print_memory(),
        [verb, rest @ ..] if verb == "sample" => sample(rest),
        [verb, rest @ ..] if verb == "profile" => profile(rest),
        [help] if help == "--help" || help == "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        arguments => wish(arguments).and_then(|wish| measure(&wish)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aop-benches: {error}");
            ExitCode::from(2)
        }
    }
}

fn sample(arguments: &[String]) -> Result<(), BenchError> {
    let (mut seed, mut count) = (1, 200);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => {
                seed = arguments.next().ok_or("--seed wants a value")?.parse().map_err(|_| "--seed wants a number")?
            }
            number => count = number.parse().map_err(|_| format!("{number} is no number of findings"))?,
        }
    }
    detectors::sample::print(&Events::load(), seed, count)
}

fn profile(arguments: &[String]) -> Result<(), BenchError> {
    let times = match arguments {
        [] => 20,
        [times] => times.parse().map_err(|_| format!("{times} is no number of times"))?,
        _ => return Err("profile takes one number".into()),
    };
    engine::profile(&Events::load(), times)
}

fn wish(arguments: &[String]) -> Result<Wish, BenchError> {
    let beside = std::env::current_exe()?.parent().ok_or("this program lies in no folder")?.to_owned();
    let mut wish = Wish { areas: Vec::new(), is_json: false, rounds: 5, folder: beside };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--json" => wish.is_json = true,
            "--rounds" => wish.rounds = value()?.parse().map_err(|_| "--rounds wants a number")?,
            "--dir" => wish.folder = PathBuf::from(value()?),
            area if AREAS.contains(&area) => wish.areas.push(area.to_owned()),
            other => return Err(format!("there is no area or option `{other}`\n\n{USAGE}").into()),
        }
    }
    if wish.areas.is_empty() {
        wish.areas = AREAS.iter().map(|area| (*area).to_owned()).collect();
    }
    Ok(wish)
}

fn measure(wish: &Wish) -> Result<(), BenchError> {
    if cfg!(debug_assertions) {
        eprintln!("this is a build without optimisation: its figures say nothing; use --release");
    }
    let events = Events::load();
    let mut rows: Vec<Row> = Vec::new();
    let mut failures = Vec::new();
    for area in &wish.areas {
        eprintln!("measuring {area} …");
        // one area that cannot be measured does not take the others' rows away
        match measure_area(area, &events, wish) {
            Ok(measured) => rows.extend(measured),
            Err(error) => failures.push(format!("{area} was not measured: {error}")),
        }
    }
    if wish.is_json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print!("{}", board::table(&rows));
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

fn measure_area(area: &str, events: &Events, wish: &Wish) -> Result<Vec<Row>, BenchError> {
    match area {
        "parse" => parse::rows(events),
        "engine" => engine::rows(events),
        "batch" => batch::rows(),
        "policy" => policy::rows(),
        "detectors" => detectors::rows(events),
        "threats" => threats::rows(events),
        "wal" => {
            let rows = wal::rows(&wish.folder).map_err(|error| error.to_string())?;
            Ok(rows.into_iter().map(Row::from).collect())
        }
        _ => http::rows(&wish.folder, wish.rounds),
    }
}
