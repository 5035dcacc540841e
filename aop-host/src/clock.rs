//! Where the host gets the time from.
//!
//! Nothing in the host asks the machine: whoever starts it passes a [`Clock`], so that a test can move time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aop_engine::Timestamp;

/// A source of the present moment.
///
/// ```
/// use aop_host::{Clock, SystemClock};
///
/// assert!(SystemClock.now().micros() > 1_700_000_000_000_000);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The present moment. It may stand still, and it may go backwards when the machine's clock is set.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved, for tests.
///
/// ```
/// use aop_engine::Timestamp;
/// use aop_host::{Clock, ManualClock};
///
/// let clock = ManualClock::new(Timestamp::from_micros(5_000_000));
/// clock.advance_micros(250);
/// assert_eq!(clock.now().micros(), 5_000_250);
/// ```
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> ManualClock {
        ManualClock(AtomicI64::new(start.micros()))
    }

    /// Moves the clock forward, or back when `micros` is negative.
    pub fn advance_micros(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
