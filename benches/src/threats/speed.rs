//! How quickly: clean events of one kilobyte and real traces, on one thread, each beside floors that take turns with it.
//!
//! The floors are what must be done anyway, or could not be done with less: reading the event ([`Event::parse`]), looking at each
//! byte once (memchr), and walking over the words of its strings ([`Reading::read`]). Parsing is a floor and in no figure: the
//! detectors get events that are parsed.

use std::hint::black_box;

use aop_engine::rules::scan::{DetectorSettings, Detectors, Hit, Scratch};
use aop_engine::rules::threats::words::Reading;
use aop_engine::{Event, Kind};

use super::AREA;
use super::events::{BYTES, clean};
use super::judge::threats_alone;
use crate::events::Events;
use crate::measure::{Series, nanos_per, take_turns};
use crate::{BenchError, Goal, Row};

const ROUNDS: usize = 25;

/// How often a round goes over an event of a kilobyte.
const REPETITIONS: usize = 200;

/// The most for this family, and for all detectors, on a clean kilobyte.
const MICROS_MAX: (f64, f64) = (6.0, 10.0);

/// What was measured.
#[derive(Debug, Clone)]
pub struct Speed {
    /// The rows.
    pub rows: Vec<Row>,
    /// What the real traces take of this family, in µs a kilobyte.
    pub mean: f64,
}

/// Measures clean events and the traces.
///
/// # Errors
/// When the detectors cannot be built or an event is not valid.
pub fn measure(events: &Events) -> Result<Speed, BenchError> {
    let mut rows = Vec::new();
    for (name, line) in clean() {
        let [threats, all, data, floors @ ..] = series(&[&line], REPETITIONS, ROUNDS)?;
        let row = |what: &str, series: &Series| Row::new(AREA, format!("{BYTES} B of {name}: {what}"), series, "µs");
        let ([parse, words, bytes], (most, most_of_all)) = (floors, MICROS_MAX);
        rows.push(row("this family", &threats).beside("words only", &words).goal(Goal::AtMost(most)));
        rows.push(row("all detectors", &all).beside("Event::parse", &parse).goal(Goal::AtMost(most_of_all)));
        rows.push(row("data and secrets", &data).beside("Event::parse", &parse));
        rows.push(row("the floor, words only", &words).beside("memchr of `@`", &bytes));
    }
    let lines: Vec<&str> = events.lines().collect();
    let [threats, all, data, parse, words, bytes] = series(&lines, 1, 5)?;
    let row = |what: &str, series: &Series| Row::new(AREA, format!("{}, a KB: {what}", events.title()), series, "µs");
    rows.push(row("this family", &threats).beside("words only", &words));
    rows.push(row("all detectors", &all).beside("Event::parse", &parse));
    rows.push(row("data and secrets", &data).beside("Event::parse", &parse));
    rows.push(row("the floor, words only", &words).beside("memchr of `@`", &bytes));
    Ok(Speed { rows, mean: threats.median() })
}

/// What a kilobyte takes, in µs: this family, all detectors, those of data and secrets; the parse, the words, the bytes.
fn series(lines: &[&str], repetitions: usize, rounds: usize) -> Result<[Series; 6], BenchError> {
    let threats = threats_alone()?;
    let all = Detectors::new(&DetectorSettings::default())?;
    let data = Detectors::new(&DetectorSettings { threats: None, ..DetectorSettings::default() })?;
    let events = lines.iter().map(|line| Event::parse(line.as_bytes())).collect::<Result<Vec<_>, _>>()?;
    let strings: Vec<String> = events.iter().flat_map(strings_of).collect();
    let kilobytes = lines.iter().map(|line| line.len()).sum::<usize>() as f64 / 1024.0;
    let micros = |work: &mut dyn FnMut()| {
        let nanos = nanos_per(repetitions, || (0..repetitions).for_each(|_| work()));
        nanos / 1000.0 / kilobytes
    };
    let scan = |detectors: &Detectors, (scratch, hits): &mut (Scratch, Vec<Hit>)| {
        for event in &events {
            hits.clear();
            detectors.scan(black_box(event), scratch, hits);
            black_box(&hits);
        }
    };
    let mut buffers: [(Scratch, Vec<Hit>); 3] = Default::default();
    let [first, second, third] = &mut buffers;
    let mut reading = Reading::default();
    let mut of_threats = || micros(&mut || scan(&threats, first));
    let mut of_all = || micros(&mut || scan(&all, second));
    let mut of_data = || micros(&mut || scan(&data, third));
    let mut parse = || {
        micros(&mut || {
            lines.iter().for_each(|line| {
                black_box(Event::parse(black_box(line.as_bytes())).is_ok());
            });
        })
    };
    let mut words = || {
        micros(&mut || {
            strings.iter().for_each(|text| {
                reading.read(black_box(text));
                black_box(reading.words().len());
            });
        })
    };
    let mut bytes = || {
        micros(&mut || {
            lines.iter().for_each(|line| {
                black_box(memchr::memchr_iter(b'@', black_box(line.as_bytes())).count());
            });
        })
    };
    let contenders: [crate::measure::Contender<'_>; 6] =
        [&mut of_threats, &mut of_all, &mut of_data, &mut parse, &mut words, &mut bytes];
    Ok(take_turns(rounds, contenders))
}

/// The strings of an event's payload.
fn strings_of(event: &Event<'_>) -> Vec<String> {
    let Some(payload) = event.document().root().get("payload") else { return Vec::new() };
    let strings = payload.descendants().filter(|value| value.kind() == Kind::String);
    strings.filter_map(|value| value.as_str().map(|text| text.into_owned())).collect()
}
