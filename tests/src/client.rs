//! A plain HTTP client of a host.

use std::time::Duration;

use ureq::Agent;

/// Talks to one host with one key, over one kept connection a thread of use.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    key: String,
}

/// What the host answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: String,
}

impl Client {
    /// A client of the host at `base`, such as `http://127.0.0.1:8000`, with an API key.
    pub fn new(base: impl Into<String>, key: impl Into<String>) -> Self {
        let agent =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build().into();
        Self { agent, base: base.into(), key: key.into() }
    }

    /// Asks for a resource.
    ///
    /// # Errors
    /// When no whole answer came, in the words of the HTTP library.
    pub fn get(&self, path: &str) -> Result<Answer, String> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("authorization", self.bearer());
        read(request.call())
    }

    /// Sends JSON to a resource.
    ///
    /// # Errors
    /// When no whole answer came: the host may or may not have taken what was sent.
    pub fn post(&self, path: &str, body: &str) -> Result<Answer, String> {
        self.post_as(path, "application/json", body)
    }

    /// Sends a text of some media type to a resource.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub fn post_as(&self, path: &str, media_type: &str, body: &str) -> Result<Answer, String> {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", self.bearer())
            .header("content-type", media_type);
        read(request.send(body))
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_string().map_err(|error| error.to_string())?;
    Ok(Answer { status, body })
}
