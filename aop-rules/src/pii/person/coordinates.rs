//! A place on Earth, where a key says so.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `GEO_COORDINATES`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/coordinates",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "geographic coordinates",
        why: "Four decimals are a house. Most pairs in one text are a shop's or a city's, so that they are told of only \
              where the threshold is lowered, or where a key says whose they are. A latitude or a longitude by itself is told \
              of unless the name around it is of a public place.",
        source: "ISO 6709 (degrees of latitude and longitude)",
        ..Rule::PII
    },
    entity: "GEO_COORDINATES",
    region: None,
    look: Look::Code { anchors: &[Anchor::Named(NAMES), Anchor::Named(LATITUDES), Anchor::Named(LONGITUDES)], verify },
    hits: &[
        r#"{"home_location": "50.8503, 4.3517"}"#,
        r#"{"user": {"location": "50.8503,4.3517"}}"#,
        r#"{"geo": "-33.86880 151.20930"}"#,
        r#"{"lat": 50.850346, "lng": 4.351721}"#,
        r#"{"home": {"latitude": "50.8503"}}"#,
        r#"{"user": {"location": {"lng": -104.351721}}}"#,
    ],
    misses: &[
        r#"{"geo": "east"}"#,
        r#"{"location": "150.8503, 4.3517"}"#,
        r#"{"location": "50.8, 4.3"}"#,
        "50.8503, 4.3517",
        r#"{"user_location": "50.8503"}"#,
        r#"{"lat": 50.85}"#,
        r#"{"latitude": 150.850346}"#,
        r#"{"store": {"lat": 50.850346, "lng": 4.351721}}"#,
        r#"{"lat_ms": 50.850346}"#,
        r#"{"ratio": 50.850346}"#,
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
/// Names of keys that hold one of them.
const LATITUDES: &[&str] = &["lat", "latitude"];
const LONGITUDES: &[&str] = &["lng", "lon", "longitude"];
/// Words in names of what is on every map.
const PLACES: &[&str] = &[
    "store",
    "shop",
    "city",
    "airport",
    "station",
    "stop",
    "venue",
    "warehouse",
    "branch",
    "office",
    "country",
    "poi",
    "map",
    "center",
    "centre",
    "bounds",
    "viewport",
    "northeast",
    "southwest",
    "restaurant",
    "hotel",
];
/// Words in such names that say whose place it is.
const PERSONS: &[&str] =
    &["home", "user", "customer", "patient", "person", "client", "subscriber", "driver", "device", "last known"];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    if !candidate.is_keyed {
        return None;
    }
    let text = &candidate.text[candidate.start..candidate.end];
    let is_of_person = candidate.site.is_named(PERSONS);
    let is_single = |names, most| candidate.site.is_named(names) && is_degrees(text, most);
    let score = if is_single(LATITUDES, LATITUDE_MAX) || is_single(LONGITUDES, LONGITUDE_MAX) {
        match is_of_person {
            true => 0.7,
            false if candidate.is_technical || candidate.site.is_named(PLACES) => 0.3,
            false => 0.5,
        }
    } else {
        let (latitude, longitude) = text.split_once(',').or_else(|| text.split_once(' '))?;
        let are_both = is_degrees(latitude, LATITUDE_MAX) && is_degrees(longitude, LONGITUDE_MAX);
        are_both.then_some(if is_of_person { 0.7 } else { 0.3 })?
    };
    Some(Match { start: candidate.start, end: candidate.end, score })
}

const LATITUDE_MAX: f64 = 90.0;
const LONGITUDE_MAX: f64 = 180.0;

/// Whether a text is an angle up to a largest one, told to four decimals at least.
fn is_degrees(text: &str, most: f64) -> bool {
    let text = text.trim();
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    (4..=15).contains(&decimals) && is_number && text.parse().is_ok_and(|degrees: f64| degrees.abs() <= most)
}
