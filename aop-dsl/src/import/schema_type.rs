//! JSON Schema → the type that says most of it.

use aop_toon::Value;

use super::write::{name_text, quoted};

/// How deep types stand in each other, at most; what is deeper is `any`.
const DEPTH_MAX: usize = 24;

/// How many schemas one tool may come to, references followed: a small text may refer to itself very often.
const SCHEMAS_MAX: usize = 4_096;

/// The longest enumeration that is taken over.
const WORDS_MAX: usize = 256;

/// The type of a JSON Schema, and what it could not say.
pub(super) struct Types<'d> {
    /// Where `$ref` leads to.
    root: Value<'d>,
    /// The references that are being followed.
    following: Vec<String>,
    left: usize,
    /// What was lost, in words.
    pub(super) notes: Vec<String>,
}

/// A type's text and whether it may be null.
struct Typed {
    text: String,
    nullable: bool,
}

impl Typed {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), nullable: false }
    }
}

impl<'d> Types<'d> {
    pub(super) fn new(root: Value<'d>) -> Self {
        Self { root, following: Vec::new(), left: SCHEMAS_MAX, notes: Vec::new() }
    }

    /// The members of an object's schema, as `name: type, …`.
    pub(super) fn members(&mut self, schema: Value<'d>) -> String {
        self.members_at(schema, 0)
    }

    /// The type of a schema.
    pub(super) fn type_text(&mut self, schema: Value<'d>) -> String {
        let Typed { text, nullable } = self.read(schema, 0);
        if nullable && text != "any" { format!("{text}?") } else { text }
    }

    fn members_at(&mut self, schema: Value<'d>, depth: usize) -> String {
        if depth > DEPTH_MAX || self.left == 0 {
            self.note(schema, "it is too deep or too large");
            return String::new();
        }
        self.left -= 1;
        if let Some(target) = self.target(schema) {
            let members = target.map(|(pointer, target)| {
                self.following.push(pointer);
                let members = self.members_at(target, depth + 1);
                self.following.pop();
                members
            });
            return members.unwrap_or_default();
        }
        let required: Vec<_> = schema.get("required").into_iter().flat_map(Value::items).filter_map(Value::as_str).collect();
        let properties = schema.get("properties").filter(|properties| properties.is_object());
        if let (None, Some(parts)) = (properties, schema.get("allOf")) {
            // All of them are meant: their members together.
            let members = parts.items().map(|part| self.members_at(part, depth + 1));
            return members.filter(|members| !members.is_empty()).collect::<Vec<_>>().join(", ");
        }
        if properties.is_none() {
            for word in ["anyOf", "oneOf", "patternProperties"] {
                if schema.get(word).is_some() {
                    self.note(schema, &format!("its {word} is not taken over"));
                }
            }
        }
        let members = properties.into_iter().flat_map(Value::entries).map(|(name, member)| {
            let Typed { text, nullable } = self.read(member, depth + 1);
            let is_optional = nullable || !required.iter().any(|required| *required == name.as_str());
            let mark = if is_optional { "?" } else { "" };
            format!("{}: {text}{mark}", name_text(&name.as_str()))
        });
        members.collect::<Vec<_>>().join(", ")
    }

    fn read(&mut self, schema: Value<'d>, depth: usize) -> Typed {
        if depth > DEPTH_MAX || self.left == 0 {
            self.note(schema, "it is too deep or too large");
            return Typed::of("any");
        }
        self.left -= 1;
        if let Some(target) = self.target(schema) {
            let Some((pointer, target)) = target else { return Typed::of("any") };
            self.following.push(pointer);
            let typed = self.read(target, depth + 1);
            self.following.pop();
            return typed;
        }
        if let Some(words) = schema.get("enum").or_else(|| schema.get("const")) {
            return self.enumeration(schema, words);
        }
        for word in ["anyOf", "oneOf", "allOf"] {
            if let Some(choices) = schema.get(word) {
                return self.choice(schema, word, choices, depth);
            }
        }
        let Some(types) = schema.get("type") else {
            if schema.get("properties").is_some() {
                return self.one("object", schema, depth);
            }
            return Typed::of("any");
        };
        let names: Vec<_> = types.as_str().into_iter().chain(types.items().filter_map(Value::as_str)).collect();
        let nullable = names.iter().any(|name| *name == "null");
        let others: Vec<_> = names.iter().filter(|name| **name != "null").collect();
        match others[..] {
            [name] => Typed { nullable, ..self.one(name, schema, depth) },
            [] => Typed { text: "any".to_owned(), nullable },
            _ => {
                self.note(schema, "it may be of several types");
                Typed { text: "any".to_owned(), nullable }
            }
        }
    }

