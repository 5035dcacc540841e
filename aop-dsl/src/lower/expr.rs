//! Typed expressions → nodes.

use std::collections::BTreeMap;

use super::mention::{About, mention};
use super::{Builder, PackageContext};
use crate::program::{Comparison, ExprId, Flow, FlowId, Node, RequestFact, WordKind, combined};
use crate::syntax::ast::BinaryOp;
use crate::typed::{Const, EventField, Expr, ExprKind, Local, Slot};
use crate::types::Type;

/// How the events of a rule are seen from where an expression is evaluated.
pub(super) struct View<'v> {
    /// These are the event that has just arrived.
    pub(super) current: &'v [Slot],
    /// What is kept of the others, by slot: about the event when it arrives.
    pub(super) kept: &'v mut BTreeMap<Slot, Vec<ExprId>>,
    /// Hashes that tell the watched events of the others apart.
    pub(super) watched: &'v BTreeMap<Slot, u64>,
    /// Places that texts come from, as they are met.
    pub(super) flows: &'v mut Vec<(Slot, FlowId)>,
}

/// Lowers an expression of a rule.
pub(super) fn lower(builder: &mut Builder, package: &PackageContext, view: &mut View<'_>, expr: &Expr) -> ExprId {
    Lowering { builder, package, view, locals: Vec::new() }.expr(expr)
}

/// Lowers an expression about one event, which is the current one.
pub(super) fn lower_own(builder: &mut Builder, package: &PackageContext, slot: Slot, expr: &Expr) -> ExprId {
    let (mut kept, mut flows) = (BTreeMap::new(), Vec::new());
    let mut view = View { current: &[slot], kept: &mut kept, watched: &BTreeMap::new(), flows: &mut flows };
    lower(builder, package, &mut view, expr)
}

/// Lowers a function's body, whose parameters are its first locals.
pub(super) fn lower_body(builder: &mut Builder, package: &PackageContext, params: usize, body: &Expr) -> ExprId {
    let (mut kept, mut flows) = (BTreeMap::new(), Vec::new());
    let mut view = View { current: &[], kept: &mut kept, watched: &BTreeMap::new(), flows: &mut flows };
    let locals = (0..params).map(|place| Local(place as u16)).collect();
    Lowering { builder, package, view: &mut view, locals }.expr(body)
}

struct Lowering<'l, 'v> {
    builder: &'l mut Builder,
    package: &'l PackageContext,
    view: &'l mut View<'v>,
    /// Those that are bound here, the innermost last.
    locals: Vec<Local>,
}

