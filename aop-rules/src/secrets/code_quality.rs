//! Tokens of services that check code: coverage, scanners of faults and of dependencies.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/codecov-access-token",
            summary: "Codecov upload token",
            why: "It uploads reports in the project's name. Without a prefix, so only a name gives it away.",
            source: r#"Codecov, "Codecov tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["codecov"],
            values: &["{a32}", "{h8}-{h4}-{h4}-{h4}-{h12}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"CODECOV_KEY = "oFpJJM6BH5sTvRSwle65VoRTfcIT9IAI""#,
            r#"{"codecovKey": "c9ac11b3-5860-6b40-3819-851ce8b6cf91"}"#,
        ],
        misses: &[
            r#"checksum = "b4HbKcORRU2KaOPyWVD7V5HcFvEfgxyj""#,
            r#"CODECOV_KEY = "mKkDclAPlkErshukMP10kxnCUCguTjtZt""#,
            r#"CODECOV_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/coveralls-repo-token",
            summary: "Coveralls repository token",
            why: "It uploads reports in the project's name.",
            source: r#"Coveralls, "Coveralls API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["coveralls"], values: &["{a32-36}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"COVERALLS_KEY = "hXvxUozTP3dvq7CX1qwtQ0FjTMSaotqQosAa""#,
            r#"{"coverallsToken": "BuAKpOuiMd4YVUfMFlY9Fbl1XHV5NXR2lxd"}"#,
        ],
        misses: &[
            r#"checksum = "s5FOADiaSoECpyrrBlQ2q15vkdr2Xxn8H6c""#,
            r#"COVERALLS_KEY = "YsszX4cUe3nlZAC7Jy9nDYGTPTG733XMlXhAc""#,
            r#"COVERALLS_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/snyk-api-token",
            summary: "Snyk token",
            why: "It reads which flaws the projects have. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Snyk documentation, \"Authentication for API\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["snyk"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"SNYK_TOKEN="dF81af33-2CBF-2E44-f064-9C90C4723DbD""#,
            r#"{"snykToken": "9edD1758-F147-a1e1-EBC6-96630C8f9840"}"#,
        ],
        misses: &[
            r#"SNYK_TOKEN="faB4001E-Cb93-fCA5-AA97-ea37E6B3ecF""#,
            r#"{"checksum": "0e3794c4-e814-Af50-afbd-ae2a7449314C"}"#,
            r#"SNYK_TOKEN="${SNYK_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sonar-api-token",
            summary: "SonarQube token",
            why: "It reads the code and its flaws. The prefix tells user, project and global tokens; older ones \
              have none and need a name.",
            source: "SonarQube documentation, \"Managing your tokens\" (prefixes squ_, sqp_, sqa_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["squ_{h40}", "sqp_{h40}", "sqa_{h40}"],
            names: &["sonar", "sonarqube", "sonarcloud"],
            values: &["{a40}", "squ_{a40}", "sqp_{a40}", "sqa_{a40}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: squ_d1e17847640df58da4202d2a87815c19fa2462f2, then",
            r#"{"note": "use sqa_28213a17be4997ce0baa4c262506445e91a244e5 here"}"#,
            r#"SONAR_TOKEN="ZdSB8ZXkggcAkPgqklDC4bXZX404BN3OIuQSNPqS""#,
            r#"{"sonarToken": "sqa_PJzrsI2yDqpeG9Z45bZuTfak4Vgymk5mwijStMpy"}"#,
        ],
        misses: &[
            "token: squ_04552bb7a7b5dc285c866ae1cd824558cae07c2, then",
            "token: squ_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            r#"SONAR_TOKEN="ZMWM1PJGrcHjNPTs8gGxvAQsoyeDfrPR0GwwHsv""#,
            r#"{"checksum": "b932mEyIwVT8Q4chKHhIMJKndsn8ocfH5FsTiWKq"}"#,
            r#"SONAR_TOKEN="${SONAR_TOKEN}""#,
        ],
    },
];
