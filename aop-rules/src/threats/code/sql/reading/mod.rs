//! A value read as SQL, token by token, for as long as it is well formed, or until it shows that it is an attack.

mod clauses;

use super::injection::Found;
use super::keywords::{Keyword, is_dangerous, is_probing, tells_of_server};
use super::quote::Quote;
use super::shapes::select_strength;
use super::tokens::{Dialect, Kind, Token, Tokens};

/// One reading of a value: operands and operators in turn, for as long as it is SQL at all.
pub(super) struct Reading<'t> {
    pub(super) tokens: Tokens<'t>,
    pub(super) text: &'t str,
    pub(super) quote: Option<Quote>,
    pub(super) start: usize,
    pub(super) at: usize,
    pub(super) wants_operand: bool,
    pub(super) depth: i32,
    /// Parentheses closed that the value did not open.
    pub(super) closes_others: bool,
    pub(super) first: Option<Kind>,
    pub(super) operators: u32,
    pub(super) opens: u32,
    pub(super) commas: u32,
    pub(super) functions: u32,
    /// Names that stand for columns.
    pub(super) words: u32,
    pub(super) values: u32,
    pub(super) signs: u32,
    pub(super) probes: u32,
    pub(super) tells: u32,
    pub(super) joins_probes: bool,
    pub(super) logic: u32,
    /// Whether the first term was a value alone, as in `1 OR …`.
    pub(super) begins_with_value: bool,
    pub(super) term: Term,
    pub(super) betweens: u32,
    pub(super) cases: u32,
    pub(super) has_case: bool,
    pub(super) compares: bool,
    /// Whether FROM and names for what is selected may come.
    pub(super) selects: bool,
}

/// What stands between two of AND and OR.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Term {
    pub(super) operands: u32,
    pub(super) compares: bool,
    pub(super) words: bool,
    pub(super) probes: bool,
}

enum Step {
    On,
    Hit,
    Stop,
}

impl<'t> Reading<'t> {
    pub(super) fn bare(text: &'t str, start: usize, dialect: Dialect) -> Self {
        Self {
            tokens: Tokens::new(text, start, dialect),
            text,
            quote: None,
            start,
            at: 0,
            wants_operand: true,
            depth: 0,
            closes_others: false,
            first: None,
            operators: 0,
            opens: 0,
            commas: 0,
            functions: 0,
            words: 0,
            values: 0,
            signs: 0,
            probes: 0,
            tells: 0,
            joins_probes: false,
            logic: 0,
            begins_with_value: false,
            term: Term::default(),
            betweens: 0,
            cases: 0,
            has_case: false,
            compares: false,
            selects: false,
        }
    }

    pub(super) fn behind(text: &'t str, quote: Quote, dialect: Dialect) -> Self {
        let term = Term { operands: 1, ..Term::default() };
        let bare = Self::bare(text, quote.at + 1, dialect);
        Self { quote: Some(quote), start: quote.at, wants_operand: false, first: Some(Kind::Text), term, ..bare }
    }

