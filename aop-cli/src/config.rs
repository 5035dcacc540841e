//! Settings: of a file, and over it of the environment.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use aop_engine::{Engine, RedactionKey, Settings, Severity};
use serde::Deserialize;

use crate::error::Error;
use crate::model;
use crate::output::note;
use crate::policy::{self, PolicyFile};

/// Stands before what is wrong with policies, which names files and lines itself.
const POLICIES: &str = "the policies cannot be used\n";

/// The variable that holds the key of hashes, tokens and fingerprints.
const REDACTION_KEY: &str = "AOP_REDACTION_KEY";

/// What a configuration file may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Configuration {
    /// What the engine looks for.
    pub(crate) engine: Settings,
    /// How the host is set up.
    pub(crate) host: aop_host::Config,
    /// The key of hashes, tokens and fingerprints; it stands in no file of settings.
    #[serde(skip)]
    pub(crate) redaction_key: Option<RedactionKey>,
    /// The file they are from, for what is wrong with them.
    #[serde(skip)]
    file: Option<PathBuf>,
}

impl Configuration {
    /// The settings of this file, or the defaults, with what the environment says put over them.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self, Error> {
        let mut configuration = match file {
            None => Self::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| Error::read(path, error))?;
                Self::parse(&text).map_err(|message| Error::usage(format!("{}: {message}", path.display())))?
            }
        };
        configuration.file = file.map(Path::to_owned);
        configuration.apply(|name| std::env::var(name).ok())?;
        Ok(configuration)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table = toml::de::DeTable::parse(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let engine_of_host = table.get_ref().get("host").and_then(|host| host.get_ref().as_table()?.get_key_value("engine"));
        if let Some((key, _)) = engine_of_host {
            let line = text[..key.span().start].lines().count().max(1);
            return Err(format!("line {line}: `host.engine` is not read; the engine's settings stand in [engine]"));
        }
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())
    }

    /// Puts the variables that users know over the settings; `variable` looks one up.
    fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        if let Some(word) = variable("AOP_VALIDATION_THRESHOLD") {
            self.engine.threshold = Severity::from_str(&word.to_ascii_lowercase())
                .map_err(|error| Error::usage(format!("AOP_VALIDATION_THRESHOLD: {error}")))?;
        }
        if let Some(word) = variable("AOP_VALIDATORS_ENABLED") {
            self.host.validators_enabled = switch(&word)
                .ok_or_else(|| Error::usage(format!("AOP_VALIDATORS_ENABLED is `{word}`; write true or false")))?;
        }
        if let Some(word) = variable("AOP_PII_ML_ENABLED") {
            let is_on =
                switch(&word).ok_or_else(|| Error::usage(format!("AOP_PII_ML_ENABLED is `{word}`; write true or false")))?;
            if is_on {
                return Err(Error::usage(
                    "AOP_PII_ML_ENABLED asks for a model, and none is built into this aop; a program that is built with \
                     the crate aop-engine gives one to it (docs/recognizers.md)",
                ));
            }
        }
        if let Some(text) = variable(REDACTION_KEY) {
            let key = text.parse().map_err(|error| Error::usage(format!("{REDACTION_KEY}: {error}")))?;
            self.redaction_key = Some(key);
        }
        Ok(())
    }

    /// Takes the workflow model from a file, over one in the settings.
    pub(crate) fn read_model(&mut self, file: &Path) -> Result<(), Error> {
        self.engine.conformance.get_or_insert_default().model = Some(model::read(file)?);
        Ok(())
    }

    /// Takes the key from a file instead of the environment.
    pub(crate) fn read_redaction_key(&mut self, file: &Path) -> Result<(), Error> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::read(file, error))?;
        let key = text.parse().map_err(|error| Error::usage(format!("{}: {error}", file.display())))?;
        self.redaction_key = Some(key);
        Ok(())
    }

    /// The engine of these settings and policies. With validators off it looks for nothing, and that is said.
    pub(crate) fn engine(&self, policies: &[PolicyFile]) -> Result<Engine, Error> {
        let settings = if self.host.validators_enabled {
            self.engine.clone()
        } else {
            note(
                "validators are switched off (AOP_VALIDATORS_ENABLED, or validators_enabled in [host]): nothing is looked for",
            );
            Settings { threshold: self.engine.threshold, ..Settings::none() }
        };
        let mut builder = Engine::builder().settings(settings);
        if let Some(key) = &self.redaction_key {
            builder = builder.redaction_key(key.clone());
        }
        if self.host.validators_enabled {
            for PolicyFile { source, .. } in policies {
                let bad = |source| Error::Build { place: POLICIES.to_owned(), source };
                builder = builder.policy_named(&source.name, &source.text).map_err(bad)?;
            }
            for source in policy::neighbours(policies) {
                builder = builder.package(&source.name, &source.text);
            }
        }
        let settings_at = self.file.as_ref().map_or_else(String::new, |file| format!("{}: [engine] ", file.display()));
        builder.build().map_err(|source| {
            let place = if source.is_about_policies() { POLICIES.to_owned() } else { settings_at };
            Error::Build { place, source }
        })
    }
}

fn switch(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aop_engine::Severity;

    use super::Configuration;

    fn error(text: &str) -> String {
        Configuration::parse(text).unwrap_err()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let said = error("[engine]\nthreshold = \"critical\"\n\n[engine.pii]\nentitys = {}\n");
        assert!(said.contains("`entitys`") && said.contains("line 5"), "{said}");
        let said = error("[host]\n\n[host.engine]\nthreshold = \"info\"\n");
        assert_eq!(said, "line 3: `host.engine` is not read; the engine's settings stand in [engine]");
        let said = error("[hosts]\n");
        assert!(said.contains("`hosts`") && said.contains("line 1"), "{said}");
    }

    #[test]
    fn the_environment_wins() {
        let mut configuration = Configuration::parse("[engine]\nthreshold = \"critical\"\n").unwrap();
        assert_eq!(configuration.engine.threshold, Severity::Critical);
        let variable = |name: &str| match name {
            "AOP_VALIDATION_THRESHOLD" => Some("WARNING".to_owned()),
            "AOP_VALIDATORS_ENABLED" => Some("0".to_owned()),
            "AOP_PII_ML_ENABLED" => Some("false".to_owned()),
            _ => None,
        };
        configuration.apply(variable).unwrap();
        assert_eq!(configuration.engine.threshold, Severity::Warning);
        assert!(!configuration.host.validators_enabled);
        let said = configuration.apply(|_| Some("loud".to_owned())).unwrap_err().to_string();
        assert_eq!(said, "AOP_VALIDATION_THRESHOLD: `loud` is no severity; write one of info, warning, error, critical");
        let key = |name: &str| (name == "AOP_REDACTION_KEY").then(|| "loud".to_owned());
        let said = configuration.apply(key).unwrap_err().to_string();
        assert!(said.starts_with("AOP_REDACTION_KEY: a redaction key has 32 bytes") && !said.contains("loud"), "{said}");
        let of_model = |word: &'static str| move |name: &str| (name == "AOP_PII_ML_ENABLED").then(|| word.to_owned());
        let said = configuration.apply(of_model("true")).unwrap_err().to_string();
        assert!(said.starts_with("AOP_PII_ML_ENABLED asks for a model, and none is built into this aop"), "{said}");
        let said = configuration.apply(of_model("maybe")).unwrap_err().to_string();
        assert_eq!(said, "AOP_PII_ML_ENABLED is `maybe`; write true or false");
    }
}
