//! A recognizer that is switched on: its forms, read, and what its finds are worth.

use std::sync::Arc;

use aop_toon::{Effect, Severity};

use crate::scan::allow::Allowed;
use crate::scan::hit::Provenance;
use crate::scan::layout::Layout;
use crate::scan::pattern::Pattern;
use crate::scan::recognizer::{Look, Recognizer};

/// A recognizer that is switched on, and what its finds are worth by provenance; nothing where they are not reported.
#[derive(Debug)]
pub(crate) struct Enabled {
    pub(crate) recognizer: &'static Recognizer,
    pub(crate) forms: Forms,
    /// The least score that is reported anywhere.
    pub(crate) threshold: f64,
    /// What the operator wants left alone.
    pub(crate) allowed: Arc<Allowed>,
    judgements: [Option<Judgement>; Provenance::ALL.len()],
}

/// The written forms of a recognizer, read.
#[derive(Debug)]
pub(crate) enum Forms {
    /// It is code.
    Code,
    /// Of an identifier.
    Layouts(Vec<Layout>),
    /// Of a secret.
    Patterns { tokens: Vec<Pattern>, values: Vec<Pattern> },
    /// Of a company's own recognizer, which looks by itself: what keys name it by.
    Custom { names: Vec<String> },
}

/// What a find is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judgement {
    /// The least score that is reported.
    pub(crate) threshold: f64,
    pub(crate) severity: Severity,
    pub(crate) effect: Option<Effect>,
}

impl Judgement {
    /// What a find is worth of which what stands around it says that it is not meant: told, not refused.
    pub(crate) fn told(self) -> Self {
        let effect = self.effect.map_or(Effect::Flag, |effect| effect.min(Effect::Flag));
        Self { severity: self.severity.min(Severity::Info), effect: Some(effect), ..self }
    }
}

impl Enabled {
    /// Reads the recognizer's forms, which the crate's tests have seen to be well written.
    pub(crate) fn new(
        recognizer: &'static Recognizer,
        allowed: &Arc<Allowed>,
        judge: impl Fn(Provenance) -> Option<Judgement>,
    ) -> Self {
        let read = |patterns: &[&str]| -> Vec<Pattern> {
            patterns
                .iter()
                .map(|pattern| Pattern::new(pattern).unwrap_or_else(|fault| panic!("{}: {fault}", recognizer.rule.id)))
                .collect()
        };
        let forms = match &recognizer.look {
            Look::Code { .. } | Look::Wordings(_) | Look::Model(_) | Look::Parameter(_) | Look::Unseen(_) => Forms::Code,
            Look::Identifier(identifier) => {
                Forms::Layouts(identifier.layouts.iter().map(|&(layout, score)| Layout::new(layout, score)).collect())
            }
            Look::Secret(form) => Forms::Patterns { tokens: read(form.tokens), values: read(form.values) },
            Look::Custom => Forms::Custom { names: Vec::new() },
        };
        let judgements = Provenance::ALL.map(judge);
        let threshold = judgements.iter().flatten().map(|judgement| judgement.threshold).reduce(f64::min).unwrap_or(0.0);
        Self { recognizer, forms, threshold, allowed: Arc::clone(allowed), judgements }
    }

    /// The same recognizer, which keys name by these phrases.
    pub(crate) fn named_by(self, names: &[String]) -> Self {
        Self { forms: Forms::Custom { names: names.to_vec() }, ..self }
    }

    pub(crate) fn judgement(&self, provenance: Provenance) -> Option<Judgement> {
        self.judgements[provenance as usize]
    }
}
