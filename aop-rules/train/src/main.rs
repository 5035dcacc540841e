//! Trains the linear model of the threat detectors, and measures it on texts of families that it has not seen.
//!
//! [`corpora`] reads labelled texts, [`examples`] makes features of them, [`training`] finds weights, [`fold`] does so without
//! one family; what comes out are `Weights` for aop-rules, byte for byte the same on every machine, and the data card's tables.

mod card;
mod corpora;
mod examples;
mod fold;
mod logistic;
mod own;
mod scan;
mod threshold;
mod training;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Train the model of the threat detectors
#[derive(Debug, Parser)]
#[command(name = "aop-train")]
struct Arguments {
    /// The folder with the labelled texts; AOP_CORPORA or ../shared/corpora when it is not given
    #[arg(long, global = true, value_name = "DIR")]
    corpora: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Write the weights
    Train {
        /// Where to
        #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/threats/model/weights.bin"))]
        weights: PathBuf,
    },
    /// Print the tables of the data card: what a model finds of a family that it was not trained on
    Measure,
    /// Answer as `aop scan` does, each text judged by a model that has not seen its file
    Scan(scan::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aop-train: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let texts = corpora::read(&folder(arguments.corpora.as_deref())?)?;
    match &arguments.verb {
        Verb::Train { weights } => {
            let trained = fold::Fold::ALL_SEEN.train(&examples::Examples::of(&texts)).weights;
            fs::write(weights, trained.write()).map_err(|error| format!("{}: {error}", weights.display()))
        }
        Verb::Measure => {
            print!("{}", card::tables(&texts, &corpora::orders(&folder(arguments.corpora.as_deref())?)?));
            Ok(())
        }
        Verb::Scan(arguments) => scan::run(arguments, &texts),
    }
}

/// Where the labelled texts are.
fn folder(given: Option<&Path>) -> Result<PathBuf, String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let named = given.map(Path::to_owned).or_else(|| std::env::var_os("AOP_CORPORA").map(PathBuf::from));
    let folder = named.unwrap_or(beside);
    if folder.join("threats").is_dir() {
        Ok(folder)
    } else {
        Err(format!("{} has no folder `threats`; name the corpora with --corpora or AOP_CORPORA", folder.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shipped is what the program makes of the texts, to the byte.
    #[test]
    fn the_shipped_weights_are_made_again() {
        let Ok(folder) = folder(None) else {
            return eprintln!("skipped: the shipped weights are made again: there are no corpora (AOP_CORPORA)");
        };
        let texts = corpora::read(&folder).expect("the corpora can be read");
        let made = fold::Fold::ALL_SEEN.train(&examples::Examples::of(&texts)).weights.write();
        let shipped = include_bytes!("../../src/threats/model/weights.bin");
        assert!(made == shipped, "run `cargo run --release -p aop-train train`: features, lexicon or texts have changed");
    }
}
