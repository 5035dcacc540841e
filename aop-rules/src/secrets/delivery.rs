//! Keys of services that build, check and run software: registries, scanners, platforms.

use aop_toon::Severity;

use super::value::{mixed_case, unlike_a_hash, with_digits};
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
            id: "secrets/octopus-deploy-api-key",
            summary: "Octopus Deploy API key",
            why: "It deploys and reads the variables of deployments.",
            source: "Octopus documentation, \"API keys\" (prefix API-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["API-{U26}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["token: API-QY1IHFTQ0ZF4Q7GXOKTL7Y8B97, then", r#"{"note": "use API-7JEPE7OADWE1D4DZD9H90XABV7 here"}"#],
        misses: &["token: API-5YZYN6DDBINQBYAQPIBVPR4JE, then", "token: API-xxxxxxxxxxxxxxxxxxxxxxxxxx"],
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
    Recognizer {
        rule: &Rule {
            id: "secrets/sourcegraph-access-token",
            summary: "Sourcegraph access token",
            why: "It reads all code that its user may read.",
            source: "Sourcegraph documentation, \"Access tokens\" (prefix sgp_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["sgp_{x40}", "sgp_{x16}_{x40}", "sgp_local_{x40}"],
            names: &["sourcegraph"],
            values: &["{x40}"],
            entropy: 2.8,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: sgp_EE93A1edfb93C9aBC6b2F86c684C166aC309E814, then",
            r#"{"note": "use sgp_local_8c52EFCf29e27FFf6A1aEAbD6F233eC2d4Bd8E3e here"}"#,
            r#"SOURCEGRAPH_TOKEN="0E9Db9C47eB0645F62cA6a94064e091FEe6CfECd""#,
            r#"{"sourcegraphToken": "c67a31Fe9Cb0E53EB3Bc6b0e790EDE335247cDa8"}"#,
        ],
        misses: &[
            "token: sgp_B45aE8DCb7F8C9364fa7ef42CbD4696B23fc26d, then",
            "token: sgp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            r#"SOURCEGRAPH_TOKEN="424dc1ECC15F5b1035E9827aEE9d7Cf60cAAF44""#,
            r#"{"checksum": "179a387eDC7d53B37ab0ccE96B917890DF58d34D"}"#,
            r#"SOURCEGRAPH_TOKEN="${SOURCEGRAPH_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/travisci-access-token",
            summary: "Travis CI access token",
            why: "It reads build logs and settings. It has no form of its own, so a name has to say whose it is.",
            source: "Travis CI documentation, \"Authentication\" (22 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "travis token",
                "travis key",
                "travis secret",
                "travis api",
                "travis client",
                "travis access",
                "travis auth",
                "travis oauth",
                "travisci",
                "travis ci",
            ],
            values: &["{w22}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"TRAVIS_TOKEN="AEccjmS4cgW5dBkhfqCOGP""#, r#"{"travisToken": "A2I7xrtFRRL8Ej8GdwE6qt"}"#],
        misses: &[
            r#"TRAVIS_TOKEN="Lh4Lh50tCzXxES7Es8EfM""#,
            r#"{"checksum": "c3Fw6KHM7ma0v32OKPBCRY"}"#,
            r#"TRAVIS_TOKEN="${TRAVIS_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/netlify-access-token",
            summary: "Netlify access token",
            why: "It replaces sites and reads their variables. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Netlify documentation, \"API: authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["netlify"], values: &["{r40-46}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"NETLIFY_TOKEN="yWAfHdKa01IseWFrX5KGYeJUFP1c2ur8sCEFmA6T""#,
            r#"{"netlifyToken": "3OMQj4HsaklzfFz1NblWJIIqwKfFVAZUNvKLG7ez"}"#,
        ],
        misses: &[
            r#"NETLIFY_TOKEN="dLwwP0Vtc9WcZL9mzcMFXDBWzlRyOCPFRBOG9Wb""#,
            r#"{"checksum": "vplin4rUcl3c1dTbTv6OGQWtN8VvS6km9Lx5Q4GC"}"#,
            r#"NETLIFY_TOKEN="${NETLIFY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/heroku-api-key",
            summary: "Heroku API key",
            why: "It changes apps and reads their variables. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Heroku Dev Center, \"OAuth\" (tokens before the prefix HRKU-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["heroku"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"HEROKU_TOKEN="8E8512F2-1A73-F0D1-ed91-3D6EdffAfFEC""#,
            r#"{"herokuToken": "6eb294da-86C3-d67C-8A6B-1ddD137b6D2D"}"#,
        ],
        misses: &[
            r#"HEROKU_TOKEN="A5bBDCC7-7788-ADcC-496E-dFaDF4BEdB4""#,
            r#"{"checksum": "b16c3fF3-AA75-83E2-371B-d14FC60B793A"}"#,
            r#"HEROKU_TOKEN="${HEROKU_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/heroku-api-key-v2",
            summary: "Heroku API key",
            why: "It changes apps and reads their variables.",
            source: "Heroku Dev Center, \"OAuth\" (prefix HRKU-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["HRKU-AA{w58}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: HRKU-AAngxzh4i7ivQExHboP5NB7RVmtZQf9vGLPFsPHu996Jvkr6yBi8dZmMA97Y, then",
            r#"{"note": "use HRKU-AAC4ZIPgENPgw3tQYD6MeXIpy39womprSrCa3Okne9i4ZjKCQXdPTWQHD0jU here"}"#,
        ],
        misses: &[
            "token: HRKU-AAsvb6qoP0s4PjTxc0eFcsromhRaO3AeN9aGeTejlz0xHme1zh2zJybnz6T, then",
            "token: HRKU-AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/scalingo-api-token",
            summary: "Scalingo token",
            why: "It changes apps and reads their variables.",
            source: "Scalingo documentation, \"Tokens\" (prefix tk-us-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["tk-us-{w48}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: tk-us-VoZtKwlfBovenhYOkleREPkEaeUO5QT3glMeNZs0jw133hWh, then",
            r#"{"note": "use tk-us-Wbz2IitzmZwUGVDMhAj5tR9F8GRu7FPuNlVR5ufZNrYAL6Xn here"}"#,
        ],
        misses: &[
            "token: tk-us-LeHk9krwhC3gMqPrWJct5a1oHAdHa5RBH3E6z0ARODh7hok, then",
            "token: tk-us-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/railway-api-token",
            summary: "Railway token",
            why: "It deploys and reads the variables of projects. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Railway documentation, \"Public API\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["railway token", "railway api token", "railway api key", "railway key"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"RAILWAY_TOKEN="0fce9736-deeb-b463-99d1-e11be4ec1eda""#,
            r#"{"railwayToken": "93ccaffa-c298-69c9-4c06-5513839eee86"}"#,
        ],
        misses: &[
            r#"RAILWAY_TOKEN="e758f038-2f4e-4723-f9f7-239e54d4a7a""#,
            r#"{"checksum": "25af8429-1748-b1af-17f8-cfef8d978e51"}"#,
            r#"RAILWAY_TOKEN="${RAILWAY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pulumi-api-token",
            summary: "Pulumi access token",
            why: "It changes infrastructure and reads the secrets in its state.",
            source: "Pulumi documentation, \"Access tokens\" (prefix pul-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pul-{h40}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: pul-cf261cb1fbf732a12dcb7d3619885a948b9823ef, then",
            r#"{"note": "use pul-a4e195634b73a2aad56ddeb4b23c57e9a5f53192 here"}"#,
        ],
        misses: &[
            "token: pul-e0ea771710272dd4f8945f15064dd2fe4dafe4d, then",
            "token: pul-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/hashicorp-tf-api-token",
            summary: "Terraform Cloud token",
            why: "It changes infrastructure and reads its state.",
            source: "HashiCorp documentation, \"API tokens\" (`.atlasv1.` in the middle)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{a14}.atlasv1.{g60-70}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 5RhT7nXzXEfaZg.atlasv1.m2jAPWec64fBTLdJNeXUAxaP29oBZ4c5KNDCk12ox4tkCE77VafNZDWTM9lR, then",
            r#"{"note": "use LejQwTdf3Nd8Pg.atlasv1.F8I07YM6yDC5UlIq4yRnUcvu0PlV8I86gAVhTeM5ILbCa4VRJhB3jWnsH7sj here"}"#,
        ],
        misses: &[
            "token: vpCy1xMrXv9gyM.atlasv1.baoVs7zdm25KA7LwxpReEYEayb6EQ4DIIeoXuedY3eGMYqQehmTAKjNHklJ, then",
            "token: GbyA2eGgq9Pwrp.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/infracost-api-token",
            summary: "Infracost API key",
            why: "It reads prices at its owner's cost. Icons with a hash in their name are left alone.",
            source: "Infracost documentation, \"API key\" (prefix ico-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ico-{a32}"], entropy: 3.0, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: ico-qL2WCcKDHTD05HvIzvGoXKrhyPS9QqHt, then",
            r#"{"note": "use ico-heVpTg1Hk5ZJQuQO4ZW2S69zQhy27Lr3 here"}"#,
        ],
        misses: &[
            "img/x.ico-7f1c0d2b9a4e8831c0ffe1d2b3a49587.png",
            "token: ico-Y8sCuEVhQbsRBZ2qxTaKfvzrMZ2xdH7, then",
            "token: ico-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/prefect-api-token",
            summary: "Prefect API key",
            why: "It runs flows and reads the secrets in their blocks.",
            source: "Prefect documentation, \"API keys\" (prefix pnu_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pnu_{a36}", "pnb_{a36}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: pnu_wFYqPzLW95JHMmZ59mcImHsNTHnoydhsg2NU, then",
            r#"{"note": "use pnb_oOAxF12rfRfYECvg3808c8bPqAXykwGrNsnx here"}"#,
        ],
        misses: &["token: pnu_VUSYXEscSGlCiHKh74JOJmlqcKHvvR3oFWq, then", "token: pnu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/launchdarkly-access-token",
            summary: "LaunchDarkly access token",
            why: "It changes what customers see. It has no form of its own, so a name has to say whose it is.",
            source: "LaunchDarkly documentation, \"API access tokens\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["launchdarkly", "launch darkly"],
            values: &["{g40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LAUNCHDARKLY_TOKEN="PZhDvlVs094mtNxiF5zfBGpW2QqdaEzkUg3vy5RC""#,
            r#"{"launchdarklyToken": "yYLoUBjh8FbQ2GUso9zXXkqhOUcTXanyUxylzyEN"}"#,
        ],
        misses: &[
            r#"LAUNCHDARKLY_TOKEN="PhYVeUwj9F3Qe8U0UQyjDQQHaPwpIgQKbxPNWDc""#,
            r#"{"checksum": "wmOQLYlbqrTymFScfL1WdbqKchQnmyMxQaYGfVLg"}"#,
            r#"LAUNCHDARKLY_TOKEN="${LAUNCHDARKLY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/launchdarkly-sdk-key",
            summary: "LaunchDarkly SDK key",
            why: "It reads all flags and their rules. Mobile keys and client ids are public and left alone.",
            source: "LaunchDarkly documentation, \"SDK credentials\" (prefixes sdk-, api-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["sdk-{h8}-{h4}-{h4}-{h4}-{h12}", "api-{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            "token: sdk-e5e722b5-108d-d306-4bbe-09b857a682f3, then",
            r#"{"note": "use api-1cafad62-de48-8c6d-8ab6-756d89d3f544 here"}"#,
        ],
        misses: &["token: sdk-1772711c-48e1-41d2-7810-75c600da671, then", "token: sdk-10c64002-6ed7-c0a0-52f0-xxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/postman-api-token",
            summary: "Postman API key",
            why: "It reads collections with the secrets in them.",
            source: "Postman documentation, \"API keys\" (prefix PMAK-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["PMAK-{h24}-{h34}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: PMAK-04143ef02712dcd9fe46d772-9ea781fba4b6dd809f8f9be42945f5d125, then",
            r#"{"note": "use PMAK-8dc159f351c3378db48c9225-6a3b6b06e4599bfdef15f2c1e23cffb8df here"}"#,
        ],
        misses: &[
            "token: PMAK-051286e544fb6321083b846c-20a2614c6ca08b18ac9d8d6ae82d11737, then",
            "token: PMAK-6180c352fe5084aec2fef885-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/readme-api-token",
            summary: "ReadMe API key",
            why: "It changes documentation and reads its users.",
            source: "ReadMe documentation, \"Authentication\" (prefix rdme_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rdme_{L70}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: rdme_lvw66mwsv9m3hysbfmdascqg5vrnqw3cvuas1gpbjh11rclz1c5f1hb9bimfcgemmbunuk, then",
            r#"{"note": "use rdme_q4u7abix1jhitxkp6y7uk6vdphz906sexckqerbozh52gvn5q7n4gpo398gq80zb01ra87 here"}"#,
        ],
        misses: &[
            "token: rdme_0hdvypwf74lg7ovvbo9q0x0adkjubbketadvf7eejo87wru9nrp8empdx8ydas1xjeozr, then",
            "token: rdme_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/openshift-user-token",
            summary: "OpenShift token",
            why: "It does in the cluster what its user may do.",
            source: "Red Hat OpenShift documentation, \"Configuring the internal OAuth server\" (prefix sha256~)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sha256~{w43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: sha256~BzPe7om3TAUfdS914dmii6VU0c6vMIfxIvzggt3Z7xK, then",
            r#"{"note": "use sha256~YQILWxS20kfHUIRunv8kgl3MVfy5N9QuMFVw1ZFg56q here"}"#,
        ],
        misses: &[
            "token: sha256~um2L6bTFEVLhRulNoE4WlEP9S74BsAX3Y9MJetmygH, then",
            "token: sha256~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-application-access-token",
            summary: "SettleMint application token",
            why: "It reads and writes what the application holds.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_aat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_aat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_aat_OVQ2Tw36YTtLIsUP, then", r#"{"note": "use sm_aat_x0bEZyHVovsaauNV here"}"#],
        misses: &["token: sm_aat_uxGvDlsPIRnQI1h, then", "token: sm_aat_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-personal-access-token",
            summary: "SettleMint personal token",
            why: "It does what its user may do.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_pat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_pat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_pat_jVtrihRMu5Hq0Krr, then", r#"{"note": "use sm_pat_2GOvdJ59ewZUigQ6 here"}"#],
        misses: &["token: sm_pat_Qefh2uL8JZnbPBH, then", "token: sm_pat_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-service-access-token",
            summary: "SettleMint service token",
            why: "It does what the service may do.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_sat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_sat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_sat_rBSXr7XLCS93Jb4h, then", r#"{"note": "use sm_sat_1M9q9BZvowJ3nBVS here"}"#],
        misses: &["token: sm_sat_RAmIVD7dkcfIAqz, then", "token: sm_sat_xxxxxxxxxxxxxxxx"],
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
    Recognizer {
        rule: &Rule {
            id: "secrets/intra42-client-secret",
            summary: "42 client secret",
            why: "With the client id it reads the school's data.",
            source: "42 School, \"API: getting started\" (prefixes s-s4t2ud-, s-s4t2af-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["s-s4t2ud-{h64}", "s-s4t2af-{h64}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "token: s-s4t2ud-b25ff92fc07fd5cde3a1e69c92ac026706bc47c1f0faabeb3a2a2458ae928ab, then",
            "token: s-s4t2ud-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/vault-batch-token",
            summary: "Vault batch token",
            why: "It reads secrets until it expires.",
            source: "HashiCorp documentation, \"Tokens\" (prefix hvb.)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["hvb.{w100-320}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: hvb.RGMsp24tssv1HnXpHCqwRPUvlJXrTpqWUibAQaAIC0NF32vmEWTAIZpQzs8bxRaqpvevYkrMZznhFmVzSOPOR1sZI91KuEarT1wf, then",
            r#"{"note": "use hvb.M9BQ2RG55aFG1SKm1k7biqkAc5xvVQuGNaPIobKGD4CRWFTmhgmpPEgTOrX8tPwpl7hTRLnDTJ4gRPtA4SC5pcwZphBRknzZnWgS here"}"#,
        ],
        misses: &[
            "token: hvb.v17bQ4cV7MdsNPGdik3bCsyIJeCM6MHmURzAp2cEsauberweTWKblwC08OKdpUk2xre7I1ZNifoDJse8rnU5CDnJVTAHCZJm6lK, then",
            "token: hvb.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/vault-service-token",
            summary: "Vault service token",
            why: "It reads secrets, and can be renewed. Tokens before version 1.10 are short and need a name.",
            source: "HashiCorp documentation, \"Tokens\" (prefixes hvs., s.)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["hvs.{w24-120}"],
            names: &["vault", "vault token", "token"],
            values: &["s.{a24}"],
            entropy: 3.0,
            check: vault_token,
        }),
        hits: &[
            "VAULT_TOKEN=s.k4Rz8WmQ2nVb7XtYc9Ls3PdJ",
            "token: hvs.pZHPK39ADzenV1TZaPPt9x0y, then",
            r#"{"note": "use hvs.EdwY2ZE2y2ApiZWHZsHsOfDt here"}"#,
            r#"VAULT_TOKEN="s.0tjEFeJ8dNxNjjWBvmryCSwc""#,
            r#"{"vaultToken": "s.7tKnZ5hjyP9DjUwFcFrRArDh"}"#,
        ],
        misses: &[
            "token: s.abcdefgtokencontrollerxyz",
            "s.makeKubernetesController1",
            "token: hvs.wO41h8xy1rRlMW3f64c6ATn, then",
            "token: hvs.xxxxxxxxxxxxxxxxxxxxxxxx",
            r#"VAULT_TOKEN="s.25qeWYdmGoKsmQyudepACQS""#,
            r#"{"checksum": "s.7hUkbs3FGU1ZoWpTbisqTGKP"}"#,
            r#"VAULT_TOKEN="${VAULT_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/okta-access-token",
            summary: "Okta API token",
            why: "It reads and changes who may log in to everything. It has no form of its own, so a name has to \
              say whose it is.",
            source: "Okta developer documentation, \"Create an API token\" (prefix 00)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["okta", "okta api token"],
            values: &["00{r40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"OKTA_TOKEN="006GSGapdZwtcUapIavONwXcVelVNjxTurpJciRcrX""#,
            r#"{"oktaToken": "00hWb8FypfPAigoo29sESKZjLY26FQigCo6zDxMaNq"}"#,
        ],
        misses: &[
            r#"OKTA_TOKEN="00bfivNldX9myvP2CDCIBYR9iFibbjdT1OZz4rG6J""#,
            r#"{"checksum": "008Ob093M58CFOcWO73bE71UZQkGi2XZdHj4LOhChE"}"#,
            r#"OKTA_TOKEN="${OKTA_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/yandex-access-token",
            summary: "Yandex Cloud IAM token",
            why: "It does what its account may do, for twelve hours.",
            source: "Yandex Cloud documentation, \"IAM token\" (prefix t1.)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["t1.{w1-400}.{g86-88}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: t1.j.a534h6Eh05NCyupzjwYK0zVdByc3GJFgkecXvJLjIF2MN8Al3t91MfHU9ApFQ1TAhyFRSwu9hEjngcpGWVP03z, then",
            r#"{"note": "use t1.d.QFYn6qCCkxIDoF3c4t40h2gh9jn5lJUVwF8FSZbTmA05VpqYo8Fy0S77X8wIQr8lGEbbK1FQeHAx4eUXang08T here"}"#,
        ],
        misses: &[
            "token: t1.c.YNoOkvQVa0wEl7RUOpH1sF5DOcaJJJ1M9AWvBvXqR2Ao4lyLu4d8UpCPQs7oAyXFRf0JVOdZEELtSf2qrASlg, then",
            "token: t1.6.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/yandex-api-key",
            summary: "Yandex Cloud API key",
            why: "It does what its service account may do.",
            source: "Yandex Cloud documentation, \"API key\" (prefix AQVN)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["AQVN{w35-38}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: AQVNsleMCf5a3UZFrehaLfrbL6iTzabXi48Py6U, then",
            r#"{"note": "use AQVNn9g2Pkoa0EYesuyQgRKvav4r1fbDMI43Aa1 here"}"#,
        ],
        misses: &["token: AQVN7QNpePJ5ojtp4uKbmD22xn4E9FRmFo19O9, then", "token: AQVNxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/yandex-aws-access-token",
            summary: "Yandex Cloud static key",
            why: "It is read and written with as with a key of S3. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Yandex Cloud documentation, \"Static access keys\" (prefix YC)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["yandex"], values: &["YC{w38}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"YANDEX_TOKEN="YCHFQdh2fEQs2y3dry7W5sVl749G5c84PfhpAqsZ""#,
            r#"{"yandexToken": "YCdnxdy1fRHRwhPQEOoXB1sEoYrnfXq41qTMATSl"}"#,
        ],
        misses: &[
            r#"YANDEX_TOKEN="YCUxCsKPkyoLpU7rtkpBqF3SukZuGDxo9uYQKZH""#,
            r#"{"checksum": "YC3218nufgFutbKYuBrdV8dqBKlHlKiu9FALqxGP"}"#,
            r#"YANDEX_TOKEN="${YANDEX_TOKEN}""#,
        ],
    },
];

/// A token of today is told by its prefix; `s.` and a word of code are not, so the older form needs both cases and a digit.
fn vault_token(token: &str) -> Option<f64> {
    let Some(random) = token.strip_prefix("s.") else { return Some(0.95) };
    let has = |is: fn(&u8) -> bool| random.as_bytes().iter().any(is);
    (has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)).then_some(0.9)
}