    pub(super) fn kind(&mut self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).kind
    }

    pub(super) fn slice(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(super) fn run(mut self) -> Option<Found> {
        loop {
            let token = self.tokens.get(self.at);
            let step = match token.kind {
                Kind::End | Kind::Cut | Kind::OpenText => return self.ends(token).then(|| self.found()),
                _ if self.wants_operand => self.operand(token),
                _ => self.operator(token),
            };
            match step {
                Step::On => {}
                Step::Hit => return Some(self.found()),
                Step::Stop => return self.is_hit_nevertheless().then(|| self.found()),
            }
        }
    }

    /// Attacks need not be well formed to be known, and those that somebody has copied from a page often are not.
    fn is_hit_nevertheless(&mut self) -> bool {
        use Keyword as K;
        if self.logic > 0 && self.tells > 0 && self.term.compares {
            return true;
        }
        let is_prose = self.quote.is_some_and(|quote| !quote.is_behind_value || quote.opens);
        if is_prose || self.at > STRAY_TOKENS_MAX {
            return false;
        }
        let is_sentence = self.quote.is_none()
            && matches!(self.tokens.get(0).kind, Kind::Word | Kind::Function | Kind::Text | Kind::Key(_));
        if is_sentence && self.kind(1) != Kind::Key(K::Union) && !matches!(self.kind(0), Kind::Other | Kind::Placeholder) {
            return false;
        }
        (0..STRAY_TOKENS_MAX).any(|ahead| {
            let select = ahead + 1 + usize::from(matches!(self.kind(ahead + 1), Kind::Key(K::All | K::Distinct)));
            let is_union = self.kind(ahead) == Kind::Key(K::Union) && self.kind(select) == Kind::Key(K::Select);
            let is_behind_value =
                !is_sentence || ahead > 0 && matches!(self.kind(ahead - 1), Kind::Number | Kind::Text | Kind::Close);
            is_union && is_behind_value && select_strength(&mut self.tokens, self.at + select) == 2
        })
    }

    fn found(&mut self) -> Found {
        (self.start, self.tokens.get(self.at).end as usize)
    }

    /// One token on, behind which an operator is expected.
    fn value(&mut self, kind: Kind) -> Step {
        self.first.get_or_insert(kind);
        self.term.operands += 1;
        match kind {
            Kind::Word => {
                self.words += 1;
                self.term.words = true;
            }
            _ => self.values += 1,
        }
        self.at += 1;
        self.wants_operand = false;
        Step::On
    }

    fn operand(&mut self, token: Token) -> Step {
        use Keyword as K;
        match token.kind {
            Kind::Number | Kind::Text => self.value(token.kind),
            Kind::Variable => {
                self.tells += u32::from(self.slice(token).starts_with("@@"));
                let step = self.value(token.kind);
                if self.kind(0) == Kind::Open && self.kind(1) == Kind::Close {
                    self.at += 2;
                }
                step
            }
            Kind::Placeholder => self.value(Kind::Word),
            Kind::Key(K::Constant) => {
                let step = self.value(token.kind);
                if self.kind(0) == Kind::Open && self.kind(1) == Kind::Close {
                    self.at += 2;
                    self.tells += 1;
                    self.functions += 1;
                    self.probes += 1;
                }
                step
            }
            // `109m` is no column's name.
            Kind::Word if self.slice(token).as_bytes()[0].is_ascii_digit() && self.logic > 0 => self.value(Kind::Number),
            // A character set before a string, and MATCH (…) AGAINST.
            Kind::Word if self.slice(token).starts_with('_') && self.kind(1) == Kind::Text => {
                self.at += 1;
                self.value(Kind::Text)
            }
            Kind::Word if self.slice(token).eq_ignore_ascii_case("match") && self.kind(1) == Kind::Word => {
                self.at += 2;
                Step::On
            }
            Kind::Word => self.value(Kind::Word),
            Kind::Function => self.function(token),
            Kind::Key(K::Replace | K::If | K::Values | K::Top | K::Table | K::Infix) if self.kind(1) == Kind::Open => {
                self.function(token)
            }
            Kind::Open => {
                self.opens += 1;
                self.depth += 1;
                self.at += 1;
                Step::On
            }
            // A function without arguments, and what `(` of an attack is closed by.
            Kind::Close if self.at > 0 && matches!(self.tokens.get(self.at - 1).kind, Kind::Open) => {
                self.depth -= 1;
                self.at += 1;
                self.wants_operand = false;
                Step::On
            }
            Kind::Close if self.first.is_none() => {
                self.closes_others = true;
                self.at += 1;
                self.wants_operand = false;
                Step::On
            }
            Kind::Arithmetic if matches!(self.slice(token), "-" | "+") => {
                self.signs += 1;
                self.at += 1;
                Step::On
            }
            Kind::Negate | Kind::Key(K::Not | K::Prefix | K::Exists | K::Distinct | K::All) => {
                self.at += 1;
                Step::On
            }
            Kind::Star if self.selects => self.value(Kind::Star),
            Kind::Key(K::Case) => {
                self.cases += 1;
                self.has_case = true;
                self.at += 1;
                self.wants_operand = self.kind(0) != Kind::Key(K::When);
                Step::On
            }
            Kind::Key(K::Select) => self.subselect(),
            Kind::Key(K::Union) => self.union(),
            // PostgreSQL's `!~` is no operator here.
            Kind::Compare if self.slice(token) == "!~" => {
                self.at += 1;
                Step::On
            }
            Kind::Key(K::And | K::Or | K::Xor) | Kind::AndSign | Kind::Bars if self.first.is_none() && self.depth == 0 => {
                self.logic += 1;
                self.first = Some(token.kind);
                self.at += 1;
                Step::On
            }
            Kind::Semicolon if self.first.is_none() => self.statement(),
            _ => Step::Stop,
        }
    }

    fn function(&mut self, token: Token) -> Step {
        let name = self.slice(token);
        self.first.get_or_insert(Kind::Function);
        self.functions += 1;
        self.values += 1;
        self.term.operands += 1;
        let has_arguments = self.kind(2) != Kind::Close;
        let chooses = matches!(token.kind, Kind::Key(Keyword::If)) || name.eq_ignore_ascii_case("iif");
        if chooses && self.kind(2) == Kind::Number && self.kind(3) == Kind::Compare && self.kind(4) == Kind::Number {
            return Step::Hit;
        }
        let stands_in_more =
            self.quote.is_some() || self.operators > 0 || self.logic > 0 || self.functions > 1 || self.opens > 0;
        if is_dangerous(name) && has_arguments {
            // Alone and bare it may be a program's own function of that name, unless an operator follows.
            let is_whole = self.depth == 0 && !stands_in_more;
            if !is_whole || !name.eq_ignore_ascii_case("benchmark") || self.call_is_joined() {
                return Step::Hit;
            }
        }
        // `1 RLIKE SLEEP(3)`
        let waits = name.eq_ignore_ascii_case("sleep") && self.kind(2) == Kind::Number && self.kind(3) == Kind::Close;
        if waits && self.operators > 0 && self.compares && self.first == Some(Kind::Number) {
            return Step::Hit;
        }
        if !has_arguments && tells_of_server(name) {
            self.tells += 1;
            self.probes += 1;
            self.term.probes = true;
        } else if is_probing(name) {
            self.probes += 1;
            self.term.probes = true;
        } else if has_arguments && !MATHS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            self.term.words = true;
        }
        self.at += 2;
        self.depth += 1;
        if self.kind(0) == Kind::Star {
            self.at += 1;
            self.wants_operand = false;
        }
        Step::On
    }

    /// Whether an operator stands behind the call whose name is the current token.
    fn call_is_joined(&mut self) -> bool {
        let mut depth = 0;
        for ahead in 1..CALL_TOKENS_MAX {
            match self.kind(ahead) {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::End => return false,
                _ => {}
            }
            if depth == 0 {
                return self.kind(ahead + 1) != Kind::End;
            }
        }
        false
    }

    fn operator(&mut self, token: Token) -> Step {
        use Keyword as K;
        match token.kind {
            Kind::Arithmetic | Kind::Star | Kind::Key(K::Compute) => self.infix(),
            Kind::Compare => {
                self.compares = true;
                self.term.compares = true;
                self.infix()
            }
            // In MySQL `!` and `~` behind a value only negate what follows another operator: `'|!'a`.
            Kind::Negate if self.quote.is_some() && self.slice(token) == "~" => self.infix(),
            // `… IN BOOLEAN MODE)`
            Kind::Key(K::Infix)
                if self.kind(1) == Kind::Word && self.kind(2) == Kind::Word && self.kind(3) == Kind::Close =>
            {
                self.at += 3;
                Step::On
            }
            Kind::Key(K::Infix) => {
                self.compares = true;
                self.term.compares = true;
                let step = self.infix();
                if self.kind(0) == Kind::Key(K::Not) {
                    self.at += 1;
                }
                step
            }
            Kind::Key(K::Sounds) if self.kind(1) == Kind::Key(K::Infix) => {
                self.term.compares = true;
                self.compares = true;
                self.at += 1;
                self.infix()
            }
            Kind::Key(K::Not) if matches!(self.kind(1), Kind::Key(K::Infix | K::Between)) => {
                self.at += 1;
                Step::On
            }
            Kind::Key(K::Between) => {
                self.betweens += 1;
                self.compares = true;
                self.term.compares = true;
                self.infix()
            }
            Kind::Key(K::And) if self.betweens > 0 => {
                self.betweens -= 1;
                self.infix()
            }
            Kind::Key(K::And | K::Or | K::Xor) | Kind::AndSign => self.connective(),
            Kind::Bars => {
                self.joins_probes |= self.term.probes;
                self.connective()
            }
            Kind::Comma => {
                self.commas += u32::from(self.depth <= 0);
                self.at += 1;
                self.wants_operand = true;
                Step::On
            }
            Kind::Close => {
                self.depth -= 1;
                self.closes_others |= self.depth < 0;
                self.at += 1;
                Step::On
            }
            Kind::Cast => {
                self.at += 1;
                if matches!(self.kind(0), Kind::Word | Kind::Function | Kind::Key(_)) {
                    self.at += 1;
                    return Step::On;
                }
                Step::Stop
            }
            Kind::Key(K::Union | K::Except) => self.union(),
            Kind::Key(K::Into) if self.kind(1) == Kind::Key(K::File) => {
                self.at += 1;
                Step::Hit
            }
            Kind::Key(K::Order | K::Group) if self.kind(1) == Kind::Key(K::By) => self.clause(2),
            Kind::Key(K::Having) => self.clause(1),
            Kind::Key(K::Limit) => self.clause(1),
            Kind::Key(K::Procedure) if matches!(self.kind(1), Kind::Function) => Step::Hit,
            Kind::Key(K::For) if self.kind(1) == Kind::Key(K::Update) => {
                self.at += 2;
                Step::On
            }
            Kind::Key(K::Lock) if self.kind(1) == Kind::Key(K::Infix) => {
                // LOCK IN SHARE MODE
                self.at += 4;
                Step::On
            }
            Kind::Key(K::Where)
                if self.quote.is_some()
                    || matches!(self.kind(1), Kind::Number | Kind::Text) && self.kind(2) == Kind::Compare
                    || self.closes_others
                    || self.selects
                    || self.first == Some(Kind::Number) =>
            {
                if self.closes_term() {
                    return Step::Hit;
                }
                self.logic += 1;
                self.infix()
            }
            Kind::Key(K::From | K::For | K::Using | K::As) if self.depth > 0 || self.selects => {
                self.at += 1;
                self.wants_operand = true;
                // A type behind AS, or a table.
                if matches!(self.kind(0), Kind::Key(K::Prefix)) {
                    self.at += 1;
                    self.wants_operand = false;
                }
                Step::On
            }
            Kind::Key(K::From) if self.closes_others && self.kind(1) == Kind::Word => match self.kind(2) {
                Kind::Key(K::Where) | Kind::End | Kind::Cut => Step::Hit,
                _ => Step::Stop,
            },
            Kind::Key(K::When | K::Then | K::Else) if self.cases > 0 => {
                self.at += 1;
                self.wants_operand = true;
                Step::On
            }
            Kind::Key(K::End) if self.cases > 0 => {
                self.cases -= 1;
                self.at += 1;
                Step::On
            }
            // `-1 -- \n (SELECT …`
            Kind::Open if matches!(self.first, Some(Kind::Number | Kind::Variable)) && self.tokens.comments() > 0 => {
                let mut ahead = 1;
                while self.kind(ahead) == Kind::Open {
                    ahead += 1;
                }
                let is_select = match self.kind(ahead) {
                    Kind::Key(K::Union) => true,
                    Kind::Key(K::Select) => select_strength(&mut self.tokens, self.at + ahead) > 0,
                    _ => false,
                };
                if is_select { Step::Hit } else { Step::Stop }
            }
            Kind::Semicolon => self.statement(),
            Kind::Key(_) => self.statement_without_semicolon(),
            // What follows a name or a value without an operator is another name for it, in a list of what is selected.
            Kind::Word if self.selects => {
                self.at += 1;
                Step::On
            }
            Kind::Text if self.quote.is_none() && self.first == Some(Kind::Text) && self.at == 1 => {
                self.at += 1;
                Step::On
            }
            _ => Step::Stop,
        }
    }

    fn infix(&mut self) -> Step {
        self.operators += 1;
        self.at += 1;
        self.wants_operand = true;
        Step::On
    }

    fn connective(&mut self) -> Step {
        if self.logic == 0 {
            self.begins_with_value = self.quote.is_none()
                && self.term.operands == 1
                && !self.term.words
                && !self.term.compares
                && self.functions == 0;
        }
        if self.closes_term() {
            return Step::Hit;
        }
        self.logic += 1;
        self.at += 1;
        self.wants_operand = true;
        // `AND SELECT …`, which no dialect takes, but attacks try.
        Step::On
    }

    /// The end of a term: whether it compares only what is known beforehand, which decides nothing, or asks the server.
    pub(super) fn closes_term(&mut self) -> bool {
        let term = std::mem::take(&mut self.term);
        let follows_logic = self.logic > 0;
        let is_constant = term.compares && term.operands >= 2 && !term.words;
        let breaks_out = self.quote.is_some() || self.begins_with_value || self.closes_others;
        let next_is_logic =
            matches!(self.kind(0), Kind::Key(Keyword::And | Keyword::Or | Keyword::Xor) | Kind::AndSign | Kind::Bars);
        is_constant && (follows_logic || next_is_logic && self.quote.is_none() && term.operands >= 2)
            || follows_logic && breaks_out && (term.compares && term.operands >= 2 || term.probes)
            || follows_logic && matches!(self.first, Some(Kind::Key(Keyword::And | Keyword::Or))) && term.probes
    }
}

/// So many tokens of what is not well formed are looked at for a UNION.
const STRAY_TOKENS_MAX: usize = 10;

/// So many tokens of a call are looked at for its end.
const CALL_TOKENS_MAX: usize = 24;

/// Functions whose result depends on their arguments alone.
static MATHS: &[&str] = &["pi", "sin", "cos", "tan", "abs", "sqrt", "now", "round", "mod", "power", "exp", "sign"];
