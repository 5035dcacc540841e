//! Expressions: the grammar's flat lists of operands and operators → trees, by precedence; and types.

use std::iter::Peekable;

use pest::iterators::{Pair, Pairs};

use super::ast::{Argument, BinaryOp, Expr, ExprKind, FieldDef, Name, Quantifier, Span, TypeExpr, TypeExprKind};
use super::grammar::Rule;
use super::lowering::Lowering;
use super::quantity::Quantity;
use crate::diagnostic::DiagnosticCode;

/// How deep a tree may be; a chain of operators goes into its depth.
pub(crate) const TREE_DEPTH_MAX: usize = 256;

/// The longest text that is offered as a fix, and the longest that a message shows, in bytes.
const FIX_BYTES_MAX: usize = 300;
const EXAMPLE_BYTES_MAX: usize = 100;

/// How tight operators bind, loosest first.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const ELSE: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const NEGATION: u8 = 8;
const POSTFIX: u8 = 9;

/// An expression and the depth of its tree.
struct Deep {
    expr: Expr,
    depth: usize,
}

type Parts<'i> = Peekable<Pairs<'i, Rule>>;

impl Lowering<'_, '_> {
    /// Of an `expr` or a `sum`.
    pub(super) fn expr(&mut self, pair: Pair<'_, Rule>) -> Expr {
        self.deep(pair).expr
    }

    fn deep(&mut self, pair: Pair<'_, Rule>) -> Deep {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().peekable();
        self.climb(&mut parts, 0, span)
    }

    /// An operand and the operators behind it that bind at least as tight as `tightness`.
    fn climb(&mut self, parts: &mut Parts<'_>, tightness: u8, whole: Span) -> Deep {
        let mut left = self.operand(parts, tightness, whole);
        while let Some(next) = parts.peek() {
            let own = tightness_of(next);
            if own < tightness {
                break;
            }
            let operator = parts.next().expect("one was just seen");
            let operator_span = self.span(&operator);
            let is_second = own == COMPARISON && is_comparison(&left.expr);
            left = if operator.as_rule() == Rule::is_type {
                let ty = operator.into_inner().find(|part| part.as_rule() == Rule::ty).map(|ty| self.ty(ty));
                let span = left.expr.span.to(operator_span);
                let depth = left.depth;
                if is_second {
                    self.chained(&left.expr, operator_span, None);
                    left = Deep { expr: Expr { kind: ExprKind::Error, span }, depth };
                    continue;
                }
                let ty = ty.expect("the grammar has a type there");
                self.grow(ExprKind::Is { value: Box::new(left.expr), ty }, span, depth)
            } else {
                let op = binary_op(operator.as_str());
                let right = self.climb(parts, own + 1, whole);
                let (span, depth) = (left.expr.span.to(right.expr.span), left.depth.max(right.depth));
                if is_second {
                    self.chained(&left.expr, operator_span, Some((op, &right.expr)));
                    left = Deep { expr: Expr { kind: ExprKind::Error, span }, depth };
                    continue;
                }
                let (left, right) = (Box::new(left.expr), Box::new(right.expr));
                self.grow(ExprKind::Binary { op, op_span: operator_span, left, right }, span, depth)
            };
        }
        left
    }

