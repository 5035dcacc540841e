//! What an engine says that was built without a family, when its settings ask for that family: `build` names the feature.
//!
//! `cargo run -p aop-engine --no-default-features --example left_out`

use aop_engine::{Engine, Event, RedactionKey, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for asked in [
        r#"{"pii": true}"#,
        r#"{"secrets": true}"#,
        r#"{"threats": true}"#,
        r#"{"sequence": true}"#,
        r#"{"batch": true}"#,
        r#"{"redaction": {"default": "token"}}"#,
    ] {
        let settings: Settings = serde_json::from_str(asked)?;
        let builder =
            Engine::builder().settings(settings).redaction_key(RedactionKey::new(std::array::from_fn(|at| at as u8)));
        match builder.build() {
            Ok(_) => println!("{asked} is compiled in"),
            Err(error) => println!("{asked}: {error}"),
        }
    }

    // The defaults ask for what is there, however little that is.
    let engine = Engine::builder().build()?;
    let event = Event::parse(
        br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"hello"},"meta":{}}"#,
    )?;
    println!("nothing compiled in: {}", engine.start_run().check(&event).effect);
    Ok(())
}
