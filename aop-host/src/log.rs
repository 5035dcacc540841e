//! The host's log: one JSON object a line on standard error.
//!
//! Values are escaped as JSON, so a line break or a terminal's control code inside one cannot forge an entry.

use std::fmt::{Display, Write as _};
use std::io::Write as _;

use crate::clock::{Clock, SystemClock};

/// How much an entry matters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Writes one entry. `message` is a fixed sentence; what varies goes into `fields`.
pub(crate) fn log(level: Level, message: &str, fields: &[(&str, &dyn Display)]) {
    let mut line =
        format!("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":{}", SystemClock.now(), level.name(), quoted(message));
    for (name, value) in fields {
        // writing to a String cannot fail
        let _ = write!(line, ",{}:{}", quoted(name), quoted(&value.to_string()));
    }
    line.push_str("}\n");
    // a log that cannot be written must not stop the host
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn line_breaks_and_escapes_stay_inside_their_string() {
        assert_eq!(quoted("a\r\n\u{1b}[31m\"b"), r#""a\r\n\u001b[31m\"b""#);
    }
}
