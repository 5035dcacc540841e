//! Tools → the text of a policy.

use super::ImportError;
use super::schema_type::Types;
use super::tools::{Hints, Tool};

/// The longest description that is kept, in characters.
const DESCRIPTION_MAX: usize = 100;

/// What stands above a tool of which nobody knows what it does.
const UNLABELLED: &str = "  // unlabelled: it does not say what it reaches; rules about effects and labels do not see it until you give it words\n";

/// A policy whose schema declares these tools.
pub(super) fn policy(package: &str, tools: &[Tool<'_>], is_one_page: bool) -> Result<String, ImportError> {
    let is_segment = |segment: &str| {
        segment.starts_with(|first: char| first.is_ascii_lowercase())
            && segment.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if !package.split('.').all(is_segment) || package.starts_with("std.") || package == "std" {
        let message =
            format!("{package:?} is no policy's name; write words of a-z, 0-9 and _ with dots between, such as acme.tools");
        return Err(ImportError::new(message));
    }
    let mut text = String::from(
        "// Imported. Labels and effects follow from what the tools say of themselves: read them before you rely on them.\n",
    );
    if is_one_page {
        text.push_str("// This is one page of a longer list of tools (the manifest has a nextCursor): the others are not declared here.\n");
    }
    text.push_str(&format!("policy {package} version \"1.0.0\" dsl 1;\n\nschema {{\n"));
    let any = |is: fn(&Hints) -> bool| tools.iter().any(|tool| is(&tool.hints));
    for (is_used, declaration) in [
        (any(|hints| hints.open_world), "label untrusted;"),
        (any(is_egress), "effect egress;"),
        (any(|hints| hints.destroys), "effect destructive;"),
    ] {
        if is_used {
            text.push_str(&format!("  {declaration}\n"));
        }
    }
    tools.iter().for_each(|tool| text.push_str(&action(tool)));
    text.push_str("}\n");
    Ok(text)
}

fn is_egress(hints: &Hints) -> bool {
    hints.open_world && !hints.reads_only
}

fn action(tool: &Tool<'_>) -> String {
    let mut text = String::from("\n");
    if let Some(description) = tool.description.as_deref().map(comment).filter(|description| !description.is_empty()) {
        text.push_str(&format!("  // {description}\n"));
    }
    let mut notes = Vec::new();
    let params = tool.params.map_or_else(String::new, |schema| {
        let mut types = Types::new(schema);
        let members = types.members(schema);
        notes.append(&mut types.notes);
        members
    });
    let result = tool.result.map_or_else(String::new, |schema| {
        let mut types = Types::new(schema);
        let result = types.type_text(schema);
        notes.append(&mut types.notes);
        format!(" -> {result}")
    });
    notes.iter().for_each(|note| text.push_str(&format!("  // any: {}\n", comment(note))));
    let hints = &tool.hints;
    if hints.say_nothing() {
        text.push_str(UNLABELLED);
    }
    let words: Vec<&str> = [(hints.open_world, "untrusted"), (is_egress(hints), "egress"), (hints.destroys, "destructive")]
        .into_iter()
        .filter_map(|(is, word)| is.then_some(word))
        .collect();
    let words = if words.is_empty() { String::new() } else { format!(" : {}", words.join(", ")) };
    text.push_str(&format!("  action {}({params}){result}{words};\n", action_text(&tool.name)));
    text
}

/// A stranger's text as one line of a comment.
fn comment(text: &str) -> String {
    let is_plain = |character: char| {
        !character.is_control()
            && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let plain: String = text.chars().map(|character| if is_plain(character) { character } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(DESCRIPTION_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A member's name: quoted unless it is an identifier.
pub(super) fn name_text(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { quoted(name) }
}

/// An action's name: quoted unless it is identifiers with dots between.
fn action_text(name: &str) -> String {
    if name.split('.').all(is_identifier) { name.to_owned() } else { quoted(name) }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text in quotes, as a policy writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other
                if other.is_control()
                    || matches!(other, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}') =>
            {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(other)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
