//! A place on Earth, where a key says so.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `GEO_COORDINATES`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/coordinates",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "geographic coordinates",
        why: "Four decimals are a house. Most coordinates are a shop's or a city's, so that they are told of only where the \
              threshold is lowered, or where a key says whose they are.",
        source: "ISO 6709 (degrees of latitude and longitude)",
        ..Rule::PII
    },
    entity: "GEO_COORDINATES",
    region: None,
    look: Look::Code { anchors: &[Anchor::Named(NAMES)], verify },
    hits: &[
        r#"{"home_location": "50.8503, 4.3517"}"#,
        r#"{"user": {"location": "50.8503,4.3517"}}"#,
        r#"{"geo": "-33.86880 151.20930"}"#,
    ],
    misses: &[
        r#"{"geo": "east"}"#,
        r#"{"location": "150.8503, 4.3517"}"#,
        r#"{"location": "50.8, 4.3"}"#,
        "50.8503, 4.3517",
        r#"{"user_location": "50.8503"}"#,
    ],
}];

/// Names of keys that hold both.
const NAMES: &[&str] = &[
    "location",
    "coordinates",
    "coords",
    "geo",
    "gps",
    "lat lng",
    "latlng",
    "lat lon",
    "latlon",
    "geolocation",
    "position",
];
/// Words in such names that say whose place it is.
const PERSONS: &[&str] =
    &["home", "user", "customer", "patient", "person", "client", "subscriber", "driver", "device", "last known"];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    if !candidate.is_keyed {
        return None;
    }
    let text = &candidate.text[candidate.start..candidate.end];
    let (latitude, longitude) = text.split_once(',').or_else(|| text.split_once(' '))?;
    let is_degrees = |text: &str, most: f64| {
        let decimals = text.trim().split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let is_number = text.trim().bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        (4..=15).contains(&decimals) && is_number && text.trim().parse().is_ok_and(|degrees: f64| degrees.abs() <= most)
    };
    let score = if candidate.site.is_named(PERSONS) { 0.7 } else { 0.3 };
    (is_degrees(latitude, 90.0) && is_degrees(longitude, 180.0)).then_some(Match {
        start: candidate.start,
        end: candidate.end,
        score,
    })
}
