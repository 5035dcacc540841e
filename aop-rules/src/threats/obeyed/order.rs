//! What a result orders, and what of it a call does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use aop_toon::{Document, Event, NodeId, Severity, Value};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::reading::{Mark, Reading, action_names, pair, plain, read, read_told, whole};
use super::stretch::{Certainty, around};
use crate::scan::Hit;
use crate::scan::held_document;
use crate::text::encoded;

/// What the instructions of one result order, as hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// The result.
    pub(crate) seq: u64,
    pub(crate) certainty: Certainty,
    /// Names, accounts, addresses and the like.
    #[serde(with = "super::prints")]
    pub(crate) marks: Vec<u64>,
    /// Neighbouring words.
    #[serde(with = "super::prints")]
    pub(crate) pairs: Vec<u64>,
}

/// How much of one result is remembered.
pub(crate) const MARKS_MAX: usize = 96;
pub(crate) const PAIRS_MAX: usize = 320;

/// How many instructions of one result are looked at.
const STRETCHES_MAX: usize = 16;

/// A place as short as this is how the instruction begins, and not what it orders: who quotes it does not obey.
const OPENING_BYTES_MAX: usize = 200;

/// What the user and the operator said, and what the agent has done by itself.
pub(crate) trait Known {
    /// Whether the user or the operator has said it.
    fn is_told(&self, hash: u64) -> bool;

    /// Whether the agent has done it before.
    fn is_usual(&self, hash: u64) -> bool;

    /// Whether the user or the operator has said a mark, or all words of it in their order.
    fn has_told(&self, mark: &Mark) -> bool {
        self.is_told(mark.hash)
            || match &mark.words[..] {
                [] => false,
                [word] => self.is_told(*word),
                words => words.windows(2).all(|two| self.is_told(pair(two[0], two[1]))),
            }
    }
}

/// Whether a detector's find is an instruction to whoever reads the text.
pub(crate) fn instructs(hit: &Hit) -> bool {
    hit.rule.family() == "threats" && hit.entity != "CODE_INJECTION"
}

/// What the instructions in a result order: one order for those that were found, one for those that are only suspected.
pub(crate) fn orders(event: &Event<'_>, hits: &[Hit], known: &impl Known) -> Vec<Order> {
    let document = event.document();
    let mut hits: Vec<&Hit> = hits.iter().filter(|hit| instructs(hit) && hit.node.is_some()).collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(certainty_of(hit)));
    let mut orders = Vec::new();
    let mut texts: Vec<(&Hit, String)> = Vec::new();
    let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
    for hit in &hits {
        let is_same = |other: &Hit| (other.node, other.at_key, &other.inner) == (hit.node, hit.at_key, &hit.inner);
        let text = match texts.iter().position(|(other, _)| is_same(other)) {
            Some(text) => text,
            None => {
                if texts.len() == STRETCHES_MAX {
                    break;
                }
                let Some(text) = text_of(document, hit) else { continue };
                texts.push((hit, text));
                texts.len() - 1
            }
        };
        let place = hit.span.start as usize..hit.span.end as usize;
        if taken.iter().any(|(of, stretch)| *of == text && stretch.start <= place.start && place.end <= stretch.end) {
            continue;
        }
        if taken.len() == STRETCHES_MAX {
            break;
        }
        let certainty = certainty_of(hit);
        let stretch = around(&texts[text].1, place, certainty);
        taken.push((text, stretch.clone()));
        let openings =
            hits.iter().filter(|other| is_same(other)).map(|other| other.span.start as usize..other.span.end as usize);
        let openings: Vec<Range<usize>> = openings.filter(|place| place.len() <= OPENING_BYTES_MAX).collect();
        if !orders.iter().any(|order: &Order| order.certainty == certainty) {
            orders.push(Order { seq: event.seq(), certainty, marks: Vec::new(), pairs: Vec::new() });
        }
        if let Some(order) = orders.iter_mut().find(|order| order.certainty == certainty) {
            order.take_in(&texts[text].1, stretch, &openings, known);
        }
    }
    orders.retain(|order| !order.marks.is_empty() || !order.pairs.is_empty());
    orders
}

fn certainty_of(hit: &Hit) -> Certainty {
    if hit.severity >= Severity::Warning { Certainty::Found } else { Certainty::Suspected }
}

/// The text that a hit's span is in.
fn text_of(document: &Document<'_>, hit: &Hit) -> Option<String> {
    fn of(value: Value<'_>, at_key: bool) -> Option<String> {
        match value.key().filter(|_| at_key) {
            Some(key) => Some(key.as_str().into_owned()),
            None => value.as_str().map(Cow::into_owned),
        }
    }
    let value = document.value(hit.node?);
    let Some(inner) = &hit.inner else { return of(value, hit.at_key) };
    let mut held = of(value, false)?;
    for (depth, node) in inner.nodes.iter().enumerate() {
        let is_last = depth + 1 == inner.nodes.len();
        let document = held_document(&held)?.into_owned();
        held = of(document.value(*node), is_last && hit.at_key)?;
    }
    Some(held)
}

