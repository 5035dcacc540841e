//! The words that attacks are told by, in classes: what a word does in a sentence, whatever the word.
//!
//! A recognizer is written over classes, so a new word is one row here.

use std::ops::BitOr;

use crate::text::words::Word;

/// What a word can do in a sentence: a set of the classes below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u32);

/// Says that something came before, or belongs to the reader.
pub(super) const BEFORE: Class = Class(1 << 0);
/// Points back without a noun: `everything above`.
pub(super) const PLACE: Class = Class(1 << 1);
/// All of it.
pub(super) const ALL: Class = Class(1 << 2);
/// Stands for all that was said, right before a [`PLACE`].
pub(super) const THING: Class = Class(1 << 3);
/// What an operator gives to the reader.
pub(super) const ORDER: Class = Class(1 << 4);
/// The same, in words that much else goes by: they need a [`BEFORE`].
pub(super) const LIMIT: Class = Class(1 << 5);
/// What people write to one another every day (`please ignore my previous message`): it has to be all of it, from before.
pub(super) const SAID: Class = Class(1 << 6);
/// How the reader came by it.
pub(super) const GIVEN: Class = Class(1 << 7);
/// Speaks to the reader.
pub(super) const READER: Class = Class(1 << 8);
/// Somebody else who does it, or the writer himself.
pub(super) const REPORT: Class = Class(1 << 9);
/// Opens a command.
pub(super) const OPENING: Class = Class(1 << 10);
/// Goes on with what to do instead.
pub(super) const GOES_ON: Class = Class(1 << 11);
/// Turns what follows into its opposite.
pub(super) const DENIAL: Class = Class(1 << 12);
/// Does the same before `'t`.
pub(super) const CONTRACTED: Class = Class(1 << 13);
/// Forms of to be.
pub(super) const BE: Class = Class(1 << 14);
/// Asks to say something.
pub(super) const SAY: Class = Class(1 << 15);
/// Asks what something is.
pub(super) const ASK: Class = Class(1 << 16);
/// Makes a prompt the reader's own.
pub(super) const OWN: Class = Class(1 << 17);
/// Is about doing what a prompt says, not about saying it.
pub(super) const OBEY: Class = Class(1 << 18);
/// The article.
pub(super) const THE: Class = Class(1 << 19);

impl BitOr for Class {
    type Output = Class;

    fn bitor(self, other: Class) -> Class {
        self.or(other)
    }
}

impl Class {
    /// No class at all.
    pub(super) const NONE: Class = Class(0);

    /// Both sets in one.
    const fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    /// Whether one class at least is in both.
    pub(super) fn is(self, any: Class) -> bool {
        self.0 & any.0 != 0
    }
}

/// The classes of a word.
pub(super) fn class_of(word: &Word<'_>) -> Class {
    let text = word.text.as_bytes();
    let Some(letter) = text.first().map(|first| first.to_ascii_lowercase()).filter(u8::is_ascii_lowercase) else {
        return Class::NONE;
    };
    let place = usize::from(letter - b'a');
    let rows = &LEXICON[STARTS[place]..STARTS[place + 1]];
    let known = rows.iter().find(|(known, _)| text.eq_ignore_ascii_case(known.as_bytes())).map(|(_, class)| *class);
    // Attackers know that readers forgive a slip of the pen.
    known.unwrap_or_else(|| if is_nearly(text, b"instructions") { ORDER } else { Class::NONE })
}

/// Whether a text is a word but for one letter that is added, left out or another.
fn is_nearly(text: &[u8], word: &[u8]) -> bool {
    if text.len().abs_diff(word.len()) > 1 {
        return false;
    }
    let same = |(left, right): &(&u8, &u8)| left.eq_ignore_ascii_case(right);
    let head = text.iter().zip(word).take_while(same).count();
    let rest = text.len().min(word.len()) - head;
    let tail = text.iter().rev().zip(word.iter().rev()).take(rest).take_while(same).count();
    head + tail + 1 >= text.len().max(word.len())
}

/// Where each letter's rows begin.
static STARTS: [usize; 27] = {
    let mut starts = [0; 27];
    let mut row = 0;
    let mut letter = 0;
    while letter < 26 {
        starts[letter] = row;
        while row < LEXICON.len() && LEXICON[row].0.as_bytes()[0] == b'a' + letter as u8 {
            row += 1;
        }
        letter += 1;
    }
    starts[26] = row;
    starts
};

