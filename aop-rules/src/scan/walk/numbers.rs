//! What is looked for in numbers, which people write with fractions and exponents too.

use aop_toon::Value;

use crate::scan::Scratch;
use crate::scan::site::Site;
use crate::scan::walk::{Text, Walk, Within};
use crate::text::view::View;

/// The shortest number that is anybody's: a social security number.
const NUMBER_BYTES_MIN: usize = 9;

impl Walk<'_> {
    pub(super) fn number(&mut self, value: Value<'_>, within: Option<&Within<'_>>, scratch: &mut Scratch) {
        let meaning = self.meaning(value, scratch);
        let is_long = value.raw().len() >= NUMBER_BYTES_MIN;
        if !is_long && meaning.owners.is_empty() && value.raw().len() < self.detectors.own().bytes_min() {
            return;
        }
        let site = Site::of(value);
        let text = self.text_of(value.raw(), &site, Some(value), within, &meaning);
        let mut whole = View::default();
        let text = match integer(value.raw()) {
            // A column of numbers with fractions writes 528714093.0.
            Some(integer) => {
                whole.build_whole(&integer, value.raw().len());
                Text { text: whole.text(), view: Some(&whole), ..text }
            }
            None => text,
        };
        self.named(text);
        self.own(text);
        if is_long {
            self.marks(text);
        }
        self.settle(text.hits_before);
    }
}

/// The integer that a number with a fraction or an exponent is, when it is one that a double holds exactly.
fn integer(lexeme: &str) -> Option<String> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if !lexeme.contains(['.', 'e', 'E']) {
        return None;
    }
    let value: f64 = lexeme.parse().ok()?;
    (value.fract() == 0.0 && (0.0..EXACT_MAX).contains(&value)).then(|| format!("{value:.0}"))
}
