//! Expressions as they are evaluated: a table in which equal expressions are one.

use std::collections::HashMap;
use std::sync::OnceLock;

use rust_decimal::Decimal;

use crate::program::stable_hash::{combined, stable_hash};
use crate::syntax::ast::{BinaryOp, Quantifier};
use crate::typed::{Const, DetectorFamily, EventField, Global};
use crate::types::{PatternKind, Type};
use crate::value::{Matcher, Members};

/// An expression of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ExprId(pub(crate) u32);

/// A constant of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConstId(pub(crate) u32);

/// A constant list or set that is asked what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MembersId(pub(crate) u32);

/// The schema of one of the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SchemaId(pub(crate) u16);

/// A value of requests that is kept until their responses have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RequestValueId(pub(crate) u16);

/// A place that texts come from: see [`crate::flow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FlowId(pub(crate) u16);

/// What an expression does. "The event" is the one that has just arrived: the trigger while rules are judged, any event while
/// memories are fed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Const(ConstId),
    /// A quantifier's variable or a parameter: 0 is the innermost.
    Local(u16),
    /// A field of the event, read as this type.
    Event {
        field: EventField,
        ty: Type,
    },
    /// What a schema says of the event's action.
    Words {
        schema: SchemaId,
        kind: WordKind,
    },
    /// Whether a schema names the event's action.
    Declared(SchemaId),
    /// A fact of the request that the event answers.
    Request(RequestFact),
    /// A value of the request that the event answers.
    OfRequest(RequestValueId),
    /// What a record keeps of the event in another slot of the rule.
    Kept {
        slot: u16,
        value: u16,
    },
    /// The `seq` of the event in another slot.
    KeptSeq(u16),
    Global(Global),
    Member {
        base: ExprId,
        name: Box<str>,
        ty: Type,
    },
    Item {
        base: ExprId,
        index: ExprId,
        ty: Type,
    },
    Call {
        body: ExprId,
        arguments: Box<[ExprId]>,
    },
    Builtin {
        builtin: usize,
        arguments: Box<[Option<ExprId>]>,
        types: Box<[Option<Type>]>,
    },
    Detect {
        family: DetectorFamily,
        kinds: Box<[Box<str>]>,
        target: ExprId,
    },
    Cast {
        value: ExprId,
        from: Type,
        to: Type,
    },
    Is {
        value: ExprId,
        from: Type,
        to: Type,
    },
    Has(ExprId),
    Not(ExprId),
    Negate(ExprId),
    /// At least two.
    And(Box<[ExprId]>),
    /// At least two.
    Or(Box<[ExprId]>),
    Compare {
        op: Comparison,
        left: ExprId,
        right: ExprId,
        ty: Type,
    },
    /// In a constant list or set.
    Among {
        value: ExprId,
        members: MembersId,
        negated: bool,
    },
    /// `ty` is the list's; a text or a network may stand for the list.
    In {
        value: ExprId,
        list: ExprId,
        ty: Type,
        negated: bool,
    },
    Matches {
        value: ExprId,
        pattern: ExprId,
    },
    Contains {
        haystack: ExprId,
        needle: ExprId,
        ty: Type,
    },
    StartsWith(ExprId, ExprId),
    EndsWith(ExprId, ExprId),
    /// `??`
    Else(ExprId, ExprId),
    Arithmetic {
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        ty: Type,
    },
    /// Whether a value derives from a value of the event in another slot.
    Flow {
        value: ExprId,
        source: FlowId,
        slot: u16,
    },
    Quantified {
        quantifier: Quantifier,
        domain: ExprId,
        body: ExprId,
        item: Type,
    },
    /// A list that is worked out.
    List(Box<[ExprId]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WordKind {
    Effects,
    Labels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RequestFact {
    Seq,
    Time,
    Action,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    /// The comparison that an operator makes, if it makes one.
    pub(crate) fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Equal => Self::Equal,
            BinaryOp::NotEqual => Self::NotEqual,
            BinaryOp::Less => Self::Less,
            BinaryOp::LessEqual => Self::LessEqual,
            BinaryOp::Greater => Self::Greater,
            BinaryOp::GreaterEqual => Self::GreaterEqual,
            _ => return None,
        })
    }

    pub(crate) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

