//! `cargo run --release --manifest-path benches/rivals/policy/Cargo.toml -- [--json] [--rounds N]`

use std::process::ExitCode;

use aop_policy_rivals::board;
use aop_policy_rivals::contender::Error;
use aop_policy_rivals::job::{Outcome, measure};

const USAGE: &str = "\
Measures the policy engine against its peers on one job, in one run: external mail after a web page's output is refused.

usage: cargo run --release --manifest-path benches/rivals/policy/Cargo.toml -- [--json] [--rounds N]

  --json      writes the rows as JSON, in the scoreboard's form
  --rounds N  rounds of each contender, in turns (31)

It ends with 1 when our own engine does not do the job (its rows say so), and with 2 when nothing could be measured.
";

struct Wish {
    is_json: bool,
    rounds: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match wish(&arguments).and_then(|wish| report(&wish)) {
        Ok(failures) if failures.is_empty() => ExitCode::SUCCESS,
        Ok(failures) => {
            for failure in failures {
                eprintln!("aop-engine FAILED: {failure}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("aop-policy-rivals: {error}");
            ExitCode::from(2)
        }
    }
}

fn wish(arguments: &[String]) -> Result<Wish, Error> {
    let mut wish = Wish { is_json: false, rounds: 31 };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => wish.is_json = true,
            "--rounds" => {
                let rounds = arguments.next().and_then(|rounds| rounds.parse().ok()).filter(|rounds| *rounds > 0);
                wish.rounds = rounds.ok_or("--rounds wants a number, 1 or more")?;
            }
            other => return Err(format!("there is no option `{other}`\n\n{USAGE}").into()),
        }
    }
    Ok(wish)
}

fn report(wish: &Wish) -> Result<Vec<String>, Error> {
    if cfg!(debug_assertions) {
        eprintln!("this is a build without optimisation: its figures say nothing; use --release");
    }
    let Outcome { rows, failures } = measure(wish.rounds)?;
    if wish.is_json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print!("{}", board::table(&rows));
    }
    Ok(failures)
}
