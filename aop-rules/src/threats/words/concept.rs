//! What words do in a sentence: the concepts that rules and the model speak of.
//!
//! The first concepts are broad: they are what the model weighs. The others are narrower, so that a rule can say what it
//! means; where a narrow one is a part of a broad one ([`BROADER`]), its words are told once and stand for both.

/// What a word can do in a sentence, whatever the word and its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concept {
    /// Sets something aside.
    Override,
    /// Says that something came before, or all of it.
    Before,
    /// What a reader is told to do.
    Instructions,
    /// What the operator told the model.
    SystemPrompt,
    /// What must not be given away.
    Secret,
    /// Asks to say or to show something.
    Reveal,
    /// Gives the reader a part to play.
    Role,
    /// Names a mode without limits.
    Jailbreak,
    /// Marks of chats and templates.
    Markup,
    /// Presses or forces.
    Must,
    /// Wants something done first, or from now on.
    First,
    /// Speaks to the reader.
    Addressee,
    /// Names a model or its maker.
    Model,
    /// The person whom the reader serves.
    User,
    /// Keeps something from the user.
    Hide,
    /// Moves data somewhere.
    Send,
    /// Where it goes.
    Destination,
    /// Destroys, or raises privileges.
    Destroy,
    /// How to answer.
    AnswerForm,
    /// An encoding.
    Encoding,
    /// Claims authority.
    Authority,
    /// Turns what follows into its opposite.
    Denial,
    /// Harmful topics.
    Harm,
    /// Ranks or rates.
    Ranking,
    /// Somebody is told about, who does it.
    Report,
    /// Opens a command.
    Opening,
    /// Names what an agent can call.
    Tool,
    /// What the reader was doing.
    Task,
    /// Says that something is new, or instead.
    New,
    /// Asks politely.
    Request,
    /// Money and accounts.
    Money,
    /// Sets aside what was told, and is said of little else: `ignore`, `pay no attention to`.
    SetAside,
    /// The same in languages that put the verb last.
    SetAsideLast,
    /// Undoes much else too, so it needs company: `override`, `bypass`, `replace`.
    Undo,
    /// What came before: `previous`, `above`.
    Earlier,
    /// The same in languages that put the verb last.
    EarlierFirst,
    /// All of it.
    All,
    /// What an operator gives to a model: `instructions`, `guidelines`.
    Orders,
    /// What holds it back, in words that much else goes by: `rules`, `policy`, `filters`.
    Limits,
    /// What people say to one another every day: `message`, `text`.
    Said,
    /// How the reader came by it: `told`, `trained`.
    Given,
    /// What is the reader's own.
    Your,
    /// The reader.
    You,
    /// What the reader is to do from now on.
    Assignment,
    /// What the operator told the model, by a name that is nothing else.
    HiddenPrompt,
    /// Asks to say, write or show, in any way.
    Tell,
    /// What opens something.
    Password,
    /// The reader is a machine.
    Ai,
    /// Is not there, or does not hold: `without`, `not bound by`.
    FreeOf,
    /// What keeps a model from doing harm: `restrictions`, `ethics`, `censorship`.
    Restraint,
    /// Is held back by nothing.
    Unrestricted,
    /// Names a mode or a persona that is held back by nothing.
    FreeMode,
    /// Does not do what is asked, or blames for it.
    Refuse,
    /// What a model says when it does not want to.
    Disclaimer,
    /// Harms, or is forbidden.
    Harmful,
    /// Gives a part to play.
    Pretend,
    /// Who may tell a model what to do.
    Maker,
    /// Gives data to somebody.
    HandOver,
    /// Is nobody else's business: secrets, personal data, the conversation.
    Private,
    /// Keeps it from somebody.
    Conceal,
    /// What the reader will say.
    Reply,
    /// What follows is an example, which is told and not meant.
    Mention,
    /// Gives a part to play, in the words of other languages.
    RoleForeign,
}

