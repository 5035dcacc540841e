//! Asking the table: which events gave enough of a text.

use std::cmp::Reverse;
use std::ops::Range;

use aop_toon::{NodeId, Value};

use super::grams::{self, BESIDE, COPY_UNITS_FOUND, GRAM, WINDOW};
use super::table::{STEPS_PER_ITEM, STEPS_SPARE, TOKEN};
use super::tokens::{self, Token, TokenKind, Tokens};
use super::{COPIED_UNITS_ENOUGH, Flow, Flows, Reading, Scratch, SourceId, Table, Vocabulary, WHOLE_BYTES_MAX, with_text};

/// What a search has found so far.
#[derive(Debug, Default)]
pub(super) struct Search {
    steps: usize,
    gave_up: bool,
    matches: Vec<Match>,
    found: Vec<Found>,
}

/// Something of the value that an event gave.
#[derive(Debug, Clone, Copy)]
struct Match {
    event: u32,
    entry: u32,
    /// A gram's first unit in the value, or a token's place among its tokens.
    at: u32,
    /// Units before and behind the gram that are the same too.
    left: u8,
    right: u8,
}

/// Enough, given by an event.
#[derive(Debug)]
struct Found {
    event: u32,
    bytes: usize,
    value: Option<NodeId>,
    value_span: Range<usize>,
    source: u32,
    source_span: Range<usize>,
}

/// What is asked, for each text of a value.
#[derive(Clone, Copy)]
struct Question<'q> {
    source: SourceId,
    vocabulary: &'q Vocabulary,
    value: Option<NodeId>,
}

impl Table {
    /// Which events gave enough of a text of this value.
    pub(crate) fn query_value(
        &self,
        source: SourceId,
        value: Value<'_>,
        vocabulary: &Vocabulary,
        scratch: &mut Scratch,
    ) -> Flows {
        let Scratch { text, reading, search } = scratch;
        search.begin();
        for leaf in value.descendants() {
            let question = Question { source, vocabulary, value: Some(leaf.id()) };
            with_text(leaf, text, |text| self.search(question, text, reading, search));
        }
        self.flows(search)
    }

    /// Which events gave enough of this text.
    pub(crate) fn query(&self, source: SourceId, text: &str, vocabulary: &Vocabulary, scratch: &mut Scratch) -> Flows {
        let Scratch { reading, search, .. } = scratch;
        search.begin();
        self.search(Question { source, vocabulary, value: None }, text, reading, search);
        self.flows(search)
    }

    fn search(&self, question: Question<'_>, text: &str, reading: &mut Reading, search: &mut Search) {
        if text.len() < tokens::WORD_BYTES_MIN || self.is_empty() {
            return;
        }
        reading.normal.read(text);
        let is_long = reading.normal.len() >= COPY_UNITS_FOUND && text.trim().contains(' ');
        if is_long {
            reading.tokens.read_exact(text)
        } else {
            reading.tokens.read(text)
        }
        self.search_tokens(question, &reading.tokens, search);
        if reading.tokens.pieces > 1 && reading.normal.len() < COPY_UNITS_FOUND {
            self.search_pairs(question, text, &reading.tokens, search);
        }
        if let Some(compared) = Compared::of(text, reading) {
            // A name that was said is not copied, however long it is.
            let name = reading.tokens.found.first().filter(|_| compared.is_name);
            if name.is_some_and(|name| question.vocabulary.hashes.contains(&name.hash)) {
                return;
            }
            let name = name.copied();
            self.search_pieces(question, text, compared, name, reading, search);
        }
    }

    /// Addresses and ids, and a word that is the whole text.
    fn search_tokens(&self, question: Question<'_>, tokens: &Tokens, search: &mut Search) {
        let is_whole = tokens.pieces == 1;
        for token in &tokens.found {
            let counts = token.kind.is_exact() || is_whole && token.kind == TokenKind::Word;
            if !counts || question.vocabulary.hashes.contains(&token.hash) {
                continue;
            }
            self.each_match(question.source, token.hash, true, search, |search, event, entry| {
                let entry = &self.entries[entry as usize];
                if self.is_nobodys(event, &[*token], search) {
                    search.found.push(Found {
                        event,
                        bytes: token.span().len(),
                        value: question.value,
                        value_span: token.span(),
                        source: entry.leaf,
                        source_span: entry.span(),
                    });
                }
            });
        }
    }

