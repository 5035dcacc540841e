//! Explanations for people.

use std::fmt;

use super::report::{ExplainedCandidate, ExplainedClause, ExplainedDuty, ExplainedPart, ExplainedValue, Explanation};
use crate::source_text::shortened;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for event in &self.events {
            match event.value.as_str() {
                "true" => writeln!(f, "{} fired at #{}", self.rule, event.seq)?,
                "unknown" => writeln!(f, "{} could not be decided at #{}", self.rule, event.seq)?,
                "no trigger" => {
                    writeln!(f, "#{} does not trigger {}: {}", event.seq, self.rule, shortened(&self.trigger))?;
                }
                _ => writeln!(f, "{} did not fire at #{}", self.rule, event.seq)?,
            }
            event.clauses.iter().try_for_each(|clause| write_clause(f, clause))?;
            for finding in &event.findings {
                writeln!(f, "  {}: {}", finding.effect, finding.message)?;
            }
        }
        for finding in &self.at_the_end {
            writeln!(f, "{} at the end of the run: {}", self.rule, finding.message)?;
        }
        if self.events.is_empty() && self.at_the_end.is_empty() {
            let times = if self.triggers == 1 { "once".to_owned() } else { format!("{} times", self.triggers) };
            writeln!(f, "{} did not fire; its trigger matched {times}. Ask about one event with --why-not SEQ.", self.rule)?;
        }
        Ok(())
    }
}

/// Below a clause, below a part of it, and so on.
const INDENT: usize = 12;

fn write_clause(f: &mut fmt::Formatter<'_>, clause: &ExplainedClause) -> fmt::Result {
    writeln!(f, "  {:<9} line {}: {}", clause.value, clause.line, shortened(&clause.text))?;
    match &clause.parts[..] {
        // The clause has said it.
        [only] => write_values(f, &only.values, INDENT)?,
        parts => parts.iter().try_for_each(|part| write_part(f, part, INDENT))?,
    }
    write_values(f, &clause.values, INDENT)?;
    let pad = " ".repeat(INDENT);
    if let Some(measured) = &clause.measured {
        writeln!(f, "{pad}came to {measured}")?;
    }
    if !clause.witnesses.is_empty() {
        let witnesses: Vec<String> = clause.witnesses.iter().map(|seq| format!("#{seq}")).collect();
        writeln!(f, "{pad}by {}", witnesses.join(", "))?;
    }
    if let Some(duty) = &clause.duty {
        writeln!(f, "{pad}{}", of_duty(duty))?;
    }
    clause.candidates.iter().try_for_each(|candidate| write_candidate(f, candidate))?;
    if let Some(kind) = &clause.nothing_like {
        writeln!(f, "{pad}no {} came", shortened(kind))?;
    }
    if let Some(unknown) = &clause.unknown {
        writeln!(f, "{pad}{unknown}")?;
    }
    Ok(())
}

fn of_duty(duty: &ExplainedDuty) -> String {
    let Some(deadline) = &duty.deadline else {
        return "no duty began, since the other clauses do not hold".to_owned();
    };
    match (duty.answered_by, duty.decided_at) {
        (Some(seq), _) => format!("due by {deadline}, and #{seq} answered it"),
        (None, Some(seq)) => format!("due by {deadline}, and nothing answered it; decided at #{seq}"),
        (None, None) => format!("due by {deadline}, and nothing answered it; decided at the run's end"),
    }
}

fn write_candidate(f: &mut fmt::Formatter<'_>, candidate: &ExplainedCandidate) -> fmt::Result {
    let pad = " ".repeat(INDENT);
    let name = candidate.name.as_ref().map_or_else(String::new, |name| format!("{name} "));
    if candidate.is_met {
        return writeln!(f, "{pad}{name}was met by #{}", candidate.seq);
    }
    let faults = if candidate.faults.is_empty() { String::new() } else { format!(", {}", candidate.faults.join(", ")) };
    writeln!(f, "{pad}{name}came closest to #{}{faults}", candidate.seq)?;
    candidate.parts.iter().filter(|part| !part.holds()).try_for_each(|part| write_part(f, part, INDENT + 2))
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &ExplainedPart, indent: usize) -> fmt::Result {
    writeln!(f, "{:indent$}{:<9} {}", "", part.value, shortened(&part.text))?;
    write_values(f, &part.values, indent + 10)?;
    match &part.unknown {
        Some(unknown) => writeln!(f, "{:indent$}{unknown}", "", indent = indent + 10),
        None => Ok(()),
    }
}

fn write_values(f: &mut fmt::Formatter<'_>, values: &[ExplainedValue], indent: usize) -> fmt::Result {
    for value in values {
        let pointer = value.pointer.as_ref().map_or_else(String::new, |pointer| format!(" {pointer}"));
        writeln!(f, "{:indent$}{} = {}  (#{}{pointer})", "", value.path, value.value, value.seq)?;
        for found in &value.detected {
            writeln!(f, "{:indent$}{found}", "", indent = indent + 2)?;
        }
    }
    Ok(())
}