impl Concept {
    /// Every concept, in the order of the table.
    pub const ALL: [Concept; 63] = [
        Self::Override,
        Self::Before,
        Self::Instructions,
        Self::SystemPrompt,
        Self::Secret,
        Self::Reveal,
        Self::Role,
        Self::Jailbreak,
        Self::Markup,
        Self::Must,
        Self::First,
        Self::Addressee,
        Self::Model,
        Self::User,
        Self::Hide,
        Self::Send,
        Self::Destination,
        Self::Destroy,
        Self::AnswerForm,
        Self::Encoding,
        Self::Authority,
        Self::Denial,
        Self::Harm,
        Self::Ranking,
        Self::Report,
        Self::Opening,
        Self::Tool,
        Self::Task,
        Self::New,
        Self::Request,
        Self::Money,
        Self::SetAside,
        Self::SetAsideLast,
        Self::Undo,
        Self::Earlier,
        Self::EarlierFirst,
        Self::All,
        Self::Orders,
        Self::Limits,
        Self::Said,
        Self::Given,
        Self::Your,
        Self::You,
        Self::Assignment,
        Self::HiddenPrompt,
        Self::Tell,
        Self::Password,
        Self::Ai,
        Self::FreeOf,
        Self::Restraint,
        Self::Unrestricted,
        Self::FreeMode,
        Self::Refuse,
        Self::Disclaimer,
        Self::Harmful,
        Self::Pretend,
        Self::Maker,
        Self::HandOver,
        Self::Private,
        Self::Conceal,
        Self::Reply,
        Self::Mention,
        Self::RoleForeign,
    ];
    /// How many of them, from the first on, are broad: the ones that the model weighs.
    pub const BROAD_COUNT: usize = 31;

    /// How a pattern writes it, without the angle brackets: `system-prompt`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// The concept that a pattern writes so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|concept| concept.name() == name)
    }

    /// A bit for it, and for the broad concept that it is a part of.
    pub(super) fn bits(self) -> u64 {
        let broader = BROADER.iter().find(|(narrow, _)| *narrow == self);
        1 << self as u64 | broader.map_or(0, |(_, broad)| 1 << *broad as u64)
    }
}

static NAMES: [&str; 63] = [
    "override",
    "before",
    "instructions",
    "system-prompt",
    "secret",
    "reveal",
    "role",
    "jailbreak",
    "markup",
    "must",
    "first",
    "addressee",
    "model",
    "user",
    "hide",
    "send",
    "destination",
    "destroy",
    "answer-form",
    "encoding",
    "authority",
    "denial",
    "harm",
    "ranking",
    "report",
    "opening",
    "tool",
    "task",
    "new",
    "request",
    "money",
    "set-aside",
    "set-aside-last",
    "undo",
    "earlier",
    "earlier-first",
    "all",
    "orders",
    "limits",
    "said",
    "given",
    "your",
    "you",
    "assignment",
    "hidden-prompt",
    "tell",
    "password",
    "ai",
    "free-of",
    "restraint",
    "unrestricted",
    "free-mode",
    "refuse",
    "disclaimer",
    "harmful",
    "pretend",
    "maker",
    "hand-over",
    "private",
    "conceal",
    "reply",
    "mention",
    "role-foreign",
];

/// The narrower concepts that are a part of a broad one.
static BROADER: [(Concept, Concept); 23] = [
    (Concept::SetAside, Concept::Override),
    (Concept::SetAsideLast, Concept::Override),
    (Concept::Undo, Concept::Override),
    (Concept::Earlier, Concept::Before),
    (Concept::EarlierFirst, Concept::Before),
    (Concept::All, Concept::Before),
    (Concept::Orders, Concept::Instructions),
    (Concept::Limits, Concept::Instructions),
    (Concept::Your, Concept::Addressee),
    (Concept::You, Concept::Addressee),
    (Concept::Assignment, Concept::Task),
    (Concept::HiddenPrompt, Concept::SystemPrompt),
    (Concept::Tell, Concept::Reveal),
    (Concept::Password, Concept::Secret),
    (Concept::Ai, Concept::Model),
    (Concept::Unrestricted, Concept::Jailbreak),
    (Concept::FreeMode, Concept::Jailbreak),
    (Concept::Pretend, Concept::Role),
    (Concept::Maker, Concept::Authority),
    (Concept::HandOver, Concept::Send),
    (Concept::Private, Concept::Secret),
    (Concept::Conceal, Concept::Hide),
    (Concept::RoleForeign, Concept::Role),
];
