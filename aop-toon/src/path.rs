//! JSON Pointers (RFC 6901): from a place to its name, and back.

use std::borrow::Cow;

use crate::document::{Node, NodeKind};
use crate::text;
use crate::value::Value;

/// One reference token as a pointer writes it: `~` as `~0` and `/` as `~1`.
///
/// ```
/// assert_eq!(aop_toon::escape_pointer_token("a/b~c"), "a~1b~0c");
/// ```
pub fn escape_pointer_token(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) { Cow::Owned(token.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(token) }
}

/// The reference token that [`escape_pointer_token`] wrote.
///
/// ```
/// assert_eq!(aop_toon::unescape_pointer_token("a~1b~0c"), "a/b~c");
/// ```
pub fn unescape_pointer_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

/// The value below `from` that a pointer names.
pub(crate) fn resolve<'d>(from: Value<'d>, pointer: &str) -> Option<Value<'d>> {
    if pointer.is_empty() {
        return Some(from);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(from, |value, token| {
        if value.is_array() {
            let leading_zero = token.len() > 1 && token.starts_with('0');
            let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
            (digits && !leading_zero).then(|| token.parse().ok()).flatten().and_then(|index| value.items().nth(index))
        } else {
            value.get(&unescape_pointer_token(token))
        }
    })
}

/// The pointer to a node; a key's is its member's.
pub(crate) fn of_node(text: &str, nodes: &[Node], id: usize) -> String {
    of_node_within(text, nodes, id, usize::MAX).0
}

/// The pointer to a node, or to its nearest ancestor whose pointer has at most so many bytes; and whether it is the node's.
pub(crate) fn of_node_within(text: &str, nodes: &[Node], id: usize, bytes_max: usize) -> (String, bool) {
    let mut chain = Vec::new();
    let mut at = id;
    while at != 0 {
        chain.push(at);
        at = nodes[at].parent as usize;
    }
    let mut pointer = String::new();
    for &id in chain.iter().rev() {
        let node = &nodes[id];
        let key = match node.kind {
            NodeKind::Key => Some(node),
            // An object's value stands right behind its key.
            NodeKind::Value(_) => Some(&nodes[id - 1]).filter(|key| key.kind == NodeKind::Key && key.parent == node.parent),
        };
        let before = pointer.len();
        pointer.push('/');
        match key {
            Some(key) => {
                let content = text.get(key.start as usize + 1..(key.end as usize).saturating_sub(1)).unwrap_or_default();
                // An escape has at most 6 bytes for each byte of its character's text, so this key cannot fit: it is not read.
                if content.len() / 6 > bytes_max {
                    pointer.truncate(before);
                    return (pointer, false);
                }
                pointer.push_str(&escape_pointer_token(&text::decode(content)));
            }
            None => pointer.push_str(&node.index.to_string()),
        }
        if pointer.len() > bytes_max {
            pointer.truncate(before);
            return (pointer, false);
        }
    }
    (pointer, true)
}
