//! What a result orders, and what of it a call does.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use aop_toon::{Document, Event, EventType, NodeId, Severity, Status, Value};
use serde::{Deserialize, Serialize};

use super::ObeyedSettings;
use super::act::{Acts, Left};
use super::kind::Kind;
use super::reading::{Mark, Reading, Word, action_names, called, pair, plain, read, read_told, whole};
use super::source::{Source, is_strangers};
use super::stretch::{Certainty, Stretch, around};
use crate::scan::Hit;
use crate::scan::held_document;
use crate::text::encoded;
use crate::threats::tool_abuse;

/// What the instructions of one result order, as hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// The result.
    pub(crate) seq: u64,
    pub(crate) certainty: Certainty,
    /// The result says that something failed, and no more than what to do about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_advice: bool,
    /// The kinds of texts that the result may be.
    #[serde(default = "any_source", skip_serializing_if = "is_any_source")]
    pub(crate) source: u8,
    /// The text says who has written it, and nobody has spoken of him.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_strangers: bool,
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

fn any_source() -> u8 {
    Source::ALL.bits()
}

fn is_any_source(source: &u8) -> bool {
    *source == any_source()
}

/// How much of one result is remembered.
pub(crate) const MARKS_MAX: usize = 96;
pub(crate) const PAIRS_MAX: usize = 320;

/// How many more marks are remembered of the instructions that are not looked at as a whole: where they send to, and what they
/// call. Each has a share, so that as many instructions as this have to stand before one and behind it to hide it.
pub(crate) const CROWD_MAX: usize = 512;
/// So far each of those is read, in bytes.
const CROWD_BYTES_MAX: usize = 400;

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

/// What the instructions in a result order: one order for those of each certainty.
pub(crate) fn orders(event: &Event<'_>, hits: &[Hit], source: Source, known: &impl Known) -> Vec<Order> {
    let document = event.document();
    let mut hits: Vec<&Hit> = hits.iter().filter(|hit| instructs(hit) && hit.node.is_some()).collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.severity));
    let mut texts: Vec<(&Hit, String)> = Vec::new();
    let mut all: Vec<(usize, &Hit, Stretch)> = Vec::new();
    let mut orders = Vec::new();
    let mut crowd: Vec<(Certainty, usize, usize)> = Vec::new();
    for certainty in Certainty::ALL {
        let mut left: VecDeque<&Hit> = hits.iter().copied().filter(|hit| certainty_of(hit) == certainty).collect();
        let mut taken: Vec<(usize, &Hit, Stretch)> = Vec::new();
        // The first ones, and the last ones: who puts many before the one that counts does not hide it.
        while taken.len() < STRETCHES_MAX
            && let Some(hit) = if taken.len() < STRETCHES_MAX / 2 { left.pop_front() } else { left.pop_back() }
        {
            let Some(text) = known_text(&mut texts, document, hit) else { continue };
            let place = place_of(hit);
            let is_read = all.iter().chain(&taken).any(|(of, _, stretch)| *of == text && is_in(&stretch.own, &place));
            if !is_read {
                taken.push((text, hit, around(&texts[text].1, place, certainty)));
            }
        }
        all.extend(taken);
        for hit in left.into_iter().take(CROWD_MAX) {
            let Some(text) = known_text(&mut texts, document, hit) else { continue };
            let place = place_of(hit);
            if !all.iter().any(|(of, _, stretch)| *of == text && is_in(&stretch.own, &place)) {
                crowd.push((certainty, text, place.start));
            }
        }
    }
    crowd.sort_unstable();
    let has_failed = event.event_type() == EventType::Error || event.status() == Some(Status::Error);
    for certainty in Certainty::ALL {
        let taken = all.iter().filter(|(_, hit, _)| certainty_of(hit) == certainty).map(|(text, hit, stretch)| {
            let places = hits.iter().filter(|other| is_same_text(other, hit)).map(|other| place_of(other));
            let openings = places.filter(|place| place.len() <= OPENING_BYTES_MAX).collect();
            Taken { text: &texts[*text].1, stretch, openings }
        });
        let mut order = Order::new(event.seq(), certainty);
        order.is_advice = has_failed && hits.iter().all(|hit| certainty_of(hit) != certainty || only_asks(hit));
        order.source = source.bits();
        let mut own = all.iter().filter(|(_, hit, _)| certainty_of(hit) == certainty);
        // Of a crowd it is not looked who has written each.
        order.is_strangers = crowd.iter().any(|(of, ..)| *of == certainty)
            || own.any(|(text, hit, _)| {
                let record = hit.node.and_then(|node| document.value(node).parent());
                is_strangers(&texts[*text].1, place_of(hit).start, record, |hash| known.is_told(hash))
            });
        order.take_in_all(&taken.collect::<Vec<_>>(), known);
        let crowd = crowd.iter().filter(|(of, ..)| *of == certainty).map(|(_, text, start)| (&*texts[*text].1, *start));
        order.take_in_crowd(&crowd.collect::<Vec<_>>(), known);
        orders.push(order);
    }
    orders.retain(|order| !order.marks.is_empty() || !order.pairs.is_empty());
    orders
}