    /// A text of a few short words: all neighbours must be neighbours there.
    fn search_pairs(&self, question: Question<'_>, text: &str, tokens: &Tokens, search: &mut Search) {
        let pairs: Vec<Token> = tokens.found.iter().filter(|token| token.kind == TokenKind::Pair).copied().collect();
        if pairs.is_empty() || pairs.len() + 1 < tokens.pieces {
            return;
        }
        search.matches.clear();
        for (at, pair) in pairs.iter().enumerate() {
            self.each_match(question.source, pair.hash, true, search, |search, event, entry| {
                search.matches.push(Match { event, entry, at: at as u32, left: 0, right: 0 });
            });
        }
        let mut matches = std::mem::take(&mut search.matches);
        matches.sort_by_key(|found| found.event);
        for group in matches.chunk_by(|one, other| one.event == other.event) {
            let different = group.chunk_by(|one, other| one.at == other.at).count();
            if different == pairs.len() && self.is_nobodys(group[0].event, &pairs, search) {
                let entry = &self.entries[group[0].entry as usize];
                search.found.push(Found {
                    event: group[0].event,
                    bytes: text.trim().len(),
                    value: question.value,
                    value_span: pairs[0].span(),
                    source: entry.leaf,
                    source_span: entry.span(),
                });
            }
        }
        search.matches = matches;
    }

    /// Whether tokens that stand in an event were said by no user or system message: at least one of them.
    fn is_nobodys(&self, event: u32, tokens: &[Token], search: &mut Search) -> bool {
        if self.events[event as usize].told {
            return true;
        }
        let unsaid = tokens.iter().any(|token| !self.told.contains(&token.hash));
        if unsaid && self.told_has_overflowed {
            // They may have been said where there was no room.
            search.gave_up = true;
            return false;
        }
        unsaid
    }

    /// Pieces of the text, by its grams.
    fn search_pieces(
        &self,
        question: Question<'_>,
        text: &str,
        compared: Compared,
        name: Option<Token>,
        reading: &mut Reading,
        search: &mut Search,
    ) {
        let first_unit = reading.normal.units_before(compared.from);
        let Reading { normal, winnow, .. } = reading;
        winnow.read(&normal.units()[first_unit..]);
        search.matches.clear();
        for gram in &winnow.grams {
            let at = gram.unit + first_unit as u32;
            let mut beside = None;
            self.each_match(question.source, gram.hash, false, search, |search, event, entry| {
                let beside = *beside.get_or_insert_with(|| grams::beside(normal.wide_gram(at as usize), gram.hash));
                let (left, right) = grams::same_beside(beside, self.entries[entry as usize].beside);
                search.matches.push(Match { event, entry, at, left: left as u8, right: right as u8 });
            });
        }
        let mut matches = std::mem::take(&mut search.matches);
        // The sort is stable: the grams of each event stay in the order of the text.
        matches.sort_by_key(|found| found.event);
        for group in matches.chunk_by(|one, other| one.event == other.event) {
            let pieces = self.pieces(group, first_unit, normal.len());
            let half = compared.by_share && pieces.units * 2 >= normal.len();
            if !half && pieces.longest < COPIED_UNITS_ENOUGH {
                continue;
            }
            if name.is_some_and(|name| !self.is_nobodys(group[0].event, &[name], search)) {
                continue;
            }
            let Some((first, last)) = pieces.place else { continue };
            let (first_entry, last_entry) = (&self.entries[first.entry as usize], &self.entries[last.entry as usize]);
            search.found.push(Found {
                event: first.event,
                bytes: pieces.runs.iter().map(|run| normal.span(text, run.clone()).len()).sum(),
                value: question.value,
                value_span: normal.span(text, first.at as usize..last.at as usize + GRAM),
                source: first_entry.leaf,
                source_span: first_entry.start as usize..last_entry.end as usize,
            });
        }
        search.matches = matches;
    }

    /// The pieces that the grams of one event make, in the order of the text.
    fn pieces(&self, grams: &[Match], first_unit: usize, units: usize) -> Pieces {
        let mut pieces = Pieces::default();
        let mut run: Option<Run> = None;
        let mut place: Option<(Match, Match)> = None;
        for same in grams.chunk_by(|one, other| one.at == other.at) {
            let at = same[0].at as usize;
            let widest = |side: fn(&Match) -> u8| same.iter().map(side).max().map_or(0, usize::from);
            let left = widest(|gram| gram.left).min(at - first_unit);
            let right = widest(|gram| gram.right).min(units - at - GRAM);
            run = match run {
                Some(run) if run.reaches(at, left) => Some(Run { last: at, right, end: at + GRAM + right, ..run }),
                before => {
                    let start = (at - left).max(before.as_ref().map_or(0, |run| run.end));
                    pieces.end_run(before);
                    Some(Run { start, last: at, right, end: at + GRAM + right })
                }
            };
            // The place in the source: as long as the grams keep their distance there.
            let follows = |first: &Match, gram: &Match| {
                let (there, here) = (&self.entries[first.entry as usize], &self.entries[gram.entry as usize]);
                there.leaf == here.leaf && here.unit.wrapping_sub(there.unit) == gram.at - first.at
            };
            let next = place.and_then(|(first, last)| {
                let close = gram_distance(&last, same) <= WINDOW;
                same.iter().find(|gram| close && follows(&first, gram)).map(|gram| (first, *gram))
            });
            place = next.or_else(|| same.iter().max_by_key(|gram| gram.left + gram.right).map(|gram| (*gram, *gram)));
            pieces.at_place(place);
        }
        pieces.end_run(run);
        pieces
    }