impl Lowering<'_, '_> {
    fn expr(&mut self, expr: &Expr) -> ExprId {
        if let Some(id) = self.kept(expr) {
            return id;
        }
        if let Some((slot, of_request)) = request_path(expr) {
            let value = lower_own(self.builder, self.package, slot, &of_request);
            let value = self.builder.exprs.request_value(value);
            return self.intern(Node::OfRequest(value));
        }
        match &expr.kind {
            ExprKind::Const(constant) => self.builder.exprs.constant_expr(constant),
            ExprKind::Local(local) => {
                // A local that nobody binds cannot be in a checked policy; it would be the outermost one.
                let distance = self.locals.iter().rev().position(|bound| bound == local).unwrap_or(self.locals.len());
                self.intern(Node::Local(distance as u16))
            }
            ExprKind::Event { of_request, field, .. } => self.event(*of_request, *field, &expr.ty),
            ExprKind::Global(global) => self.intern(Node::Global(*global)),
            ExprKind::Field { base, name, optional } => {
                let (ty, base) = (member_type(expr, base, name, *optional), self.expr(base));
                self.intern(Node::Member { base, name: name.as_str().into(), ty })
            }
            ExprKind::Index { base, index } => {
                let (base, index) = (self.expr(base), self.expr(index));
                self.intern(Node::Item { base, index, ty: expr.ty.clone() })
            }
            ExprKind::Call { function, arguments } => {
                let arguments: Box<[ExprId]> = arguments.iter().map(|argument| self.expr(argument)).collect();
                match self.package.bodies.get(function.0 as usize) {
                    Some(&body) => self.intern(Node::Call { body, arguments }),
                    None => self.builder.exprs.bool_expr(false),
                }
            }
            ExprKind::Builtin { builtin, arguments } => {
                let types = arguments.iter().map(|argument| argument.as_ref().map(|argument| argument.ty.clone())).collect();
                let arguments =
                    arguments.iter().map(|argument| argument.as_ref().map(|argument| self.expr(argument))).collect();
                self.intern(Node::Builtin { builtin: *builtin, arguments, types })
            }
            ExprKind::Detect(detect) => {
                self.builder.detectors.insert(detect.detector);
                let target = self.expr(&detect.target);
                let kinds = detect.kinds.iter().map(|kind| kind.as_str().into()).collect();
                self.intern(Node::Detect { family: detect.detector, kinds, target })
            }
            ExprKind::Cast(inner) => {
                let value = self.expr(inner);
                self.intern(Node::Cast { value, from: inner.ty.clone(), to: expr.ty.clone() })
            }
            ExprKind::Is { value: inner, ty } => {
                let value = self.expr(inner);
                self.intern(Node::Is { value, from: inner.ty.clone(), to: ty.clone() })
            }
            ExprKind::Has(path) => {
                // Of `any` it is not known whether it can have members; where it cannot, they are not there.
                let mut parts: Vec<ExprId> = Vec::new();
                for (base, to) in path.any_bases() {
                    let value = self.expr(base);
                    parts.push(self.intern(Node::Is { value, from: base.ty.clone(), to }));
                }
                let value = self.expr(path);
                parts.push(self.intern(Node::Has(value)));
                self.builder.exprs.all(parts)
            }
            ExprKind::Not(value) => {
                let value = self.expr(value);
                self.not(value)
            }
            ExprKind::Negate(value) => {
                let value = self.expr(value);
                self.intern(Node::Negate(value))
            }
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, &expr.ty),
            ExprKind::DerivesFrom { value, source } => self.derives_from(value, source),
            ExprKind::Quantified { quantifier, variable, domain, body } => {
                let item = item_type(&domain.ty);
                let domain = self.expr(domain);
                self.locals.push(*variable);
                let body = self.expr(body);
                self.locals.pop();
                self.intern(Node::Quantified { quantifier: *quantifier, domain, body, item })
            }
            ExprKind::List(items) => {
                let items = items.iter().map(|item| self.expr(item)).collect();
                self.intern(Node::List(items))
            }
            // Only in batch rules, which are not lowered.
            ExprKind::RunAggregate { .. } | ExprKind::Baseline { .. } => self.builder.exprs.bool_expr(false),
        }
    }

    fn intern(&mut self, node: Node) -> ExprId {
        self.builder.exprs.intern(node)
    }

    fn not(&mut self, value: ExprId) -> ExprId {
        match self.builder.exprs.node(value) {
            Node::Not(inner) => *inner,
            _ => self.intern(Node::Not(value)),
        }
    }

    /// What is about one other event alone is worked out when that event arrives, and kept.
    fn kept(&mut self, expr: &Expr) -> Option<ExprId> {
        let mention = mention(expr);
        let About::One(slot) = mention.about else { return None };
        if mention.is_open || self.view.current.contains(&slot) || matches!(expr.kind, ExprKind::Global(_)) {
            return None;
        }
        if matches!(expr.kind, ExprKind::Event { of_request: false, field: EventField::Seq, .. }) {
            return Some(self.intern(Node::KeptSeq(slot.0)));
        }
        let value = lower_own(self.builder, self.package, slot, expr);
        let values = self.view.kept.entry(slot).or_default();
        let at = values.iter().position(|known| *known == value).unwrap_or_else(|| {
            values.push(value);
            values.len() - 1
        });
        Some(self.intern(Node::Kept { slot: slot.0, value: at as u16 }))
    }

    fn event(&mut self, of_request: bool, field: EventField, ty: &Type) -> ExprId {
        let schema = self.package.schema;
        let node = match (field, of_request) {
            (EventField::Effects, _) => Node::Words { schema, kind: WordKind::Effects },
            (EventField::Labels, _) => Node::Words { schema, kind: WordKind::Labels },
            (EventField::Declared, _) => Node::Declared(schema),
            (EventField::Seq, true) => Node::Request(RequestFact::Seq),
            (EventField::T, true) => Node::Request(RequestFact::Time),
            (EventField::Action, _) => Node::Request(RequestFact::Action),
            (field, _) => Node::Event { field, ty: ty.clone() },
        };
        self.intern(node)
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, ty: &Type) -> ExprId {
        let compared = || match (left.ty.required(), right.ty.required()) {
            (Type::Error | Type::Any, other) => other.clone(),
            (ty, _) => ty.clone(),
        };
        match op {
            BinaryOp::And => {
                let parts = [self.expr(left), self.expr(right)];
                self.builder.exprs.all(parts)
            }
            BinaryOp::Or => {
                let parts = [self.expr(left), self.expr(right)];
                self.any(parts)
            }
            BinaryOp::In | BinaryOp::NotIn => self.among(left, right, op == BinaryOp::NotIn),
            BinaryOp::Matches => {
                let (value, pattern) = (self.expr(left), self.expr(right));
                self.intern(Node::Matches { value, pattern })
            }
            BinaryOp::Contains => {
                let (haystack, needle) = (self.expr(left), self.expr(right));
                self.intern(Node::Contains { haystack, needle, ty: left.ty.required().clone() })
            }
            BinaryOp::StartsWith => {
                let (text, prefix) = (self.expr(left), self.expr(right));
                self.intern(Node::StartsWith(text, prefix))
            }
            BinaryOp::EndsWith => {
                let (text, suffix) = (self.expr(left), self.expr(right));
                self.intern(Node::EndsWith(text, suffix))
            }
            BinaryOp::Else => {
                let (value, otherwise) = (self.expr(left), self.expr(right));
                self.intern(Node::Else(value, otherwise))
            }
            BinaryOp::DerivesFrom => self.derives_from(left, right),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                let (left, right) = (self.expr(left), self.expr(right));
                self.intern(Node::Arithmetic { op, left, right, ty: ty.required().clone() })
            }
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => {
                let op = Comparison::of(op).expect("these are the comparisons");
                let (ty, left, right) = (compared(), self.expr(left), self.expr(right));
                self.intern(Node::Compare { op, left, right, ty })
            }
        }
    }

    fn any(&mut self, parts: [ExprId; 2]) -> ExprId {
        let mut flat: Vec<ExprId> = Vec::new();
        for part in parts {
            let inner = match self.builder.exprs.node(part) {
                Node::Or(inner) => inner.to_vec(),
                _ => vec![part],
            };
            inner.into_iter().for_each(|part| {
                if !flat.contains(&part) {
                    flat.push(part)
                }
            });
        }
        match *flat {
            [only] => only,
            _ => self.intern(Node::Or(flat.into())),
        }
    }

    fn among(&mut self, value: &Expr, list: &Expr, negated: bool) -> ExprId {
        let value = self.expr(value);
        if let ExprKind::Const(constant) = &list.kind
            && let Some(members) = self.builder.exprs.members_id(constant, &item_type(&list.ty))
        {
            return self.intern(Node::Among { value, members, negated });
        }
        let ty = list.ty.required().clone();
        let list = self.expr(list);
        self.intern(Node::In { value, list, ty, negated })
    }

    /// The source is a past event's; what comes from the event that has just arrived, or from none, derives from nothing.
    fn derives_from(&mut self, value: &Expr, source: &Expr) -> ExprId {
        let About::One(slot) = mention(source).about else { return self.builder.exprs.bool_expr(false) };
        if self.view.current.contains(&slot) || matches!(source.kind, ExprKind::Global(_)) {
            return self.builder.exprs.bool_expr(false);
        }
        let value = self.expr(value);
        let path = lower_own(self.builder, self.package, slot, source);
        let watched = self.view.watched.get(&slot).copied().unwrap_or_default();
        let hash = combined([watched, self.builder.exprs.hash(path)]);
        let flow = self.builder.exprs.flow(hash);
        if self.builder.flows.len() <= flow.0 as usize {
            self.builder.flows.push(Flow { source: crate::flow::SourceId(hash), value: path });
        }
        if !self.view.flows.contains(&(slot, flow)) {
            self.view.flows.push((slot, flow));
        }
        self.intern(Node::Flow { value, source: flow, slot: slot.0 })
    }
}

