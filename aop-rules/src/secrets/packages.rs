//! Tokens of registries of packages and images.

use aop_toon::Severity;

use super::value::unlike_a_hash;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/artifactory-api-key",
            summary: "Artifactory API key",
            why: "It reads and publishes packages as its owner.",
            source: r#"JFrog, "Access tokens and API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["AKCp{a69}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "AKCpcvuZ9Og6a0aDRbqAcv4rWxJyRHJ0YPbEnv68lnIBsgtVAqyfyY71KrfAb2fjcbnVIfuJY"}"#,
            r#"{"headers": ["AKCpR4utpqHkev5fwbKy45NVidzWYysyaxwn9apqKEicbRW9RhdfIV0r0IZOD4CqBPrXRS4ks"]}"#,
        ],
        misses: &[
            r#"token = "AKCpMo0WtMllGh3KAZ8wFmTSAuQxIHFJIog8JFFT8bhl3tRQoWNuMy2ADBKkEJcoY3m5Bxk9""#,
            r#"token = "AKCpxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/artifactory-reference-token",
            summary: "Artifactory reference token",
            why: "It stands for an access token, and reads and publishes packages as its owner.",
            source: r#"JFrog, "Access tokens", reference tokens"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["cmVmd{a59}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["cmVmdK47NQ7ELgK014HOr7IZOeYeLSfLmd8ql0WGX3G5HTL60IGL3MCS3pFl0uXj"]}"#,
            "Authorization: Bearer cmVmdtLlC3k0UUIdv9TxGwQAocCif2UUvpw3BcYdCqntXRpRG02WIBbgJ6lQnuQT",
        ],
        misses: &[
            r#"token = "cmVmdi7avMLSBsDoxd0ssxFGMhwgjy2Rz4vAhCh33HX5Hq2TMW2dqE5AgaRzua3""#,
            r#"token = "cmVmdxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/jfrog-api-key",
            summary: "JFrog API key",
            why: "It reads and replaces artefacts. It has no form of its own, so a name has to say whose it is.",
            source: "JFrog documentation, \"API key\" (73 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["jfrog", "artifactory", "bintray", "xray"],
            values: &["{a73}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"JFROG_TOKEN="QUmD5fZnx9NHIQKNhgkgadMpDIqM4H3NPRLSKV2WyMN100ciV2WyhLQS7XwqoLIw3xTEEbDTQ""#,
            r#"{"jfrogToken": "6ektmgoQtKoQiLiKizUSH07IPNXslCABWVn11YgxmUlqYuSfWBinkgZXu09DtUMoNxabLtDQp"}"#,
        ],
        misses: &[
            r#"JFROG_TOKEN="oSOqRYCYvwkbyB0yIRLwT5AVrsePDhDfbubxjNSutlXJm1MTBjgtwJ5IlxSXzVx6Sng4I18p""#,
            r#"{"checksum": "iNWTzVQjqJII5jRRyZLaVfKmLiWuCqGUVJN8VMEtBVuCkhtdVHLOGPm3cUpAhOFNUE9FVMZnH"}"#,
            r#"JFROG_TOKEN="${JFROG_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/jfrog-identity-token",
            summary: "JFrog identity token",
            why: "It reads and replaces artefacts. A hash is left alone. It has no form of its own, so a name has \
              to say whose it is.",
            source: "JFrog documentation, \"Identity tokens\" (64 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["jfrog", "artifactory", "bintray", "xray"],
            values: &["{a64}"],
            entropy: 3.0,
            check: unlike_a_hash,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"JFROG_TOKEN="d8Wu2c96iF9kcARVY66vuE5v2fn3NGu5RUJCBlRAtveyKsX40lonzYadqSf4mzBQ""#,
            r#"{"jfrogToken": "DXc993WWmubkPVg9iKiXCiz55xdXNkYrAXOlKTjn7At9MgZNA62dIGTJD4j3jOPb"}"#,
        ],
        misses: &[
            r#"JFROG_TOKEN="4IYg25g3GSFtFxaJYX6S3igS1XdJENRmPhKysbPiXBAsrSmwL7yXVNLWxGdmB3A""#,
            r#"{"checksum": "F2noyVoUxZ5zJBQIsQQLYWXIiBKhj6WY5Y5BKPml9kpI3phbNvSpz2iwScXzhllu"}"#,
            r#"JFROG_TOKEN="${JFROG_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/clojars-api-token",
            summary: "Clojars deploy token",
            why: "It publishes libraries in its owner's name.",
            source: r#"Clojars, "Deploy tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["CLOJARS_{a60}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "CLOJARS_iq87JYlS2N4s4CkaObEAqiIYN183JEP97AmpZCXikPx1JgrrO7TglzIvzaVY"}"#,
            r#"{"headers": ["CLOJARS_AiNj7k9nwU7ut49e1x88FPDdgBzNaYP8uiSunKtEmAnGeaSvrS3KK0gAVA11"]}"#,
        ],
        misses: &[
            r#"token = "CLOJARS_tytdScCyfTlyZQqvpeBicLuWAPgXAMZhI1k2LNXLcDMIlQt5aaa5IV93tAN""#,
            r#"token = "CLOJARS_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/crates-io-api-token",
            summary: "crates.io API token",
            why: "It publishes crates in its owner's name.",
            source: r#"The Cargo Book, "Publishing on crates.io""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["cio{a32}"],
            names: &["crates io", "cratesio", "cargo registry", "cargo registries"],
            values: &["{a32}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "Authorization: Bearer ciolSk8N2uJ8S0B0Hy4gnn3Ny68ZUNHNiMB",
            "it is cioU4Sn3Gj9Pvb4cY32iGKcCsg2Gw3qqo0q now",
            r#"CRATES_IO_KEY = "yDx75IbimdQMk9Bov34NZm3eW3Q7jE2B""#,
            r#"{"cratesioKey": "UJXqlGrC6a8IILSVb9R8NSHC7njWElGA"}"#,
        ],
        misses: &[
            r#"token = "cioIqRaFbcaVxq5eYZLCUAlAxZGgMrg39D""#,
            r#"token = "cioxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"checksum = "Y072GvB76mEknjVgKq8ut7JCvXOJyv2M""#,
            r#"CRATES_IO_KEY = "KKarszkavOhM1PEaQa5X6t9JMWUjd9r3x""#,
            r#"CRATES_IO_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dockerhub-pat",
            summary: "Docker Hub access token",
            why: "It pulls and pushes images as its owner or as an organization.",
            source: r#"Docker, "Personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["dckr_pat_{w27}", "dckr_oat_{w32}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer dckr_pat_cZP-6qxa-OdsqzF7Mj5RCRUD0V9",
            r#"{"value": "dckr_oat_DXodpjNoKWLaYhguB3OLr_vGTQaG-jdF"}"#,
        ],
        misses: &[
            r#"token = "dckr_pat_rA0Cw-jNAbE4Jf6y_5CgeVnMHM""#,
            r#"token = "dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "dckr_oat_Pa3JstPHvCo5RAIvOX_JwWowYhJataj""#,
            r#"token = "dckr_oat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/npm-access-token",
            summary: "npm access token",
            why: "It publishes packages in its owner's name.",
            source: "npm documentation, \"Access tokens\" (prefix npm_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["npm_{a36}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: npm_lkm2ChLLVrbtkh2gD8cB9LUWQLAZ3DCgdJir, then",
            r#"{"note": "use npm_TIzQLu1uaMa25sw6xg9EBGFOH4VAEoWjVYqD here"}"#,
        ],
        misses: &["token: npm_PNxpaL489WLFPHZsI3YSMMbuU1pRWQnRe0H, then", "token: npm_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/nuget-api-key",
            summary: "NuGet API key",
            why: "It publishes packages in its owner's name.",
            source: r#"Microsoft, "Publish NuGet packages""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["oy2{L43}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer oy2bdzzk2szp0xqkf3f5cit3mdo7c560szygxfc3h3fhac",
            "it is oy28t8t4mniwyzgo5ova7zhopaxpinyvljbewhz7enisds now",
        ],
        misses: &[
            r#"token = "oy2c6l944bsmufhraa3vnsdym5rwi0kvchyq62tsq4ru6""#,
            r#"token = "oy2xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pypi-upload-token",
            summary: "PyPI upload token",
            why: "It publishes packages in its owner's name.",
            source: "PyPI help, \"API tokens\" (prefix pypi-, a macaroon for pypi.org)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pypi-AgEIcHlwaS5vcmc{w50-1000}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: pypi-AgEIcHlwaS5vcmcAgmAfvvIKpFEGgbF1uptPSGZ9KEtViip6hGbUFfWZuHbkQqPq4, then",
            r#"{"note": "use pypi-AgEIcHlwaS5vcmcpOxnVaa9wSotDNkQl2doqmNU8REwDvwKRjqhqRDHT5IltzZArv here"}"#,
        ],
        misses: &[
            "token: pypi-AgEIcHlwaS5vcmcg43741sT0AWOKDuwRZa69AVW5Qi1EIWWJTpMxjIFIJyTRcRGA, then",
            "token: pypi-AgEIcHlwaS5vcmcxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/testpypi-upload-token",
            severity: Severity::Error,
            summary: "TestPyPI upload token",
            why: "It publishes packages on the test index in its owner's name.",
            source: "PyPI help, \"API tokens\" (prefix pypi-, a macaroon for test.pypi.org)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["pypi-AgENdGVzdC5weXBpLm9yZw{w50-1000}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: pypi-AgENdGVzdC5weXBpLm9yZwoVkV9gQmG8mFBLu7xf9S4UGBAm2jpXDvtvtAAa1hoHmlhkRQXg, then",
            r#"{"note": "use pypi-AgENdGVzdC5weXBpLm9yZwT94iPjxzdQFtlwHMO2wryLwToR2CkKXWWxhAW1Yi3yegJEiLu9 here"}"#,
        ],
        misses: &[
            "token: pypi-AgENdGVzdC5weXBpLm9yZw8qZL7CYlHhubgJoFPzYyGM61XuxWAaK4BO1Po8JW2fXK7tZQR, then",
            "token: pypi-AgENdGVzdC5weXBpLm9yZwxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/quay-robot-token",
            summary: "Quay robot account token",
            why: "It pulls and pushes images as the robot account.",
            source: r#"Red Hat, "Managing robot accounts" (Quay)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["quay"], values: &["{U64}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"QUAY_KEY = "B0FE7RZ6F7N4YZH9VTGY968G1RXUQDHUR0KS87XPCCLA17PCZXSTBDR5H0CZZSA7""#,
            r#"{"quayToken": "0BXUWD0WXNKXRJ8W3GKTRSX1T2JSZQXKTFJLPJDPLBAU5HK56T01S3154KRZ16P9"}"#,
        ],
        misses: &[
            r#"checksum = "88IXUR0BBMM01YRGTHH8BR2YISM8MGJWWY0J48PMCKL8EW5YLMYDS98LV3AEG809""#,
            r#"QUAY_KEY = "HM9OZGWY7KQ2QTXUWBZ7ASGJCRGLCYL5SU20JHHVJIRD4SJW52E9JU6D62A77GXVH""#,
            r#"QUAY_KEY = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/rubygems-api-token",
            summary: "RubyGems API key",
            why: "It publishes gems in its owner's name.",
            source: "RubyGems guides, \"API key scopes\" (prefix rubygems_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rubygems_{h48}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: rubygems_3691cc1a794973b1d044ec45b5b9cb65f2950f4587a00b73, then",
            r#"{"note": "use rubygems_7e6ed6004548db8369c8a3bab812d580fd1a8f6cfa145230 here"}"#,
        ],
        misses: &[
            "token: rubygems_221bdc71b0fb6583b82562d0f2e5e562421e299be2b875f, then",
            "token: rubygems_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sidekiq-secret",
            summary: "Sidekiq licence",
            why: "The two numbers are the customer's licence for the paid packages. It has no form of its own, so \
              a name has to say whose it is.",
            source: "Sidekiq wiki, \"Commercial FAQ\" (Bundler credentials of contribsys.com)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["contribsys", "contribsys com", "gems contribsys com", "enterprise contribsys com"],
            values: &["{h8}:{h8}"],
            ..SecretForm::NONE
        }),
        hits: &[r#"CONTRIBSYS_TOKEN="ce74f9af:1087e210""#, r#"{"contribsysToken": "5870c88c:2415ea25"}"#],
        misses: &[
            r#"CONTRIBSYS_TOKEN="1821175:e1633b9a""#,
            r#"{"checksum": "980b0975:26ff5225"}"#,
            r#"CONTRIBSYS_TOKEN="${CONTRIBSYS_TOKEN}""#,
        ],
    },
];
