//! A bar for long work: on standard error, on a terminal, and only once the work has turned out to be long.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const QUIET: Duration = Duration::from_millis(800);

/// How far the work has come.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    is_shown: Cell<bool>,
}

impl Progress {
    /// Work of so many bytes; 0 when nobody knows, as with standard input.
    pub(crate) fn of_bytes(total: u64) -> Self {
        let template = if total == 0 {
            "{spinner} {bytes} ({bytes_per_sec}) {msg}"
        } else {
            "[{bar:30}] {bytes}/{total_bytes} ({bytes_per_sec}, {eta}) {msg}"
        };
        let style = ProgressStyle::with_template(template).expect("the template is a constant and well-formed");
        let bar =
            ProgressBar::with_draw_target((total > 0).then_some(total), ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, started: Instant::now(), is_shown: Cell::new(false) }
    }

    /// So many bytes more are done.
    pub(crate) fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        if !self.is_shown.get() && self.started.elapsed() >= QUIET {
            // off a terminal this target draws nothing
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown.set(true);
        }
    }

    /// What is being done.
    pub(crate) fn say(&self, message: String) {
        self.bar.set_message(message);
    }

    /// Writes something while the bar is out of the way.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
