//! Takes a batch's body apart into its events' bytes, without reading the events themselves.
//!
//! Only strings and brackets are followed, so an event with a fault of its own is still cut out whole and gets an answer
//! of its own; each piece is parsed strictly afterwards.

use std::ops::Range;

use memchr::{memchr_iter, memchr2};

/// How a batch's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `{"events":[…]}` or `[…]`.
    Json,
    /// One event a line.
    Lines,
}

/// Where the body is not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {message}")]
pub(crate) struct SplitError {
    offset: usize,
    message: &'static str,
}

/// The places of the events in `body`.
pub(crate) fn split(body: &[u8], form: Form) -> Result<Vec<Range<usize>>, SplitError> {
    match form {
        Form::Json => Splitter { body, at: 0 }.batch(),
        Form::Lines => Ok(lines(body)),
    }
}

fn lines(body: &[u8]) -> Vec<Range<usize>> {
    let ends = memchr_iter(b'\n', body).chain([body.len()]);
    let mut start = 0;
    let mut events = Vec::new();
    for end in ends {
        let line = &body[start..end];
        if !line.trim_ascii().is_empty() {
            let skipped = line.len() - line.trim_ascii_start().len();
            events.push(start + skipped..start + skipped + line.trim_ascii().len());
        }
        start = end + 1;
    }
    events
}

struct Splitter<'b> {
    body: &'b [u8],
    at: usize,
}

impl Splitter<'_> {
    fn batch(mut self) -> Result<Vec<Range<usize>>, SplitError> {
        let events = match self.next_byte() {
            Some(b'[') => self.array()?,
            Some(b'{') => {
                self.at += 1;
                self.events_key()?;
                let events = self.array()?;
                self.expect(b'}', "a batch has the member \"events\" and no other")?;
                events
            }
            _ => return Err(self.error("a batch is {\"events\":[…]} or an array of events")),
        };
        match self.next_byte() {
            None => Ok(events),
            Some(_) => Err(self.error("something follows the batch")),
        }
    }

    fn events_key(&mut self) -> Result<(), SplitError> {
        const KEY: &[u8] = b"\"events\"";
        self.next_byte();
        if !self.body[self.at..].starts_with(KEY) {
            return Err(self.error("a batch has the member \"events\" and no other"));
        }
        self.at += KEY.len();
        self.expect(b':', "a colon is missing after \"events\"")?;
        match self.next_byte() {
            Some(b'[') => Ok(()),
            _ => Err(self.error("\"events\" is an array of events")),
        }
    }

    /// At the opening bracket: the pieces between the commas, to behind the closing one.
    fn array(&mut self) -> Result<Vec<Range<usize>>, SplitError> {
        self.at += 1;
        let mut events = Vec::new();
        if self.next_byte() == Some(b']') {
            self.at += 1;
            return Ok(events);
        }
        loop {
            self.next_byte();
            let start = self.at;
            self.skip_piece()?;
            let piece = self.body[start..self.at].trim_ascii_end();
            if piece.is_empty() {
                return Err(self.error("an event is missing here"));
            }
            events.push(start..start + piece.len());
            self.at += 1;
            if self.body[self.at - 1] == b']' {
                return Ok(events);
            }
        }
    }

    /// Goes on to the comma or bracket that ends this element of the array.
    fn skip_piece(&mut self) -> Result<(), SplitError> {
        let mut depth = 0usize;
        while let Some(byte) = self.body.get(self.at) {
            match byte {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b',' | b']' if depth == 0 => return Ok(()),
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or_else(|| self.error("this closes nothing"))?;
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.error("the batch ends before its array does"))
    }

    fn skip_string(&mut self) -> Result<(), SplitError> {
        self.at += 1;
        loop {
            let rest = self.body.get(self.at..).unwrap_or_default();
            match memchr2(b'"', b'\\', rest) {
                Some(found) if rest[found] == b'"' => {
                    self.at += found + 1;
                    return Ok(());
                }
                Some(found) => self.at += found + 2,
                None => return Err(self.error("a string does not end")),
            }
        }
    }

    fn next_byte(&mut self) -> Option<u8> {
        while let Some(byte) = self.body.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn expect(&mut self, byte: u8, message: &'static str) -> Result<(), SplitError> {
        if self.next_byte() != Some(byte) {
            return Err(self.error(message));
        }
        self.at += 1;
        Ok(())
    }

    fn error(&self, message: &'static str) -> SplitError {
        SplitError { offset: self.at.min(self.body.len()), message }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Form, split};

    fn check(body: &str, expected: &[&str]) {
        let ranges = split(body.as_bytes(), Form::Json).unwrap();
        let pieces: Vec<&str> = ranges.into_iter().map(|range| &body[range]).collect();
        assert_eq!(pieces, expected, "{body}");
    }

    fn check_error(body: &str, expected: &str) {
        assert_eq!(split(body.as_bytes(), Form::Json).unwrap_err().to_string(), expected, "{body}");
    }

    #[test]
    fn both_forms_give_the_pieces_between_the_commas() {
        check("[]", &[]);
        check(" { \"events\" : [ ] } ", &[]);
        check("[{\"a\":[1,2]} ,\n {\"b\":\"],}\\\"\"}]", &["{\"a\":[1,2]}", "{\"b\":\"],}\\\"\"}"]);
        check("{\"events\":[1,nonsense,{}]}", &["1", "nonsense", "{}"]);
    }

    #[test]
    fn what_is_no_batch_is_said_with_its_place() {
        check_error("", "at byte 0: a batch is {\"events\":[…]} or an array of events");
        check_error("[1,]", "at byte 3: an event is missing here");
        check_error("[1", "at byte 2: the batch ends before its array does");
        check_error("[}]", "at byte 1: this closes nothing");
        check_error("[\"a]", "at byte 2: a string does not end");
        check_error("[1] 2", "at byte 4: something follows the batch");
        check_error("{\"event\":[]}", "at byte 1: a batch has the member \"events\" and no other");
        check_error("{\"events\":{}}", "at byte 10: \"events\" is an array of events");
        check_error("{\"events\":[],\"more\":1}", "at byte 12: a batch has the member \"events\" and no other");
    }

    #[test]
    fn lines_are_events_and_empty_ones_are_not() {
        let body = b"{\"a\":1}\r\n\n  {\"b\":2}";
        assert_eq!(split(body, Form::Lines).unwrap(), [0..7, 12..19]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(prop::sample::select(b"[]{},:\"\\ ae1\n".to_vec()), 0..60)) {
            for form in [Form::Json, Form::Lines] {
                if let Ok(ranges) = split(&body, form) {
                    prop_assert!(ranges.iter().all(|range| !body[range.clone()].is_empty()));
                }
            }
        }
    }
}
