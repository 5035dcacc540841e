//! Tokens of GitLab: a prefix tells the kind.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-pat",
            summary: "GitLab personal access token",
            why: "It reads and writes what its owner, project or group may.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glpat-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"{"headers": ["glpat-MsB_Wrv6orkhm3e9_Psn"]}"#, "Authorization: Bearer glpat-4foHfal-tpp_Mql99msg"],
        misses: &[r#"token = "glpat-P68-pOitvSm9-ocA1Ap""#, r#"token = "glpat-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-pat-routable",
            summary: "GitLab routable access token",
            why: "It reads and writes what its owner, project or group may; the part behind the point tells how it is \
                  routed.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["glpat-{w27-300}.{L9}", "glpat-{w27-300}.{L2}.{L9}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "glpat-JQY1-qn0k64PVhHr-TdHAfrHPmaf0NKM.imad39a09"}"#,
            "export KEY='glpat-xmX3-r-sw5lmtWW4UBCNTY8VIvn.p9.cuekba7vl'",
        ],
        misses: &[
            r#"token = "glpat-mqT-FMHZxj8DuWHADZhe-9kil2.y3g6ylj5u""#,
            r#"token = "glpat-xxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxx""#,
            r#"token = "glpat-HplwgQz_3fygB0R1BZcy73_alT.bu.1kh6znhcu""#,
            r#"token = "glpat-xxxxxxxxxxxxxxxxxxxxxxxxxxx.xx.xxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-cicd-job-token",
            summary: "GitLab CI/CD job token",
            why: "As long as the job runs it reads the repositories and packages that the one who started it may read.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glcbt-{a1-5}_{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"{"headers": ["glcbt-VpI_XNwP1e_U7kWa15I_01oz"]}"#, "Authorization: Bearer glcbt-hn_9RZIp_Dyo0G1ui7D_ABl"],
        misses: &[r#"token = "glcbt-8_beJfAiP0_KFu-sO4gQI""#, r#"token = "glcbt-x_xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-deploy-token",
            summary: "GitLab deploy token",
            why: "It reads repositories, packages and images, and may write packages.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["gldt-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["it is gldt-7YtIqQhR-ecbLA-af9Sj now", r#"token = "gldt-I2ed2neI_aLiQ33_vCdS""#],
        misses: &[r#"token = "gldt-qUp-ET6S5MqYsET_a1t""#, r#"token = "gldt-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-feature-flag-client-token",
            severity: Severity::Error,
            summary: "GitLab feature flags client token",
            why: "It reads the feature flags of a project. It is handed to clients, so it counts as half public.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glffct-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["Authorization: Bearer glffct-BvxU_Duxa5-U00Qr2yqn", "it is glffct-PD8a-tYv6_hyikzR78Uq now"],
        misses: &[r#"token = "glffct-AJcku4x_D6uHd_TcWSK""#, r#"token = "glffct-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-feed-token",
            summary: "GitLab feed token",
            why: "It reads the owner's activity and issues through feeds and calendars.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glft-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["export KEY='glft-hvGAqBCEGAHb_gyZFf5Q'", "a: glft-YEg--Om0g1j2ZhKGDfsm\nb: 1"],
        misses: &[r#"token = "glft-G021PlLelI7c--HH48q""#, r#"token = "glft-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-incoming-mail-token",
            summary: "GitLab incoming mail token",
            why: "Mail to an address with it creates issues in the owner's name.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glimt-{w25}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["glimt-idwo-n5MMg-X2igNAPTsSDO6s"]}"#,
            "Authorization: Bearer glimt-qbplgw--fIvpjuDgwps1zqKLE",
        ],
        misses: &[r#"token = "glimt-zYA73BBQBlsXqN0R8-tZ-kGZ""#, r#"token = "glimt-xxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-kubernetes-agent-token",
            summary: "GitLab agent for Kubernetes token",
            why: "It connects as the agent and reads what the agent may of the project.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glagent-{w50}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer glagent-Lt9caTfxk8dH2-gwoamwE6_hK03o4cQ4xwZ5NwjiqyjaTFm8VO",
            "it is glagent-tlL0LwBP66iba3dYrxr-KXQR6hXhs8eGZh8-WHXJbRplgcE08T now",
        ],
        misses: &[
            r#"token = "glagent-vgfinNIw6Xv1SAO7vaZjT4_3G3vh23hp2zR-3fWZrruqp6nZt""#,
            r#"token = "glagent-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-oauth-app-secret",
            summary: "GitLab OAuth application secret",
            why: "With the application id it trades codes for tokens of the people who sign in.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["gloas-{w64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "a: gloas-4cG49x3BeNi9BxvQ6ZybGDa4PAEnBFS5M_c0ZSIoP4Od-i05ojJIp8GPACrhTLlQ\nb: 1",
            r#"{"value": "gloas-dEBdwc4Pv4KJmVLsnXC0Vp9A0i_jtAA_1Pzl2uY7ebVyFJ2cS8nnuX2kwvcLfxV3"}"#,
        ],
        misses: &[
            r#"token = "gloas-9L721CmAWS0kFJowVmOzoeOpP28F5RH5_RC9KG_kWSc8n0nZ6L6kFTkmDK6yVwx""#,
            r#"token = "gloas-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-ptt",
            summary: "GitLab pipeline trigger token",
            why: "It starts pipelines as the one who made it, with variables of the caller's choice.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glptt-{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "it is glptt-edbda99567222a6fda7def3bdf1f49cc1a0d8d4e now",
            r#"token = "glptt-470f7e93b5ee827ecb06a2939fc89cbceca0984e""#,
        ],
        misses: &[
            r#"token = "glptt-83a6974549a73820d8839cde3c8522b19fd6d36""#,
            r#"token = "glptt-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-rrt",
            summary: "GitLab runner registration token",
            why: "It registers a runner, which then gets jobs and their secrets.",
            source: r#"GitLab, "Migrating to the new runner registration workflow""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["GR1348941{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"{"headers": ["GR1348941vSv-MiWD4i-RcgLCzInO"]}"#, "Authorization: Bearer GR13489413hNPlWKOsRs-_hWc9WON"],
        misses: &[
            r#"token = "GR1348941hFYVlY-zDMa-mUmBXOH""#,
            r#"token = "GR1348941xxxxxxxxxxxxxxxxxxxx""#,
            "GR134894111112222111122221111",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-runner-authentication-token",
            summary: "GitLab runner authentication token",
            why: "Who has it takes jobs in the runner's place, with their code and variables.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glrt-{w20}", "glrtr-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["Authorization: Bearer glrt-uhGzrlXSQf-ur-4o0Kc6", r#"{"value": "glrtr-84Q-MuHf1Rg7t2f-5m4A"}"#],
        misses: &[
            r#"token = "glrt-gFUj4pADNS_eAA-bJHj""#,
            r#"token = "glrt-xxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "glrtr-tdmc_C0Meeep_7RU8DQ""#,
            r#"token = "glrtr-xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-runner-authentication-token-routable",
            summary: "GitLab routable runner authentication token",
            why: "Who has it takes jobs in the runner's place; the part behind the point tells how it is routed.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["glrt-t{d1}_{w27-300}.{L9}", "glrt-t{d1}_{w27-300}.{L2}.{L9}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "glrt-t3_bYa-Xe8NtF6SQSEI47B5BzxmKuRb_BdQ.41siesoet"}"#,
            "export KEY='glrt-t1_uTfkvj_BL3KN_qgV8a5Yp6bHpUyQb.2b.ga9s01p6l'",
        ],
        misses: &[
            r#"token = "glrt-t7_O2gGHm_8SkC_dMaQ4M4uKBK5cR.yeloq6u0c""#,
            r#"token = "glrt-t0_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxx""#,
            r#"token = "glrt-t4_2D9CtGuXB0ROVMS8n_SE-0NJh7.97.c6j8bcrns""#,
            r#"token = "glrt-t0_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xx.xxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-scim-token",
            summary: "GitLab SCIM token",
            why: "It adds, changes and removes members of a group.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glsoat-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"token = "glsoat-PtW9JU6yuMe_0iu-LG6o""#, "export KEY='glsoat-7EyiElr1_xHYs2V-FgZD'"],
        misses: &[r#"token = "glsoat-826NpfaKtLmIDC-_LyK""#, r#"token = "glsoat-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-session-cookie",
            summary: "GitLab session cookie",
            why: "It is as good as its owner's password until he signs out.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["_gitlab_session={h32}", "_gitlab_session={L32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"headers": ["_gitlab_session=c167bdf553d80dfdd9730cdb9a7d715c"]}"#,
            "a: _gitlab_session=tt63xvsds93fg76u316o1p9dhcmtkn8h\nb: 1",
        ],
        misses: &[
            r#"token = "_gitlab_session=f9994a2e3d0e13e1484be652f4be38a""#,
            r#"token = "_gitlab_session=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
            r#"token = "_gitlab_session=ma6830q50hf7hbqlye6v0boozvpcl9w""#,
            r#"token = "_gitlab_session=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitlab-workspace-token",
            summary: "GitLab workspace token",
            why: "It connects as a workspace and reads what that may.",
            source: r#"GitLab, "Token overview", token prefixes"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glwt-{w20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["Authorization: Bearer glwt-x1R-6XEXHGZO6E6_1QVM", "it is glwt-qERxQLuHKCc-_AxfEKrM now"],
        misses: &[r#"token = "glwt-0csyVemQ-UaSb-i5yNi""#, r#"token = "glwt-xxxxxxxxxxxxxxxxxxxx""#],
    },
];
