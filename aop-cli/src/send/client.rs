//! A host, as a sender sees it: requests, answers, and when to try again.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use ureq::Agent;
use ureq::http::header::RETRY_AFTER;

use crate::error::Error;
use crate::uri;

/// One host, one key.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    url: String,
    bearer: String,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Reply<T> {
    /// The host has answered what was asked; of a part of it, it may say to try again after so long.
    Done(T, Option<Duration>),
    /// It may work later: after so long, where the host says so.
    Later { reason: String, after: Option<Duration> },
    /// The host refuses the request as a whole, and would again.
    Refused(Refusal),
}

/// Why the host refuses a request.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// The host's word for it; `unknown` when it is not a host that answers.
    pub(crate) code: String,
    pub(crate) detail: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.detail)
    }
}

/// The answer to a batch: the results that say more than "accepted", or all of them.
#[derive(Debug, Deserialize)]
pub(crate) struct BatchAnswer {
    pub(crate) duplicates: usize,
    pub(crate) results: Vec<EventResult>,
}

/// The answer to one event of a batch.
#[derive(Debug, Deserialize)]
pub(crate) struct EventResult {
    pub(crate) index: usize,
    pub(crate) status: u16,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) duplicate: bool,
    #[serde(default)]
    pub(crate) detail: Option<String>,
    /// When an event that was put off may be sent again, in seconds.
    #[serde(default)]
    pub(crate) retry_after_s: Option<u64>,
    #[serde(default)]
    pub(crate) findings: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Problem {
    code: Option<String>,
    detail: Option<String>,
}

impl Client {
    /// A client of the host at `url`.
    pub(crate) fn new(url: &str, key: &str) -> Result<Self, Error> {
        if url.starts_with("https://") {
            return Err(Error::usage(format!(
                "{url}: this version of aop speaks plain http; run `aop send` beside the host, or through a tunnel or proxy that ends TLS"
            )));
        }
        if url.strip_prefix("http://").is_none_or(|rest| rest.trim_end_matches('/').is_empty()) {
            return Err(Error::usage(format!("`{url}` is no address of a host; write it as http://HOST:PORT")));
        }
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::usage("the API key is empty or holds characters that no key has"));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(120)))
            // a key is for one host: not for wherever that one points to
            .max_redirects(0)
            .build();
        Ok(Self { agent: config.into(), url: url.trim_end_matches('/').to_owned(), bearer: format!("Bearer {key}") })
    }

    /// Where the host is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sends events, one a line.
    pub(crate) fn send(&self, lines: &[u8]) -> Reply<BatchAnswer> {
        let (status, after, body) = match self.post("/api/trace-events/batch/", "application/x-ndjson", lines) {
            Ok(answer) => answer,
            Err(reason) => return Reply::Later { reason, after: None },
        };
        match status {
            202 | 207 => match serde_json::from_str(&body) {
                Ok(answer) => Reply::Done(answer, after),
                Err(error) => Reply::Refused(Refusal {
                    status,
                    code: "unknown".to_owned(),
                    detail: format!("the answer is not a host's: {error}"),
                }),
            },
            _ => refusal(status, after, &body),
        }
    }

    /// Ends a run.
    pub(crate) fn finalize(&self, run_id: &str) -> Reply<()> {
        let path = format!("/api/runs/{}/finalize/", uri::encoded(run_id, false));
        match self.post(&path, "application/json", b"{}") {
            Err(reason) => Reply::Later { reason, after: None },
            Ok((200, ..)) => Reply::Done((), None),
            Ok((status, after, body)) => refusal(status, after, &body),
        }
    }

    fn post(&self, path: &str, media_type: &str, body: &[u8]) -> Result<(u16, Option<Duration>, String), String> {
        const ANSWER_BYTES_MAX: u64 = 256 << 20;
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("authorization", &self.bearer)
            .header("content-type", media_type);
        let mut answer = request.send(body).map_err(|error| error.to_string())?;
        let seconds = answer.headers().get(RETRY_AFTER).and_then(|seconds| seconds.to_str().ok()?.parse().ok());
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
        Ok((status, seconds.map(Duration::from_secs), body.map_err(|error| error.to_string())?))
    }
}

fn refusal<T>(status: u16, after: Option<Duration>, body: &str) -> Reply<T> {
    let problem = serde_json::from_str(body).unwrap_or(Problem { code: None, detail: None });
    let refusal = Refusal {
        status,
        code: problem.code.unwrap_or_else(|| "unknown".to_owned()),
        detail: problem.detail.unwrap_or_else(|| "the answer is not a host's".to_owned()),
    };
    if is_temporary(status) { Reply::Later { reason: refusal.to_string(), after } } else { Reply::Refused(refusal) }
}

/// Whether the same request may work later.
pub(crate) fn is_temporary(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// How long to wait before trying again: the same waits every time, each twice the one before, up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    attempts: u32,
}

impl Patience {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(8);
    /// A host that asks for more is waited for no longer than this.
    const ASKED_LONGEST: Duration = Duration::from_secs(60);

    /// Something has worked: the next wait is the first again.
    pub(crate) fn renew(&mut self) {
        self.attempts = 0;
    }

    /// The next wait, at least as long as the host asks for; nothing when it was tried often enough.
    pub(crate) fn next(&mut self, attempts_max: u32, asked: Option<Duration>) -> Option<Duration> {
        if self.attempts >= attempts_max {
            return None;
        }
        let own = Self::FIRST.saturating_mul(1 << self.attempts.min(16)).min(Self::LONGEST);
        self.attempts += 1;
        Some(own.max(asked.unwrap_or_default().min(Self::ASKED_LONGEST)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Client, Patience};

    #[test]
    fn waits_double_and_end() {
        let mut patience = Patience::default();
        let waits: Vec<_> = std::iter::from_fn(|| patience.next(7, None)).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000]);
        patience.renew();
        assert_eq!(patience.next(7, Some(Duration::from_secs(3))), Some(Duration::from_secs(3)));
        assert_eq!(patience.next(7, Some(Duration::from_secs(3600))), Some(Duration::from_secs(60)));
    }

    #[test]
    fn an_address_without_http_is_said() {
        assert!(Client::new("http://localhost:8000/", "k").is_ok());
        for (url, part) in
            [("https://h", "plain http"), ("localhost:8000", "http://HOST:PORT"), ("http://", "http://HOST:PORT")]
        {
            let said = Client::new(url, "k").unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        }
        assert!(Client::new("http://h", "a\nb").is_err());
    }
}
