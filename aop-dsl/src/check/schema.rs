//! `schema { … }`: the words, types and actions that a package declares, with those of the packages it uses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::type_expr::{self, TypePlace, TypeSize};
use super::{Checker, order};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Item, Name, SchemaMember, Span, TypeExpr, TypeExprKind};
use crate::typed;
use crate::types::{Field, Type};

/// What schemas declare.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// The package's own, with their sizes.
    pub(super) types: HashMap<String, (Type, TypeSize)>,
    /// Sorted, as messages list them.
    pub(super) labels: BTreeMap<String, Origin>,
    pub(super) effects: BTreeMap<String, Origin>,
    pub(super) actions: BTreeMap<String, Declared>,
    /// A part of the schema could not be read, so what it lacks is no mistake.
    pub(super) is_broken: bool,
}

/// Where something is declared.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Here(Span),
    /// In the used package of this name, or in one that it uses.
    Used(String),
}

#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) action: typed::Action,
    pub(super) origin: Origin,
}

impl Vocabulary {
    pub(super) fn to_schema(&self) -> typed::Schema {
        typed::Schema {
            actions: self.actions.values().map(|declared| declared.action.clone()).collect(),
            labels: self.labels.keys().cloned().collect(),
            effects: self.effects.keys().cloned().collect(),
        }
    }

    /// The labels that a response of some action has.
    pub(super) fn produced_labels(&self) -> HashSet<&str> {
        self.actions.values().flat_map(|declared| declared.action.labels.iter().map(String::as_str)).collect()
    }

    /// The effects that a request of some action has.
    pub(super) fn produced_effects(&self) -> HashSet<&str> {
        self.actions.values().flat_map(|declared| declared.action.effects.iter().map(String::as_str)).collect()
    }
}

