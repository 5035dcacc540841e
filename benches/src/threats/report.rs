//! The figures as the page `docs/threats.md` has them: `aop-benches threats report`, as Markdown, as JSON, or written into a page.

use std::fmt::Write as _;

use serde::Serialize;

use super::corpus::{self, Kind, Text};
use super::judge::{Judge, Own, lines};
use super::quality::{self, Counts, Mean, Quality, TOLD, WARNED};
use super::worst::{self, Taken};
use super::{goals, speed};
use crate::detectors::finder::share;
use crate::detectors::peer::Peer;
use crate::events::Events;
use crate::measure::{Series, take_turns};
use crate::page::{self, Form};
use crate::{BenchError, Row, board};

/// What is asked of a report.
#[derive(Debug, Default)]
pub struct Wish {
    peers: Vec<Contender>,
    left_out: Option<Peer>,
    without_speed: bool,
    form: Form,
}

/// A peer, and which texts it gets.
#[derive(Debug)]
struct Contender {
    peer: Peer,
    /// Values that actions are given, or words.
    is_of_values: bool,
    /// At most so many texts of a kind.
    per_kind: usize,
}

impl Wish {
    /// Reads `[--peer NAME=COMMAND]… [--value-peer NAME=COMMAND]… [--left-out COMMAND] [--json] [--no-speed] [--write PAGE]`. A name
    /// may say how many texts of a kind a slow peer gets, evenly drawn: `NAME@60`.
    ///
    /// # Errors
    /// When an option is not one of these.
    pub fn new(arguments: &[String]) -> Result<Self, BenchError> {
        let mut wish = Wish::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--peer" => wish.peers.push(Contender::new(value()?, false)?),
                "--value-peer" => wish.peers.push(Contender::new(value()?, true)?),
                "--left-out" => wish.left_out = Some(Peer::new(&format!("the family left out={}", value()?))?),
                "--json" => wish.form.is_json = true,
                "--no-speed" => wish.without_speed = true,
                "--write" => wish.form.page = Some(value()?.into()),
                other => return Err(format!("a report of threats has no option `{other}`").into()),
            }
        }
        Ok(wish)
    }
}

impl Contender {
    fn new(words: &str, is_of_values: bool) -> Result<Self, BenchError> {
        let (name, command) = words.split_once('=').ok_or("a peer is given as NAME=COMMAND")?;
        let (name, per_kind) = match name.split_once('@') {
            Some((name, count)) => (name, count.parse().map_err(|_| format!("{count} is no number of texts"))?),
            None => (name, usize::MAX),
        };
        Ok(Self { peer: Peer::new(&format!("{name}={command}"))?, is_of_values, per_kind })
    }
}

#[derive(Serialize)]
struct Report {
    goals: Vec<Row>,
    own: Quality,
    left_out: Option<Quality>,
    speed: Vec<Row>,
    worst: Vec<Taken>,
    peers: Vec<Beside>,
}

/// A peer beside ours: on the same texts, in the same run.
#[derive(Serialize)]
struct Beside {
    theirs: Quality,
    /// Ours, of the texts that the peer got.
    ours: Quality,
    is_of_values: bool,
    /// What a text took, in µs: theirs and ours.
    micros: Option<(f64, f64)>,
}

