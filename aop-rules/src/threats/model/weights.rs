//! The numbers of the model, and the file that holds them.
//!
//! ```text
//! "AOPT"  format: u8  name: u8 length, bytes
//! then for each head, attack first:
//!   bias, threshold: i32     scale of the plain weights, of the words': i32     (all in 1/65536)
//!   plain weights, words: u32 lengths     plain weights: i8 each     words: i8 each
//! ```
//! Numbers are little-endian. A text's score is `bias + scale · sum of weights`, in whole numbers, so that it is the same on
//! every machine.

use std::fmt;
use std::sync::{Arc, LazyLock};

/// How many features a head has: those with a place of their own, and the hashed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Concepts, pairs of them, shapes of sentences.
    pub plain: usize,
    /// Hashed words and pairs of words; a power of two.
    pub words: usize,
}

impl Features {
    /// Both together. A feature's number is below it, plain ones first.
    pub const fn all(self) -> usize {
        self.plain + self.words
    }
}

/// The model: what is multiplied with what.
///
/// ```
/// use aop_rules::threats::model::Weights;
///
/// let shipped = Weights::shipped();
/// assert_eq!(&Weights::read(&shipped.write()).unwrap(), &*shipped);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// What these weights are called.
    pub name: String,
    /// Does a window attack its reader?
    pub attack: Head,
    /// Does a sentence tell its reader to do something?
    pub instruction: Head,
}

/// One linear model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What every score begins with, in 1/65536.
    pub bias: i32,
    /// The least score that is reported, in 1/65536.
    pub threshold: i32,
    /// What a plain weight counts, in 1/65536.
    pub plain_scale: i32,
    /// What a word's weight counts, in 1/65536.
    pub word_scale: i32,
    /// A weight for each plain feature.
    pub plain: Vec<i8>,
    /// A weight for each place of the hashed words.
    pub words: Vec<i8>,
}

const MAGIC: &[u8] = b"AOPT";
const FORMAT: u8 = 1;
/// What a score of one is, in the file's whole numbers.
pub(super) const ONE: i64 = 1 << 16;

static SHIPPED: LazyLock<Arc<Weights>> =
    LazyLock::new(|| Arc::new(Weights::read(include_bytes!("weights.bin")).expect("a test reads the weights that we ship")));

impl Weights {
    /// The weights that we ship.
    pub fn shipped() -> Arc<Weights> {
        Arc::clone(&SHIPPED)
    }

    /// Reads a file of weights.
    ///
    /// # Errors
    /// What is wrong with it: another format, an end too soon, heads of another size than this program's features have.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let mut file = File(bytes);
        if file.take(MAGIC.len())? != MAGIC || file.take(1)? != [FORMAT] {
            return Err(WeightsError("these are no weights of format 1"));
        }
        let length = usize::from(file.take(1)?[0]);
        let name = String::from_utf8(file.take(length)?.to_vec()).map_err(|_| WeightsError("their name is no UTF-8"))?;
        let attack = file.head(super::ATTACK_FEATURES)?;
        let instruction = file.head(super::INSTRUCTION_FEATURES)?;
        if !file.0.is_empty() {
            return Err(WeightsError("more follows than weights"));
        }
        Ok(Self { name, attack, instruction })
    }

    /// The file of these weights.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let name = &self.name.as_bytes()[..self.name.floor_char_boundary(255)];
        bytes.extend([FORMAT, name.len() as u8]);
        bytes.extend(name);
        for head in [&self.attack, &self.instruction] {
            for number in [head.bias, head.threshold, head.plain_scale, head.word_scale] {
                bytes.extend(number.to_le_bytes());
            }
            for table in [&head.plain, &head.words] {
                bytes.extend((table.len() as u32).to_le_bytes());
            }
            for table in [&head.plain, &head.words] {
                bytes.extend(table.iter().map(|weight| weight.to_le_bytes()[0]));
            }
        }
        bytes
    }
}

impl Head {
    /// How sure a score makes us: 0.5 at the threshold, towards 0 and 1 away from it.
    pub fn surety(&self, score: i64) -> f64 {
        let margin = (score - i64::from(self.threshold)) as f64 / ONE as f64;
        let sure = 0.5 + 0.5 * margin / (1.0 + margin.abs());
        (sure * 1000.0).round() / 1000.0
    }

    /// A score below which nothing makes us so sure.
    pub(super) fn least_score(&self, surety: f64) -> i64 {
        // The least that is rounded to it, and a little less.
        let away = 2.0 * (surety - 0.501);
        let margin = if away <= -1.0 { f64::NEG_INFINITY } else { away / (1.0 - away.abs()).max(f64::MIN_POSITIVE) };
        i64::from(self.threshold).saturating_add((margin * ONE as f64) as i64)
    }
}

/// What is wrong with a file of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightsError(&'static str);

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for WeightsError {}

/// What of a file is not read yet.
struct File<'f>(&'f [u8]);

impl<'f> File<'f> {
    fn take(&mut self, count: usize) -> Result<&'f [u8], WeightsError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(WeightsError("they end too soon"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<i32, WeightsError> {
        let bytes = self.take(4)?;
        Ok(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn head(&mut self, features: Features) -> Result<Head, WeightsError> {
        let (bias, threshold) = (self.number()?, self.number()?);
        let (plain_scale, word_scale) = (self.number()?, self.number()?);
        let lengths = [self.number()?, self.number()?];
        if lengths != [features.plain as i32, features.words as i32] {
            return Err(WeightsError("a head has another number of features than this program"));
        }
        let mut table = |length| Ok(self.take(length)?.iter().map(|&weight| i8::from_le_bytes([weight])).collect());
        Ok(Head { bias, threshold, plain_scale, word_scale, plain: table(features.plain)?, words: table(features.words)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_small_and_read_back() {
        let bytes = include_bytes!("weights.bin");
        assert!(bytes.len() <= 96 * 1024, "{} bytes", bytes.len());
        let weights = Weights::read(bytes).expect("they are well formed");
        assert_eq!(weights.write(), bytes);
        assert!(weights.attack.plain.iter().any(|&weight| weight != 0));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let good = Weights::shipped().write();
        let said = |bytes: &[u8]| Weights::read(bytes).expect_err("they are bad").to_string();
        assert_eq!(said(b"AOPX"), "these are no weights of format 1");
        assert_eq!(said(&good[..good.len() - 1]), "they end too soon");
        assert_eq!(said(&[&good[..], b"x"].concat()), "more follows than weights");
    }

    #[test]
    fn a_score_at_the_threshold_is_half_sure() {
        let head = Head { bias: 0, threshold: 70_000, plain_scale: 1, word_scale: 1, plain: vec![], words: vec![] };
        assert_eq!(head.surety(70_000), 0.5);
        assert_eq!(head.surety(70_000 + ONE), 0.75);
        assert!(head.surety(-(1 << 40)) >= 0.0 && head.surety(1 << 40) <= 1.0);
        for surety in [0.0, 0.001, 0.2, 0.3, 0.499, 0.5, 0.501, 0.75, 0.8, 0.95, 0.999, 1.0] {
            let least = head.least_score(surety);
            assert!(head.surety(least.saturating_sub(1).max(-(1 << 50))) < surety || surety == 0.0, "{surety}: {least}");
        }
    }
}