/// An expression with what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) node: Node,
    /// Of its meaning, the same on every machine.
    pub(crate) hash: u64,
    /// It is about the event alone: no locals, nothing kept of other events.
    pub(crate) closed: bool,
    /// Its place in the memo, when it is closed and used more than once.
    pub(crate) memo: Option<u32>,
    uses: u32,
}

/// All expressions and constants of a program.
#[derive(Debug, Default)]
pub(crate) struct Exprs {
    exprs: Vec<Expr>,
    consts: Vec<Constant>,
    members: Vec<(Members, ConstId)>,
    /// What stands for the values of requests, by [`RequestValueId`].
    request_values: Vec<ExprId>,
    /// The identities of the places that texts come from, by [`FlowId`].
    flow_hashes: Vec<u64>,
    /// What the schemas say of actions, by [`SchemaId`]: their effects, their labels, their names.
    schema_hashes: Vec<[u64; 3]>,
    memo_len: u32,
    ids: HashMap<Node, ExprId>,
    const_ids: HashMap<String, ConstId>,
    /// Long constants that were seen, by where they are in memory, which is theirs as long as they are held here.
    long_const_ids: HashMap<(usize, usize), (Const, ConstId)>,
    pattern_ids: HashMap<String, ConstId>,
    members_ids: HashMap<(ConstId, Type), MembersId>,
}

#[derive(Debug)]
struct Constant {
    value: Const,
    hash: u64,
    /// Compiled when it is first asked for.
    matcher: OnceLock<Option<Matcher>>,
}