/// Measures and writes.
///
/// # Errors
/// When a text cannot be read, or our detectors cannot be built.
pub fn run(wish: &Wish, events: &Events) -> Result<(), BenchError> {
    let texts = corpus::load()?;
    let texts: Vec<&Text> = texts.iter().collect();
    if texts.is_empty() {
        eprintln!("skipped: the report, as there is no corpora folder");
        return Ok(());
    }
    let own = quality::measure(&Own::new()?, &texts)?;
    let left_out = wish.left_out.as_ref().and_then(|peer| {
        eprintln!("measuring with each family left out …");
        let words: Vec<&Text> = texts.iter().filter(|text| !text.kind.is_of_values()).copied().collect();
        told(peer, quality::measure(peer, &words))
    });
    let (mut speed, mut taken) = (Vec::new(), Vec::new());
    if !wish.without_speed {
        eprintln!("measuring speed …");
        let measured = speed::measure(events)?;
        taken = worst::measure(measured.mean)?;
        speed = measured.rows;
        speed.extend(worst::rows(&taken));
    }
    let peers = wish.peers.iter().filter_map(|contender| {
        eprintln!("measuring {} …", Judge::name(&contender.peer));
        // a peer that does not run does not take the others' figures away
        told(&contender.peer, beside(contender, &texts, wish.without_speed))
    });
    let peers = peers.collect();
    let goals = goals::rows(&own, left_out.as_ref());
    let report = Report { goals, own, left_out, speed, worst: taken, peers };
    let peers = (!report.peers.is_empty()).then(|| report.peers());
    page::give(&wish.form, &report, &report.figures(), peers.as_deref())
}

/// What a peer gave; of one that does not run, a word on standard error.
fn told<T>(peer: &Peer, outcome: Result<T, BenchError>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("skipped: {}: {error}", Judge::name(peer))).ok()
}

/// How many texts of a kind a timing goes over, so that kinds of many short texts do not drown the others; a slow peer's goes over a
/// part of the few that it gets, as it does so five times.
fn timed_per_kind(contender: &Contender) -> usize {
    (contender.per_kind / 12).clamp(1, 40)
}

fn beside(contender: &Contender, texts: &[&Text], without_speed: bool) -> Result<Beside, BenchError> {
    let wanted = texts.iter().filter(|text| text.kind.is_of_values() == contender.is_of_values);
    let texts = corpus::sample(&wanted.copied().collect::<Vec<_>>(), contender.per_kind);
    let own = Own::new()?;
    let (theirs, ours) = (quality::measure(&contender.peer, &texts)?, quality::measure(&own, &texts)?);
    let micros = if without_speed { None } else { Some(timed(contender, &own, &texts)?) };
    Ok(Beside { theirs, ours, is_of_values: contender.is_of_values, micros })
}

/// What a text takes, in µs, theirs and ours in turns.
fn timed(contender: &Contender, own: &Own, texts: &[&Text]) -> Result<(f64, f64), BenchError> {
    let texts = corpus::sample(texts, timed_per_kind(contender));
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), lines(&texts))?;
    let mut process = contender.peer.timed(file.path())?;
    let micros = |seconds: f64| seconds * 1e6 / texts.len() as f64;
    let (mut hits, mut failure) = (Vec::new(), None);
    let mut ours = || {
        let start = std::time::Instant::now();
        texts.iter().for_each(|text| own.find(std::hint::black_box(text), &mut hits));
        micros(start.elapsed().as_secs_f64())
    };
    let mut theirs = || {
        process.round().map_or_else(
            |error| {
                failure = Some(error);
                f64::NAN
            },
            micros,
        )
    };
    let [theirs, ours]: [Series; 2] = take_turns(3, [&mut theirs, &mut ours]);
    match failure {
        Some(error) => Err(error),
        None => Ok((theirs.median(), ours.median())),
    }
}

impl Report {
    fn figures(&self) -> String {
        let mut out = format!(
            "Measured {}, on one machine; read the ratios of speeds, as absolute speeds are that machine's.\n\n",
            page::commit()
        );
        out.push_str(&board::markdown(&self.goals));
        self.write_kinds(&mut out);
        if let Some(left_out) = &self.left_out {
            write_left_out(&mut out, &self.own, left_out);
        }
        self.write_rules(&mut out);
        if !self.speed.is_empty() {
            line(&mut out, "\n**Speed**, on one thread:\n");
            out.push_str(&board::markdown(&self.speed));
        }
        self.write_worst(&mut out);
        out
    }