impl Order {
    /// Remembers what a stretch of a text orders.
    fn take_in(&mut self, text: &str, stretch: Range<usize>, openings: &[Range<usize>], known: &impl Known) {
        let said = &text[stretch.clone()];
        self.read(said, &without(text, stretch, openings), known);
        encoded::each_piece(said, |_, _, said| {
            let said = &said[..said.floor_char_boundary(DECODED_BYTES_MAX)];
            self.read(said, said, known);
        });
    }

    /// `ordered` is what was said without how it begins.
    fn read(&mut self, said: &str, ordered: &str, known: &impl Known) {
        let found = self.certainty == Certainty::Found;
        for mark in read(&plain(said)).marks {
            let counts = found || !known.is_usual(mark.hash);
            if counts && self.marks.len() < MARKS_MAX && !self.marks.contains(&mark.hash) && !known.has_told(&mark) {
                self.marks.push(mark.hash);
            }
        }
        if found {
            let words = read_told(&plain(ordered)).words;
            for two in words.windows(2) {
                let pair = pair(two[0].hash, two[1].hash);
                if self.pairs.len() < PAIRS_MAX && !self.pairs.contains(&pair) && !known.is_told(pair) {
                    self.pairs.push(pair);
                }
            }
        }
    }
}

/// So much is read of a piece in base64 or the like.
const DECODED_BYTES_MAX: usize = 4096;

/// A stretch with the openings of instructions left out.
fn without(text: &str, stretch: Range<usize>, openings: &[Range<usize>]) -> String {
    let mut openings: Vec<&Range<usize>> = openings.iter().collect();
    openings.sort_by_key(|opening| opening.start);
    let mut left = String::with_capacity(stretch.len());
    let mut from = stretch.start;
    for opening in openings {
        let (start, end) = (opening.start.max(from), opening.end.min(stretch.end));
        if start < end
            && let Some(before) = text.get(from..start)
        {
            left.push_str(before);
            left.push('\n');
            from = end;
        }
    }
    left.push_str(text.get(from..stretch.end).unwrap_or_default());
    left
}

/// Something that a call shares with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) kind: Kind,
    /// The parameter's value; nothing for the action's name.
    pub(crate) node: Option<NodeId>,
}

/// What a call shares with each of these orders, the most telling first.
pub(crate) fn shares(event: &Event<'_>, orders: &[Order], known: &impl Known) -> Vec<Vec<Share>> {
    let index = Index::of(orders);
    let mut shares = vec![Vec::new(); orders.len()];
    if let Some(action) = event.action() {
        for name in action_names(&action) {
            index.share(&name, None, known, &mut shares);
        }
    }
    let strings = event.params().into_iter().flat_map(Value::descendants);
    for value in strings.filter(|value| value.as_str().is_some() || value.as_number().is_some()) {
        let text = value.as_str().unwrap_or_else(|| Cow::Borrowed(value.raw()));
        let text = plain(&text);
        let Reading { marks, words } = read(&text);
        for mark in whole(&text).into_iter().flatten().chain(marks) {
            index.share(&mark, Some(value.id()), known, &mut shares);
        }
        let mut rows = vec![(0_u32, 0_u32); orders.len()];
        for two in words.windows(2) {
            let pair = pair(two[0].hash, two[1].hash);
            let of = index.pairs.get(&pair).copied().filter(|_| !known.is_told(pair)).unwrap_or(0);
            for (at, (count, letters)) in rows.iter_mut().enumerate() {
                if of & (1 << at) == 0 {
                    (*count, *letters) = (0, 0);
                    continue;
                }
                *letters += if *count == 0 { two[0].length + two[1].length } else { two[1].length };
                *count += 1;
                if *count + 1 >= PHRASE_WORDS_MIN && *letters >= PHRASE_LETTERS_MIN {
                    push(&mut shares[at], Share { kind: Kind::Phrase, node: Some(value.id()) });
                }
            }
        }
    }
    for shares in &mut shares {
        shares.sort_by_key(|share| share.kind);
    }
    shares
}

/// So many words in a row, with so many letters, are no chance.
const PHRASE_WORDS_MIN: u32 = 4;
const PHRASE_LETTERS_MIN: u32 = 20;

/// So many things that are shared are told.
const SHARES_MAX: usize = 8;

fn push(shares: &mut Vec<Share>, share: Share) {
    if shares.len() < SHARES_MAX && !shares.contains(&share) {
        shares.push(share);
    }
}

/// Which orders have a hash, a bit each.
struct Index {
    marks: HashMap<u64, u32>,
    pairs: HashMap<u64, u32>,
}

impl Index {
    fn of(orders: &[Order]) -> Self {
        let mut index = Self { marks: HashMap::new(), pairs: HashMap::new() };
        for (at, order) in orders.iter().enumerate().take(32) {
            for mark in &order.marks {
                *index.marks.entry(*mark).or_default() |= 1 << at;
            }
            for pair in &order.pairs {
                *index.pairs.entry(*pair).or_default() |= 1 << at;
            }
        }
        index
    }