/// Sorted, in lower case.
#[rustfmt::skip]
const LEXICON: &[(&str, Class)] = &[
    ("above", BEFORE.or(PLACE)),
    ("according", OBEY),
    ("aforementioned", BEFORE),
    ("all", ALL.or(THING)),
    ("and", OPENING.or(GOES_ON)),
    ("any", ALL),
    ("anything", ALL.or(THING)),
    ("are", BE),
    ("assignment", LIMIT),
    ("assignments", ORDER),
    ("be", BE),
    ("before", BEFORE.or(PLACE)),
    ("but", OPENING),
    ("by", OBEY),
    ("can", CONTRACTED),
    ("cannot", DENIAL),
    ("command", ORDER),
    ("commands", ORDER),
    ("confidential", OWN),
    ("configuration", SAID),
    ("constraints", LIMIT),
    ("content", SAID),
    ("context", LIMIT),
    ("conversation", SAID),
    ("conversations", SAID),
    ("copy", SAY),
    ("couldn", CONTRACTED),
    ("developer", BEFORE.or(OWN)),
    ("didn", CONTRACTED),
    ("directions", ORDER),
    ("directive", ORDER),
    ("directives", ORDER),
    ("disclose", SAY),
    ("discussion", SAID),
    ("discussions", SAID),
    ("display", SAY),
    ("doesn", CONTRACTED),
    ("don", CONTRACTED),
    ("dont", DENIAL),
    ("dump", SAY),
    ("each", ALL),
    ("earlier", BEFORE.or(PLACE)),
    ("echo", SAY),
    ("encode", SAY),
    ("every", ALL),
    ("everything", ALL.or(THING)),
    ("existing", BEFORE),
    ("expose", SAY),
    ("filters", LIMIT),
    ("first", OPENING),
    ("follow", OBEY),
    ("following", OBEY),
    ("for", OBEY),
    ("foregoing", BEFORE.or(PLACE)),
    ("former", BEFORE),
    ("full", OWN),
    ("give", SAY),
    ("given", GIVEN),
    ("got", GIVEN),
    ("guideline", ORDER),
    ("guidelines", ORDER),
    ("he", REPORT),
    ("hidden", OWN),
    ("i", REPORT),
    ("information", SAID),
    ("initial", BEFORE.or(OWN)),
    ("input", SAID),
    ("inputs", SAID),
    ("instead", GOES_ON),
    ("instructed", GIVEN),
    ("instruction", ORDER),
    ("instructions", ORDER),
    ("internal", OWN),
    ("is", BE),
    ("just", OPENING),
    ("leak", SAY),
    ("learned", GIVEN),
    ("limitations", LIMIT),
    ("list", SAY),
    ("mentioned", THING),
    ("message", SAID),
    ("messages", SAID),
    ("moderation", LIMIT),
    ("mustn", CONTRACTED),
    ("never", DENIAL),
    ("not", DENIAL),
    ("now", OPENING),
    ("ok", OPENING),
    ("okay", OPENING),
    ("order", SAID),
    ("orders", ORDER),
    ("original", BEFORE.or(OWN)),
    ("output", SAY),
    ("past", BEFORE),
    ("paste", SAY),
    ("people", REPORT),
    ("per", OBEY),
    ("please", OPENING),
    ("policies", LIMIT),
    ("policy", LIMIT),
    ("precedent", BEFORE),
    ("preceding", BEFORE),
    ("previous", BEFORE.or(OWN)),
    ("previously", BEFORE.or(PLACE)),
    ("print", SAY),
    ("prior", BEFORE),
    ("programming", ORDER),
    ("prompt", ORDER),
    ("prompts", ORDER),
    ("provide", SAY),
    ("provided", GIVEN),
    ("quote", SAY),
    ("received", GIVEN),
    ("recite", SAY),
    ("repeat", SAY),
    ("reproduce", SAY),
    ("requests", SAID),
    ("restrictions", LIMIT),
    ("return", SAY),
    ("reveal", SAY),
    ("rule", LIMIT),
    ("rules", LIMIT),
    ("safeguards", LIMIT),
    ("said", GIVEN),
    ("say", SAY),
    ("secret", OWN),
    ("send", SAY),
    ("settings", SAID),
    ("share", SAY),
    ("she", REPORT),
    ("shouldn", CONTRACTED),
    ("show", SAY),
    ("so", OPENING),
    ("spell", SAY),
    ("starting", OWN),
    ("stated", THING),
    ("statements", SAID),
    ("summarise", SAY),
    ("summarize", SAY),
    ("system", BEFORE.or(OWN)),
    ("task", LIMIT),
    ("tasks", LIMIT),
    ("taught", GIVEN),
    ("tell", SAY),
    ("text", THING.or(SAID)),
    ("that", REPORT),
    ("the", THE),
    ("then", OPENING),
    ("they", REPORT),
    ("told", GIVEN),
    ("training", LIMIT),
    ("translate", SAY),
    ("type", SAY),
    ("users", REPORT),
    ("using", OBEY),
    ("we", REPORT),
    ("what", ASK),
    ("whatever", ALL.or(THING)),
    ("which", REPORT.or(ASK)),
    ("who", REPORT),
    ("with", OBEY),
    ("without", DENIAL),
    ("won", CONTRACTED),
    ("wouldn", CONTRACTED),
    ("write", SAY),
    ("written", THING),
    ("you", READER),
    ("your", BEFORE.or(READER).or(OWN)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn the_rows_are_sorted_and_all_reached() {
        assert!(LEXICON.is_sorted_by(|left, right| left.0 < right.0));
        assert_eq!(STARTS[26], LEXICON.len());
    }

    #[track_caller]
    fn check(word: &str, class: Class, expected: bool) {
        let word = words::after(word, 0).next().expect("it is a word");
        assert_eq!(class_of(&word).is(class), expected, "{}", word.text);
    }

    #[test]
    fn words_have_their_classes() {
        check("ABOVE", BEFORE, true);
        check("above", PLACE, true);
        check("above", ORDER, false);
        check("zebra", BEFORE | ORDER, false);
        check("istructions", ORDER, true);
        check("instructionss", ORDER, true);
        check("instrucshons", ORDER, false);
        check("Übung", ORDER, false);
    }
}