    fn write_kinds(&self, out: &mut String) {
        line(
            out,
            "\n**By kind**, in per cent of the texts. *Told*: anything at all, info too. *Model alone*: nothing else warns.\n",
        );
        line(
            out,
            "| texts | how many | warned of | told | by rules | by the model | by the model alone | by checks of code |",
        );
        line(out, "|---|---|---|---|---|---|---|---|");
        for (kind, it) in &self.own.kinds {
            let of = |count: usize| per_cent(share(count, it.texts));
            let counts = [it.warned, it.told, it.by_rules, it.by_model, it.by_model_alone, it.by_code].map(of);
            line(out, &format!("| {} | {} | {} |", named(kind), it.texts, counts.join(" | ")));
        }
        let of_words = |kind: &Kind, _: &Counts| !kind.is_of_values();
        for (name, mean) in [
            ("harmless, mean of", self.own.mean(WARNED, |kind, _| !kind.is_attack)),
            ("attacks that override something, mean of", self.own.mean(WARNED, |kind, _| kind.is_overriding())),
            ("naive attacks, mean of", self.own.mean(WARNED, |kind, _| kind.is_naive())),
            ("attacks by words, mean of", self.own.mean(WARNED, |kind, it| kind.is_attack && of_words(kind, it))),
            ("all attacks, mean of", self.own.mean(WARNED, |kind, _| kind.is_attack)),
            ("harmless, told, mean of", self.own.mean(TOLD, |kind, _| !kind.is_attack)),
            ("all attacks, told, mean of", self.own.mean(TOLD, |kind, _| kind.is_attack)),
        ] {
            if let Some(mean) = mean {
                line(out, &mean_line(name, &mean));
            }
        }
    }

    fn write_rules(&self, out: &mut String) {
        line(out, "\n**By rule**, the texts in which it has found anything, at info or over:\n");
        line(out, "| rule | attacks | harmless texts |\n|---|---|---|");
        for (rule, (attacks, harmless)) in &self.own.rules {
            line(out, &format!("| {rule} | {attacks} | {harmless} |"));
        }
    }

    fn write_worst(&self, out: &mut String) {
        if self.worst.is_empty() {
            return;
        }
        line(
            out,
            "\n**Hostile texts**, the slowest of them: what a kilobyte takes, beside the mean of real traces, and what twice as much \
             takes beside once:\n",
        );
        line(out, "| text | from | KB | µs a KB | times the mean | twice as much | finds |\n|---|---|---|---|---|---|---|");
        for it in self.worst.iter().take(WORST_SHOWN) {
            let Taken { name, provenance, bytes, micros, ratio, twice, found } = it;
            line(
                out,
                &format!("| {name} | {provenance} | {} | {micros:.1} | {ratio:.1} | {twice:.2} | {found} |", bytes >> 10),
            );
        }
        let rest = self.worst.len().saturating_sub(WORST_SHOWN);
        line(out, &format!("\n{rest} more were measured, each of them quicker."));
    }

    fn peers(&self) -> String {
        let mut out = String::new();
        let of = |is_of_values| self.peers.iter().filter(move |it| it.is_of_values == is_of_values);
        line(
            &mut out,
            "**Words.** Attacks: those that override something, naive ones; harmless texts: the mean of the kinds, and the worst kind.\n",
        );
        line(
            &mut out,
            "| | texts | overriding found | naive found | harmless flagged | worst kind | a text |\n|---|---|---|---|---|---|---|",
        );
        let own = [("AOP, warnings", WARNED), ("AOP, review too", TOLD)];
        for (name, count) in own {
            line(&mut out, &words_line(name, &self.own, count, None));
        }
        if let Some(left_out) = &self.left_out {
            line(&mut out, &words_line("AOP, each family left out of training", left_out, WARNED, None));
        }
        for it in of(false) {
            line(&mut out, &words_line(&it.theirs.name, &it.theirs, WARNED, it.micros.map(|(theirs, _)| theirs)));
            line(&mut out, &words_line("&nbsp;&nbsp;AOP on the same", &it.ours, WARNED, it.micros.map(|(_, ours)| ours)));
        }
        if of(true).next().is_some() {
            line(&mut out, "\n**Values of parameters**, of libinjection's tests:\n");
            line(
                &mut out,
                "| | SQL injections found | XSS found | false positives flagged | a value |\n|---|---|---|---|---|",
            );
            for it in of(true) {
                line(&mut out, &values_line(&it.theirs.name, &it.theirs, it.micros.map(|(theirs, _)| theirs)));
                line(&mut out, &values_line("&nbsp;&nbsp;AOP on the same", &it.ours, it.micros.map(|(_, ours)| ours)));
            }
        }
        out
    }
}

