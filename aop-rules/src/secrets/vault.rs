//! Keys that open other secrets: password managers, stores of secrets, file encryption.

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/1password-secret-key",
            summary: "1Password secret key",
            why: "With the account's password it decrypts every vault of its owner.",
            source: r#"1Password, "About your Secret Key""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["A3-{U6}-{U11}-{U5}-{U5}-{U5}", "A3-{U6}-{U6}-{U5}-{U5}-{U5}-{U5}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "A3-NH4CXC-628E7MUUP9F-C3FI8-5AXYE-2UF6H""#,
            "Authorization: Bearer A3-S1Z8LW-5EYUHP-Q3ILN-1VWO7-KJPI4-NTL2E",
        ],
        misses: &[
            r#"token = "A3-43LDF0-FPDIFLVCC3-SIGT1-OU05Z-P8020""#,
            r#"token = "A3-XXXXXX-XXXXXXXXXXX-XXXXX-XXXXX-XXXXX""#,
            r#"token = "A3-NBOXN-HQCC3W-AFMLJ-17V9M-9A5R7-DPOF8""#,
            r#"token = "A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/1password-service-account-token",
            summary: "1Password service account token",
            why: "It reads the vaults that the service account was given.",
            source: r#"1Password, "Service accounts""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ops_eyJ{g250-}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "it is ops_eyJN8xrK5IBRlDIhmmKfN+ZuXhTTeQz5rrYM5G917fZamsY8RwSUHBfHIpOvbusJfvvCgO6m2OtSYI6B3qzWZKbcpgmWT4dIO\
             xR9Z0OINFxncAdgIXicGRYqyRRoMgU8i6OdqKPit7UnJuBTaNyQFwUCqZ4W5SSks7CzhjMohySFKChUxBNZ6BKD0a4ouVCH4P2Axr1ZPDwt\
             FU3iO6y1i9zeungZJof8+11OxduA2Zb0D6aeiIrR16E7CtenAiJ now",
            "token = \"ops_eyJp1clbQ2w0Wlthw9Q0e2r895dj7LRegBCJXeDIjPX5TZNwOAMpnfp2XIUfi8idGKLQPZBCWD4VF0eFYIPhxC66kKk7H\
             DpGR0H7ZpZXFP5j27WwK5uQCckiGhN5vJH27F1ckeNeLUNPIjD05b4rg6wCf3Xtw6kR5L+pP6zFG2AIcvAYf7abVvNqmd3iekXF0odbpP2k\
             JAVxzq66LxTAl/vg09l3DQtsmEhLBjrcwjmNLfDmTri2Y6lqHRVl6eHOy3j\"",
        ],
        misses: &[
            "token = \"ops_eyJtxjDqKYj8T2_IoTxweH80WWg4crIiriLLAdkNq1Ep9XCQEArgQnDn1xnI290Rjd2LudrHxkaH+ZYx51MFst5OJkS1f\
             kj6rfei1iY4f0N3LIuWlsW53zeQBWKr0cIbI7KKU3yCuqIypvfArPijdEjoESSwzf62tVbOIC44QMaALm2jAEGdb72urHgc5hwPcQqet8yH\
             8TcqEdG9XMhCNWfriIxur61vS7RObynlpwNH2bIsPhzCco1Dkmbu\"",
            "token = \"ops_eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            "OP_SERVICE_ACCOUNT_TOKEN=ops_eyJzaWduSW5B...",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/doppler-api-token",
            summary: "Doppler API token",
            why: "It reads and writes the secrets of a configuration, a project or a workplace.",
            source: r#"Doppler, "Auth token formats""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "dp.pt.{a40-44}",
                "dp.ct.{a40-44}",
                "dp.sa.{a40-44}",
                "dp.scim.{a40-44}",
                "dp.audit.{a40-44}",
                "dp.said.{a40-44}",
            ],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "dp.pt.HYqlErXWIZxHp8o0iSc6mPhNsjblolQm4xIaNghSB"}"#,
            "export KEY='dp.ct.Y3or1cu6CRwM7ZtvHWAgVlZvXx8ySYxunbXyUa0xGKuh'",
            "it is dp.sa.cNMZ9FgIHfcOAiWDqKCQubWO4zPJqjSY4aMaeOyRRo now",
            r#"{"headers": ["dp.scim.KfJAMLligJvRHwGZ3D9cYLOXXv69iiNPdugsj5aDh0"]}"#,
        ],
        misses: &[
            r#"token = "dp.pt.kcjzLVx8VqoLXtrXCoTFgLXAlhVNm9uKzPcorFn""#,
            r#"token = "dp.ct.bxPTaeWCGegPu3PqnLNEJIBwd0RTAdV3tIvKLA7""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/doppler-service-token",
            summary: "Doppler service token",
            why: "It reads the secrets of one configuration.",
            source: r#"Doppler, "Auth token formats""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["dp.st.{k2-35}.{a40-44}", "dp.st.{a40-44}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "a: dp.st.y1gfqjj.bVsHecgge1hAtVrVMku1NLDSolPJRIj8kK7pEhhb\nb: 1",
            r#"token = "dp.st.dEc2E1soSFNdTAiZysOO50PdqTUcX6BeKDrR2TLiy6To""#,
        ],
        misses: &[
            r#"token = "dp.st.kq.4JRNUtSt3VJ8u674hiiyt3EfEWERZw4sU2wrYbG""#,
            r#"token = "dp.st.xxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "dp.st.o60l81RAMPMf3FHM9T43YTHqwo0sWWXRqc0VOi3""#,
            r#"token = "dp.st.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/infisical-service-token",
            summary: "Infisical service token",
            why: "It reads the secrets of a project, and holds the key that decrypts them.",
            source: r#"Infisical, "Service token""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["st.{h24}.{h32}.{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"token = "st.d1fd367eac030a2ad56c2774.076e46cbaa8ce45594162e9fbe925e5f.0fdbea056a9040ca1c30186b183b99a4""#,
            "export KEY='st.ba51c8e073dd2a65bab14ed6.92c979ecfb0384c9892fec096eea08bb.e43444038d0c8f8f88e11fdc950aaffc'",
        ],
        misses: &[
            r#"token = "st.24f8218cb9f9d68220c4cf57.a4bcb163a7e4f94dc57167a2155d8c5.68829e5aba5c5295bce09f7ab6684598""#,
            r#"token = "st.aaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
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
            id: "secrets/age-secret-key",
            summary: "age secret key",
            why: "It decrypts every file that was encrypted to its public key. Reported even where it is one letter all \
                  through, as in examples: nothing else is written so, and nobody can tell it from one that somebody \
                  chose.",
            source: r#"FiloSottile, "The age file encryption format", X25519 identities"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("AGE-SECRET-KEY-1")], verify: age_key },
        hits: &[
            "# created: 2026-01-04T10:00:00Z\nAGE-SECRET-KEY-124R4MVNT8FLQWCX0U922UHS5ZEPN2GQJJJ8LMYZK2545ZC3WFPJE6WT6RD",
            r#"{"identity": "AGE-SECRET-KEY-10S2XMQPVGTNRSTMFQZEUY2W4MG79H2WLDXMVTG70TS2Y00W6EY0S54LVXP"}"#,
            "AGE_KEY=AGE-SECRET-KEY-1ZMR5VRJT3SQJVH82KCFNSVURPKWF9CPK5C0FYPPTDW4SYQM8M9HLMCS5K8;",
        ],
        misses: &[
            "key = AGE-SECRET-KEY-130YZW35X3N0DUUPSYC8PJLUM50XJEDY3AL49PR9G6VMPP85DDXQMJTGJT",
            "key = AGE-SECRET-KEY-16XNT6CXY3NS238ZYS7EGJ7DNUSSTAJFV4GWKYWMFQ4E9QM9MAX9QV90NV8F",
            "key = age-secret-key-124r4mvnt8flqwcx0u922uhs5zepn2gqjjj8lmyzk2545zc3wfpje6wt6rd",
            "key = AGE-SECRET-KEY-124R4MVNT8FLQWCX0U922UHS5BEPN2GQJJJ8LMYZK2545ZC3WFPJE6WT6RD",
            "AGE-SECRET-KEY-1 begins a key",
        ],
    },
];

/// A token of today is told by its prefix; `s.` and a word of code are not, so the older form needs both cases and a digit.
fn vault_token(token: &str) -> Option<f64> {
    let Some(random) = token.strip_prefix("s.") else { return Some(0.95) };
    let has = |is: fn(&u8) -> bool| random.as_bytes().iter().any(is);
    (has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)).then_some(0.9)
}

fn age_key(candidate: &Candidate<'_>) -> Option<Match> {
    const DATA_BYTES: usize = 58;
    let (start, end) = (candidate.start, candidate.end + DATA_BYTES);
    let key = candidate.text.get(start..end)?;
    let (prefix, data) = key.split_at(candidate.end - start);
    let is_bech32 = |byte: u8| b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".contains(&byte);
    let has_form = prefix == "AGE-SECRET-KEY-1" && data.bytes().all(is_bech32);
    (has_form && candidate.stands_alone(start..end)).then_some(Match { start, end, score: 0.95 })
}
