//! What is known of a run besides its orders: what was said, whom somebody named, and what the agent does anyway.

use aop_toon::{Event, Value};

use super::act::{sends, stems};
use super::kind::Kind;
use super::reading::{Reading, action_names, pair, plain, read_told};

/// The hashes of what somebody says, for telling later that it was said: marks, words, and words beside one another.
pub(crate) fn told(text: &str, each: &mut impl FnMut(u64)) {
    let Reading { marks, words } = read_told(&plain(text));
    marks.iter().for_each(|mark| each(mark.hash));
    words.iter().for_each(|word| each(word.hash));
    words.windows(2).for_each(|two| each(pair(two[0].hash, two[1].hash)));
    stems(text, each);
}

/// Whether a text names somebody whom something may be sent to.
pub(crate) fn names_receiver(text: &str) -> bool {
    read_told(&plain(text)).marks.iter().any(|mark| mark.kind.is_destination())
}

/// The hashes of what a call does: its action's names, and where it goes. A call that looks somebody up sends him nothing, and
/// whoever runs a command may do anything with the addresses in it: those make no address usual.
pub(crate) fn usual(event: &Event<'_>, each: &mut impl FnMut(u64)) {
    let action = event.action().unwrap_or_default();
    for name in event.action().iter().flat_map(|action| action_names(action)) {
        each(name.hash);
    }
    let is_sent = sends(&action);
    for text in event.params().into_iter().flat_map(Value::descendants).filter_map(Value::as_str) {
        for mark in read_told(&plain(&text)).marks {
            if is_sent && mark.kind.is_destination() || mark.kind == Kind::Host {
                each(mark.hash);
            }
        }
    }
}