    /// A schema of one type.
    fn one(&mut self, name: &str, schema: Value<'d>, depth: usize) -> Typed {
        Typed::of(match name {
            "string" => string(schema).to_owned(),
            "integer" => "int".to_owned(),
            "number" => "decimal".to_owned(),
            "boolean" => "bool".to_owned(),
            "array" => {
                let items = schema.get("items").filter(|items| items.is_object());
                let item = items.map_or_else(|| "any".to_owned(), |items| self.item(items, depth));
                format!("list<{item}>")
            }
            "object" => match self.members_at(schema, depth) {
                members if members.is_empty() => "record".to_owned(),
                members => format!("{{ {members} }}"),
            },
            other => {
                self.note(schema, &format!("{other:?} is no type of JSON Schema"));
                "any".to_owned()
            }
        })
    }

    fn item(&mut self, items: Value<'d>, depth: usize) -> String {
        let Typed { text, nullable } = self.read(items, depth + 1);
        if nullable {
            self.note(items, "its items may be null");
            return "any".to_owned();
        }
        text
    }

    fn enumeration(&mut self, schema: Value<'d>, words: Value<'d>) -> Typed {
        let all: Vec<Value<'d>> = if words.is_array() { words.items().collect() } else { vec![words] };
        let nullable = all.iter().any(|word| word.is_null());
        let texts: Vec<_> = all.iter().filter(|word| !word.is_null()).filter_map(|word| word.as_str()).collect();
        let is_whole = texts.len() + usize::from(nullable) >= all.len() && !texts.is_empty();
        if !is_whole || texts.len() > WORDS_MAX || texts.iter().any(|text| text.len() > 200) {
            if all.iter().all(|word| word.as_number().is_some_and(|number| number.is_integer())) {
                return Typed::of("int");
            }
            self.note(schema, "its values are no short list of words");
            return Typed { text: if texts.is_empty() { "any" } else { "string" }.to_owned(), nullable };
        }
        let mut texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        texts.dedup();
        Typed { text: format!("enum[{}]", texts.join(", ")), nullable }
    }

    fn choice(&mut self, schema: Value<'d>, word: &str, choices: Value<'d>, depth: usize) -> Typed {
        let mut typed: Vec<Typed> = Vec::new();
        let mut nullable = false;
        for choice in choices.items() {
            let is_null = choice.get("type").and_then(Value::as_str).is_some_and(|name| name == "null");
            if is_null {
                nullable = true;
            } else {
                typed.push(self.read(choice, depth + 1));
            }
        }
        nullable |= typed.iter().any(|one| one.nullable) && word != "allOf";
        match &typed[..] {
            [first, others @ ..] if others.iter().all(|other| other.text == first.text) => {
                Typed { text: first.text.clone(), nullable }
            }
            _ => {
                self.note(schema, &format!("its {word} is more than one type"));
                Typed { text: "any".to_owned(), nullable }
            }
        }
    }

    /// Where a `$ref` leads: nothing inside when it cannot be followed, which is noted.
    fn target(&mut self, schema: Value<'d>) -> Option<Option<(String, Value<'d>)>> {
        let reference = schema.get("$ref")?.as_str()?.into_owned();
        let inside = self.root.document();
        let base = self.root.pointer();
        let found = reference.strip_prefix('#').and_then(|pointer| inside.pointer(&format!("{base}{pointer}")));
        Some(match found {
            Some(_) if self.following.contains(&reference) => {
                self.note(schema, "it refers to itself");
                None
            }
            Some(target) if self.left > 0 => {
                self.left -= 1;
                Some((reference, target))
            }
            _ => {
                self.note(schema, &format!("{reference:?} leads to no schema in this text"));
                None
            }
        })
    }

    fn note(&mut self, schema: Value<'d>, why: &str) {
        const NOTES_MAX: usize = 20;
        if self.notes.len() < NOTES_MAX {
            let (pointer, _) = schema.pointer_within(120);
            self.notes.push(format!("{pointer}: {why}"));
        }
    }
}

/// The type of a string, by its format.
fn string(schema: Value<'_>) -> &'static str {
    let format = schema.get("format").and_then(Value::as_str);
    match format.as_deref() {
        Some("email" | "idn-email") => "email",
        Some("uri" | "url" | "iri") => "url",
        Some("hostname" | "idn-hostname") => "domain",
        Some("ipv4" | "ipv6" | "ip") => "ip",
        Some("date-time") => "time",
        Some("sql") => "sql",
        Some("shell") => "shell",
        _ => code(schema).unwrap_or("string"),
    }
}

/// The type of a string that holds code, by the media type of its content.
fn code(schema: Value<'_>) -> Option<&'static str> {
    match schema.get("contentMediaType").and_then(Value::as_str).as_deref() {
        Some("application/sql") => Some("sql"),
        Some("application/x-sh") => Some("shell"),
        _ => None,
    }
}
