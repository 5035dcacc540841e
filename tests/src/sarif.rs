//! SARIF 2.1.0 as far as its schema requires members and limits words, checked without the schema.

use serde_json::Value;

/// What of a log is not as the standard requires; empty when all is. Each fault begins with its place, a JSON Pointer.
///
/// The tests that have the schema of OASIS check all of it; this holds everywhere.
pub fn sarif_faults(log: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    faults.word(log, "", "version", &["2.1.0"], true);
    for (at, run) in faults.list(log, "", "runs", true) {
        faults.run(run, &at);
    }
    faults.0
}

struct Faults(Vec<String>);

impl Faults {
    fn say(&mut self, at: &str, what: &str) {
        self.0.push(format!("{at}: {what}"));
    }

    /// The items of a member that is a list.
    fn list<'v>(&mut self, value: &'v Value, at: &str, name: &str, required: bool) -> Vec<(String, &'v Value)> {
        match value.get(name) {
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(index, item)| (format!("{at}/{name}/{index}"), item)).collect()
            }
            None if !required => Vec::new(),
            other => {
                self.say(at, &format!("`{name}` is a list, and is {other:?}"));
                Vec::new()
            }
        }
    }

    fn text(&mut self, value: &Value, at: &str, name: &str, required: bool) {
        let is_good = value.get(name).map_or(!required, |text| text.is_string());
        if !is_good {
            self.say(at, &format!("`{name}` is a text, and is {:?}", value.get(name)));
        }
    }

    fn word(&mut self, value: &Value, at: &str, name: &str, words: &[&str], required: bool) {
        let is_good = value.get(name).map_or(!required, |word| word.as_str().is_some_and(|word| words.contains(&word)));
        if !is_good {
            self.say(at, &format!("`{name}` is one of {words:?}, and is {:?}", value.get(name)));
        }
    }

    fn number(&mut self, value: &Value, at: &str, name: &str, least: i64) {
        let is_good = value.get(name).is_none_or(|number| number.as_i64().is_some_and(|number| number >= least));
        if !is_good {
            self.say(at, &format!("`{name}` is {least} or more, and is {:?}", value.get(name)));
        }
    }

    fn run(&mut self, run: &Value, at: &str) {
        let driver = &run["tool"]["driver"];
        let place = format!("{at}/tool/driver");
        self.text(driver, &place, "name", true);
        let rules = self.list(driver, &place, "rules", false);
        for (at, rule) in &rules {
            self.text(rule, at, "id", true);
            for name in ["shortDescription", "fullDescription", "help"] {
                if let Some(message) = rule.get(name) {
                    self.text(message, &format!("{at}/{name}"), "text", true);
                }
            }
        }
        self.word(run, at, "columnKind", &["utf16CodeUnits", "unicodeCodePoints"], false);
        for (at, invocation) in self.list(run, at, "invocations", false) {
            if !invocation["executionSuccessful"].is_boolean() {
                self.say(&at, "`executionSuccessful` is true or false");
            }
        }
        for (at, result) in self.list(run, at, "results", true) {
            self.result(result, &at, &rules);
        }
    }

    fn result(&mut self, result: &Value, at: &str, rules: &[(String, &Value)]) {
        self.text(&result["message"], &format!("{at}/message"), "text", true);
        self.word(result, at, "level", &["none", "note", "warning", "error"], false);
        if let Some(index) = result.get("ruleIndex").filter(|index| index.as_i64() != Some(-1)) {
            let named = index.as_u64().and_then(|index| rules.get(usize::try_from(index).ok()?));
            if named.is_none_or(|(_, rule)| rule["id"] != result["ruleId"]) {
                self.say(at, &format!("`ruleIndex` {index} is not the place of {}", result["ruleId"]));
            }
        }
        for list in ["locations", "relatedLocations"] {
            for (at, location) in self.list(result, at, list, false) {
                self.location(location, &at);
            }
        }
        if let Some(prints) = result.get("partialFingerprints") {
            let is_good = prints.as_object().is_some_and(|prints| prints.values().all(Value::is_string));
            if !is_good {
                self.say(at, "`partialFingerprints` are texts");
            }
        }
        for (at, fix) in self.list(result, at, "fixes", false) {
            for (at, change) in self.list(fix, &at, "artifactChanges", true) {
                self.artifact(&change["artifactLocation"], &at);
                let replacements = self.list(change, &at, "replacements", true);
                if replacements.is_empty() {
                    self.say(&at, "`replacements` has one at least");
                }
                for (at, replacement) in replacements {
                    self.region(&replacement["deletedRegion"], &format!("{at}/deletedRegion"));
                }
            }
        }
    }

    fn location(&mut self, location: &Value, at: &str) {
        if let Some(physical) = location.get("physicalLocation") {
            let at = format!("{at}/physicalLocation");
            self.artifact(&physical["artifactLocation"], &at);
            if let Some(region) = physical.get("region") {
                self.region(region, &format!("{at}/region"));
            }
        }
        for (at, logical) in self.list(location, at, "logicalLocations", false) {
            self.text(logical, &at, "fullyQualifiedName", true);
        }
    }

    /// A URI reference (RFC 3986): nothing but its characters, and `%` before two hexadecimal digits.
    fn artifact(&mut self, artifact: &Value, at: &str) {
        let Some(uri) = artifact["uri"].as_str() else { return self.say(at, "`artifactLocation` has a `uri`") };
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        let bytes = uri.as_bytes();
        let is_escaped = |at: usize| bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let is_good = bytes.iter().enumerate().all(|(at, byte)| is_known(*byte) && (*byte != b'%' || is_escaped(at)));
        if !is_good || uri.is_empty() {
            self.say(at, &format!("{uri:?} is no URI reference"));
        }
    }

    fn region(&mut self, region: &Value, at: &str) {
        if !region.is_object() {
            return self.say(at, "a region is an object");
        }
        for name in ["startLine", "startColumn", "endLine", "endColumn"] {
            self.number(region, at, name, 1);
        }
        for name in ["byteOffset", "charOffset"] {
            self.number(region, at, name, -1);
        }
        for name in ["byteLength", "charLength"] {
            self.number(region, at, name, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::sarif_faults;

    #[test]
    fn what_the_standard_requires_is_missed() {
        let location = json!({"physicalLocation": {"artifactLocation": {"uri": "a b"}, "region": {"startLine": 0}}});
        let log = json!({"version": "2.0.0", "runs": [{
            "tool": {"driver": {"rules": [{"id": "one"}]}},
            "results": [{"ruleId": "two", "ruleIndex": 0, "level": "loud", "message": {}, "locations": [location]}],
        }]});
        let faults = sarif_faults(&log);
        for fault in [
            ": `version`",
            "/runs/0/tool/driver: `name`",
            "/runs/0/results/0/message: `text`",
            "/runs/0/results/0: `level`",
            "/runs/0/results/0: `ruleIndex`",
            "/runs/0/results/0/locations/0/physicalLocation: \"a b\"",
            "/runs/0/results/0/locations/0/physicalLocation/region: `startLine`",
        ] {
            assert!(faults.iter().any(|found| found.starts_with(fault)), "{fault} is not in {faults:?}");
        }
        assert_eq!(faults.len(), 7, "{faults:?}");
    }
}