impl Exprs {
    pub(crate) fn get(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    pub(crate) fn node(&self, id: ExprId) -> &Node {
        &self.exprs[id.0 as usize].node
    }

    pub(crate) fn hash(&self, id: ExprId) -> u64 {
        self.exprs[id.0 as usize].hash
    }

    pub(crate) fn constant(&self, id: ConstId) -> &Const {
        &self.consts[id.0 as usize].value
    }

    pub(crate) fn members(&self, id: MembersId) -> &Members {
        &self.members[id.0 as usize].0
    }

    /// What is kept of requests, by [`RequestValueId`].
    pub(crate) fn request_values(&self) -> &[ExprId] {
        &self.request_values
    }

    pub(crate) fn memo_len(&self) -> usize {
        self.memo_len as usize
    }

    /// The constant pattern, ready to match; nothing when it is none.
    pub(crate) fn matcher(&self, id: ConstId) -> Option<&Matcher> {
        let constant = &self.consts[id.0 as usize];
        constant.matcher.get_or_init(|| Matcher::new(&constant.value).ok()).as_ref()
    }

    /// The same for a constant that was found in a list.
    pub(crate) fn matcher_of(&self, constant: &Const) -> Option<&Matcher> {
        self.matcher(*self.pattern_ids.get(&pattern_key(constant)?)?)
    }

    pub(crate) fn is_true(&self, id: ExprId) -> bool {
        matches!(self.node(id), Node::Const(id) if matches!(self.constant(*id), Const::Bool(true)))
    }

    pub(crate) fn is_false(&self, id: ExprId) -> bool {
        matches!(self.node(id), Node::Const(id) if matches!(self.constant(*id), Const::Bool(false)))
    }

    pub(crate) fn intern(&mut self, node: Node) -> ExprId {
        if let Some(&id) = self.ids.get(&node) {
            let expr = &mut self.exprs[id.0 as usize];
            expr.uses = expr.uses.saturating_add(1);
            if expr.uses == 2 && expr.closed && is_worth_a_memo(&expr.node) {
                expr.memo = Some(self.memo_len);
                self.memo_len += 1;
            }
            return id;
        }
        let id = ExprId(self.exprs.len() as u32);
        let hash = self.node_hash(&node);
        let closed = self.is_closed(&node);
        self.exprs.push(Expr { node: node.clone(), hash, closed, memo: None, uses: 1 });
        self.ids.insert(node, id);
        id
    }

    /// A long constant is written out once, however many rules share it.
    pub(crate) fn constant_id(&mut self, constant: &Const) -> ConstId {
        let Some(place) = place_of_long(constant) else { return self.const_id_by_text(constant) };
        if let Some((_, id)) = self.long_const_ids.get(&place) {
            return *id;
        }
        let id = self.const_id_by_text(constant);
        self.long_const_ids.insert(place, (constant.clone(), id));
        id
    }

    fn const_id_by_text(&mut self, constant: &Const) -> ConstId {
        let text = format!("{constant:?}");
        if let Some(&id) = self.const_ids.get(&text) {
            return id;
        }
        if let Const::List(items) = constant {
            for item in items.iter().filter(|item| pattern_key(item).is_some()) {
                self.constant_id(item);
            }
        }
        let id = ConstId(self.consts.len() as u32);
        if let Some(key) = pattern_key(constant) {
            self.pattern_ids.insert(key, id);
        }
        let hash = stable_hash(&text);
        self.consts.push(Constant { value: constant.clone(), hash, matcher: OnceLock::new() });
        self.const_ids.insert(text, id);
        id
    }

    pub(crate) fn constant_expr(&mut self, constant: &Const) -> ExprId {
        let id = self.constant_id(constant);
        self.intern(Node::Const(id))
    }

    pub(crate) fn bool_expr(&mut self, truth: bool) -> ExprId {
        self.constant_expr(&Const::Bool(truth))
    }

    /// A constant list or set as something that can be asked what is in it; nothing when it cannot be.
    pub(crate) fn members_id(&mut self, list: &Const, item: &Type) -> Option<MembersId> {
        let Const::List(entries) = list else { return None };
        let key = (self.constant_id(list), item.clone());
        if let Some(&id) = self.members_ids.get(&key) {
            return Some(id);
        }
        let members = Members::new(entries, item).ok()?;
        let id = MembersId(self.members.len() as u32);
        self.members.push((members, key.0));
        self.members_ids.insert(key, id);
        Some(id)
    }

    /// The list that a set of members was made of.
    pub(crate) fn members_list(&self, id: MembersId) -> &Const {
        self.constant(self.members[id.0 as usize].1)
    }

    /// A value of requests that has to be kept; `value` is about a request that arrives.
    pub(crate) fn request_value(&mut self, value: ExprId) -> RequestValueId {
        let at = self.request_values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.request_values.push(value);
            self.request_values.len() - 1
        });
        RequestValueId(at as u16)
    }

    /// A place that texts come from, by its identity.
    pub(crate) fn flow(&mut self, hash: u64) -> FlowId {
        let at = self.flow_hashes.iter().position(|known| *known == hash).unwrap_or_else(|| {
            self.flow_hashes.push(hash);
            self.flow_hashes.len() - 1
        });
        FlowId(at as u16)
    }

    /// The next schema: the hashes of what it says of actions.
    pub(crate) fn push_schema(&mut self, effects: u64, labels: u64, names: u64) -> SchemaId {
        self.schema_hashes.push([effects, labels, names]);
        SchemaId(self.schema_hashes.len() as u16 - 1)
    }

    /// All of these; none of them is `true`, and when one is `false`, so is the whole.
    pub(crate) fn all(&mut self, parts: impl IntoIterator<Item = ExprId>) -> ExprId {
        let mut flat: Vec<ExprId> = Vec::new();
        for part in parts {
            if self.is_false(part) {
                return part;
            }
            match self.node(part) {
                Node::And(inner) => flat.extend(inner.iter().filter(|id| !flat.contains(id)).copied().collect::<Vec<_>>()),
                _ if self.is_true(part) || flat.contains(&part) => {}
                _ => flat.push(part),
            }
        }
        match *flat {
            [] => self.bool_expr(true),
            [only] => only,
            _ => self.intern(Node::And(flat.into())),
        }
    }

    /// The parts of a conjunction.
    pub(crate) fn parts(&self, id: ExprId) -> Vec<ExprId> {
        match self.node(id) {
            Node::And(parts) => parts.to_vec(),
            _ if self.is_true(id) => Vec::new(),
            _ => vec![id],
        }
    }

    /// The type that something is read as, where it is read.
    pub(crate) fn declared(&self, id: ExprId) -> Option<&Type> {
        match self.node(id) {
            Node::Event { ty, .. } | Node::Member { ty, .. } | Node::Item { ty, .. } | Node::Cast { to: ty, .. } => {
                Some(ty.required())
            }
            Node::OfRequest(value) => self.declared(self.request_values[usize::from(value.0)]),
            _ => None,
        }
    }

    /// What a node consists of.
    pub(crate) fn children(&self, node: &Node) -> Vec<ExprId> {
        match node {
            Node::Const(_)
            | Node::Local(_)
            | Node::Event { .. }
            | Node::Words { .. }
            | Node::Declared(_)
            | Node::Request(_)
            | Node::OfRequest(_)
            | Node::Kept { .. }
            | Node::KeptSeq(_)
            | Node::Global(_) => Vec::new(),
            Node::Member { base, .. } => vec![*base],
            Node::Item { base, index, .. } => vec![*base, *index],
            Node::Call { body, arguments } => std::iter::once(*body).chain(arguments.iter().copied()).collect(),
            Node::Builtin { arguments, .. } => arguments.iter().flatten().copied().collect(),
            Node::Detect { target, .. } => vec![*target],
            Node::Cast { value, .. } | Node::Is { value, .. } => vec![*value],
            Node::Has(value) | Node::Not(value) | Node::Negate(value) => vec![*value],
            Node::And(parts) | Node::Or(parts) | Node::List(parts) => parts.to_vec(),
            Node::Compare { left, right, .. } | Node::Arithmetic { left, right, .. } => vec![*left, *right],
            Node::Among { value, .. } => vec![*value],
            Node::In { value, list, .. } => vec![*value, *list],
            Node::Matches { value, pattern } => vec![*value, *pattern],
            Node::Contains { haystack, needle, .. } => vec![*haystack, *needle],
            Node::StartsWith(left, right) | Node::EndsWith(left, right) | Node::Else(left, right) => vec![*left, *right],
            Node::Flow { value, .. } => vec![*value],
            Node::Quantified { domain, body, .. } => vec![*domain, *body],
        }
    }

    fn is_closed(&self, node: &Node) -> bool {
        match node {
            Node::Local(_) | Node::Kept { .. } | Node::KeptSeq(_) | Node::Flow { .. } => false,
            // The body of a quantifier has its variable, so that none is memoised unless it has no locals at all.
            Node::Quantified { domain, body, .. } => self.get(*domain).closed && self.has_only_own_locals(*body, 1),
            Node::Call { arguments, .. } => arguments.iter().all(|id| self.get(*id).closed),
            _ => self.children(node).iter().all(|id| self.get(*id).closed),
        }
    }

    /// Whether the only locals are the `own` innermost ones, and nothing is kept.
    fn has_only_own_locals(&self, id: ExprId, own: u16) -> bool {
        let expr = self.get(id);
        expr.closed
            || match &expr.node {
                Node::Local(distance) => *distance < own,
                Node::Kept { .. } | Node::KeptSeq(_) | Node::Flow { .. } => false,
                Node::Quantified { domain, body, .. } => {
                    self.has_only_own_locals(*domain, own) && self.has_only_own_locals(*body, own + 1)
                }
                Node::Call { arguments, .. } => arguments.iter().all(|id| self.has_only_own_locals(*id, own)),
                node => self.children(node).iter().all(|id| self.has_only_own_locals(*id, own)),
            }
    }

    /// Of the meaning: ids of other expressions are replaced by their hashes, since they depend on what was lowered before.
    fn node_hash(&self, node: &Node) -> u64 {
        let own = match node {
            Node::Const(id) => self.consts[id.0 as usize].hash,
            Node::Local(distance) => u64::from(*distance),
            Node::Event { field, ty } => stable_hash(&(field, ty)),
            Node::Words { schema, kind: WordKind::Effects } => self.schema_hashes[schema.0 as usize][0],
            Node::Words { schema, kind: WordKind::Labels } => self.schema_hashes[schema.0 as usize][1],
            Node::Declared(schema) => self.schema_hashes[schema.0 as usize][2],
            Node::Has(_) | Node::Not(_) | Node::Negate(_) | Node::And(_) | Node::Or(_) => 0,
            Node::Request(fact) => stable_hash(fact),
            Node::OfRequest(id) => self.hash(self.request_values[id.0 as usize]),
            Node::Kept { slot, value } => stable_hash(&(slot, value)),
            Node::KeptSeq(slot) => u64::from(*slot),
            Node::Global(global) => stable_hash(global),
            Node::Member { name, ty, .. } => stable_hash(&(name, ty)),
            Node::Item { ty, .. } => stable_hash(ty),
            Node::Call { .. } | Node::List(_) | Node::Matches { .. } => 0,
            Node::Builtin { builtin, arguments, .. } => {
                let name = crate::builtins::BUILTINS.get(*builtin).map(|builtin| builtin.name);
                let given: Vec<bool> = arguments.iter().map(Option::is_some).collect();
                stable_hash(&(name, given))
            }
            Node::Detect { family, kinds, .. } => stable_hash(&(family, kinds)),
            Node::Cast { to, .. } | Node::Is { to, .. } => stable_hash(to),
            Node::Compare { op, ty, .. } => stable_hash(&(op, ty)),
            Node::Among { members, negated, .. } => {
                let list = self.members[members.0 as usize].1;
                stable_hash(&(self.consts[list.0 as usize].hash, negated))
            }
            Node::In { ty, negated, .. } => stable_hash(&(ty, negated)),
            Node::Contains { ty, .. } => stable_hash(ty),
            Node::StartsWith(..) | Node::EndsWith(..) | Node::Else(..) => 0,
            Node::Arithmetic { op, ty, .. } => stable_hash(&(op, ty)),
            Node::Flow { source, slot, .. } => stable_hash(&(self.flow_hashes[source.0 as usize], slot)),
            Node::Quantified { quantifier, item, .. } => stable_hash(&(quantifier, item)),
        };
        let kind = stable_hash(&std::mem::discriminant(node));
        combined([kind, own].into_iter().chain(self.children(node).iter().map(|id| self.hash(*id))))
    }
}

