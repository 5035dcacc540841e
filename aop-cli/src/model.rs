//! Workflow models as files.

use std::fmt::{self, Display, Write as _};
use std::path::Path;

use aop_engine::ConformanceModel;
use aop_engine::settings::Next;

use crate::error::Error;

/// Reads a model that [`to_toml`] or a person wrote.
pub(crate) fn read(path: &Path) -> Result<ConformanceModel, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::read(path, error))?;
    toml::from_str(&text).map_err(|error| Error::usage(format!("{}: {}", path.display(), error.to_string().trim_end())))
}

/// A model as TOML, one move a line, so that a change of it reads well.
pub(crate) fn to_toml(model: &ConformanceModel) -> String {
    let mut text = String::new();
    write_to(&mut text, model).expect("a string takes all text");
    text
}

fn write_to(out: &mut String, model: &ConformanceModel) -> fmt::Result {
    writeln!(out, "# A workflow model, learnt by `aop learn`. docs/conformance.md says what each line means.")?;
    writeln!(out, "format = {}\nruns = {}", model.format, model.runs)?;
    if let Some(fitness_min) = model.fitness_min {
        writeln!(out, "fitness_min = {fitness_min:?}")?;
    }
    let watched: Vec<String> = model.watch.iter().map(quoted).collect();
    writeln!(out, "watch = [{}]", watched.join(", "))?;
    writeln!(out, "\n# What comes after two steps in a row, and how often it did.\ncontexts = [")?;
    for context in &model.contexts {
        let [one, two] = &context.after;
        writeln!(out, "  {{ after = [{}, {}], next = {} }},", quoted(one), quoted(two), inline(&context.next))?;
    }
    writeln!(out, "]\n\n# What always comes before a step, and in how many runs with the step.\nbefore = [")?;
    for before in &model.before {
        let (step, needs) = (quoted(&before.step), quoted(&before.needs));
        writeln!(out, "  {{ step = {step}, needs = {needs}, runs = {} }},", before.runs)?;
    }
    writeln!(out, "]\n\n# What comes after a step, and how often it did.\n[moves]")?;
    for (step, next) in &model.moves {
        writeln!(out, "{} = {}", quoted(step), inline(next))?;
    }
    writeln!(out, "\n# How often a step comes in a run at most.\n[most]")?;
    model.most.iter().try_for_each(|(step, most)| writeln!(out, "{} = {most}", quoted(step)))
}

fn inline(next: &Next) -> String {
    let entries: Vec<String> = next.0.iter().map(|(step, count)| format!("{} = {count}", quoted(step))).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// A text as TOML: what JSON writes between quotes means the same there.
fn quoted(text: &impl Display) -> String {
    serde_json::Value::from(text.to_string()).to_string()
}

#[cfg(test)]
mod tests {
    use aop_engine::{Engine, Limits, traces_from_jsonl};

    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let event = |seq: u32, kind: &str, payload: &str| {
            format!(
                r#"{{"seq":{seq},"t":"2025-12-05T10:00:0{seq}Z","actor":"agent","type":"{kind}","payload":{payload},"meta":{{}}}}"#
            )
        };
        let lines = [
            event(1, "action_request", r#"{"action":"say \"hi\\\" (1)","params":{}}"#),
            event(2, "action_response", r#"{"status":"error","error":"no"}"#),
            event(3, "final_output", r#"{"output":"done"}"#),
        ];
        let text = lines.join("\n");
        let (traces, errors) = traces_from_jsonl(text.as_bytes(), &Limits::default());
        assert!(errors.is_empty());
        let model = Engine::builder().build().unwrap().learn(&traces).unwrap();
        let written = to_toml(&model);
        let read: ConformanceModel = toml::from_str(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(read, model);
        Engine::builder().model(read).build().unwrap();
    }
}