    /// `10 < x < 100`, as in mathematics: a second comparison behind a first.
    fn chained(&mut self, first: &Expr, operator_span: Span, second: Option<(BinaryOp, &Expr)>) {
        use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual};
        let orders = |op: BinaryOp| matches!(op, Equal | Less | LessEqual | Greater | GreaterEqual);
        let source = self.sink.source();
        let text = |span: Span| source.get(span.range()).unwrap_or_default();
        let apart = match (&first.kind, second) {
            (ExprKind::Binary { op, right: middle, .. }, Some((second_op, last))) if orders(*op) && orders(second_op) => {
                let (first_text, middle) = (text(first.span), text(middle.span));
                let written = format!("{first_text} and {middle} {} {}", second_op.as_str(), text(last.span));
                (written.len() <= FIX_BYTES_MAX).then_some((first.span.to(last.span), written))
            }
            _ => None,
        };
        let example = match &apart {
            Some((_, written)) if written.len() <= EXAMPLE_BYTES_MAX && !written.contains('\n') => written.as_str(),
            _ => "a < b and b < c",
        };
        let message = format!("comparisons do not chain; write `{example}`");
        let diagnostic = self.error(DiagnosticCode::Expression, operator_span, message);
        diagnostic.label("a second comparison").related(comparison_span(first), "the first");
        if let Some((whole, written)) = apart {
            // In parentheses, since `not` may stand before it.
            diagnostic.fix(whole, format!("({written})"));
        }
    }

    fn operand(&mut self, parts: &mut Parts<'_>, tightness: u8, whole: Span) -> Deep {
        let Some(first) = parts.next() else { return Deep { expr: Expr { kind: ExprKind::Error, span: whole }, depth: 1 } };
        let span = self.span(&first);
        if first.as_rule() != Rule::prefix {
            let primary = self.primary(first, span);
            return self.postfixes(parts, primary);
        }
        // A run of prefixes goes into the depth before it goes into the stack.
        if self.prefixes >= TREE_DEPTH_MAX {
            self.too_deep(span);
            while parts.next().is_some() {}
            return Deep { expr: Expr { kind: ExprKind::Error, span }, depth: 1 };
        }
        self.prefixes += 1;
        let operand = match first.as_str() {
            "-" => self.climb(parts, NEGATION, whole),
            "has" => self.climb(parts, POSTFIX, whole),
            _ => {
                if tightness > NOT {
                    let message = "`not` stands behind an operator that binds tighter; put it into parentheses: `(not …)`";
                    self.error(DiagnosticCode::Expression, span, message);
                }
                self.climb(parts, NOT, whole)
            }
        };
        self.prefixes -= 1;
        let (inner, inner_span) = (Box::new(operand.expr), span);
        let full = inner_span.to(inner.span);
        let kind = match first.as_str() {
            "-" => ExprKind::Negate(inner),
            "has" => ExprKind::Has(inner),
            _ => ExprKind::Not(inner),
        };
        self.grow(kind, full, operand.depth)
    }

    fn primary(&mut self, pair: Pair<'_, Rule>, span: Span) -> Deep {
        let written = pair.as_str();
        let kind = match pair.as_rule() {
            Rule::group => {
                let inner = pair.into_inner().find(|part| part.as_rule() == Rule::expr);
                let inner = self.deep(inner.expect("the grammar has an expression in parentheses"));
                return self.grow(ExprKind::Group(Box::new(inner.expr)), span, inner.depth);
            }
            Rule::list => {
                let items = pair.into_inner().filter(|part| part.as_rule() == Rule::expr);
                let items: Vec<Deep> = items.map(|item| self.deep(item)).collect();
                let depth = items.iter().map(|item| item.depth).max().unwrap_or(0);
                return self.grow(ExprKind::List(items.into_iter().map(|item| item.expr).collect()), span, depth);
            }
            Rule::quantified => return self.quantified(pair, span),
            Rule::tagged => self.tagged(&pair),
            Rule::string => ExprKind::Text(self.text(&pair).text),
            Rule::number => self.number(written, span),
            Rule::boolean => ExprKind::Bool(written == "true"),
            _ => ExprKind::Name(written.to_owned()),
        };
        Deep { expr: Expr { kind, span }, depth: 1 }
    }

    fn number(&mut self, written: &str, span: Span) -> ExprKind {
        match self.quantity(written, span) {
            Some(Quantity::Int(digits)) => ExprKind::Int(digits),
            Some(Quantity::Decimal(digits)) => ExprKind::Decimal(digits),
            Some(Quantity::Duration(micros)) => ExprKind::Duration { micros, text: written.to_owned() },
            Some(Quantity::Size(bytes)) => ExprKind::Size { bytes, text: written.to_owned() },
            None => ExprKind::Error,
        }
    }

    /// `re"…"`: only `\"` is an escape.
    fn tagged(&mut self, pair: &Pair<'_, Rule>) -> ExprKind {
        let written = pair.as_str();
        let quote = written.find('"').unwrap_or(0);
        let tag = Name { text: written[..quote].trim_end().to_owned(), span: self.span_within(pair, 0, quote) };
        let raw = &written[quote + 1..written.len() - 1];
        let mut text = String::with_capacity(raw.len());
        let mut characters = raw.chars().peekable();
        while let Some(character) = characters.next() {
            if character != '\\' {
                text.push(character);
                continue;
            }
            match characters.next() {
                Some('"') => text.push('"'),
                next => text.extend([Some('\\'), next].into_iter().flatten()),
            }
        }
        ExprKind::Tagged { tag, text }
    }

    /// `any x in c.params.to: external(x)`
    fn quantified(&mut self, pair: Pair<'_, Rule>, span: Span) -> Deep {
        let (mut quantifier, mut variable, mut parts) = (Quantifier::Any, None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::quantifier => {
                    quantifier = match part.as_str().trim_end() {
                        "all" => Quantifier::All,
                        "count" => Quantifier::Count,
                        _ => Quantifier::Any,
                    };
                }
                Rule::name => variable = Some(self.name(&part)),
                Rule::expr => parts.push(self.deep(part)),
                _ => {}
            }
        }
        let (Some(variable), Some(body), Some(domain)) = (variable, parts.pop(), parts.pop()) else {
            return Deep { expr: Expr { kind: ExprKind::Error, span }, depth: 1 };
        };
        let depth = body.depth.max(domain.depth);
        let (domain, body) = (Box::new(domain.expr), Box::new(body.expr));
        self.grow(ExprKind::Quantified { quantifier, variable, domain, body }, span, depth)
    }

    fn postfixes(&mut self, parts: &mut Parts<'_>, mut value: Deep) -> Deep {
        let is_postfix = |rule| matches!(rule, Rule::field | Rule::optional_field | Rule::index | Rule::call | Rule::cast);
        while let Some(postfix) = parts.next_if(|part| is_postfix(part.as_rule())) {
            let span = value.expr.span.to(self.span(&postfix));
            let (rule, depth, base) = (postfix.as_rule(), value.depth, Box::new(value.expr));
            let mut inner_depth = 0;
            let kind = match rule {
                Rule::call => {
                    let (arguments, depth) = self.deep_arguments(postfix);
                    inner_depth = depth;
                    ExprKind::Call { callee: base, arguments }
                }
                Rule::index => {
                    let index = postfix.into_inner().find(|part| part.as_rule() == Rule::expr);
                    let index = self.deep(index.expect("the grammar has an expression in brackets"));
                    inner_depth = index.depth;
                    ExprKind::Index { base, index: Box::new(index.expr) }
                }
                Rule::cast => {
                    let ty = postfix.into_inner().find(|part| part.as_rule() == Rule::ty);
                    ExprKind::Cast { value: base, ty: self.ty(ty.expect("the grammar has a type behind `as`")) }
                }
                _ => {
                    let name = postfix.into_inner().next().expect("the grammar has a name behind the dot");
                    ExprKind::Field { base, name: self.name(&name), optional: rule == Rule::optional_field }
                }
            };
            value = self.grow(kind, span, depth.max(inner_depth));
        }
        value
    }

    /// Of a `call`.
    pub(super) fn arguments(&mut self, pair: Pair<'_, Rule>) -> Vec<Argument> {
        self.deep_arguments(pair).0
    }

    fn deep_arguments(&mut self, pair: Pair<'_, Rule>) -> (Vec<Argument>, usize) {
        let mut depth_max = 0;
        let mut arguments = Vec::new();
        for argument in pair.into_inner().filter(|part| part.as_rule() == Rule::argument) {
            let mut name = None;
            for part in argument.into_inner() {
                if part.as_rule() == Rule::label {
                    name = part.into_inner().next().map(|word| self.name(&word));
                } else {
                    let Deep { expr, depth } = self.deep(part);
                    depth_max = depth_max.max(depth);
                    arguments.push(Argument { name: name.take(), value: expr });
                }
            }
        }
        (arguments, depth_max)
    }

    /// A node over one or two others, the deeper of which is `depth` deep.
    fn grow(&mut self, kind: ExprKind, span: Span, depth: usize) -> Deep {
        if depth < TREE_DEPTH_MAX {
            return Deep { expr: Expr { kind, span }, depth: depth + 1 };
        }
        self.too_deep(span);
        Deep { expr: Expr { kind: ExprKind::Error, span }, depth: 1 }
    }

    fn too_deep(&mut self, span: Span) {
        if std::mem::replace(&mut self.is_too_deep, true) {
            return;
        }
        let message = format!("more than {TREE_DEPTH_MAX} operators stand in a row or in each other");
        let help = "for a choice of values write `x in [\"a\", \"b\"]`; give other parts names with `let` or `fn`";
        self.error(DiagnosticCode::Nesting, span, message).help(help);
    }

    /// `params.account`, of a `path`.
    pub(super) fn path(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let mut parts = pair.into_inner().peekable();
        let first = parts.next().expect("the grammar has a word first");
        let span = self.span(&first);
        let root = Deep { expr: Expr { kind: ExprKind::Name(first.as_str().to_owned()), span }, depth: 1 };
        self.postfixes(&mut parts, root).expr
    }

    pub(super) fn ty(&mut self, pair: Pair<'_, Rule>) -> TypeExpr {
        let span = self.span(&pair);
        let mut optional = false;
        let mut kind = TypeExprKind::Record(Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::optional_mark => optional = true,
                Rule::record => kind = TypeExprKind::Record(self.field_defs(part)),
                Rule::enumeration => {
                    let words = part.into_inner().filter(|word| word.as_rule() == Rule::string);
                    kind = TypeExprKind::Enum(words.map(|word| self.text(&word)).collect());
                }
                Rule::collection_type => {
                    let mut is_set = false;
                    for part in part.into_inner() {
                        match part.as_rule() {
                            Rule::collection => is_set = part.as_str() == "set",
                            Rule::ty => {
                                let item = Box::new(self.ty(part));
                                kind = if is_set { TypeExprKind::Set(item) } else { TypeExprKind::List(item) };
                            }
                            _ => {}
                        }
                    }
                }
                _ => kind = TypeExprKind::Named(self.name(&part)),
            }
        }
        TypeExpr { kind, optional, span }
    }

    /// Of `params` or a `record`.
    pub(super) fn field_defs(&mut self, pair: Pair<'_, Rule>) -> Vec<FieldDef> {
        let fields = pair.into_inner().filter(|part| part.as_rule() == Rule::field_def);
        fields.map(|field| self.field_def(field)).collect()
    }

    fn field_def(&mut self, pair: Pair<'_, Rule>) -> FieldDef {
        let mut parts = pair.into_inner();
        let name = parts.next().expect("the grammar has a name first");
        let name = self.name_or_text(&name);
        let ty = parts.find(|part| part.as_rule() == Rule::ty).expect("the grammar has a type behind the colon");
        FieldDef { name, ty: self.ty(ty) }
    }
}