    /// Each entry with this hash of an event of the source.
    fn each_match(
        &self,
        source: SourceId,
        hash: u64,
        tokens: bool,
        search: &mut Search,
        mut then: impl FnMut(&mut Search, u32, u32),
    ) {
        search.steps += STEPS_PER_ITEM;
        for at in self.find(source.mixed(hash)) {
            let Some(steps) = search.steps.checked_sub(1) else {
                search.gave_up = true;
                return;
            };
            search.steps = steps;
            let entry = &self.entries[at as usize];
            let event = self.leaves[entry.leaf as usize].event;
            if (entry.unit == TOKEN) == tokens {
                then(search, event, at);
            }
        }
    }

    /// The best of each event.
    fn flows(&self, search: &mut Search) -> Flows {
        search.found.sort_by_key(|found| (found.event, Reverse(found.bytes)));
        search.found.dedup_by_key(|found| found.event);
        let mut found: Vec<Flow> = search
            .found
            .drain(..)
            .map(|found| Flow {
                seq: self.events[found.event as usize].seq,
                bytes: found.bytes,
                leaf: found.value,
                value_span: found.value_span,
                source_path: self.leaves[found.source as usize].path.to_string(),
                source_span: found.source_span,
            })
            .collect();
        found.sort_by_key(|flow| flow.seq);
        Flows { found, complete: !self.is_full() && !search.gave_up }
    }
}

impl Search {
    fn begin(&mut self) {
        self.steps = STEPS_SPARE;
        self.gave_up = false;
        self.found.clear();
    }
}

/// How a text is compared by pieces.
#[derive(Clone, Copy)]
struct Compared {
    /// The byte at which it begins.
    from: usize,
    /// Whether pieces that make up half of it are enough.
    by_share: bool,
    /// Whether all of it is one token that somebody may have said before.
    is_name: bool,
}

impl Compared {
    fn of(text: &str, reading: &Reading) -> Option<Self> {
        // Scripts that write no blanks begin at U+2E80.
        if reading.tokens.pieces != 1 || !text.is_ascii() && text.chars().any(|character| character >= '\u{2E80}') {
            return Some(Self { from: 0, by_share: true, is_name: false });
        }
        let mut addresses = reading.tokens.found.iter().filter(|token| token.kind == TokenKind::Address).peekable();
        if addresses.next_if(|address| reading.tokens.found.first() == Some(address)).is_some() {
            return Some(Self { from: text.find(['?', '#'])?, by_share: false, is_name: false });
        }
        let is_name = text.len() <= WHOLE_BYTES_MAX;
        // Of a name with an account in it (`recipient:LT60…`), the rest must be long enough: two accounts may be much the same.
        let within: usize = addresses.map(|address| address.span().len()).sum();
        let is_long = reading.normal.len().saturating_sub(within) >= COPIED_UNITS_ENOUGH;
        (!is_name || is_long).then_some(Self { from: 0, by_share: false, is_name })
    }
}

/// Grams that follow each other without a hole.
struct Run {
    start: usize,
    end: usize,
    /// The last gram, and what is the same behind it.
    last: usize,
    right: usize,
}

impl Run {
    /// Whether a gram continues it: both stand in the same surroundings.
    fn reaches(&self, at: usize, left: usize) -> bool {
        let distance = at - self.last;
        distance <= WINDOW && self.right >= distance.min(BESIDE) && left >= distance.min(BESIDE)
    }
}

/// What one event gave of a text.
#[derive(Default)]
struct Pieces {
    /// In all pieces that are long enough to count.
    units: usize,
    longest: usize,
    runs: Vec<Range<usize>>,
    /// The first and the last gram of the longest piece that stands in one place.
    place: Option<(Match, Match)>,
}

impl Pieces {
    fn end_run(&mut self, run: Option<Run>) {
        // What was cut off a run may leave less than nothing of it.
        let Some(run) = run.filter(|run| run.end >= run.start + COPY_UNITS_FOUND) else { return };
        self.units += run.end - run.start;
        self.longest = self.longest.max(run.end - run.start);
        self.runs.push(run.start..run.end);
    }

    fn at_place(&mut self, place: Option<(Match, Match)>) {
        let length = |place: &(Match, Match)| place.1.at - place.0.at;
        if place.as_ref().map(length) > self.place.as_ref().map(length) {
            self.place = place;
        }
    }
}

fn gram_distance(last: &Match, same: &[Match]) -> usize {
    (same[0].at - last.at) as usize
}