/// The path below `a.request`, as a path of the request itself. What is known of every request is no such path.
fn request_path(expr: &Expr) -> Option<(Slot, Expr)> {
    let (slot, kind) = match &expr.kind {
        ExprKind::Event { slot, of_request: true, field } => {
            use EventField::{Action, Declared, Effects, Labels, Seq, T};
            if matches!(field, Action | Declared | Effects | Labels | Seq | T) {
                return None;
            }
            (*slot, ExprKind::Event { slot: *slot, of_request: false, field: *field })
        }
        ExprKind::Field { base, name, optional } => {
            let (slot, base) = request_path(base)?;
            (slot, ExprKind::Field { base: Box::new(base), name: name.clone(), optional: *optional })
        }
        ExprKind::Index { base, index } if matches!(index.kind, ExprKind::Const(Const::Number(_) | Const::Text(_))) => {
            let (slot, base) = request_path(base)?;
            (slot, ExprKind::Index { base: Box::new(base), index: index.clone() })
        }
        _ => return None,
    };
    Some((slot, Expr { kind, ty: expr.ty.clone(), span: expr.span }))
}

/// The type that a member is read as: that which its record declares, whatever is known of the record itself. What is not
/// declared may be missing after `?.`.
fn member_type(expr: &Expr, base: &Expr, name: &str, optional: bool) -> Type {
    match base.ty.required().field(name) {
        Some(field) => field.ty.clone(),
        None if optional => expr.ty.clone().optional(),
        None => expr.ty.required().clone(),
    }
}

/// The type of a list's items; `any` where nothing is known.
pub(super) fn item_type(list: &Type) -> Type {
    match list.required() {
        Type::List(item) | Type::Set(item) => Type::clone(item),
        _ => Type::Any,
    }
}