/// Which of the texts a hit is in; it is read when it is met for the first time.
fn known_text<'h>(texts: &mut Vec<(&'h Hit, String)>, document: &Document<'_>, hit: &'h Hit) -> Option<usize> {
    if let Some(text) = texts.iter().position(|(other, _)| is_same_text(other, hit)) {
        return Some(text);
    }
    texts.push((hit, text_of(document, hit)?));
    Some(texts.len() - 1)
}

fn is_in(own: &Range<usize>, place: &Range<usize>) -> bool {
    own.start <= place.start && place.end <= own.end
}

/// Whether what was found is an order in plain words, which overrides nothing and impersonates nobody.
fn only_asks(hit: &Hit) -> bool {
    hit.severity == Severity::Info || hit.rule.id == tool_abuse::RULE.id
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
        Self {
            seq,
            certainty,
            is_advice: false,
            source: any_source(),
            is_strangers: false,
            marks: Vec::new(),
            pairs: Vec::new(),
            openings: Vec::new(),
        }
    }

    /// Whether no more is remembered of it than [`orders`] takes in.
    pub(crate) fn is_bounded(&self) -> bool {
        self.marks.len() <= MARKS_MAX + CROWD_MAX && self.pairs.len() <= PAIRS_MAX && self.openings.len() <= OPENINGS_MAX
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

    /// Remembers where instructions send to and what they call, each by its own share; each is read as far as the next one.
    fn take_in_crowd(&mut self, crowd: &[(&str, usize)], known: &impl Known) {
        let share = CROWD_MAX / crowd.len().max(1);
        let before = self.marks.len();
        for (at, (text, start)) in crowd.iter().enumerate() {
            let next =
                crowd.get(at + 1).filter(|(of, _)| of.as_ptr() == text.as_ptr()).map_or(text.len(), |(_, next)| *next);
            let from = text.ceil_char_boundary(*start);
            let to = text.floor_char_boundary(next.min(start + CROWD_BYTES_MAX)).max(from);
            let room = Room { marks: (self.marks.len() + share).min(before + CROWD_MAX), pairs: 0 };
            self.mark(&text[from..to], room, known, |kind| {
                matches!(kind, Kind::Email | Kind::Account | Kind::Host | Kind::Name | Kind::Called)
            });
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
    /// The value repeats the order with its beginning: perhaps it tells somebody of it.
    pub(crate) in_report: bool,
}

impl Share {
    fn new(kind: Kind, node: Option<NodeId>) -> Self {
        Self { kind, node, in_report: false }
    }
}

/// What a call shares with each of these orders, the most telling first.
pub(crate) fn shares(event: &Event<'_>, orders: &[Order], known: &impl Known, settings: &ObeyedSettings) -> Vec<Vec<Share>> {
    let index = Index::of(orders);
    let mut shares = vec![Vec::new(); orders.len()];
    if let Some(action) = event.action().filter(|action| !settings.allows(|| "/payload/action".to_owned(), action)) {
        for name in action_names(&action) {
            index.share(&name, Kind::Name, None, known, &mut shares);
        }
    }
    let strings = event.params().into_iter().flat_map(Value::descendants);
    for value in strings.filter(|value| value.as_str().is_some() || value.as_number().is_some()) {
        let text = value.as_str().unwrap_or_else(|| Cow::Borrowed(value.raw()));
        let text = plain(&text);
        if settings.allows(|| value.pointer(), &text) {
            continue;
        }
        let Reading { mut marks, words, .. } = read(&text);
        settings.leave_out(&text, &mut marks);
        let quoted =
            openings_in(&words).filter_map(|opening| index.openings.get(&opening)).fold(0, |quoted, of| quoted | of);
        for mark in called(&text) {
            index.share(&mark, Kind::Called, Some(value.id()), known, &mut shares);
        }
        for mark in whole(&text).into_iter().flatten().chain(marks) {
            index.share(&mark, mark.kind, Some(value.id()), known, &mut shares);
        }
        let mut rows = vec![(0_u32, 0_u32); orders.len().min(BITS)];
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
                    push(&mut shares[at], Share::new(Kind::Phrase, Some(value.id())));
                }
            }
        }
        for (_, shares) in shares.iter_mut().enumerate().take(BITS).filter(|(at, _)| quoted & (1 << at) != 0) {
            leave_out_quoted(shares, value.id());
        }
    }
    for shares in &mut shares {
        shares.sort_by_key(|share| share.kind);
    }
    shares
}

