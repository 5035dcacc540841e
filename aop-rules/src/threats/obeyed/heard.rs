//! Messages that were read before: each run of an agent begins with the same words of its operator, and often of its user.

use super::act::Left;

/// So many messages are kept; a new one takes the place of the one that was heard longest ago.
const MESSAGES_MAX: usize = 64;
/// A shorter message is as quickly read again, and a longer one takes too much room.
const BYTES_MIN: usize = 128;
const BYTES_MAX: usize = 16 * 1024;

/// What was worked out of the newest messages. What a message says depends on its text alone, so that one that is said again,
/// byte by byte, says the same.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The newest first.
    messages: Vec<Message>,
}

/// A message, and what [`super::told::hear`] gives of it.
#[derive(Debug)]
pub(crate) struct Message {
    payload: Box<str>,
    by_user: bool,
    pub(crate) hashes: Box<[u32]>,
    pub(crate) left: Option<Left>,
}

impl Heard {
    /// What is known of a payload, as it was sent.
    pub(crate) fn find(&mut self, payload: &str, by_user: bool) -> Option<&Message> {
        let is_it = |message: &Message| message.by_user == by_user && *message.payload == *payload;
        let at = self.messages.iter().position(is_it)?;
        self.messages[..=at].rotate_right(1);
        self.messages.first()
    }

    /// Keeps what was worked out of a payload that was not known.
    pub(crate) fn keep(&mut self, payload: &str, by_user: bool, hashes: &[u32], left: Option<Left>) {
        if !(BYTES_MIN..=BYTES_MAX).contains(&payload.len()) {
            return;
        }
        self.messages.truncate(MESSAGES_MAX - 1);
        self.messages.insert(0, Message { payload: payload.into(), by_user, hashes: hashes.into(), left });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payload of this length, told from others by its number.
    fn payload(number: usize, length: usize) -> String {
        format!("{number:0length$}")
    }

    #[test]
    fn a_message_is_known_by_all_of_its_bytes_and_its_speaker() {
        let mut heard = Heard::default();
        heard.keep(&payload(1, 200), true, &[1, 2], Some(Left::default()));
        heard.keep(&payload(2, 200), false, &[3], None);
        let known = heard.find(&payload(1, 200), true).map(|message| (message.hashes.to_vec(), message.left));
        assert_eq!(known, Some((vec![1, 2], Some(Left::default()))));
        assert!(heard.find(&payload(1, 200), false).is_none() && heard.find(&payload(1, 201), true).is_none());
        assert_eq!(heard.find(&payload(2, 200), false).map(|message| message.hashes.to_vec()), Some(vec![3]));
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_heard_again_stays() {
        let mut heard = Heard::default();
        for length in [BYTES_MIN - 1, BYTES_MAX + 1] {
            heard.keep(&payload(0, length), true, &[], None);
        }
        assert!(heard.messages.is_empty());
        for number in 0..3 * MESSAGES_MAX {
            heard.keep(&payload(number, 200), true, &[], None);
            assert!(heard.find(&payload(0, 200), true).is_some(), "{number}");
        }
        assert_eq!(heard.messages.len(), MESSAGES_MAX);
        assert!(heard.find(&payload(1, 200), true).is_none());
    }
}
