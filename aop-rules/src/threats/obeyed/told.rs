//! What is known of a run besides its orders: what was said, whom somebody named, and what the agent does anyway.

use aop_toon::{Event, Value};

use super::act::{Left, Spoken, is_task, sends, stems};
use super::kind::Kind;
use super::pieces::names;
use super::reading::{Reading, pair, plain};

/// Buffers that are used again from event to event.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    reading: Reading,
    spoken: Vec<Spoken>,
    decoded: String,
}

/// What a message says: calls `each` with the hashes for telling later that it was said (marks, words, words beside one another,
/// stems). What a user leaves to a text in it; nothing where it asks for nothing.
pub(crate) fn hear(event: &Event<'_>, by_user: bool, buffers: &mut Buffers, mut each: impl FnMut(u64)) -> Option<Left> {
    let mut left = None;
    each_string(event.document().root().get("payload"), buffers, |text, Buffers { reading, spoken, .. }| {
        let plain = plain(text);
        reading.of_told(&plain);
        reading.marks.iter().for_each(|mark| each(mark.hash));
        reading.words.iter().for_each(|word| each(word.hash));
        reading.words.windows(2).for_each(|two| each(pair(two[0].hash, two[1].hash)));
        stems(text, &mut each);
        if by_user && is_task(&plain) {
            let names_receiver = reading.marks.iter().any(|mark| mark.kind.is_destination());
            left = Some(left.unwrap_or(Left::default()).and(Left::of(&plain, names_receiver, spoken)));
        }
    });
    left
}

/// The hashes of what a call does: its action's names, and where it goes. A call that looks somebody up sends him nothing, and
/// whoever runs a command may do anything with the addresses in it: those make no address usual.
pub(crate) fn usual(event: &Event<'_>, buffers: &mut Buffers, mut each: impl FnMut(u64)) {
    let action = event.action().unwrap_or_default();
    names(&plain(&action)).for_each(|name| each(name.hash));
    let is_sent = sends(&action);
    each_string(event.params(), buffers, |text, Buffers { reading, .. }| {
        reading.of_marks(&plain(text));
        for mark in &reading.marks {
            if is_sent && mark.kind.is_destination() || mark.kind == Kind::Host {
                each(mark.hash);
            }
        }
    });
}

/// Calls `each` with every string below a value.
fn each_string(value: Option<Value<'_>>, buffers: &mut Buffers, mut each: impl FnMut(&str, &mut Buffers)) {
    for value in value.into_iter().flat_map(Value::descendants) {
        let Some(content) = value.content().filter(|_| value.kind() == aop_toon::Kind::String) else { continue };
        if !value.is_escaped() {
            each(content, buffers);
            continue;
        }
        let mut decoded = std::mem::take(&mut buffers.decoded);
        decoded.clear();
        value.decode_into(&mut decoded);
        each(&decoded, buffers);
        buffers.decoded = decoded;
    }
}
