//! Keys of services that keep files, designs, pictures and pages.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/adobe-client-id",
            severity: Severity::Error,
            summary: "Adobe client id",
            why: "It names the integration, and is half of the pair with the secret. It looks like a hash, so only a \
                  name gives it away.",
            source: r#"Adobe, "Authentication" (developer console)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["adobe"], values: &["{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"ADOBE_KEY = "51e6abf54ebcdd3a81dc880e56428273""#,
            r#"{"adobeToken": "e3eb3d934806d28508730a94291fd442"}"#,
        ],
        misses: &[
            r#"checksum = "bcb552d11147a6e28b0cfbdf6c90cb75""#,
            r#"ADOBE_KEY = "5c9ceab488cb81427de69f1d2e7001d37""#,
            r#"ADOBE_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/adobe-client-secret",
            summary: "Adobe client secret",
            why: "With the client id it signs in as the integration.",
            source: r#"Adobe, "Authentication" (developer console)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["p8e-{x32}", "p8e-{w32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["a: p8e-b9f2bc817e0Fc554d3d3F6e6688A26c9\nb: 1", r#"token = "p8e-pEXO-IFlbRZl9Bndfz-9u40PQA11zlJA""#],
        misses: &[
            r#"token = "p8e-eCaE65EE9aDaEfE3E3Aa4cEb7BfD721""#,
            r#"token = "p8e-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#,
            r#"token = "p8e-tfRWrHN_M10fKds9ehVLSDbk-seBXl9""#,
            r#"token = "p8e-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cloudinary-url",
            summary: "Cloudinary URL with key and secret",
            why: "The pair uploads, changes and deletes the pictures and films of the account.",
            source: r#"Cloudinary, "SDK quick starts", configuration"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["cloudinary://{d15}:{w27}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "export KEY='cloudinary://051372768147976:OV40EiSBUnUTc-u5UPbJ-5ztmGq'",
            "a: cloudinary://597467919646914:E1Tq-bad_QY1Ncv1eZ5GBqtQj5r\nb: 1",
        ],
        misses: &[
            r#"token = "cloudinary://584328619283751:lZv_z6_GOxWjRg7PdSziIx39KB""#,
            r#"token = "cloudinary://000000000000000:xxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/contentful-delivery-api-token",
            severity: Severity::Error,
            summary: "Contentful delivery API token",
            why: "It reads the published content of a space. It is made to be in apps: an error, not worse.",
            source: r#"Contentful, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["contentful"], values: &["{g43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"CONTENTFUL_KEY = "vFErYt_mZKZzPsim2yAat7uML8RkBc9_hlKEjbt0JSu""#,
            r#"{"contentfulToken": "sPegP2oN4Of73qOdQ32rGmVX7i9+oqB0iDrAV_sEseT"}"#,
        ],
        misses: &[
            r#"checksum = "LohpW_wbG7QMQ0_iBX7vZTwdS6eFz30dV2oIb8NUY6A""#,
            r#"CONTENTFUL_KEY = "t04Y2/uVe5mWjRD6hhYwPU+nQ8z87UTYTwJGYWfIoFSd""#,
            r#"CONTENTFUL_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/contentful-personal-access-token",
            summary: "Contentful personal access token",
            why: "It changes the content of every space its owner may change.",
            source: r#"Contentful, "Personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["CFPAT-{w43}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "CFPAT-aMB_16Wdp1LmkFeHIRVlEGI7BVaQ-kMuomKqDYiC8Zq"}"#,
            r#"{"headers": ["CFPAT-ZS3K5v5GTTR01is4p8kCdCGYEon_S8r1awDzwC_mdR1"]}"#,
        ],
        misses: &[
            r#"token = "CFPAT-CbE4UZlg1o2UZIfriVLYMT6-QLZIf53SwELYgf_9VJ""#,
            r#"token = "CFPAT-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-api-token",
            summary: "Dropbox app key or secret",
            why: "With its other half it signs in as the application. Fifteen characters without a prefix, so only a \
                  name gives it away.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["dropbox"],
            values: &["{L15}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"DROPBOX_KEY = "fqm4715so81iwho""#, r#"{"dropboxToken": "2hjay0oriaep66k"}"#],
        misses: &[
            r#"checksum = "fqz7lh3cg4knq9a""#,
            r#"DROPBOX_KEY = "hb9bvyf3r0liljke""#,
            r#"DROPBOX_KEY = "xxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-long-lived-api-token",
            summary: "Dropbox long-lived access token",
            why: "It reads and writes files until somebody revokes it.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["dropbox"],
            values: &["{a11}AAAAAAAAAA{g43}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DROPBOX_KEY = "dR0FHistnhFAAAAAAAAAAWFtayJOY0ZnIPDHMVFk7PkJL-i8k-9THgxOJkeiPFSk""#,
            r#"{"dropboxToken": "Cy0C8Jpl6rtAAAAAAAAAAWgFkpC3XxDY8p8hG/9PM-2S5sNFuo9RR628IqxkSdpK"}"#,
        ],
        misses: &[
            r#"checksum = "SB2PYK9n4tlAAAAAAAAAAt4L/PB46bCObfSlkVadrABypNbNS2xgx-2pMX8dOtio""#,
            r#"DROPBOX_KEY = "THXnc7xwlwaAAAAAAAAAAu3CeHGlHgnx1/sqUPfRKolqCXK7+jiIqcxSjTOnNhxMI""#,
            r#"DROPBOX_KEY = "xxxxxxxxxxxAAAAAAAAAAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-short-lived-api-token",
            summary: "Dropbox short-lived access token",
            why: "For some hours it reads and writes files.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sl.{g130-2048}", "sl.u.{g130-2048}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer sl.DRkQUJNjGTM3qErnoxBSX-CPfXiHhuwKMDOGHqEnYZMUFsNKKlA23NkECEcUXwoPoszMLJp0SsSyxXc79y\
             g1xGzgpR4jz5rKbffzydbgcQ1cfqkB/zqZjHw209R9yqlrab",
            "{\"value\": \"sl.u.XEdbW6VhCN4A0Zof3qGoLn41C4NzPujal2pqOsCj61p3KjYS88WL46GHVuw16M5I3t7gR0B1u/uVqcv6ntSJKohJ\
             boreMiOZbMtupirSPLAeKB39HmU7KmYWd/feoBPsyo\"}",
        ],
        misses: &[
            "token = \"sl.MpqYN0EJQhl9UfdRw0t9NZUZtmDG3i3TBHc94WkZAQFNnH4+0fNSFfbCq7CMT87gOAoqZenvEe8Qu4u0qkl-waMNOS5QP6\
             0r5LBSOJNJGOQlNl7U0iEUp0O5pFGnll46b\"",
            "token = \"sl.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            "token = \"sl.u.FZXkI7bDUEQkxITpXOHku6pTHcuhoQBO5n8Adijh7NwPz8loQoXmg_SzmFN0e4j7FmNAMAQ2xSsprvCtt1hpSvSTa7H6\
             EORI1u0QI3WY1MY1c57-KyRQQjO1mZglhXqv6\"",
            "token = \"sl.u.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/figma-personal-access-token",
            summary: "Figma personal access token",
            why: "It reads the files of its owner.",
            source: r#"Figma, "Manage personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["figd_{w40}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "figd_qCRtrVTUEBIrxt2_E4do_kEcxmtGSkuzmceJGMxI"}"#,
            r#"{"headers": ["figd_9ziBjJgtk_X54WAOc8RXoRt9_zuvTst1dZ4qm5HD"]}"#,
        ],
        misses: &[
            r#"token = "figd_3Bp-k9qAA9SzaVhVZ-04uMmSPO2jXb9DgSCmsfU""#,
            r#"token = "figd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/frameio-api-token",
            summary: "Frame.io API token",
            why: "It reads and writes the footage of its owner's teams.",
            source: r#"Frame.io, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["fio-u-{g64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["fio-u-FIXPNoZvUQbBRU8ThY4eQzX8aFdDOFEIWV_R8/FchafFaCXAGJUOMGD9Eq17G4J3"]}"#,
            "Authorization: Bearer fio-u-rNzCm65ORIWlVFXQX9m3tugxuwS0z-fws32ndclFHUnVNMwS2zEdY_g2wHMNDmIs",
        ],
        misses: &[
            r#"token = "fio-u-RUH0a7bWuaxH9mUQpUmLuAYFFMcGRlODoys0305kN/w58Hh4qvop5LUvndLFhEE""#,
            r#"token = "fio-u-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
];
