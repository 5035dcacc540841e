//! The job that all contenders do: traces of an agent's run, and what is to be said of each of their events.

use serde_json::json;

/// The domain whose addresses are internal, with its `@`.
pub const INTERNAL: &str = "@ourcompany.com";

const COLLEAGUE: &str = "noor@ourcompany.com";
const CUSTOMER: &str = "imre.falk@customers.example";
const LOOKALIKES: [&str; 2] = ["noor@ourcompany.com.evil.example", "noor@notourcompany.com"];

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The agent asks for an action.
    Request,
    /// The action's tool answers.
    Response,
}

impl Kind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// One event, before a contender has parsed it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Its place in the run, from 1.
    pub seq: u64,
    /// What it is.
    pub kind: Kind,
    /// The action that is asked for or answered.
    pub action: &'static str,
    /// The action's one parameter that a rule or a schema may read: the recipient of a mail, the address of a page.
    pub param: (&'static str, &'static str),
    /// The call that it belongs to.
    pub call: u64,
}

impl Step {
    /// The event as a line of Toon, with texts of the size that mails and pages have.
    pub fn line(&self) -> String {
        let (actor, event_type, payload) = match self.kind {
            Kind::Request => ("agent", "action_request", json!({"action": self.action, "params": self.params()})),
            Kind::Response => {
                ("tool", "action_response", json!({"status": "success", "result": {"body": TEXT}, "latency_ms": 240}))
            }
        };
        let (minute, second) = (self.seq / 60 % 60, self.seq % 60);
        json!({
            "seq": self.seq,
            "t": format!("2026-01-15T10:{minute:02}:{second:02}Z"),
            "actor": actor,
            "type": event_type,
            "payload": payload,
            "meta": {"run_id": "rivals", "agent_id": 7, "call_id": format!("c{}", self.call)},
        })
        .to_string()
    }

    fn params(&self) -> serde_json::Value {
        let (name, value) = self.param;
        if self.action == "send_email" {
            return json!({"to": value, "subject": "The delayed parcel", "body": TEXT});
        }
        json!({ name: value })
    }

    fn is_external_mail(&self) -> bool {
        self.kind == Kind::Request && self.action == "send_email" && !self.param.1.ends_with(INTERNAL)
    }
}

const TEXT: &str = "Stock in the northern warehouse was counted on Monday and matches the books. Shipping to the island takes \
    two days longer, which the page does not mention. The lamp's bulb is sold apart, and the manual names its type on page \
    four. Nobody has confirmed the appointment, so it can still be moved without a fee.";

/// What is right: for each event, whether it is refused.
pub fn reference(trace: &[Step]) -> Vec<bool> {
    let mut has_page = false;
    let mut verdicts = Vec::with_capacity(trace.len());
    for step in trace {
        verdicts.push(step.is_external_mail() && has_page);
        has_page |= step.kind == Kind::Response && step.action == "get_website";
    }
    verdicts
}

/// A run of so many events, 20 at least: half of it before the first page comes, with external mail that is allowed; every
/// near miss around the page; and the rest after it. A fifth of the calls are mails. What is refused has no response.
pub fn trace(length: usize) -> Vec<Step> {
    let mut writer = Writer::default();
    writer.fill(length.saturating_sub(14) / 2, &["search_inbox", "read_file", "query_crm", "check_calendar"]);

    writer.call("send_email", ("to", CUSTOMER));
    let page = writer.request("get_website", URL);
    let mail_before_answer = writer.request("send_email", ("to", CUSTOMER));
    writer.response(page);
    writer.response(mail_before_answer);
    writer.call("send_email", ("to", COLLEAGUE));
    writer.request("send_email", ("to", LOOKALIKES[0]));
    writer.call("read_file", param_of("read_file"));
    writer.request("send_email", ("to", LOOKALIKES[1]));
    writer.call("send_email", ("to", COLLEAGUE));

    writer.has_page = true;
    writer.fill(length.saturating_sub(writer.steps.len()), &["get_website", "read_file", "query_crm", "check_calendar"]);
    writer.steps
}

