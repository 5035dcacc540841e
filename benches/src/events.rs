//! The events that everything is measured on: real traces where they are at hand, and our own otherwise.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs of events, as Toon lines.
///
/// ```
/// let events = aop_benches::events::Events::made(3);
/// assert_eq!(events.runs.len(), 3);
/// assert!(events.lines().all(|line| aop_toon::Event::parse(line.as_bytes()).is_ok()));
/// ```
#[derive(Debug, Clone)]
pub struct Events {
    /// What they are, for the board.
    pub name: String,
    /// The lines of each run, by `seq`.
    pub runs: Vec<Vec<String>>,
}

impl Events {
    /// Every run of the traces in the corpora folder (`AOP_CORPORA`, or `../shared/corpora` beside the checkout), or some
    /// of our own where there is none.
    pub fn load() -> Self {
        let mut files = jsonl_files(&corpora_folder().join("traces"));
        files.sort();
        let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
        let runs: Vec<Vec<String>> = texts.map(|text| text.lines().map(str::to_owned).collect()).collect();
        if runs.is_empty() {
            eprintln!("skipped: real traces, as there is no corpora folder; measuring on made-up runs");
            return Self::made(800);
        }
        Self { name: "real traces".to_owned(), runs }
    }

    /// So many runs of an invented agent, of 8 to 20 events each, the same every time.
    pub fn made(runs: usize) -> Self {
        let run = |number: usize| {
            let run_id = format!("made-{number}");
            let steps = steps_of_run(number, 2 + number % 5);
            (1..).zip(&steps).map(|(seq, step)| step.line(&run_id, seq)).collect()
        };
        Self { name: "made-up runs".to_owned(), runs: (0..runs).map(run).collect() }
    }

    /// All lines, run by run.
    pub fn lines(&self) -> impl Iterator<Item = &str> + Clone {
        self.runs.iter().flatten().map(String::as_str)
    }

    /// How many events there are.
    pub fn count(&self) -> usize {
        self.runs.iter().map(Vec::len).sum()
    }

    /// What is measured on, in words for the board.
    pub fn title(&self) -> String {
        let bytes: usize = self.lines().map(str::len).sum();
        format!("{}, {} B a line", self.name, bytes / self.count().max(1))
    }
}

/// The folder with the corpora: `AOP_CORPORA`, or `../shared/corpora` beside the checkout. It need not be there.
pub fn corpora_folder() -> PathBuf {
    let folder = std::env::var_os("AOP_CORPORA").map(PathBuf::from);
    folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora"))
}

/// The trace files below a folder, the index of the folder left out.
fn jsonl_files(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = folders.filter_map(|entry| fs::read_dir(entry.path()).ok()).flatten().flatten();
    files.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect()
}

/// An event without what ties it to its place in a run: what stands between its `t` and its `meta`.
#[derive(Debug, Clone)]
pub struct Step {
    middle: String,
}

impl Step {
    /// The event as this one of this run.
    pub fn line(&self, run_id: &str, seq: u64) -> String {
        let mut line = Vec::with_capacity(self.middle.len() + 160);
        self.write(run_id, seq, &mut line);
        String::from_utf8(line).expect("it is written from text")
    }

    /// What stands between the event's `t` and its `meta`.
    pub fn middle(&self) -> &str {
        &self.middle
    }

    /// Appends the event as this one of this run, a second after its predecessor: quick enough for a load generator.
    pub fn write(&self, run_id: &str, seq: u64, line: &mut Vec<u8>) {
        let time = time_of(seq);
        let mut digits = [0; 20];
        let seq = decimal(seq, &mut digits);
        for part in [
            b"{\"seq\":",
            seq,
            b",\"t\":\"2026-01-15T",
            &time,
            b".250Z\",",
            self.middle.as_bytes(),
            b"\"meta\":{\"run_id\":\"",
            run_id.as_bytes(),
            b"\",\"agent_id\":7,\"idempotency_key\":\"",
            run_id.as_bytes(),
            b":",
            seq,
            b"\"}}",
        ] {
            line.extend_from_slice(part);
        }
    }
}

/// Hours, minutes and seconds, as many seconds after midnight as the number says; after a day it is midnight again.
fn time_of(seq: u64) -> [u8; 8] {
    let digits = |number: u64| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    let ([h, i], [m, n], [s, t]) = (digits(seq / 3600 % 24), digits(seq / 60 % 60), digits(seq % 60));
    [h, i, b':', m, n, b':', s, t]
}

fn decimal(mut number: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &digits[start..];
        }
    }
}

/// The steps of a run: a question, rounds of thought, call and result, an answer.
pub fn steps_of_run(number: usize, rounds: usize) -> Vec<Step> {
    let mut writer = Writer { place: number * 31 };
    let mut steps = vec![writer.question()];
    for _ in 0..rounds {
        steps.extend([writer.thought(), writer.request(), writer.response()]);
    }
    steps.push(writer.answer());
    steps
}

/// Steps of about 1 KB each, for load: the middle of a long run, without its question and its answer.
pub fn steps_of_1_kb(count: usize) -> Vec<Step> {
    let mut writer = Writer { place: 5 };
    (0..count)
        .map(|place| match place % 3 {
            0 => writer.padded_thought(),
            1 => writer.padded_request(),
            _ => writer.padded_response(),
        })
        .collect()
}