/// Takes the words out of what a value shares with an order that it quotes: they are the quotation's. Where it goes and what it
/// calls stay, since a quotation may stand beside an address as well as around it. What repeats the order itself, and not only how
/// it begins, tells of it perhaps.
fn leave_out_quoted(shares: &mut Vec<Share>, node: NodeId) {
    let is_here = |share: &Share| share.node == Some(node);
    let tells = shares.iter().any(|share| is_here(share) && share.kind == Kind::Phrase);
    shares.retain(|share| !is_here(share) || !matches!(share.kind, Kind::Phrase | Kind::Quoted));
    shares.iter_mut().filter(|share| share.node == Some(node)).for_each(|share| share.in_report = tells);
}

/// So many words in a row, with so many letters, are no chance.
const PHRASE_WORDS_MIN: u32 = 4;
const PHRASE_LETTERS_MIN: u32 = 20;

/// So many things that are shared are told.
const SHARES_MAX: usize = 8;

/// Keeps a share; where there is no room, in the place of one that tells less, so that many words hide no address.
fn push(shares: &mut Vec<Share>, share: Share) {
    if shares.iter().any(|known| (known.kind, known.node) == (share.kind, share.node)) {
        return;
    }
    if shares.len() >= SHARES_MAX {
        match shares.iter_mut().max_by_key(|known| known.kind) {
            Some(least) if least.kind > share.kind => *least = share,
            _ => {}
        }
        return;
    }
    shares.push(share);
}

/// So many orders have a bit.
const BITS: usize = u64::BITS as usize;

/// Which orders have a hash, a bit each.
struct Index {
    marks: HashMap<u64, u64>,
    pairs: HashMap<u64, u64>,
    openings: HashMap<u64, u64>,
}

impl Index {
    fn of(orders: &[Order]) -> Self {
        let of = |list: fn(&Order) -> &[u64]| {
            let mut bits = HashMap::new();
            for (at, order) in orders.iter().enumerate().take(BITS) {
                list(order).iter().for_each(|hash| *bits.entry(*hash).or_default() |= 1_u64 << at);
            }
            bits
        };
        Self { marks: of(|order| &order.marks), pairs: of(|order| &order.pairs), openings: of(|order| &order.openings) }
    }

    fn share(&self, mark: &Mark, kind: Kind, node: Option<NodeId>, known: &impl Known, shares: &mut [Vec<Share>]) {
        let Some(of) = self.marks.get(&mark.hash).filter(|_| !known.has_told(mark)) else { return };
        // A bit is of one of the first orders; a state that was written by nobody may hold more.
        for (at, shares) in shares.iter_mut().enumerate().take(BITS) {
            if of & (1 << at) != 0 {
                push(shares, Share::new(kind, node));
            }
        }
    }
}

