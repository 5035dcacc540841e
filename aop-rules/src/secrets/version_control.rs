//! Tokens of version control, but for GitHub's and GitLab's, which have files of their own.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/bitbucket-client-id",
            severity: Severity::Error,
            summary: "Bitbucket OAuth client id",
            why: "It names the application, and is half of the pair with the secret. Its 32 characters have no prefix, \
                  so only a name gives it away.",
            source: r#"Atlassian, "Use OAuth on Bitbucket Cloud""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["bitbucket"], values: &["{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"BITBUCKET_KEY = "OGW9mHbZse8Q6NDtFUVWPWlcIZXZ9i0s""#,
            r#"{"bitbucketToken": "qKIrEcvF9ReNtH2qWTjT2nLv9deV42NF"}"#,
        ],
        misses: &[
            r#"checksum = "0aWv8fH2OAbqZ8bpJb5OhR1q8cfkmXOp""#,
            r#"BITBUCKET_KEY = "tu6pOYXWZ6uc7cqOrZ3oAXUmoXOz4N5u1""#,
            r#"BITBUCKET_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/bitbucket-client-secret",
            summary: "Bitbucket OAuth client secret",
            why: "With the client id it trades codes for tokens of the people who sign in.",
            source: r#"Atlassian, "Use OAuth on Bitbucket Cloud""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["bitbucket"], values: &["{g64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"BITBUCKET_KEY = "iU7jJqGWlOcZ49b-UJGVv58kYPTORqXLdOzrYLELCAv/JzXM3jbjFW0383eKcOZv""#,
            r#"{"bitbucketToken": "7oTolRHK9dKaIO8LRcB5HF7Z3rpg1pT/y1sCS5ZATncyzigFcZbZ1JEY+bTXspo2"}"#,
        ],
        misses: &[
            r#"checksum = "EbpqUYbjp7-Tpi1R+7Q0JX5wvYRLnJ53ss4uMa7MXBKhL2TxpBBFJmV7D0PBBl6I""#,
            r#"BITBUCKET_KEY = "vwdRlAoL9MnZVF8+iwge8g0TgmQHoM6+gmz0deOclJwbZe0NByLu3ofSCco42fk8A""#,
            r#"BITBUCKET_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/bitbucket-app-password",
            summary: "Bitbucket app password",
            why: "It reads and writes repositories as its owner.",
            source: r#"Atlassian, "App passwords""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ATBB{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["a: ATBBvJwQUFhMpYOsCRLpeVf1U3sh8UF8kfuK\nb: 1", r#"{"value": "ATBBPPqhpu8Rdzxi4eD8y23rwPHQSd2ydUvM"}"#],
        misses: &[r#"token = "ATBBS3zT5omM8RndFn4iJUhbMFMpgCKGzIc""#, r#"token = "ATBBxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/bitbucket-access-token",
            summary: "Bitbucket access token",
            why: "It reads and writes a repository, a project or a workspace.",
            source: r#"Atlassian, "Access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ATCTT3{g186}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "it is ATCTT3ePODnEECykUAFYIgry0Ne3sMNRhKEGC9JHhNugeNzhOjrOo9daTfNoeJLaJnw8ZsmgP3ixeH9k6ZquqfajhDvzV7220Ss_P\
             7TLRFStyqoztwDjLgxTYLl8Xo8ntKfPgznZt05O5h1Ssqk2YkicN8SW9C3xnqI_j8rVKY4i4NT5gLWFp9yMdSo8vIzD now",
            "token = \"ATCTT3su6zk9nPvWtAhuFNAWeabgjTrJukj7WDp0MWOuo_Ir0IT0lar7DV45CHpXzNWUrkSjgFqp1HwboiSHwx9ZWWUCPQOqp\
             bjjEWZ49KrWvpbpS0DLFa0LsnV9Lks9Sm4BrmtlWopykDzt1Q5XOMzCmQqDWqCgp6uyR5ZI6KDTWEZb02hs5AROR-63OMAj\"",
        ],
        misses: &[
            "token = \"ATCTT39re8eISCXPGNgFysrflyfTJM2B6ZSSk3xAylx4i5BB0kEwYRqEmG0lKe27nPeLo7DrYydJTNG0uecm7AJOvuKYU5Ir3\
             5ViWG38RqBGDPGYRbFEIWjGmkqyCzlBWXWQQtToGb/E80o9UCQdKirSzcwl7MTzgXRVhfaO0tWyE_wlds368CBqig6CYXs\"",
            "token = \"ATCTT3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitea-access-token",
            summary: "Gitea or Forgejo access token",
            why: "It reads and writes what its owner may. It looks like a commit's hash, so only a name gives it away.",
            source: r#"Gitea, "API usage""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "gitea token",
                "gitea access token",
                "gitea api key",
                "gitea api token",
                "forgejo token",
                "forgejo access token",
                "forgejo api token",
                "codeberg token",
            ],
            values: &["{h40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"GITEA_TOKEN = "2bb90a1057c87ded4873dcd2de6999acfa50d568""#,
            r#"{"giteaAccessToken": "5eec4ba6a16ba186cdb4d428760470cc9787f1cc"}"#,
        ],
        misses: &[
            r#"checksum = "e140d540d50ec2fe70d2154c137661840da9ed4d""#,
            r#"GITEA_TOKEN = "37942fe928ec2b49e9e26cefe07487f3185c9b1de""#,
            r#"GITEA_TOKEN = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/phabricator-conduit-token",
            summary: "Phabricator Conduit token",
            why: "It calls the API as its owner.",
            source: r#"Phabricator, "Conduit API overview""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["phabricator", "phab", "conduit", "arc"],
            values: &["api-{L28}", "cli-{L28}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"PHABRICATOR_KEY = "api-wmpxprqh46s784xjmxj66px1qevo""#,
            r#"{"phabricatorKey": "cli-whx5vbq8nscapusut3ytoofx1i71"}"#,
        ],
        misses: &[
            r#"checksum = "api-91mlrduwsvqt5t9wgqs13orno28i""#,
            r#"PHABRICATOR_KEY = "api-9m19n2i0no9auy97p0hh5p81jz34m""#,
            r#"PHABRICATOR_KEY = "api-xxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
];
