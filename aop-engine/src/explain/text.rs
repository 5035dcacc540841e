//! Explanations for people.

use std::fmt;

use super::{Explanation, ToldEvent};

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finding = &self.finding;
        writeln!(f, "{} {}: {}", finding.severity, finding.rule, line(&finding.message))?;
        writeln!(f, "id {}", self.id)?;
        writeln!(f, "\nRule: {}", line(&self.rule.title))?;
        if let Some(why) = &self.rule.why {
            write_wrapped(f, why, 2)?;
        }
        if let Some(source) = &self.rule.source {
            write_wrapped(f, &format!("Source: {}.", source.trim_end_matches('.')), 2)?;
        }
        writeln!(f, "  {}, {}", finding.validator, self.rule.docs)?;

        match &self.event {
            Some(event) => writeln!(f, "\nWhere: {}", told(event, "after the event before it"))?,
            None => writeln!(f, "\nWhere: the run as a whole")?,
        }
        if let Some(path) = &finding.path {
            let key = if finding.at.is_some() { "the key of " } else { "" };
            let span = finding.span.map_or_else(String::new, |(start, end)| format!(", bytes {start} to {end}"));
            writeln!(f, "  {key}{}{span}", line(path))?;
        }
        if let Some(excerpt) = &self.excerpt {
            let (text, carets) = excerpt.lines();
            writeln!(f, "    {text}\n    {carets}")?;
        }

        writeln!(f, "\nWhy:")?;
        self.reasons.iter().try_for_each(|reason| writeln!(f, "  {}", line(reason)))?;
        for setting in &self.settings {
            writeln!(f, "  {} = {}", setting.name, cut(&setting.value.to_string()))?;
        }
        #[cfg(feature = "policies")]
        if let Some(clauses) = &self.clauses {
            clauses.to_string().lines().try_for_each(|said| writeln!(f, "  {}", line(said)))?;
        }
        if !self.witnesses.is_empty() {
            writeln!(f, "\nWith:")?;
            self.witnesses.iter().try_for_each(|witness| writeln!(f, "  {}", told(witness, "later")))?;
        }
        writeln!(f, "\nDecided: {}", self.decision)?;
        if !self.remedies.is_empty() {
            writeln!(f, "\nIf it is wrong here:")?;
        }
        for remedy in &self.remedies {
            writeln!(f, "  {}", remedy.what)?;
            remedy.toml.iter().flat_map(|toml| toml.lines()).try_for_each(|said| writeln!(f, "    {said}"))?;
        }
        Ok(())
    }
}

fn told(event: &ToldEvent, after: &str) -> String {
    let line = event.line.map_or_else(String::new, |line| format!(" (line {line})"));
    let gap = match event.gap_micros {
        None => String::new(),
        Some(gap) if gap < 0 => format!(", {} earlier", seconds(gap.unsigned_abs())),
        Some(gap) => format!(", {} {after}", seconds(gap.unsigned_abs())),
    };
    let about = if event.about.is_empty() { String::new() } else { format!(": {}", event.about) };
    format!("#{}{line} {}, {} {}{gap}{about}", event.seq, event.t, event.actor, event.event_type)
}

/// A length of time, rounded for people.
fn seconds(micros: u64) -> String {
    match micros {
        0..1_000_000 => format!("{} ms", micros / 1000),
        1_000_000..600_000_000 => format!("{:.1} s", micros as f64 / 1e6),
        _ => format!("{} min", micros / 60_000_000),
    }
}

/// What nobody sees in a text, written out.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || !character.is_ascii() && character.escape_debug().nth(1).is_some() {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

fn cut(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    match text.char_indices().nth(CHARACTERS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A paragraph, in lines of at most 100 characters.
fn write_wrapped(f: &mut fmt::Formatter<'_>, text: &str, indent: usize) -> fmt::Result {
    const COLUMNS_MAX: usize = 100;
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column == 0 {
            write!(f, "{:indent$}{word}", "")?;
            column = indent + width;
        } else if column + 1 + width > COLUMNS_MAX {
            write!(f, "\n{:indent$}{word}", "")?;
            column = indent + width;
        } else {
            write!(f, " {word}")?;
            column += 1 + width;
        }
    }
    writeln!(f)
}
