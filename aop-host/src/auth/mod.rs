//! Who may enter: the ring of API keys, and the check of the `Authorization` header.

mod api_key;

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, RwLock};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

pub use api_key::{ApiKey, ApiKeyError};

use crate::principal::Principal;
use crate::problem::Problem;
use crate::store::StoredKey;

/// The keys the host knows, by id, held in memory and refreshed from the store every few seconds.
#[derive(Default)]
pub(crate) struct KeyRing {
    keys: RwLock<HashMap<Box<str>, Known>>,
}

struct Known {
    digest: [u8; 32],
    principal: Arc<Principal>,
}

impl KeyRing {
    /// Replaces the ring's content; a key that is gone from the store stops working here.
    pub(crate) fn replace(&self, stored: Vec<StoredKey>) {
        let keys = stored
            .into_iter()
            .map(|key| {
                let id = Box::from(&*key.principal.key_id);
                (id, Known { digest: key.digest, principal: Arc::new(key.principal) })
            })
            .collect();
        *self.keys.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = keys;
    }

    /// The caller behind a request's bearer key. Every failure looks the same from outside, in body and in work done.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<Arc<Principal>, Problem> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(Problem::Unauthorised);
        };
        let key = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .and_then(|(_, token)| ApiKey::parse(token.trim()).ok())
            .ok_or(Problem::Unauthorised)?;
        let presented = key.digest();
        let keys = self.keys.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let known = keys.get(key.id());
        let expected = known.map_or([0; 32], |known| known.digest);
        match (same(&presented, &expected), known) {
            (true, Some(known)) => Ok(known.principal.clone()),
            _ => Err(Problem::Unauthorised),
        }
    }
}

/// Compares in a time that does not depend on where the two differ.
fn same(left: &[u8; 32], right: &[u8; 32]) -> bool {
    let difference = left.iter().zip(right).fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
    difference == 0
}
