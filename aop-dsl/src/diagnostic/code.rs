//! The kinds of mistakes, one line each.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a [`Diagnostic`](crate::Diagnostic) matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The policy cannot be used.
    Error,
    /// The policy can be used, but probably does not mean what its author thinks.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $text:literal])+ $name:ident $code:literal $level:ident;)*) => {
        /// The kinds of [`Diagnostic`](crate::Diagnostic). A code keeps its meaning once it is released.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DiagnosticCode {
            $($(#[doc = $text])+ $name,)*
        }

        impl DiagnosticCode {
            /// All of them, those of the text before those of its meaning.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As diagnostics, JSON and `@allow` write it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What it means, in a sentence.
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($text),+).trim_ascii(),)*
                }
            }

            /// How much it matters when nothing else is said.
            pub fn level(self) -> Level {
                match self {
                    $(Self::$name => Level::$level,)*
                }
            }
        }
    };
}

// A line each: what it means, its name here, its code, its level. Append to the part it belongs to.
codes! {
    // The file
    /// The file is larger than a policy may be.
    FileSize "file-size" Error;
    /// The file begins with a byte order mark.
    ByteOrderMark "byte-order-mark" Error;
    /// More mistakes were found than are shown.
    TooMany "too-many" Error;

    // The text
    /// A character that has no meaning in a policy.
    Character "character" Error;
    /// A string, a tagged literal or a comment does not end, or is written in other quotes.
    Quotes "quotes" Error;
    /// A string has an escape that is none.
    Escape "escape" Error;
    /// A number, a duration or a size cannot be read.
    Number "number" Error;
    /// A bracket is not closed, closes nothing, or closes one of another kind.
    Brackets "brackets" Error;
    /// Brackets or operators stand deeper in each other than is read.
    Nesting "nesting" Error;
    /// A clause or a value is longer than is read.
    Length "length" Error;

    // The syntax
    /// A part of the header is missing, or something else stands in its place.
    Header "header" Error;
    /// The policy's name is none.
    PackageName "package-name" Error;
    /// The policy's version is none.
    PackageVersion "package-version" Error;
    /// The policy is written in a version of the language that is not known here.
    LanguageVersion "language-version" Error;
    /// Something stands where an item (`use`, `schema`, `let`, `fn`, `rule`, `batch rule`, `test`) was expected.
    Item "item" Error;
    /// A `;` or `,` is missing or too much.
    Separator "separator" Error;
    /// A word that the language has in another spelling.
    Keyword "keyword" Error;
    /// An operator of another language.
    Operator "operator" Error;
    /// Something stands where a name was expected.
    Name "name" Error;
    /// Something stands where an expression was expected, or behind one.
    Expression "expression" Error;
    /// Something stands where a type was expected.
    TypeSyntax "type-syntax" Error;
    /// A member of a schema cannot be read.
    SchemaSyntax "schema-syntax" Error;
    /// An annotation cannot be read.
    AnnotationSyntax "annotation-syntax" Error;
    /// An event pattern such as `c: request(send_email)` cannot be read.
    Pattern "pattern" Error;
    /// A clause of a rule cannot be read.
    Clause "clause" Error;
    /// A rule has no `on`, or more than one.
    Trigger "trigger" Error;
    /// A rule has no `then`, or more than one, or something behind it.
    Then "then" Error;
    /// A window (`within …`) cannot be read.
    Window "window" Error;
    /// The braces of a message cannot be read.
    Message "message" Error;
    /// A `let` or a `fn` cannot be read.
    Definition "definition" Error;
    /// A batch rule cannot be read.
    BatchSyntax "batch-syntax" Error;
    /// A test cannot be read.
    TestSyntax "test-syntax" Error;

    // The meaning
    /// Two policies of one set have the same name.
    LoadedTwice "loaded-twice" Error;
    /// A used package is not there, uses itself in a circle, or has mistakes.
    Package "package" Error;
    /// Two things of one package have the same name, or a name has a meaning already.
    NameTaken "name-taken" Error;
    /// Something is defined by itself.
    Circular "circular" Error;
    /// The value of a `let` is not known before an event arrives.
    NotConstant "not-constant" Error;
    /// A type that nobody declares.
    UnknownType "unknown-type" Error;
    /// A type where it cannot stand, such as a pattern's in a schema.
    TypeUse "type-use" Error;
    /// A label or effect that no schema declares.
    UnknownWord "unknown-word" Error;
    /// Two declarations of an action, a label or an effect do not agree.
    SchemaConflict "schema-conflict" Error;
    /// A kind of event that does not exist.
    UnknownEvent "unknown-event" Error;
    /// An action whose name is nearly that of one of the schema.
    UnknownAction "unknown-action" Error;
    /// A name that means nothing here.
    UnknownName "unknown-name" Error;
    /// A function that does not exist.
    UnknownFunction "unknown-function" Error;
    /// A field that the value does not have.
    UnknownField "unknown-field" Error;
    /// A value of one type where another is needed.
    TypeMismatch "type-mismatch" Error;
    /// Two values that cannot be compared with each other.
    Incomparable "incomparable" Error;
    /// A value whose type is not known, used as if it were.
    Untyped "untyped" Error;
    /// A value that may be absent, used as if it were always there.
    Optional "optional" Error;
    /// A text that is none of the type it is compared with or declared as.
    BadLiteral "bad-literal" Error;
    /// A word that its enum does not have.
    EnumWord "enum-word" Error;
    /// A pattern (`re"…"`, `glob"…"`, `cidr"…"`, `semver"…"`) that cannot be read, or is too large.
    BadPattern "bad-pattern" Error;
    /// A number is out of range, or is divided by zero.
    Arithmetic "arithmetic" Error;
    /// A function is called with other arguments than it takes.
    Arguments "arguments" Error;
    /// An event where one of its fields is needed.
    EventAsValue "event-as-value" Error;
    /// A name that means something, but not at this place.
    OutOfPlace "out-of-place" Error;
    /// A value that no detector can look at, or a kind that no detector finds.
    Detector "detector" Error;
    /// `derives_from` without a past event's value on its right.
    FlowSource "flow-source" Error;
    /// A clause has no window.
    WindowMissing "window-missing" Error;
    /// A window or a bound that cannot be.
    WindowRange "window-range" Error;
    /// An aggregate (`count`, `sum`, `distinct`, `max`) that cannot be worked out.
    Aggregate "aggregate" Error;
    /// A key (`by …`) that the counted events or the trigger do not have.
    Key "key" Error;
    /// A `cycle` that cannot be looked for.
    Cycle "cycle" Error;
    /// An effect that does not exist.
    UnknownEffect "unknown-effect" Error;
    /// The arguments of an effect are wrong.
    EffectArguments "effect-arguments" Error;
    /// An effect that comes too late: the event was accepted already.
    EffectPhase "effect-phase" Error;
    /// An annotation that does not exist, stands twice, or has other arguments than it takes.
    Annotation "annotation" Error;
    /// A clause or event that cannot stand in this rule.
    ClausePlace "clause-place" Error;
    /// A batch rule that cannot be worked out.
    Batch "batch" Error;
    /// A test of a rule that does not exist.
    UnknownRule "unknown-rule" Error;
    /// A test that cannot be right: an event that the schema does not allow, or an expectation that cannot be met.
    TestBody "test-body" Error;
    /// A character class (`[…]`) that was probably meant to be a group or a name, in a rule about addresses.
    ClassAsName "class-as-name" Error;
    /// A pattern or comparison that other domains pass too, in a rule about addresses.
    UnanchoredDomain "unanchored-domain" Error;
    /// A rule that may take more steps for an event, or more memory, than is allowed.
    OverBudget "over-budget" Error;

    // Lints
    /// An action that the schema does not name.
    UndeclaredAction "undeclared-action" Warning;
    /// A rule that can never fire.
    NeverFires "never-fires" Warning;
    /// A condition that always holds.
    AlwaysTrue "always-true" Warning;
    /// A rule whose findings another rule makes too, with an effect at least as strong.
    Shadowed "shadowed" Warning;
    /// Two rules that are the same but for their names.
    DuplicateRule "duplicate-rule" Warning;
    /// A rule without a test.
    NoTest "no-test" Warning;
    /// No test shows that the rule fires.
    NoPositiveTest "no-positive-test" Warning;
    /// No test shows a run that the rule leaves alone.
    NoNegativeTest "no-negative-test" Warning;
    /// A `let`, `fn`, `use` or name that nothing mentions.
    Unused "unused" Warning;
    /// A character class (`[…]`) that was probably meant to be a group or a name.
    MisusedClass "misused-class" Warning;
    /// A pattern for a domain or address that others pass too.
    LooseDomain "loose-domain" Warning;
    /// A regular expression that is a plain text.
    PlainRegex "plain-regex" Warning;
    /// A glob that no path matches, because paths are normalised before they are compared.
    PathGlob "path-glob" Warning;
    /// A window or bound that is longer than what is kept.
    WindowTooLong "window-too-long" Warning;
    /// A label or effect that no action of the schema has.
    NeverProduced "never-produced" Warning;
    /// A rule that refuses events, but lets pass what it cannot decide.
    FailsOpen "fails-open" Warning;
    /// A rule that refuses what is not something, and lets pass what a function gives nothing for.
    GapPasses "gap-passes" Warning;
    /// A rule that refuses by effects or labels, which an action has only when a schema declares it, and no rule asks for other actions.
    UndeclaredPasses "undeclared-passes" Warning;
    /// A value of a test that is missing or of another type than the schema says.
    TestValue "test-value" Warning;
    /// `@allow` of something that is no lint.
    UnknownLint "unknown-lint" Warning;
}

impl DiagnosticCode {
    /// Whether it warns only, so that `@allow(code)` may silence it.
    pub fn is_lint(self) -> bool {
        self.level() == Level::Warning
    }
}

impl fmt::Display for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for DiagnosticCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_told_apart() {
        let mut codes: Vec<&str> = DiagnosticCode::ALL.iter().map(|code| code.as_str()).collect();
        for code in &codes {
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
        }
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]), "{codes:?}");
        assert!(DiagnosticCode::ALL.iter().all(|code| code.description().ends_with('.')));
    }
}
