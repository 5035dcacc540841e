//! Where a model plugs in.
//!
//! The "model" here is a list of first names, so that the example runs by itself: it stands for one, and is none. Replace
//! [`FirstNames::scan`] by a call of yours; what is around it stays. Run it with
//!
//! ```text
//! cargo run -p aop-engine --example ml_recognizer
//! ```

use aop_engine::{Engine, Event, Match, Model, Pii};

/// Names a person wherever a known first name stands before a capitalised word.
struct FirstNames(&'static [&'static str]);

impl Model for FirstNames {
    fn entities(&self) -> &[&str] {
        &["PERSON"]
    }

    fn text_bytes_max(&self) -> usize {
        2048
    }

    fn scan(&self, text: &str, found: &mut dyn FnMut(&str, Match)) {
        let words: Vec<(usize, &str)> = words(text).collect();
        for pair in words.windows(2) {
            let [(start, first), (last_start, last)] = *pair else { continue };
            let is_name = self.0.contains(&first) && last.starts_with(char::is_uppercase);
            if is_name && last_start == start + first.len() + 1 {
                // A real model says how sure it is.
                found("PERSON", Match { start, end: last_start + last.len(), score: 0.7 });
            }
        }
    }
}

/// The words of a text and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|each: char| !each.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = FirstNames(&["Ada", "Grace", "Alan"]);
    // The threshold and the allow-lists hold for the model's finds too.
    let pii = Pii { allow: vec!["Ada Lovelace".to_owned()], ..Pii::default() };
    let engine = Engine::builder().pii(pii).ml(model).build()?;

    let event = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
        "payload":{"action":"send","params":{"text":"Grace Hopper asks for the notes of Ada Lovelace"}},"meta":{}}"#;
    let verdict = engine.start_run().check(&Event::parse(event)?);
    for finding in &verdict.findings {
        println!("{}: {}", finding.rule, finding.message);
    }
    println!("{}", verdict.redacted.as_deref().unwrap_or("nothing to redact"));

    assert_eq!(verdict.findings.len(), 1);
    assert_eq!(verdict.findings[0].rule, "custom/ml-person");
    assert!(verdict.redacted.is_some_and(|text| text.contains("<PERSON> asks for the notes of Ada Lovelace")));
    Ok(())
}
