//! redact-core: its pattern recognizers. It scans texts, so of JSON it is given every key, string and number.

use redact_core::{AnalyzerEngine, EntityType};
use serde_json::Value;

use crate::{Error, Peer, Span};

/// With its own defaults.
pub struct Redact {
    engine: AnalyzerEngine,
}

impl Default for Redact {
    fn default() -> Self {
        Self { engine: AnalyzerEngine::new() }
    }
}

impl Peer for Redact {
    fn text(&self, text: &str) -> Result<Vec<Span>, Error> {
        self.spans(text, None)
    }

    fn json(&self, document: &Value) -> Result<Vec<Span>, Error> {
        let mut spans = Vec::new();
        self.walk(document, String::new(), &mut spans)?;
        Ok(spans)
    }
}

impl Redact {
    fn walk(&self, value: &Value, path: String, spans: &mut Vec<Span>) -> Result<(), Error> {
        match value {
            Value::String(text) => spans.extend(self.spans(text, Some(&path))?),
            Value::Number(number) => spans.extend(self.spans(&number.to_string(), Some(&path))?),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, format!("{path}/{index}"), spans)?;
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                    spans.extend(self.spans(key, Some(&path))?);
                    self.walk(member, path, spans)?;
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
        Ok(())
    }

    fn spans(&self, text: &str, path: Option<&str>) -> Result<Vec<Span>, Error> {
        let found = self.engine.analyze(text, None).map_err(|error| error.to_string())?.detected_entities;
        let span = |found: &redact_core::RecognizerResult| {
            Some(Span {
                entity: entity(&found.entity_type)?,
                start: found.start,
                end: found.end,
                path: path.map(str::to_owned),
                rule: found.entity_type.as_str().to_owned(),
                score: f64::from(found.score),
            })
        };
        Ok(found.iter().filter_map(span).collect())
    }
}

/// Presidio's name for what is counted. Dates, addresses of pages, hashes, UUIDs, book numbers and what a model finds are left
/// out, in its favour: they are nobody's data.
fn entity(entity: &EntityType) -> Option<&'static str> {
    use EntityType as E;
    Some(match entity {
        E::EmailAddress => "EMAIL_ADDRESS",
        E::PhoneNumber | E::UkPhoneNumber | E::UkMobileNumber => "PHONE_NUMBER",
        E::IpAddress => "IP_ADDRESS",
        E::MacAddress => "MAC_ADDRESS",
        E::CreditCard => "CREDIT_CARD",
        E::Iban | E::IbanCode => "IBAN_CODE",
        E::UsBankNumber => "US_BANK_NUMBER",
        E::UsSsn => "US_SSN",
        E::UsDriverLicense => "US_DRIVER_LICENSE",
        E::UsPassport | E::PassportNumber => "US_PASSPORT",
        E::UsZipCode => "ZIP_CODE",
        E::UkNhs => "UK_NHS",
        E::UkNino => "UK_NINO",
        E::UkPostcode => "UK_POSTCODE",
        E::UkDriverLicense => "UK_DRIVING_LICENCE",
        E::UkPassportNumber => "UK_PASSPORT",
        E::UkSortCode | E::UkCompanyNumber => "UK_SORT_CODE",
        E::MedicalLicense | E::MedicalRecordNumber => "MEDICAL_LICENSE",
        E::CryptoWallet | E::BtcAddress | E::EthAddress => "CRYPTO",
        E::Person | E::Location | E::Organization | E::DateTime | E::Url | E::DomainName | E::Age | E::Isbn | E::PoBox => {
            return None;
        }
        E::Guid | E::Md5Hash | E::Sha1Hash | E::Sha256Hash | E::Custom(_) => return None,
        _ => "SECRET",
    })
}
