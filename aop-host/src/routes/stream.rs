//! Long answers, written while they are read from the store: page by page, no faster than the client takes them.

use std::fmt::Display;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};

use crate::log::{Level, log};
use crate::problem::Problem;

/// Pages waiting for the client.
const PAGES_AHEAD: usize = 2;

/// The writing end of a long answer.
pub(super) struct Pages(Sender<Bytes, Cut>);

/// The answer was cut off because the rest cannot be read; the client sees an incomplete message.
#[derive(Debug, thiserror::Error)]
#[error("the rest cannot be read")]
pub(super) struct Cut;

/// The client went away.
pub(super) struct Gone;

impl Pages {
    /// Sends a piece, once there is room for it.
    pub(super) async fn send(&mut self, piece: impl Into<Bytes>) -> Result<(), Gone> {
        self.0.send_data(piece.into()).await.map_err(|_| Gone)
    }

    /// Cuts the answer off: its head is sent, so a problem can only be said in the log.
    pub(super) fn cut(self, run_id: &dyn Display, problem: &Problem) {
        log(Level::Error, "an answer is cut off", &[("run_id", run_id), ("error", &problem.detail())]);
        self.0.abort(Cut);
    }
}

/// A body and the end to write it at.
pub(super) fn body() -> (Pages, Body) {
    let (sender, channel) = Channel::new(PAGES_AHEAD);
    (Pages(sender), Body::new(channel))
}
