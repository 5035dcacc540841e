//! Conditions that hold whatever the rows say: `OR 1=1`, `OR 'a'='a'`, `HAVING 2>1`.

use super::keywords::Keyword as K;
use super::statement::Reading;
use super::tokens::Kind;

/// A pair of parentheses, or the whole text, in which terms are told apart.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    /// Where the current term begins.
    start: usize,
    /// What stands before it.
    before: Before,
    betweens: u32,
    /// Whether conditions stand here at all, behind WHERE, ON, HAVING, IF and WHEN.
    is_condition: bool,
}

/// What a term follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Before {
    /// WHERE, ON, or an opening parenthesis.
    #[default]
    Begin,
    And,
    Or,
    /// HAVING, IF and WHEN: a constant there is never ordinary.
    Decides,
}

/// The first token of a condition that opens every row.
pub(super) fn opens_all(reading: &Reading<'_>) -> Option<usize> {
    let mut frames = vec![Frame::default()];
    for at in 0..reading.tokens.len() {
        let last = frames.len() - 1;
        let frame = frames[last];
        match reading.kind(at) {
            Kind::Open => {
                let is_call = at > 0 && matches!(reading.kind(at - 1), Kind::Function | Kind::Key(K::If));
                let is_first = (frame.start..at).all(|at| matches!(reading.kind(at), Kind::Key(K::Not) | Kind::Open));
                let decides = at > 0 && (reading.is(at - 1, "if") || reading.is(at - 1, "iif"));
                let before = match () {
                    () if decides => Before::Decides,
                    () if is_first && !is_call => frame.before,
                    () => Before::Begin,
                };
                let is_condition = decides || frame.is_condition && !is_call;
                frames.push(Frame { start: at + 1, before, betweens: 0, is_condition });
            }
            Kind::Close => {
                if let Some(found) = holds(reading, frame, at, false) {
                    return Some(found);
                }
                if last > 0 {
                    frames.pop();
                }
            }
            Kind::Comma | Kind::Semicolon | Kind::End | Kind::Cut => {
                if let Some(found) = holds(reading, frame, at, false) {
                    return Some(found);
                }
                let ends = reading.kind(at) == Kind::Semicolon;
                let is_condition = frame.is_condition && !ends && frame.before != Before::Decides;
                frames[last] = Frame { start: at + 1, is_condition, ..Frame::default() };
            }
            Kind::Bars | Kind::AndSign | Kind::Key(K::Or | K::Xor) => {
                // Two bars join strings but for MySQL, where numbers stand around them.
                let joins = reading.kind(at) == Kind::Bars
                    && (at == 0 || reading.kind(at - 1) != Kind::Number || reading.kind(at + 1) != Kind::Number);
                if joins {
                    continue;
                }
                let is_or = reading.kind(at) != Kind::AndSign;
                if let Some(found) = holds(reading, frame, at, is_or) {
                    return Some(found);
                }
                frames[last] =
                    Frame { start: at + 1, before: if is_or { Before::Or } else { Before::And }, betweens: 0, ..frame };
            }
            Kind::Key(K::Between) => frames[last].betweens += 1,
            Kind::Key(K::And) if frame.betweens > 0 => frames[last].betweens -= 1,
            Kind::Key(K::And) => {
                if let Some(found) = holds(reading, frame, at, false) {
                    return Some(found);
                }
                frames[last] = Frame { start: at + 1, before: Before::And, betweens: 0, ..frame };
            }
            Kind::Key(
                key @ (K::Where
                | K::On
                | K::Having
                | K::When
                | K::Select
                | K::Then
                | K::Else
                | K::Group
                | K::Order
                | K::Limit
                | K::Union
                | K::For
                | K::Into
                | K::Offset
                | K::From
                | K::Set
                | K::End),
            ) => {
                let is_union = key == K::Union && frame.before == Before::And;
                if let Some(found) = holds(reading, frame, at, is_union) {
                    return Some(found);
                }
                let before = if matches!(key, K::Having | K::When) { Before::Decides } else { Before::Begin };
                let is_condition = matches!(key, K::Where | K::On | K::Having | K::When);
                frames[last] = Frame { start: at + 1, before, betweens: 0, is_condition };
            }
            _ => {}
        }
    }
    None
}

