//! What `event_frequency_validator` remembers and finds.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use aop_toon::{EventType, Finding, Timestamp};
use serde::{Deserialize, Serialize};

use super::bounded::First;
use super::filter::{actions, succeeded};
use super::robust::LogHistogram;
use super::{
    Arrival, Burst, By, ErrorShare, FINDINGS_MAX, FREQ_BURST, FREQ_ERROR_SHARE, FREQ_LIMIT, FREQ_MIX, FREQ_SILENCE,
    FrequencySettings, KEYS_MAX, Limit, Mix, Silence, TimeSpan, finding_at, left_out, post_run_at, shown,
};

/// What `event_frequency_validator` remembers of a run: for each limit the latest `max` events of at most [`KEYS_MAX`] keys
/// and of all others together; for the rest some counts, a histogram and at most 64 places each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrequencyState {
    first: Option<Mark>,
    last: Option<Mark>,
    has_final: bool,
    limits: Vec<LimitCells>,
    bursts: Vec<Windows>,
    silences: Vec<SilenceMarks>,
    error_shares: Vec<Failures>,
    mixes: Vec<Share>,
}

/// An event and the run's clock at it, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    seq: u64,
    clock: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LimitCells {
    cells: BTreeMap<String, VecDeque<Mark>>,
    /// What keys past the bound share.
    shared: VecDeque<Mark>,
    /// The first event of such a key.
    overflow: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Windows {
    start: Option<i64>,
    current: Option<Window>,
    /// The counts of the windows before, empty ones left out.
    counts: LogHistogram,
    /// Of the windows before, those with most events, most first; of equal ones the earlier.
    fullest: Vec<Window>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Window {
    /// Its place from the start.
    index: i64,
    count: u64,
    first: u64,
    last: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct SilenceMarks {
    last: Option<Mark>,
    broken: First<(u64, u64, i64)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    tries: u64,
    failures: u64,
    /// The latest of them, at most [`LATEST_MAX`].
    latest: VecDeque<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    of: u64,
    among: u64,
    last: Option<u64>,
}

/// How many failures a finding names.
const LATEST_MAX: usize = 9;

impl FrequencyState {
    /// Finds the limits that the event would break, were it accepted.
    pub fn at_ingestion(&self, settings: &FrequencySettings, arrival: &Arrival<'_>, findings: &mut Vec<Finding>) {
        for (index, limit) in settings.limits.iter().enumerate() {
            if !limit.of.matches(arrival) {
                continue;
            }
            let key = limit.key(arrival);
            let (cell, is_shared) = self.limits.get(index).map_or((None, false), |cells| cells.cell(&key));
            let window_start = arrival.clock.micros().saturating_sub(limit.within.micros());
            let count = cell.map_or(0, |cell| cell.iter().rev().take_while(|mark| mark.clock > window_start).count());
            if count < limit.max {
                continue;
            }
            let whose = match (limit.by, is_shared) {
                (None, _) => String::new(),
                (Some(_), true) => format!(" (counted with all keys after the first {KEYS_MAX})"),
                (Some(By::Action), false) => format!(" with action {key}"),
                (Some(By::Actor), false) => format!(" with actor {key}"),
                (Some(By::Type), false) => format!(" with type {key}"),
            };
            let more_than = if count == limit.max && limit.max > 0 { "at least " } else { "" };
            let message = format!(
                "{more_than}{} {}{whose} within {}; at most {} (limit from `frequency.limits[{index}]`)",
                count + 1,
                limit.of,
                limit.within,
                limit.max
            );
            let oldest = cell.and_then(|cell| cell.get(cell.len() - count)).map(|mark| mark.seq);
            let finding = finding_at(&FREQ_LIMIT, arrival.seq(), oldest.into_iter().collect(), message);
            findings.push(Finding { effect: limit.effect.into(), ..finding });
        }
    }

    /// Takes the event in; of a refused one only that the run went on.
    pub fn observe(&mut self, settings: &FrequencySettings, arrival: &Arrival<'_>, accepted: bool) {
        let here = Mark { seq: arrival.seq(), clock: arrival.clock.micros() };
        let first = *self.first.get_or_insert(here);
        self.last = Some(here);
        if !accepted {
            return;
        }
        self.has_final |= arrival.event.event_type() == EventType::FinalOutput;
        self.limits.resize_with(settings.limits.len(), LimitCells::default);
        self.bursts.resize_with(settings.bursts.len(), Windows::default);
        self.silences.resize_with(settings.silences.len(), SilenceMarks::default);
        self.error_shares.resize_with(settings.error_shares.len(), Failures::default);
        self.mixes.resize_with(settings.mixes.len(), Share::default);
        for (limit, cells) in settings.limits.iter().zip(&mut self.limits) {
            cells.observe(limit, arrival, here);
        }
        for (burst, windows) in settings.bursts.iter().zip(&mut self.bursts) {
            if burst.of.matches(arrival) {
                windows.observe(burst, here);
            }
        }
        for (silence, marks) in settings.silences.iter().zip(&mut self.silences) {
            if silence.of.matches(arrival) {
                marks.observe(silence, here, first);
            }
        }
        for (share, failures) in settings.error_shares.iter().zip(&mut self.error_shares) {
            failures.observe(share, arrival);
        }
        for (mix, share) in settings.mixes.iter().zip(&mut self.mixes) {
            share.observe(mix, arrival);
        }
    }

    /// Finds bursts, silences and shares, were the run to end here. With `now`, a run without a final output is silent up to it.
    pub fn finish(&self, settings: &FrequencySettings, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
        let (Some(first), Some(last)) = (self.first, self.last) else { return };
        for (index, (limit, cells)) in settings.limits.iter().zip(&self.limits).enumerate() {
            cells.finish(index, limit, findings);
        }
        for (index, (burst, windows)) in settings.bursts.iter().zip(&self.bursts).enumerate() {
            windows.finish(index, burst, findings);
        }
        let end = now.filter(|_| !self.has_final).map_or(last.clock, |now| now.micros().max(last.clock));
        let none = SilenceMarks::default();
        for (index, silence) in settings.silences.iter().enumerate() {
            self.silences.get(index).unwrap_or(&none).finish(index, silence, first, end, findings);
        }
        for (index, (share, failures)) in settings.error_shares.iter().zip(&self.error_shares).enumerate() {
            failures.finish(index, share, findings);
        }
        for (index, (mix, share)) in settings.mixes.iter().zip(&self.mixes).enumerate() {
            share.finish(index, mix, last, findings);
        }
    }
}

impl Limit {
    fn key<'a>(&self, arrival: &'a Arrival<'_>) -> Cow<'a, str> {
        match self.by {
            None => Cow::Borrowed(""),
            Some(By::Action) => shown(actions(arrival).next().unwrap_or_default()),
            Some(By::Actor) => Cow::Borrowed(arrival.event.actor().as_str()),
            Some(By::Type) => Cow::Borrowed(arrival.event.event_type().as_str()),
        }
    }
}

impl LimitCells {
    /// The cell that counts this key, and whether it is shared.
    fn cell(&self, key: &str) -> (Option<&VecDeque<Mark>>, bool) {
        match self.cells.get(key) {
            Some(cell) => (Some(cell), false),
            None if self.cells.len() >= KEYS_MAX => (Some(&self.shared), true),
            None => (None, false),
        }
    }

    fn observe(&mut self, limit: &Limit, arrival: &Arrival<'_>, here: Mark) {
        if !limit.of.matches(arrival) {
            return;
        }
        let key = limit.key(arrival);
        let cell = if let Some(cell) = self.cells.get_mut(&*key) {
            cell
        } else if self.cells.len() < KEYS_MAX {
            self.cells.entry(key.into_owned()).or_default()
        } else {
            self.overflow.get_or_insert(here.seq);
            &mut self.shared
        };
        cell.push_back(here);
        let window_start = here.clock.saturating_sub(limit.within.micros());
        while cell.len() > limit.max || cell.front().is_some_and(|mark| mark.clock <= window_start) {
            cell.pop_front();
        }
    }

    fn finish(&self, index: usize, limit: &Limit, findings: &mut Vec<Finding>) {
        if let Some(seq) = self.overflow {
            let by = match limit.by {
                Some(By::Action) => "actions",
                Some(By::Actor) => "actors",
                _ => "types",
            };
            let message = format!(
                "more than {KEYS_MAX} different {by}; from #{seq} on, new ones share one count of `frequency.limits[{index}]`, \
                 which counts high"
            );
            findings.push(post_run_at(&FREQ_LIMIT, seq, Vec::new(), message));
        }
    }
}

impl Windows {
    fn observe(&mut self, burst: &Burst, here: Mark) {
        let start = *self.start.get_or_insert(here.clock);
        let index = here.clock.saturating_sub(start) / burst.within.micros().max(1);
        match &mut self.current {
            Some(window) if window.index == index => {
                window.count += 1;
                window.last = here.seq;
            }
            _ => {
                if let Some(window) = self.current.take() {
                    self.close(window);
                }
                self.current = Some(Window { index, count: 1, first: here.seq, last: here.seq });
            }
        }
    }

    fn close(&mut self, window: Window) {
        self.counts.add(window.count);
        let position = self.fullest.partition_point(|other| other.count >= window.count);
        if position < FINDINGS_MAX {
            self.fullest.insert(position, window);
            self.fullest.truncate(FINDINGS_MAX);
        }
    }

    fn finish(&self, index: usize, burst: &Burst, findings: &mut Vec<Finding>) {
        let mut all = self.clone();
        if let Some(window) = all.current.take() {
            all.close(window);
        }
        if all.counts.count() < burst.min_windows {
            return;
        }
        let Some((median, deviation)) = all.counts.median_and_deviation() else { return };
        // 1.4826 makes the deviation that of a normal distribution; a run of even pace has at least 1.
        let most = (median as f64 + burst.z * 1.4826 * deviation.max(1) as f64) as u64;
        let is_burst = |window: &&Window| window.count >= burst.min_count && window.count > most;
        let mut bursts: Vec<&Window> = all.fullest.iter().filter(is_burst).collect();
        bursts.sort_by_key(|window| window.index);
        for window in &bursts {
            let message = format!(
                "{} {} within {}, #{} to #{}, where this run's median is {median}; at most {} (`frequency.bursts[{index}]`: z {}, \
                 deviation {deviation})",
                window.count,
                burst.of,
                burst.within,
                window.first,
                window.last,
                most.max(burst.min_count - 1),
                burst.z
            );
            findings.push(post_run_at(&FREQ_BURST, window.first, vec![window.last], message));
        }
        if bursts.len() == FINDINGS_MAX {
            let over = all.counts.count_above(most.max(burst.min_count.saturating_sub(1)));
            left_out(&FREQ_BURST, over.saturating_sub(FINDINGS_MAX as u64), findings);
        }
    }
}

impl SilenceMarks {
    fn observe(&mut self, silence: &Silence, here: Mark, first: Mark) {
        let from = self.last.unwrap_or(first);
        let lag = here.clock.saturating_sub(from.clock);
        if lag > silence.max.micros() {
            self.broken.push((here.seq, from.seq, lag));
        }
        self.last = Some(here);
    }

    fn finish(&self, index: usize, silence: &Silence, first: Mark, end: i64, findings: &mut Vec<Finding>) {
        let Silence { of, max } = silence;
        for (seq, from, lag) in &self.broken.items {
            let lag = TimeSpan::from_micros(*lag);
            let message = format!(
                "no {of} for {lag} from #{from} to #{seq}; at most {max} (limit from `frequency.silences[{index}]`)"
            );
            findings.push(post_run_at(&FREQ_SILENCE, *seq, vec![*from], message));
        }
        left_out(&FREQ_SILENCE, self.broken.left_out, findings);
        let from = self.last.unwrap_or(first);
        let lag = end.saturating_sub(from.clock);
        if lag > max.micros() {
            let lag = TimeSpan::from_micros(lag);
            let message = format!(
                "no {of} for {lag} from #{} to the run's end; at most {max} (limit from `frequency.silences[{index}]`)",
                from.seq
            );
            findings.push(post_run_at(&FREQ_SILENCE, from.seq, Vec::new(), message));
        }
    }
}

impl Failures {
    fn observe(&mut self, share: &ErrorShare, arrival: &Arrival<'_>) {
        let failed = match arrival.event.event_type() {
            EventType::ActionResponse => !succeeded(arrival),
            EventType::Error => true,
            _ => return,
        };
        if !share.of.matches(arrival) {
            return;
        }
        self.tries += 1;
        if failed {
            self.failures += 1;
            if self.latest.len() == LATEST_MAX {
                self.latest.pop_front();
            }
            self.latest.push_back(arrival.seq());
        }
    }

    fn finish(&self, index: usize, share: &ErrorShare, findings: &mut Vec<Finding>) {
        let Some(last) = self.latest.back() else { return };
        if self.tries < share.min_count || self.failures as f64 <= share.max * self.tries as f64 {
            return;
        }
        let message = format!(
            "{} of {} responses and errors are failures ({}); at most {} (limit from `frequency.error_shares[{index}]`)",
            self.failures,
            self.tries,
            percent(self.failures, self.tries),
            as_percent(share.max)
        );
        let others = self.latest.iter().take(self.latest.len() - 1).copied().collect();
        findings.push(post_run_at(&FREQ_ERROR_SHARE, *last, others, message));
    }
}

impl Share {
    fn observe(&mut self, mix: &Mix, arrival: &Arrival<'_>) {
        if !mix.among.matches(arrival) {
            return;
        }
        self.among += 1;
        if mix.of.matches(arrival) {
            self.of += 1;
            self.last = Some(arrival.seq());
        }
    }

    fn finish(&self, index: usize, mix: &Mix, last: Mark, findings: &mut Vec<Finding>) {
        let (of, among) = (self.of as f64, self.among as f64);
        if self.among < mix.min_count || (mix.min * among..=mix.max * among).contains(&of) {
            return;
        }
        let message = format!(
            "{} of {} {} are {} ({}); it should be {} to {} (limits from `frequency.mixes[{index}]`)",
            self.of,
            self.among,
            mix.among,
            mix.of,
            percent(self.of, self.among),
            as_percent(mix.min),
            as_percent(mix.max)
        );
        findings.push(post_run_at(&FREQ_MIX, self.last.unwrap_or(last.seq), Vec::new(), message));
    }
}

/// A share in whole percent, rounded down, by whole numbers so that it is the same everywhere.
fn percent(part: u64, whole: u64) -> String {
    format!("{} %", u128::from(part) * 100 / u128::from(whole.max(1)))
}

fn as_percent(share: f64) -> String {
    let percent = (share * 1000.0).round() / 10.0;
    format!("{percent} %")
}
