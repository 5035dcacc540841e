//! What happens every second without being asked for: keys are read again, idle runs are finished.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::host::Host;
use crate::ingest::lifecycle;
use crate::log::{Level, log};

/// The running sweep.
pub(crate) struct Sweep {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Starts the sweep.
pub(crate) fn start(host: Arc<Host>) -> Sweep {
    let (stop, mut stopped) = watch::channel(false);
    let pause = Duration::from_millis(host.config.worker.sweep_ms);
    let task = tokio::spawn(async move {
        while tokio::time::timeout(pause, stopped.wait_for(|stop| *stop)).await.is_err() {
            let host = host.clone();
            // a panic is printed where it happens; the next sweep tries again
            let _ = spawn_blocking(move || sweep(&host)).await;
        }
    });
    Sweep { task, stop }
}

impl Sweep {
    /// Ends the sweep, after the round it is in.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.task.await;
    }
}

fn sweep(host: &Host) {
    match host.store.keys() {
        Ok(keys) => host.keys.replace(keys),
        Err(error) => log(Level::Warning, "keys cannot be read again", &[("error", &error)]),
    }
    lifecycle::finish_idle(host);
    host.runs.prune(host);
}