const PEOPLE: &[&str] = &["Imre Falk", "Noor Adebayo", "Greta Lind", "Tomas Quispe", "Aiko Brandt"];
const TOPICS: &[&str] =
    &["the delayed parcel", "a second invoice", "the broken lamp", "moving the appointment", "an address that changed"];
const TOOLS: &[&str] = &["find_orders", "read_file", "send_message", "query_stock", "fetch_page"];
const SENTENCES: &[&str] = &[
    "The customer wrote twice last week and got no answer to the second letter.",
    "Our terms allow a refund within thirty days if the goods are unused.",
    "Stock in the northern warehouse was counted on Monday and matches the books.",
    "I should look up the order first, then compare its date with the delivery note.",
    "Shipping to the island takes two days longer, which the page does not mention.",
    "If nothing is found under that number, the search by postcode usually helps.",
    "The lamp's bulb is sold apart, and the manual names its type on page four.",
    "Nobody has confirmed the appointment, so it can still be moved without a fee.",
];

/// Writes steps, going round the words above; nothing is random, so every run of a bench sees the same bytes.
struct Writer {
    place: usize,
}

impl Writer {
    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        self.place = self.place.wrapping_mul(25_214_903_917).wrapping_add(11);
        words[(self.place >> 16) % words.len()]
    }

    fn number(&mut self) -> usize {
        self.pick(PEOPLE);
        (self.place >> 20) % 900_000 + 100_000
    }

    fn text(&mut self, sentences: usize) -> String {
        let sentences: Vec<&str> = (0..sentences).map(|_| self.pick(SENTENCES)).collect();
        sentences.join(" ")
    }

    fn step(actor: &str, event_type: &str, payload: &str) -> Step {
        Step { middle: format!("\"actor\":\"{actor}\",\"type\":\"{event_type}\",\"payload\":{payload},") }
    }

    fn question(&mut self) -> Step {
        let (name, topic, order) = (self.pick(PEOPLE), self.pick(TOPICS), self.number());
        let payload =
            format!(r#"{{"thought":"Hello, {name} here. It is about {topic}, order {order}. What can be done?"}}"#);
        Self::step("user", "reasoning", &payload)
    }

    fn thought(&mut self) -> Step {
        let sentences = 1 + self.number() % 3;
        self.thought_of(sentences)
    }

    fn padded_thought(&mut self) -> Step {
        self.thought_of(10)
    }

    fn thought_of(&mut self, sentences: usize) -> Step {
        let (text, topic) = (self.text(sentences), self.pick(TOPICS));
        let payload = format!(
            r#"{{"thought":"{text}","goal":"settle {topic}","steps":["look it up","compare","answer"],"plan":null}}"#
        );
        Self::step("agent", "reasoning", &payload)
    }

    fn request(&mut self) -> Step {
        self.request_of(1)
    }

    fn padded_request(&mut self) -> Step {
        self.request_of(9)
    }

    fn request_of(&mut self, sentences: usize) -> Step {
        let (tool, order, topic) = (self.pick(TOOLS), self.number(), self.pick(TOPICS));
        let text = self.text(sentences);
        let payload = format!(
            r#"{{"action":"{tool}","params":{{"order":{order},"query":"{topic}","limit":20,"exact":false,"note":"{text}"}},"rationale":"needed for the answer"}}"#
        );
        Self::step("agent", "action_request", &payload)
    }

    fn response(&mut self) -> Step {
        let rows = 1 + self.number() % 4;
        self.response_of(rows)
    }

    fn padded_response(&mut self) -> Step {
        self.response_of(4)
    }

    fn response_of(&mut self, rows: usize) -> Step {
        let mut list = String::new();
        for row in 0..rows {
            let (id, name, note) = (self.number(), self.pick(PEOPLE), self.pick(SENTENCES));
            let comma = if row == 0 { "" } else { "," };
            // writing to a String cannot fail
            let _ = write!(
                list,
                r#"{comma}{{"id":{id},"name":"{name}","amount":{}.5,"open":{},"tags":["retail","north"],"note":"{note}"}}"#,
                id % 97,
                id % 2 == 0
            );
        }
        let payload = format!(
            r#"{{"status":"success","result":{{"rows":[{list}],"more":false,"page":1}},"error":null,"latency_ms":{}}}"#,
            rows * 37
        );
        Self::step("tool", "action_response", &payload)
    }

    fn answer(&mut self) -> Step {
        let text = self.text(3);
        let payload = format!(r#"{{"output":"{text}","summary":"answered","confidence":0.9}}"#);
        Self::step("agent", "final_output", &payload)
    }
}

#[cfg(test)]
mod tests {
    use aop_toon::Event;

    use super::*;

    #[test]
    fn steps_for_load_are_valid_and_about_a_kilobyte() {
        let steps = steps_of_1_kb(90);
        let mut bytes = 0;
        for (seq, step) in (1..).zip(&steps) {
            let line = step.line("load-1-1", seq);
            let event = Event::parse(line.as_bytes()).unwrap();
            assert_eq!((event.seq(), event.meta().run_id().as_deref()), (seq, Some("load-1-1")));
            assert_eq!(event.meta().idempotency_key().as_deref(), Some(&*format!("load-1-1:{seq}")));
            bytes += line.len();
        }
        let mean = bytes / steps.len();
        assert!((900..1150).contains(&mean), "{mean} bytes on average");
    }

    #[test]
    fn made_runs_are_the_same_every_time() {
        assert_eq!(Events::made(4).runs, Events::made(4).runs);
        assert_eq!(Events::made(5).runs[4].len(), 20);
    }
}