/// Whether the term that ends at a token is constant where that opens or shuts everything.
fn holds(reading: &Reading<'_>, frame: Frame, end: usize, before_or: bool) -> Option<usize> {
    let matters = before_or || matches!(frame.before, Before::Or | Before::Decides);
    if !frame.is_condition || end <= frame.start || end - frame.start > TERM_TOKENS_MAX {
        return None;
    }
    let is_chain = is_chain(reading, frame.start, end) || is_same_value_twice(reading, frame.start, end);
    let may_be_bare = frame.before == Before::Or;
    (is_chain || matters && is_constant(reading, frame.start, end, may_be_bare)).then_some(frame.start)
}

/// A longer term compares more than constants.
const TERM_TOKENS_MAX: usize = 40;

/// Whether a term has the same value for every row. `may_be_bare` says whether a number alone is one.
fn is_constant(reading: &Reading<'_>, start: usize, end: usize, may_be_bare: bool) -> bool {
    let (mut compares, mut operands, mut selects) = (false, 0, false);
    if is_same_twice(reading, start, end) {
        return true;
    }
    if is_false(reading, start, end) {
        return false;
    }
    for at in start..end {
        match reading.kind(at) {
            Kind::Number => operands += 1,
            Kind::Text => {
                let text = reading.slice(at);
                // A name of standard SQL, unless it is compared with itself or holds a number.
                let inside = &text[1..text.len().max(2) - 1];
                if text.starts_with('"') && !inside.bytes().all(|byte| byte.is_ascii_digit()) {
                    return false;
                }
                operands += 1;
            }
            Kind::Key(K::Constant) => {
                if !["null", "true", "false"].iter().any(|word| reading.is(at, word)) {
                    return false;
                }
                operands += 1;
            }
            Kind::Function => {
                let known = ["pi", "ascii", "char", "chr", "ord", "abs", "length", "concat", "hex", "lower", "upper"];
                if !known.iter().any(|name| reading.is(at, name)) {
                    return false;
                }
                operands += 1;
            }
            Kind::Compare | Kind::Key(K::Infix | K::Between | K::Sounds) => compares = true,
            Kind::Key(K::Exists) => compares = true,
            Kind::Key(K::Select) => selects = true,
            Kind::Open
            | Kind::Close
            | Kind::Comma
            | Kind::Arithmetic
            | Kind::Star
            | Kind::Negate
            | Kind::Key(K::Not | K::And | K::Prefix) => {}
            _ => return false,
        }
    }
    let is_bare = operands == 1 && may_be_bare && !selects && !matches!(reading.kind(start), Kind::Text | Kind::Function);
    operands > 0 && (compares && (operands > 1 || selects) || is_bare)
}

/// `1 = 0`, which programs that put queries together begin with, and which opens nothing.
fn is_false(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let is_number = |at: usize| reading.kind(at) == Kind::Number && !reading.slice(at).starts_with("0x");
    end - start == 3
        && reading.slice(start + 1) == "="
        && is_number(start)
        && is_number(start + 2)
        && reading.slice(start) != reading.slice(start + 2)
        && reading.tokens.get(start.wrapping_sub(1)).is_none_or(|before| before.kind != Kind::Key(K::Xor))
}

/// `id = id`
fn is_same_twice(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    end - start == 3
        && reading.kind(start + 1) == Kind::Compare
        && matches!(reading.kind(start), Kind::Word | Kind::Text | Kind::Number)
        && matches!(reading.slice(start + 1), "=" | "==" | ">=" | "<=")
        && reading.slice(start).eq_ignore_ascii_case(reading.slice(start + 2))
}

/// `'a' = 'a'`, `7 = 7`: nobody asks that. Programs that put queries together begin with `1 = 1`.
fn is_same_value_twice(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let is_value = matches!(reading.kind(start), Kind::Text | Kind::Number);
    is_value && is_same_twice(reading, start, end) && !matches!(reading.slice(start), "0" | "1" | "'1'")
}

/// `name = '1'='1'`: what is compared is a comparison.
fn is_chain(reading: &Reading<'_>, start: usize, end: usize) -> bool {
    end - start >= 5
        && (start..end - 3).any(|at| {
            let is_equal = |at: usize| reading.slice(at) == "=";
            is_equal(at)
                && is_equal(at + 2)
                && [at + 1, at + 3].iter().all(|&at| matches!(reading.kind(at), Kind::Text | Kind::Number))
        })
}
