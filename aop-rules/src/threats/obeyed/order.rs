//! What a result orders, and what of it a call does.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use aop_toon::{Document, Event, NodeId, Severity, Value};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::reading::{Mark, Reading, Word, action_names, called, pair, plain, read, read_told, whole};
use super::stretch::{Certainty, Stretch, around};
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
    /// How the instructions begin: who quotes that does not obey.
    #[serde(with = "super::prints")]
    pub(crate) openings: Vec<u64>,
}

/// How much of one result is remembered.
pub(crate) const MARKS_MAX: usize = 96;
pub(crate) const PAIRS_MAX: usize = 320;

/// How many instructions of one result and one certainty are looked at: the first and the last ones.
const STRETCHES_MAX: usize = 16;

/// A place as short as this is how the instruction begins, and not what it orders.
const OPENING_BYTES_MAX: usize = 200;

/// An opening is told by so many words from its beginning on.
const OPENING_WORDS: usize = 3;
const OPENINGS_MAX: usize = 16;

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
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.severity));
    let mut texts: Vec<(&Hit, String)> = Vec::new();
    let mut all: Vec<(usize, &Hit, Stretch)> = Vec::new();
    let mut orders = Vec::new();
    for certainty in [Certainty::Sure, Certainty::Likely, Certainty::Suspected] {
        let mut left: VecDeque<&Hit> = hits.iter().copied().filter(|hit| certainty_of(hit) == certainty).collect();
        let mut taken: Vec<(usize, &Hit, Stretch)> = Vec::new();
        // The first ones, and the last ones: who puts many before the one that counts does not hide it.
        while taken.len() < STRETCHES_MAX
            && let Some(hit) = if taken.len() < STRETCHES_MAX / 2 { left.pop_front() } else { left.pop_back() }
        {
            let text = match texts.iter().position(|(other, _)| is_same_text(other, hit)) {
                Some(text) => text,
                None => {
                    let Some(text) = text_of(document, hit) else { continue };
                    texts.push((hit, text));
                    texts.len() - 1
                }
            };
            let place = place_of(hit);
            let is_in = |own: &Range<usize>| own.start <= place.start && place.end <= own.end;
            let is_read = all.iter().chain(&taken).any(|(of, _, stretch)| *of == text && is_in(&stretch.own));
            if !is_read {
                taken.push((text, hit, around(&texts[text].1, place, certainty)));
            }
        }
        all.extend(taken);
    }
    for certainty in [Certainty::Sure, Certainty::Likely, Certainty::Suspected] {
        let taken = all.iter().filter(|(_, hit, _)| certainty_of(hit) == certainty).map(|(text, hit, stretch)| {
            let places = hits.iter().filter(|other| is_same_text(other, hit)).map(|other| place_of(other));
            let openings = places.filter(|place| place.len() <= OPENING_BYTES_MAX).collect();
            Taken { text: &texts[*text].1, stretch, openings }
        });
        let mut order = Order::new(event.seq(), certainty);
        order.take_in_all(&taken.collect::<Vec<_>>(), known);
        orders.push(order);
    }
    orders.retain(|order| !order.marks.is_empty() || !order.pairs.is_empty());
    orders
}

/// A stretch of a text that is read, and where the text's instructions begin.
struct Taken<'t> {
    text: &'t str,
    stretch: &'t Stretch,
    openings: Vec<Range<usize>>,
}

/// Up to how many hashes an order may grow.
#[derive(Clone, Copy)]
struct Room {
    marks: usize,
    pairs: usize,
}

fn is_same_text(one: &Hit, other: &Hit) -> bool {
    (one.node, one.at_key, &one.inner) == (other.node, other.at_key, &other.inner)
}

fn place_of(hit: &Hit) -> Range<usize> {
    hit.span.start as usize..hit.span.end as usize
}