/// Reading a field again costs about what the memo does.
fn is_worth_a_memo(node: &Node) -> bool {
    !matches!(
        node,
        Node::Const(_)
            | Node::Local(_)
            | Node::Event { .. }
            | Node::Words { .. }
            | Node::Declared(_)
            | Node::Request(_)
            | Node::Global(_)
    )
}

/// Names a pattern among the constants; nothing for what is none.
/// Where the items or the text of a constant are, and how much of them; nothing for one that is soon written out.
fn place_of_long(constant: &Const) -> Option<(usize, usize)> {
    const SHORT: usize = 64;
    match constant {
        Const::List(items) if !items.is_empty() => Some((items.as_ptr().addr(), items.len())),
        Const::Text(text) | Const::Pattern(_, text) if text.len() > SHORT => Some((text.as_ptr().addr(), text.len())),
        _ => None,
    }
}

fn pattern_key(constant: &Const) -> Option<String> {
    match constant {
        Const::Pattern(kind, text) => Some(match kind {
            PatternKind::Regex => format!("re {text}"),
            PatternKind::Glob => format!("glob {text}"),
            PatternKind::Literal => format!("lit {text}"),
            PatternKind::Versions => format!("semver {text}"),
        }),
        Const::Cidr(network) => Some(format!("cidr {network}")),
        _ => None,
    }
}

/// A number that a constant stands for where amounts are compared: a number, microseconds, bytes.
pub(crate) fn constant_amount(constant: &Const) -> Option<Decimal> {
    match constant {
        Const::Number(number) => Some(*number),
        Const::Float(float) => Decimal::try_from(*float).ok(),
        Const::Duration(micros) => Some(Decimal::from(*micros)),
        Const::Size(bytes) => Some(Decimal::from(*bytes)),
        Const::Time(t) => Some(Decimal::from(t.micros())),
        _ => None,
    }
}
