//! datafog-core: its scan of texts, and its structured scan of JSON.

use datafog_core::structured::{self, StructuredScanConfig};
use serde_json::Value;

use crate::{Error, Peer, Span};

/// With its own defaults.
#[derive(Debug, Default)]
pub struct Datafog {
    config: StructuredScanConfig,
}

impl Peer for Datafog {
    fn text(&self, text: &str) -> Result<Vec<Span>, Error> {
        Ok(datafog_core::scan(text).iter().filter_map(|finding| span(finding, None)).collect())
    }

    fn json(&self, document: &Value) -> Result<Vec<Span>, Error> {
        let result = structured::scan(document, &self.config).map_err(|error| format!("{error:?}"))?;
        Ok(result.findings.iter().filter_map(|found| span(&found.finding, Some(found.path.clone()))).collect())
    }
}

fn span(finding: &datafog_core::Finding, path: Option<String>) -> Option<Span> {
    let range = finding.byte_range;
    Some(Span {
        entity: entity(&finding.entity_type)?,
        start: range.start,
        end: range.end,
        path,
        rule: finding.entity_type.clone(),
        score: finding.confidence.map_or(1.0, f64::from),
    })
}

/// Presidio's name for what is counted. Dates, names and streets are left out, in its favour: the measures are of what has a
/// check or a form.
fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "EMAIL" => "EMAIL_ADDRESS",
        "PHONE" => "PHONE_NUMBER",
        "SSN" => "US_SSN",
        "CREDIT_CARD" => "CREDIT_CARD",
        "IP_ADDRESS" => "IP_ADDRESS",
        "ZIP_CODE" => "ZIP_CODE",
        "US_ROUTING_NUMBER" => "ABA_ROUTING_NUMBER",
        "NPI" => "US_NPI",
        "ACCOUNT_NUMBER" => "US_BANK_NUMBER",
        "API_KEY" | "BEARER_TOKEN" | "CREDENTIAL_URI" | "JWT" | "PRIVATE_KEY" => "SECRET",
        _ => return None,
    })
}
