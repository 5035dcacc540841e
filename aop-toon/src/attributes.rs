//! A finding as the attributes of a span or an event of OpenTelemetry: what `docs/opentelemetry.md` lists.

use crate::finding::{At, Finding};

/// A value as OpenTelemetry has them: a text, a number, or a list of one of these.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue<'f> {
    /// `string`
    Text(&'f str),
    /// `int`, which has 64 bits with a sign; a number beyond is the greatest there is.
    Int(i64),
    /// `double`
    Double(f64),
    /// `string[]`
    Texts(Vec<&'f str>),
    /// `int[]`
    Ints(Vec<i64>),
}

impl AttributeValue<'_> {
    /// The type's name in OpenTelemetry's words.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Texts(_) => "string[]",
            Self::Ints(_) => "int[]",
        }
    }
}

impl Finding {
    /// The finding's facts as attributes, in the order of `docs/opentelemetry.md`. What is not said of it has none.
    ///
    /// ```
    /// use aop_toon::{AttributeValue, Effect, Finding, Phase, Severity};
    ///
    /// let finding = Finding::new("pii/email", "pii_detector", Severity::Warning, Phase::Ingestion, Effect::Flag, "e-mail address");
    /// let attributes: Vec<_> = finding.attributes().collect();
    /// assert_eq!(attributes[0], ("aop.finding.rule", AttributeValue::Text("pii/email")));
    /// assert_eq!(attributes.len(), 6);
    /// ```
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, AttributeValue<'_>)> {
        use AttributeValue::{Double, Int, Ints, Text, Texts};
        let (span, raw) = (self.span, self.raw);
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let start = |range: (u32, u32)| Int(range.0.into());
        let end = |range: (u32, u32)| Int(range.1.into());
        let witnesses: Vec<i64> = self.witnesses.iter().map(|&seq| whole(seq)).collect();
        let runs: Vec<&str> = self.run_ids.iter().map(String::as_str).collect();
        let views: Vec<&str> = self.views.iter().map(AsRef::as_ref).collect();
        [
            ("aop.finding.rule", Some(Text(&self.rule))),
            ("aop.finding.validator", Some(Text(&self.validator))),
            ("aop.finding.severity", Some(Text(self.severity.as_str()))),
            ("aop.finding.phase", Some(Text(self.phase.as_str()))),
            ("aop.finding.effect", Some(Text(self.effect.as_str()))),
            ("aop.finding.message", Some(Text(&self.message))),
            ("aop.finding.seq", self.seq.map(|seq| Int(whole(seq)))),
            ("aop.finding.path", self.path.as_deref().map(Text)),
            ("aop.finding.at", self.at.map(|At::Key| Text("key"))),
            ("aop.finding.span.start", span.map(start)),
            ("aop.finding.span.end", span.map(end)),
            ("aop.finding.raw.start", raw.map(start)),
            ("aop.finding.raw.end", raw.map(end)),
            ("aop.finding.inner_path", self.inner_path.as_deref().map(Text)),
            ("aop.finding.views", Some(Texts(views)).filter(|_| !self.views.is_empty())),
            ("aop.finding.entity", self.entity.as_deref().map(Text)),
            ("aop.finding.score", self.score.map(Double)),
            ("aop.finding.provenance", self.provenance.as_deref().map(Text)),
            ("aop.finding.witnesses", Some(Ints(witnesses)).filter(|_| !self.witnesses.is_empty())),
            ("aop.finding.run_ids", Some(Texts(runs)).filter(|_| !self.run_ids.is_empty())),
            ("aop.finding.decided_at", self.decided_at.map(|seq| Int(whole(seq)))),
            ("aop.finding.wait_ms", self.wait_ms.map(|ms| Int(whole(ms)))),
            ("aop.finding.approval.role", self.approval.as_ref().map(|approval| Text(&approval.role))),
            ("aop.finding.approval.ttl_ms", self.approval.as_ref().map(|approval| Int(whole(approval.ttl_ms)))),
            ("aop.finding.fingerprint", self.fingerprint.as_deref().map(Text)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}
