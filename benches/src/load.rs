//! A load generator that costs little, so that what it drives gets the processor: plain sockets, requests written from
//! ready-made pieces, one thread. Each connection sends its next request when the last one is answered.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::BenchError;
use crate::events::Step;

/// Events of a run; then the connection begins another one.
const RUN_EVENTS: u64 = 200;

/// What is sent, and how.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections at the same time.
    pub connections: usize,
    /// Events in a request: 1 goes to a run's own route, more go to the route for batches.
    pub events_per_request: usize,
    /// How long to send before it counts.
    pub warm_up: Duration,
    /// How long it counts.
    pub length: Duration,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Events answered while it counted, all with 202.
    pub events: u64,
    /// Events answered, warming up included.
    pub events_total: u64,
    /// The time of each counted request, in microseconds.
    pub latencies_us: Vec<f64>,
}

impl Load {
    /// Sends to the host at `address` with an API key, and gives what came back.
    ///
    /// # Errors
    /// When a connection fails, or an answer is another than 202: then nothing was measured.
    pub fn run(self, address: SocketAddr, key: &str, steps: &[Step]) -> Result<Answers, BenchError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let start = Instant::now() + self.warm_up;
            let mut connections = JoinSet::new();
            for number in 0..self.connections {
                let requests = Requests::new(number, key, steps.to_vec(), self.events_per_request);
                connections.spawn(async move { drive(address, requests, start, start + self.length).await });
            }
            let mut all = Answers::default();
            while let Some(answers) = connections.join_next().await {
                let answers = answers??;
                all.events += answers.events;
                all.events_total += answers.events_total;
                all.latencies_us.extend(answers.latencies_us);
            }
            Ok(all)
        })
    }
}

async fn drive(address: SocketAddr, mut requests: Requests, start: Instant, end: Instant) -> Result<Answers, BenchError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answers = Answers::default();
    let mut received = Vec::with_capacity(64 << 10);
    loop {
        let (request, events) = requests.next();
        let sent = Instant::now();
        if sent >= end {
            return Ok(answers);
        }
        stream.write_all(request).await?;
        let status = read_answer(&mut stream, &mut received).await?;
        if status != 202 {
            let text = String::from_utf8_lossy(&received);
            return Err(format!("the host answered {}", text.chars().take(2000).collect::<String>()).into());
        }
        let now = Instant::now();
        answers.events_total += events;
        if sent >= start && now <= end {
            answers.events += events;
            answers.latencies_us.push((now - sent).as_secs_f64() * 1e6);
        }
    }
}

/// Reads one whole answer into `received` and gives its status.
async fn read_answer(stream: &mut TcpStream, received: &mut Vec<u8>) -> Result<u16, BenchError> {
    received.clear();
    let mut whole = None;
    loop {
        if stream.read_buf(received).await? == 0 {
            return Err("the host closed the connection before its answer was whole".into());
        }
        if whole.is_none() {
            whole = answer_length(received)?;
        }
        if whole.is_some_and(|length| received.len() >= length) {
            let status = std::str::from_utf8(received.get(9..12).unwrap_or_default())?;
            return Ok(status.parse()?);
        }
    }
}

/// How long the answer is, head and body; nothing until the head is there.
fn answer_length(received: &[u8]) -> Result<Option<usize>, BenchError> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(head) = received.windows(END.len()).position(|window| window == END) else { return Ok(None) };
    let lines = std::str::from_utf8(&received[..head])?.split("\r\n");
    let length = lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    match length {
        Some((_, value)) => Ok(Some(head + END.len() + value.trim().parse::<usize>()?)),
        None => Err("the answer has no content-length".into()),
    }
}

/// The requests of one connection, one after the other: its own runs, each begun with seq 1.
struct Requests {
    connection: usize,
    steps: Vec<Step>,
    events_per_request: usize,
    head: String,
    run: u64,
    run_id: String,
    seq: u64,
    body: Vec<u8>,
    request: Vec<u8>,
}

impl Requests {
    fn new(connection: usize, key: &str, steps: Vec<Step>, events_per_request: usize) -> Self {
        let head = format!("host: aop\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: ");
        let mut requests = Self {
            connection,
            steps,
            events_per_request,
            head,
            run: 0,
            run_id: String::new(),
            seq: 0,
            body: Vec::new(),
            request: Vec::new(),
        };
        requests.begin_run();
        requests
    }

    fn begin_run(&mut self) {
        self.run += 1;
        self.run_id = format!("load-{}-{}", self.connection, self.run);
        self.seq = 0;
    }

    /// The next request's bytes, and how many events are in it.
    fn next(&mut self) -> (&[u8], u64) {
        self.body.clear();
        let is_batch = self.events_per_request > 1;
        for place in 0..self.events_per_request {
            if self.seq == RUN_EVENTS {
                self.begin_run();
            }
            self.seq += 1;
            if is_batch {
                self.body.push(if place == 0 { b'[' } else { b',' });
            }
            let step = &self.steps[self.seq as usize % self.steps.len()];
            step.write(&self.run_id, self.seq, &mut self.body);
        }
        if is_batch {
            self.body.push(b']');
        }
        self.request.clear();
        let path = if is_batch { "/api/trace-events/batch/" } else { &format!("/api/runs/{}/events/", self.run_id) };
        // writing to a Vec cannot fail
        let _ = write!(self.request, "POST {path} HTTP/1.1\r\n{}{}\r\n\r\n", self.head, self.body.len());
        self.request.extend_from_slice(&self.body);
        (&self.request, self.events_per_request as u64)
    }
}

/// Asks a host for a resource that needs no key, by itself on a connection.
///
/// # Errors
/// When the connection fails.
pub fn get(address: SocketAddr, path: &str) -> Result<String, BenchError> {
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: aop\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("the answer has no body")?;
    Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
    use aop_toon::Event;
    use serde_json::Value;

    use super::*;
    use crate::events::steps_of_1_kb;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let check =
            |text: &str, expected: Option<usize>| assert_eq!(answer_length(text.as_bytes()).unwrap(), expected, "{text}");
        check("HTTP/1.1 202 Accepted\r\ncontent-le", None);
        check("HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\n", Some(48));
        assert!(answer_length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn runs_begin_anew_and_requests_say_their_length() {
        let mut requests = Requests::new(3, "k", steps_of_1_kb(9), 150);
        let mut seqs = Vec::new();
        for _ in 0..2 {
            let (request, events) = requests.next();
            assert_eq!(events, 150);
            let text = std::str::from_utf8(request).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("POST /api/trace-events/batch/ HTTP/1.1\r\n"));
            assert!(head.ends_with(&format!("content-length: {}", body.len())));
            let lines: Vec<Value> = serde_json::from_str(body).unwrap();
            for line in &lines {
                let line = line.to_string();
                let event = Event::parse(line.as_bytes()).unwrap();
                seqs.push((event.meta().run_id().unwrap().into_owned(), event.seq()));
            }
        }
        assert_eq!(seqs[199], ("load-3-1".to_owned(), 200));
        assert_eq!(seqs[200], ("load-3-2".to_owned(), 1));
    }
}