fn certainty_of(hit: &Hit) -> Certainty {
    match hit.severity {
        Severity::Info => Certainty::Suspected,
        Severity::Warning => Certainty::Likely,
        Severity::Error | Severity::Critical => Certainty::Sure,
    }
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
    pub(crate) fn new(seq: u64, certainty: Certainty) -> Self {
        Self { seq, certainty, marks: Vec::new(), pairs: Vec::new(), openings: Vec::new() }
    }

    /// Whether no more is remembered of it than [`orders`] takes in.
    pub(crate) fn is_bounded(&self) -> bool {
        self.marks.len() <= MARKS_MAX && self.pairs.len() <= PAIRS_MAX && self.openings.len() <= OPENINGS_MAX
    }

    /// Remembers what the stretches of a result order. Each has a share of the room for itself, so that none takes it from the
    /// others; what they leave is for those that need more.
    fn take_in_all(&mut self, taken: &[Taken<'_>], known: &impl Known) {
        let shares = taken.len().max(1);
        for taken in taken {
            self.take_openings(taken);
            let room = Room {
                marks: MARKS_MAX.min(self.marks.len() + MARKS_MAX / shares),
                pairs: PAIRS_MAX.min(self.pairs.len() + PAIRS_MAX / shares),
            };
            self.take_in(taken, room, known);
        }
        if taken.len() > 1 {
            for taken in taken {
                self.take_in(taken, Room { marks: MARKS_MAX, pairs: PAIRS_MAX }, known);
            }
        }
    }

    fn take_openings(&mut self, Taken { text, stretch, openings }: &Taken<'_>) {
        for opening in openings.iter().filter(|opening| stretch.own.start <= opening.start && opening.end <= stretch.own.end)
        {
            let behind = text.get(opening.start..stretch.own.end).unwrap_or_default();
            let words = read_told(&plain(&behind[..behind.floor_char_boundary(OPENING_BYTES_MAX)])).words;
            if let Some(opening) = openings_in(&words).next().filter(|_| self.openings.len() < OPENINGS_MAX) {
                self.openings.push(opening);
            }
        }
    }

    /// Remembers what a stretch of a text orders.
    fn take_in(&mut self, Taken { text, stretch, openings }: &Taken<'_>, room: Room, known: &impl Known) {
        let own = &text[stretch.own.clone()];
        let of_value = &text[stretch.own.start..stretch.value_end.max(stretch.own.start)];
        let goes_somewhere = self.mark(own, room, known, |kind| !kind.is_words());
        if !goes_somewhere {
            self.mark(&text[stretch.before.clone()], room, known, Kind::is_whereto);
        }
        self.mark(of_value, room, known, Kind::is_words);
        self.pair(&without(text, stretch.own.start..stretch.value_end, openings), room, known);
        encoded::each_piece(own, |_, _, said| {
            let said = &said[..said.floor_char_boundary(DECODED_BYTES_MAX)];
            self.mark(said, room, known, |_| true);
            self.pair(said, room, known);
        });
    }

    /// Remembers the marks of some kinds. Whether there is anything among them that an order is about.
    fn mark(&mut self, text: &str, room: Room, known: &impl Known, is_meant: impl Fn(Kind) -> bool) -> bool {
        let mut is_about = false;
        for mark in read(&plain(text)).marks.into_iter().filter(|mark| is_meant(mark.kind)) {
            // What the agent does anyhow needs no order; what overrides its orders may ask for more of it.
            let is_new = self.certainty == Certainty::Sure || !known.is_usual(mark.hash);
            if is_new && self.marks.len() < room.marks && !self.marks.contains(&mark.hash) && !known.has_told(&mark) {
                self.marks.push(mark.hash);
            }
            is_about |= mark.kind.is_whereto();
        }
        is_about
    }

    /// Remembers neighbouring words, unless the instruction is only suspected.
    fn pair(&mut self, text: &str, room: Room, known: &impl Known) {
        if self.certainty == Certainty::Suspected {
            return;
        }
        for two in read_told(&plain(text)).words.windows(2) {
            let pair = pair(two[0].hash, two[1].hash);
            if self.pairs.len() < room.pairs && !self.pairs.contains(&pair) && !known.is_told(pair) {
                self.pairs.push(pair);
            }
        }
    }
}

/// The hashes of as many words as tell an opening, from each word on.
fn openings_in(words: &[Word]) -> impl Iterator<Item = u64> {
    words.windows(OPENING_WORDS).map(|words| words.iter().fold(0, |hash, word| pair(hash, word.hash)))
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
            index.share(&name, Kind::Name, None, known, &mut shares);
        }
    }
    let strings = event.params().into_iter().flat_map(Value::descendants);
    for value in strings.filter(|value| value.as_str().is_some() || value.as_number().is_some()) {
        let text = value.as_str().unwrap_or_else(|| Cow::Borrowed(value.raw()));
        let text = plain(&text);
        let Reading { marks, words } = read(&text);
        let quoted =
            openings_in(&words).filter_map(|opening| index.openings.get(&opening)).fold(0, |quoted, of| quoted | of);
        let before: Vec<usize> = shares.iter().map(Vec::len).collect();
        for mark in called(&text) {
            index.share(&mark, Kind::Called, Some(value.id()), known, &mut shares);
        }
        for mark in whole(&text).into_iter().flatten().chain(marks) {
            index.share(&mark, mark.kind, Some(value.id()), known, &mut shares);
        }
        let mut rows = vec![(0_u32, 0_u32); orders.len().min(32)];
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
        for (at, shares) in shares.iter_mut().enumerate().take(32).filter(|(at, _)| quoted & (1 << at) != 0) {
            shares.truncate(before[at]);
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
    openings: HashMap<u64, u32>,
}

impl Index {
    fn of(orders: &[Order]) -> Self {
        let of = |list: fn(&Order) -> &[u64]| {
            let mut bits = HashMap::new();
            for (at, order) in orders.iter().enumerate().take(32) {
                list(order).iter().for_each(|hash| *bits.entry(*hash).or_default() |= 1_u32 << at);
            }
            bits
        };
        Self { marks: of(|order| &order.marks), pairs: of(|order| &order.pairs), openings: of(|order| &order.openings) }
    }

    fn share(&self, mark: &Mark, kind: Kind, node: Option<NodeId>, known: &impl Known, shares: &mut [Vec<Share>]) {
        let Some(of) = self.marks.get(&mark.hash).filter(|_| !known.has_told(mark)) else { return };
        // A bit is of one of the first 32 orders; a state that was written by nobody may hold more.
        for (at, shares) in shares.iter_mut().enumerate().take(32) {
            if of & (1 << at) != 0 {
                push(shares, Share { kind, node });
            }
        }
    }
}

/// How sure it is that a call with these shares obeys; nothing when it is not.
///
/// What only seems to be an instruction may be an ordinary sentence of a document, whose words a call may well repeat: the call has
/// to be the one it names, or to go where it says, or to share two things. Of a suspicion a host alone does not tell: what a page
/// asks for most is to be read.
pub(crate) fn obeys(certainty: Certainty, shares: &[Share]) -> Option<f64> {
    let has = |is: &dyn Fn(&Share) -> bool| shares.iter().any(is);
    let names_or_sends = |share: &Share| {
        share.kind.is_destination() || share.kind == Kind::Called || share.kind == Kind::Name && share.node.is_none()
    };
    let has_host_and_more = has(&|share| share.kind == Kind::Host) && has(&|share| share.kind != Kind::Host);
    match certainty {
        Certainty::Sure => shares.iter().map(|share| strength(share.kind)).reduce(f64::max),
        Certainty::Likely => {
            let differ = shares.iter().any(|share| share.kind != shares[0].kind);
            let has_two = differ && has(&|share| !share.kind.is_words());
            (has(&names_or_sends) || has(&|share| share.kind == Kind::Host) || has_two).then_some(0.8)
        }
        Certainty::Suspected => (has(&names_or_sends) || has_host_and_more).then_some(0.75),
    }
}

fn strength(kind: Kind) -> f64 {
    match kind {
        Kind::Name | Kind::Called | Kind::Email | Kind::Account | Kind::Host | Kind::Id | Kind::Path => 0.95,
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

/// Whether a user hands the choice of what to do over to a text: `do what the mail says`, `complete the tasks on the list`,
/// `pay this bill`, which names the payee.
pub(crate) fn hands_over(text: &str) -> bool {
    let text = plain(text);
    let words: Vec<String> =
        crate::text::words::after(&text, 0).take(WORDS_MAX).map(|word| word.text.to_lowercase()).collect();
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    words.iter().enumerate().any(|(at, word)| {
        let is_near = |list: &[&str]| words[at + 1..].iter().take(WORDS_BETWEEN_MAX).any(|word| is(word, list));
        (is(word, DOING) && is_near(BIDDING)) || (is(word, PAYING) && is_near(BILLS))
    })
}

const PAYING: &[&str] = &[
    "pay",
    "settle",
    "zahle",
    "bezahle",
    "begleiche",
    "paga",
    "pague",
    "paie",
    "payez",
    "règle",
    "betaal",
    "zapłać",
    "оплати",
];

const BILLS: &[&str] = &[
    "bill",
    "bills",
    "invoice",
    "invoices",
    "rechnung",
    "rechnungen",
    "factura",
    "facturas",
    "fatura",
    "facture",
    "factures",
    "fattura",
    "factuur",
    "rachunek",
    "fakturę",
    "счет",
    "счёт",
];

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
            "Pay the bill for me",
        ] {
            assert!(hands_over(text), "{text}");
        }
        for text in
            ["Pay Ann back for the tickets", "What does the mail say?", "Do I have new mail?", "The steps of the tower"]
        {
            assert!(!hands_over(text), "{text}");
        }
    }
}
