//! A request's body: its media type, and its bytes within every bound.

use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;

use crate::host::Host;
use crate::ingest::Form;
use crate::problem::Problem;

/// A body that was read, and its share of the room for bodies, given back when it is dropped.
pub(super) struct Received {
    pub(super) bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

/// Reads a body of at most `limit` bytes, refusing before it reads where it can.
pub(super) async fn read(host: &Host, headers: &HeaderMap, body: Body, limit: usize) -> Result<Received, Problem> {
    if let Some(coding) = headers.get(CONTENT_ENCODING)
        && !coding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        let detail = "the body must not be compressed (no Content-Encoding)".to_owned();
        return Err(Problem::UnsupportedMedia { detail });
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let expected: usize = length.unwrap_or(limit);
    if expected > limit {
        return Err(Problem::TooLarge { what: "the body", limit });
    }
    let kib = u32::try_from(expected.div_ceil(1024)).unwrap_or(u32::MAX);
    let room = host.body_room.clone().try_acquire_many_owned(kib);
    let room = room.map_err(|_| Problem::Busy("too many bodies are in flight"))?;
    let time = Duration::from_millis(host.config.limits.body_timeout_ms);
    match tokio::time::timeout(time, Limited::new(body, limit).collect()).await {
        Err(_) => Err(Problem::SlowBody),
        Ok(Ok(collected)) => Ok(Received { bytes: collected.to_bytes(), _room: room }),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::TooLarge { what: "the body", limit }),
        Ok(Err(error)) => Err(Problem::BadRequest(format!("the body cannot be read: {error}"))),
    }
}

/// That the body is JSON; a request that does not say is taken at its word.
pub(super) fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    match form(headers)? {
        Form::Json => Ok(()),
        Form::Lines => Err(unsupported("application/json")),
    }
}

/// Whether the body is JSON or one JSON text a line.
pub(super) fn form(headers: &HeaderMap) -> Result<Form, Problem> {
    let Some(media_type) = headers.get(CONTENT_TYPE) else {
        return Ok(Form::Json);
    };
    let media_type = media_type.to_str().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    match () {
        () if media_type.eq_ignore_ascii_case("application/json") => Ok(Form::Json),
        () if media_type.eq_ignore_ascii_case("application/x-ndjson") => Ok(Form::Lines),
        () => Err(unsupported("application/json, or application/x-ndjson for a batch")),
    }
}

fn unsupported(supported: &str) -> Problem {
    Problem::UnsupportedMedia { detail: format!("send Content-Type: {supported}") }
}

/// A small JSON body; an empty one is `{}`.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(bytes).map_err(|error| Problem::BadRequest(error.to_string()))
}