/// What is known of a call beside what it shares with an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doing {
    /// What its action does.
    pub(crate) acts: Acts,
    /// Its name is about what the user asked for.
    pub(crate) is_asked: bool,
    /// What the user left to a text.
    pub(crate) left: Left,
    /// It gives somebody money.
    pub(crate) moves_money: bool,
}

/// How a call obeys an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Obeys {
    /// It does what a text ordered that overrides, forges or deceives.
    Surely(f64),
    /// It does what a sentence asked for that may be an ordinary one.
    Maybe(f64),
    /// The same, and the user left it to a text.
    AsLeft(f64),
    /// The same, and it pays or names an account, which nobody has said but the text.
    AsLeftToPay(f64),
}

impl Obeys {
    pub(crate) fn score(self) -> f64 {
        match self {
            Self::Surely(score) | Self::Maybe(score) | Self::AsLeft(score) | Self::AsLeftToPay(score) => score,
        }
    }
}

/// How a call with these shares obeys an order; nothing when it does not.
///
/// What only seems to be an instruction may be an ordinary sentence of a document, whose words a call may well repeat: the call has
/// to be the one it names, or to go where it says, or to share two things. Of a suspicion a host alone does not tell: what a page
/// asks for most is to be read. Nor do calls tell that only look something up, and names alone where they are about what the user
/// asked for. Where a tool that failed says what to call first, or where the call repeats an order as who tells of it does, it waits
/// for an approval instead of being denied.
pub(crate) fn obeys(order: &Order, shares: &[Share], doing: Doing) -> Option<Obeys> {
    let has = |is: &dyn Fn(&Share) -> bool| shares.iter().any(is);
    let is_name = |share: &Share| share.kind == Kind::Name && share.node.is_none();
    let sends = |share: &Share| share.kind.is_destination() || share.kind == Kind::Called;
    let dictates = |share: &Share| share.kind.is_whereto() || share.kind.is_words();
    // Whether an answer is an error, its sender says himself.
    let is_advised = order.is_advice && !has(&dictates);
    let is_report = !shares.is_empty() && shares.iter().all(|share| share.in_report);
    let surely = |score| if is_advised || is_report { Obeys::Maybe(0.75) } else { Obeys::Surely(score) };
    let has_host_and_more = has(&|share| share.kind == Kind::Host) && has(&|share| share.kind != Kind::Host);
    match order.certainty {
        Certainty::Sure => shares.iter().map(|share| strength(share.kind)).reduce(f64::max).map(surely),
        Certainty::Likely => {
            let differ = shares.iter().any(|share| share.kind != shares[0].kind);
            let has_two = differ && has(&|share| !share.kind.is_words());
            let has_one = has(&|share| sends(share) || is_name(share) || share.kind == Kind::Host);
            (has_one || has_two).then(|| surely(0.8))
        }
        Certainty::Suspected => {
            let is_named = has(&is_name) && (!doing.is_asked || has(&|share| share.kind.is_words()));
            let is_called = has(&|share| share.kind == Kind::Called);
            let goes_there = has(&|share| share.kind.is_destination()) || has_host_and_more || is_named;
            if !is_called && (doing.acts.is_reading() || !goes_there) {
                return None;
            }
            // An error is no text that anything was left to.
            let is_left =
                !order.is_advice && doing.left.covers(doing.acts, Source::of_bits(order.source), order.is_strangers);
            let pays = doing.moves_money || has(&|share| share.kind == Kind::Account);
            Some(match (is_left, pays) {
                (false, _) => Obeys::Maybe(0.75),
                (true, true) => Obeys::AsLeftToPay(0.75),
                (true, false) => Obeys::AsLeft(0.5),
            })
        }
    }
}

fn strength(kind: Kind) -> f64 {
    match kind {
        Kind::Name | Kind::Called | Kind::Email | Kind::Account | Kind::Host | Kind::Id | Kind::Path => 0.95,
        Kind::Quoted | Kind::Phrase => 0.9,
        Kind::ProperName => 0.85,
    }
}