impl Checker<'_, '_, '_> {
    /// Takes over what a used package declares.
    pub(super) fn take_vocabulary(&mut self, other: &Vocabulary, package: &str, span: Span) {
        let Vocabulary { labels, effects, .. } = &mut self.vocabulary;
        take_words(labels, effects, &other.labels, package, &mut |word| {
            let message = format!("`{word}` is a label in `{package}` and an effect in another used package");
            self.sink.error(DiagnosticCode::SchemaConflict, span, message);
        });
        take_words(effects, labels, &other.effects, package, &mut |word| {
            let message = format!("`{word}` is an effect in `{package}` and a label in another used package");
            self.sink.error(DiagnosticCode::SchemaConflict, span, message);
        });
        for (name, declared) in &other.actions {
            match self.vocabulary.actions.get(name) {
                Some(known) if known.action == declared.action => {}
                Some(known) => {
                    let whose = match &known.origin {
                        Origin::Here(_) => "this package".to_owned(),
                        Origin::Used(package) => format!("the package `{package}`"),
                    };
                    let message = format!("`{package}` declares the action `{name}` otherwise than {whose}");
                    self.sink
                        .error(DiagnosticCode::SchemaConflict, span, message)
                        .help("an action has one declaration: keep it in one package, and use that one");
                }
                None => {
                    let declared = Declared { action: declared.action.clone(), origin: Origin::Used(package.to_owned()) };
                    self.vocabulary.actions.insert(name.clone(), declared);
                }
            }
        }
    }

    /// The file's own schema.
    pub(super) fn schema(&mut self, file: &ast::File) {
        self.vocabulary.is_broken = file.items.iter().any(|item| matches!(item, Item::Schema(schema) if schema.is_broken))
            || !self.definitions.broken_imports.is_empty();
        let schemas = file.items.iter().filter_map(|item| if let Item::Schema(schema) = item { Some(schema) } else { None });
        let members: Vec<&SchemaMember> = schemas.flat_map(|schema| &schema.members).collect();
        for member in &members {
            match member {
                SchemaMember::Label(name) => self.word(name, true),
                SchemaMember::Effect(name) => self.word(name, false),
                SchemaMember::Type { .. } | SchemaMember::Action(_) => {}
            }
        }
        self.named_types(members.iter().filter_map(|member| match member {
            SchemaMember::Type { name, ty, .. } => Some((name, ty)),
            _ => None,
        }));
        for member in members {
            if let SchemaMember::Action(action) = member {
                self.action(action);
            }
        }
    }

    fn word(&mut self, name: &Name, is_label: bool) {
        let Vocabulary { labels, effects, .. } = &mut self.vocabulary;
        let (own, other) = if is_label { (labels, &*effects) } else { (effects, &*labels) };
        if let Some(origin) = other.get(&name.text) {
            let already = if is_label { "an effect" } else { "a label" };
            let message = format!("`{}` is {already} already; a word is an effect or a label, not both", name.text);
            let diagnostic = self.sink.error(DiagnosticCode::NameTaken, name.span, message);
            match origin {
                Origin::Here(first) => diagnostic.related(*first, "here"),
                Origin::Used(package) => diagnostic.help(format!("the package `{package}` declares it")),
            };
            return;
        }
        match own.get(&name.text) {
            Some(Origin::Here(first)) => {
                let message = format!("`{}` is declared twice", name.text);
                self.sink.error(DiagnosticCode::NameTaken, name.span, message).related(*first, "first here");
            }
            // A used package's word may be declared again: it is the same word.
            Some(Origin::Used(_)) => {}
            None => {
                own.insert(name.text.clone(), Origin::Here(name.span));
            }
        }
    }

    /// Types may stand in any order, but not in a circle.
    fn named_types<'f>(&mut self, types: impl Iterator<Item = (&'f Name, &'f TypeExpr)>) {
        let mut declared: Vec<(&Name, &TypeExpr)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (name, ty) in types {
            if let Some(&first) = places.get(name.text.as_str()) {
                let message = format!("the type `{}` is declared twice", name.text);
                self.sink.error(DiagnosticCode::NameTaken, name.span, message).related(declared[first].0.span, "first here");
            } else if type_expr::is_built_in(&name.text) {
                let message = format!("`{}` is a type of the language; give yours another name", name.text);
                self.sink.error(DiagnosticCode::NameTaken, name.span, message);
            } else {
                places.insert(&name.text, declared.len());
                declared.push((name, ty));
            }
        }
        let needs: Vec<Vec<usize>> = declared
            .iter()
            .map(|(_, ty)| {
                let mut needs = Vec::new();
                mentioned_types(ty, &mut |name| needs.extend(places.get(name)));
                needs
            })
            .collect();
        let order = order::order(&needs);
        for circle in &order.circles {
            let names: Vec<&str> =
                circle.iter().chain(circle.first()).take(8).map(|&at| declared[at].0.text.as_str()).collect();
            let first = declared[circle[0]].0;
            let message = format!("the type `{}` is made of itself: {}", first.text, names.join(" → "));
            self.sink.error(DiagnosticCode::Circular, first.span, message);
            for &at in circle {
                self.vocabulary.types.insert(declared[at].0.text.clone(), (Type::Error, TypeSize::ONE));
            }
        }
        for at in order.sorted {
            let (name, ty) = declared[at];
            if !self.vocabulary.types.contains_key(&name.text) {
                let sized = self.sized_type(ty, TypePlace::Schema);
                self.vocabulary.types.insert(name.text.clone(), sized);
            }
        }
    }

    fn action(&mut self, action: &ast::Action) {
        let params = self.record(&action.params, TypePlace::Schema, action.span).0;
        let result = action.result.as_ref().map_or(Type::Any, |result| self.type_of(result, TypePlace::Schema));
        let (mut effects, mut labels) = (Vec::new(), Vec::new());
        for word in &action.words {
            let (list, origin) = if let Some(origin) = self.vocabulary.effects.get(&word.text) {
                (&mut effects, origin)
            } else if let Some(origin) = self.vocabulary.labels.get(&word.text) {
                (&mut labels, origin)
            } else {
                self.unknown_word(word.text.as_str(), word.span, "effect or label");
                continue;
            };
            if let Origin::Used(_) = origin {
                self.definitions.mark_word(&word.text);
            }
            if list.contains(&word.text) {
                self.sink.error(DiagnosticCode::NameTaken, word.span, format!("`{}` stands twice", word.text));
            } else {
                list.push(word.text.clone());
            }
        }
        effects.sort_unstable();
        labels.sort_unstable();
        let name = action.name.text.clone();
        let declared = Declared {
            action: typed::Action { name: name.clone(), params, result, effects, labels },
            origin: Origin::Here(action.name.span),
        };
        match self.vocabulary.actions.get(&name) {
            None => {
                self.vocabulary.actions.insert(name, declared);
            }
            Some(Declared { origin: Origin::Here(first), .. }) => {
                let message = format!("the action `{name}` is declared twice");
                self.sink.error(DiagnosticCode::SchemaConflict, action.name.span, message).related(*first, "first here");
            }
            Some(known) if known.action == declared.action => {}
            Some(Declared { origin: Origin::Used(package), .. }) => {
                let message = format!("the package `{package}` declares the action `{name}` otherwise");
                self.sink
                    .error(DiagnosticCode::SchemaConflict, action.name.span, message)
                    .help("an action has one declaration: leave this one out, or make both the same");
            }
        }
    }

    /// A word that no schema declares; `what` it should be.
    pub(super) fn unknown_word(&mut self, word: &str, span: Span, what: &str) {
        if self.vocabulary.is_broken {
            return;
        }
        let (labels, effects) = (self.vocabulary.labels.keys(), self.vocabulary.effects.keys());
        let words: Vec<String> = match what {
            "label" => labels.cloned().collect(),
            "effect" => effects.cloned().collect(),
            _ => effects.chain(labels).cloned().collect(),
        };
        let nearest = self.nearest(word, words.iter().map(String::as_str));
        let is_quoted = self.sink.source().get(span.range()).is_some_and(|text| text.starts_with('"'));
        let diagnostic =
            self.sink.error(DiagnosticCode::UnknownWord, span, format!("no schema declares the {what} `{word}`"));
        if let Some(nearest) = nearest {
            let replacement = if is_quoted { format!("{nearest:?}") } else { nearest.clone() };
            diagnostic.help(format!("did you mean `{nearest}`?")).fix(span, replacement);
            return;
        }
        diagnostic.help(match what {
            "label" => format!("declare it in the schema: `label {word};`"),
            "effect" => format!("declare it in the schema: `effect {word};`"),
            _ => format!(
                "declare it in the schema: `effect {word};` when a request does it, `label {word};` when a response \
                 carries it; `use std.labels;` has the usual words"
            ),
        });
    }

    /// The type of a record, and its size.
    pub(super) fn record(&mut self, fields: &[ast::FieldDef], place: TypePlace, span: Span) -> (Type, TypeSize) {
        let mut names: HashMap<&str, Span> = HashMap::new();
        let mut record: Vec<Field> = Vec::with_capacity(fields.len());
        let mut size = TypeSize::ONE;
        for field in fields {
            if let Some(&first) = names.get(field.name.text.as_str()) {
                let message = format!("`{}` stands twice", field.name.text);
                self.sink.error(DiagnosticCode::NameTaken, field.name.span, message).related(first, "first here");
                continue;
            }
            names.insert(&field.name.text, field.name.span);
            let (ty, field_size) = self.sized_type(&field.ty, place);
            size = size.with_part(field_size);
            record.push(Field { name: field.name.text.clone(), ty });
        }
        self.bounded((Type::Record(Arc::from(record)), size), span)
    }
}

/// Takes over words; those that mean the opposite here are told.
fn take_words(
    own: &mut BTreeMap<String, Origin>,
    opposite: &BTreeMap<String, Origin>,
    others: &BTreeMap<String, Origin>,
    package: &str,
    tell: &mut impl FnMut(&str),
) {
    for word in others.keys() {
        if opposite.contains_key(word) {
            tell(word);
        } else if !own.contains_key(word) {
            own.insert(word.clone(), Origin::Used(package.to_owned()));
        }
    }
}

/// The names in a type.
fn mentioned_types<'t>(ty: &'t TypeExpr, visit: &mut impl FnMut(&'t str)) {
    match &ty.kind {
        TypeExprKind::Named(name) => visit(&name.text),
        TypeExprKind::List(item) | TypeExprKind::Set(item) => mentioned_types(item, visit),
        TypeExprKind::Enum(_) => {}
        TypeExprKind::Record(fields) => fields.iter().for_each(|field| mentioned_types(&field.ty, visit)),
    }
}