/// How many hostile texts a page lists.
const WORST_SHOWN: usize = 24;

/// What was found of each family by a model that has not seen it, beside what the shipped one finds.
fn write_left_out(out: &mut String, own: &Quality, left_out: &Quality) {
    line(
        out,
        "\n**With the family left out** of what the model was trained on, and the thresholds fixed without it; the rules as they are:\n",
    );
    line(
        out,
        "| texts | warned of, as shipped | left out | by the model, as shipped | left out | told, as shipped | left out |",
    );
    line(out, "|---|---|---|---|---|---|---|");
    for (kind, it) in &left_out.kinds {
        let Some((_, shipped)) = own.kinds.iter().find(|(other, _)| other == kind) else { continue };
        let of = |count: fn(&Counts) -> usize| {
            format!("{} | {}", per_cent(share(count(shipped), shipped.texts)), per_cent(share(count(it), it.texts)))
        };
        let counts = [of(WARNED), of(|it| it.by_model), of(TOLD)];
        line(out, &format!("| {} | {} |", named(kind), counts.join(" | ")));
    }
}

fn words_line(name: &str, quality: &Quality, count: quality::Count, micros: Option<f64>) -> String {
    let mean = |is_wanted: fn(&Kind) -> bool| quality.mean(count, |kind, _| is_wanted(kind) && !kind.is_of_values());
    let share_of = |is_wanted| mean(is_wanted).map_or_else(String::new, |mean| per_cent(mean.share));
    let harmless = mean(|kind| !kind.is_attack);
    let worst = harmless.map_or_else(String::new, |mean| format!("{} ({})", per_cent(mean.worst_share), mean.worst));
    let texts: usize = quality.kinds.iter().filter(|(kind, _)| !kind.is_of_values()).map(|(_, it)| it.texts).sum();
    format!(
        "| {name} | {texts} | {} | {} | {} | {worst} | {} |",
        share_of(Kind::is_overriding),
        share_of(Kind::is_naive),
        share_of(|kind| !kind.is_attack),
        time(micros)
    )
}

fn values_line(name: &str, quality: &Quality, micros: Option<f64>) -> String {
    let of = |kind| quality.share_of(WARNED, "web_attacks", kind).map_or_else(String::new, per_cent);
    format!("| {name} | {} | {} | {} | {} |", of("sqli"), of("xss"), of("false_positive"), time(micros))
}

fn mean_line(name: &str, mean: &Mean) -> String {
    let Mean { share, kinds, worst, worst_share } = mean;
    format!("| {name} {kinds} kinds | | {} | worst: {worst} {} | | | | |", per_cent(*share), per_cent(*worst_share))
}

fn named(kind: &Kind) -> String {
    format!("{}: {}/{}", if kind.is_attack { "attack" } else { "harmless" }, kind.file, kind.kind)
}

fn per_cent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn time(micros: Option<f64>) -> String {
    match micros {
        None => String::new(),
        Some(micros) if micros < 1000.0 => format!("{micros:.1} µs"),
        Some(micros) => format!("{:.1} ms", micros / 1000.0),
    }
}

fn line(out: &mut String, text: &str) {
    // writing to a String cannot fail
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_may_be_given_a_sample() {
        let contender = Contender::new("stackone 0.9@60=python peers.py stackone", false).unwrap();
        assert_eq!((Judge::name(&contender.peer), contender.per_kind), ("stackone 0.9", 60));
        assert!(Contender::new("x@many=peer", true).is_err());
        assert!(Wish::new(&["--left".to_owned()]).is_err());
    }

    #[test]
    fn times_are_readable() {
        assert_eq!([time(None), time(Some(7.25)), time(Some(287_360.0))], ["", "7.2 µs", "287.4 ms"]);
    }
}
