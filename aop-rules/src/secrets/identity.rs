//! Keys of services that sign people and programs in.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/authress-service-client-access-key",
            summary: "Authress service client access key",
            why: "It signs tokens as a service client and so decides what others may do.",
            source: r#"Authress, "Service clients""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "sc_{L5-30}.{L4-6}.acc_{k10-32}.{g30-120}",
                "sc_{L5-30}.{L4-6}.acc-{k10-32}.{g30-120}",
                "ext_{L5-30}.{L4-6}.acc_{k10-32}.{g30-120}",
                "ext_{L5-30}.{L4-6}.acc-{k10-32}.{g30-120}",
                "scauth_{L5-30}.{L4-6}.acc_{k10-32}.{g30-120}",
                "scauth_{L5-30}.{L4-6}.acc-{k10-32}.{g30-120}",
                "authress_{L5-30}.{L4-6}.acc_{k10-32}.{g30-120}",
                "authress_{L5-30}.{L4-6}.acc-{k10-32}.{g30-120}",
            ],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "sc_vebbqg22yh.cgdr.acc_w6ka2tfrp_ig62.iqLB0IVA02p--SJsOdohEsHbFiNC5fHOyn""#,
            "Authorization: Bearer sc_qjwbp.a1gn.acc-ybb_l8n-iprks.uAhnCx4u_gmMtUyNx18EUAzk+faYSWW0gz",
            r#"{"value": "ext_mc1tvqban6.3mt4xh.acc_pmijpp3ie4.KqWeNYK_vaNczH24_mudL3HpovKJldGA"}"#,
            "export KEY='ext_qsp1x0swnvk.kq53w.acc-8iym0bm6nuqb.xjktQkA7R8Q7Iabg2V48dF/1rEdSVl'",
        ],
        misses: &[
            r#"token = "sc_wqzo4nwrnf9.lmul6.acc_fdn3u--avjz8v1af.YcvqVmOhn+NrLN3LU4aJfqy64_Yba""#,
            r#"token = "sc_rlf6jg1zjt.12qqmq.acc-xmr2pvv4mriq.9VxsrhM66N8-VOzpanvqVe0_r7WIP""#,
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
];