/// A run of events in no sensible order, the same for the same number: for proving contenders right, not for measuring.
pub fn shuffled(number: u64, length: usize) -> Vec<Step> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut pick = move |count: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % count
    };
    let mut writer = Writer::default();
    let mut open = Vec::new();
    while writer.steps.len() < length {
        if !open.is_empty() && pick(2) == 0 {
            let answered = open.swap_remove(pick(open.len()));
            writer.response(answered);
            continue;
        }
        let to = [COLLEAGUE, CUSTOMER, LOOKALIKES[0], LOOKALIKES[1]][pick(4)];
        open.push(match pick(6) {
            0 => writer.request("get_website", URL),
            1 | 2 => writer.request("send_email", ("to", to)),
            _ => writer.request("read_file", param_of("read_file")),
        });
    }
    writer.steps
}

const URL: (&str, &str) = ("url", "https://shop.example/stock");

fn param_of(action: &str) -> (&'static str, &'static str) {
    match action {
        "get_website" => URL,
        "read_file" => ("path", "/srv/data/orders.csv"),
        "query_crm" => ("customer", "C-00418822"),
        "check_calendar" => ("day", "2026-01-16"),
        _ => ("query", "parcel"),
    }
}

#[derive(Default)]
struct Writer {
    steps: Vec<Step>,
    calls: u64,
    has_page: bool,
}

impl Writer {
    /// So many events of ordinary work with these tools, every fifth call a mail, in turn to a customer and to a colleague.
    fn fill(&mut self, events: usize, tools: &[&'static str]) {
        let end = self.steps.len() + events;
        for turn in 0.. {
            match turn % 10 {
                _ if self.steps.len() >= end => break,
                _ if self.steps.len() + 1 == end => drop(self.request("read_file", param_of("read_file"))),
                4 if self.has_page => drop(self.request("send_email", ("to", CUSTOMER))),
                4 => self.call("send_email", ("to", CUSTOMER)),
                9 => self.call("send_email", ("to", COLLEAGUE)),
                _ => self.call(tools[turn % 5], param_of(tools[turn % 5])),
            }
        }
    }

    fn call(&mut self, action: &'static str, param: (&'static str, &'static str)) {
        let request = self.request(action, param);
        self.response(request);
    }

    fn request(&mut self, action: &'static str, param: (&'static str, &'static str)) -> Step {
        self.calls += 1;
        self.push(Step { seq: 0, kind: Kind::Request, action, param, call: self.calls })
    }

    fn response(&mut self, request: Step) {
        self.push(Step { kind: Kind::Response, ..request });
    }

    fn push(&mut self, step: Step) -> Step {
        self.steps.push(Step { seq: self.steps.len() as u64 + 1, ..step });
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_their_length_and_every_near_miss() {
        for length in [20, 21, 50, 100, 200] {
            let trace = trace(length);
            let verdicts = reference(&trace);
            assert_eq!(trace.len(), length);
            let mails = |is_refused: bool, is_external: bool| {
                let of = |(step, refused): &(&Step, &bool)| {
                    step.kind == Kind::Request
                        && step.action == "send_email"
                        && **refused == is_refused
                        && step.is_external_mail() == is_external
                };
                trace.iter().zip(&verdicts).filter(of).count()
            };
            assert!(mails(true, true) >= 2, "mails that are refused, of {length} events");
            assert!(mails(false, true) >= 2, "external mails before the page, of {length} events");
            assert!(mails(false, false) >= 2, "internal mails, of {length} events");
            assert_eq!(mails(true, false), 0);
        }
    }

    #[test]
    fn the_reference_says_what_the_rule_says() {
        let request = |action, to| Step { seq: 0, kind: Kind::Request, action, param: ("to", to), call: 1 };
        let page = Step { seq: 0, kind: Kind::Response, action: "get_website", param: URL, call: 2 };
        let trace = [
            request("send_email", CUSTOMER),
            page,
            request("send_email", COLLEAGUE),
            request("send_email", LOOKALIKES[0]),
            request("send_email", CUSTOMER),
            request("read_file", ""),
        ];
        assert_eq!(reference(&trace), [false, false, false, true, true, false]);
    }
}