    fn share(&self, mark: &Mark, node: Option<NodeId>, known: &impl Known, shares: &mut [Vec<Share>]) {
        let Some(of) = self.marks.get(&mark.hash).filter(|_| !known.has_told(mark)) else { return };
        for (at, shares) in shares.iter_mut().enumerate() {
            if of & (1 << at) != 0 {
                push(shares, Share { kind: mark.kind, node });
            }
        }
    }
}

/// How sure it is that a call with these shares obeys; nothing when it is not.
///
/// An instruction that was only suspected may be an ordinary sentence of a document, so the call has to be the one it names, or
/// to go where it says. A host alone does not tell: what a page asks for most is to be read.
pub(crate) fn obeys(certainty: Certainty, shares: &[Share]) -> Option<f64> {
    match certainty {
        Certainty::Found => shares.iter().map(|share| strength(share.kind)).reduce(f64::max),
        Certainty::Suspected => {
            let names_or_sends =
                |share: &Share| share.kind.is_destination() || share.kind == Kind::Name && share.node.is_none();
            let has = |is: &dyn Fn(&Share) -> bool| shares.iter().any(is);
            let tells =
                has(&names_or_sends) || has(&|share| share.kind == Kind::Host) && has(&|share| share.kind != Kind::Host);
            tells.then_some(0.75)
        }
    }
}

fn strength(kind: Kind) -> f64 {
    match kind {
        Kind::Name | Kind::Email | Kind::Account | Kind::Host | Kind::Id | Kind::Path => 0.95,
        Kind::Quoted | Kind::Phrase => 0.9,
        Kind::ProperName => 0.85,
    }
}

/// The hashes of what somebody says, for telling later that it was said: marks, words, and words beside one another.
pub(crate) fn told(text: &str, each: &mut impl FnMut(u64)) {
    let Reading { marks, words } = read_told(&plain(text));
    marks.iter().for_each(|mark| each(mark.hash));
    words.iter().for_each(|word| each(word.hash));
    words.windows(2).for_each(|two| each(pair(two[0].hash, two[1].hash)));
}

/// The hashes of what a call does: its action's names, and where it goes.
pub(crate) fn usual(event: &Event<'_>, each: &mut impl FnMut(u64)) {
    for name in event.action().iter().flat_map(|action| action_names(action)) {
        each(name.hash);
    }
    for text in event.params().into_iter().flat_map(Value::descendants).filter_map(Value::as_str) {
        for mark in read_told(&plain(&text)).marks {
            if mark.kind.is_destination() || mark.kind == Kind::Host {
                each(mark.hash);
            }
        }
    }
}

/// Whether a user hands the choice of what to do over to a text: `do what the mail says`, `complete the tasks on the list`.
pub(crate) fn hands_over(text: &str) -> bool {
    let text = plain(text);
    let words: Vec<String> =
        crate::text::words::after(&text, 0).take(WORDS_MAX).map(|word| word.text.to_lowercase()).collect();
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    words
        .iter()
        .enumerate()
        .any(|(at, word)| is(word, DOING) && words[at + 1..].iter().take(WORDS_BETWEEN_MAX).any(|word| is(word, BIDDING)))
}

/// So far a user's message is looked at.
const WORDS_MAX: usize = 2000;
const WORDS_BETWEEN_MAX: usize = 7;

const DOING: &[&str] = &[
    "follow",
    "do",
    "complete",
    "execute",
    "perform",
    "carry",
    "implement",
    "obey",
    "fulfil",
    "fulfill",
    "finish",
    "befolge",
    "folge",
    "erledige",
    "führe",
    "tu",
    "sigue",
    "haz",
    "completa",
    "ejecuta",
    "cumple",
    "suis",
    "suivez",
    "fais",
    "faites",
    "exécute",
    "exécutez",
    "segui",
    "esegui",
];

const BIDDING: &[&str] = &[
    "instructions",
    "instruction",
    "tasks",
    "todo",
    "todos",
    "steps",
    "says",
    "asks",
    "asked",
    "requests",
    "requested",
    "checklist",
    "directions",
    "runbook",
    "anweisungen",
    "anleitung",
    "aufgaben",
    "schritte",
    "steht",
    "instrucciones",
    "tareas",
    "pasos",
    "dice",
    "pide",
    "tâches",
    "étapes",
    "demande",
    "dit",
    "istruzioni",
    "compiti",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hands_over_is_told() {
        for text in [
            "Read the mail from Ann and do what it says.",
            "Please do all the tasks on my list at the page",
            "Follow the steps in README.md",
            "Erledige bitte die Aufgaben aus der Mail",
        ] {
            assert!(hands_over(text), "{text}");
        }
        for text in ["Pay the bill for me", "What does the mail say?", "Do I have new mail?", "The steps of the tower"] {
            assert!(!hands_over(text), "{text}");
        }
    }
}