fn tightness_of(pair: &Pair<'_, Rule>) -> u8 {
    match pair.as_str() {
        _ if pair.as_rule() == Rule::is_type => COMPARISON,
        "or" => OR,
        "and" => AND,
        "??" => ELSE,
        "+" | "-" => SUM,
        "*" | "/" | "%" => PRODUCT,
        _ => COMPARISON,
    }
}

fn is_comparison(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Is { .. } => true,
        ExprKind::Binary { op, .. } => tightness_of_op(*op) == COMPARISON,
        _ => false,
    }
}

fn comparison_span(expr: &Expr) -> Span {
    match &expr.kind {
        ExprKind::Binary { op_span, .. } => *op_span,
        _ => expr.span,
    }
}

fn tightness_of_op(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => OR,
        BinaryOp::And => AND,
        BinaryOp::Else => ELSE,
        BinaryOp::Add | BinaryOp::Subtract => SUM,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => PRODUCT,
        _ => COMPARISON,
    }
}

/// An operator as the grammar has it.
pub(super) fn binary_op(written: &str) -> BinaryOp {
    match written {
        "or" => BinaryOp::Or,
        "and" => BinaryOp::And,
        "==" => BinaryOp::Equal,
        "!=" => BinaryOp::NotEqual,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEqual,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEqual,
        "in" => BinaryOp::In,
        "matches" => BinaryOp::Matches,
        "contains" => BinaryOp::Contains,
        "starts_with" => BinaryOp::StartsWith,
        "ends_with" => BinaryOp::EndsWith,
        "derives_from" => BinaryOp::DerivesFrom,
        "??" => BinaryOp::Else,
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "*" => BinaryOp::Multiply,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Remainder,
        // With any white space between its two words.
        _ => BinaryOp::NotIn,
    }
}
