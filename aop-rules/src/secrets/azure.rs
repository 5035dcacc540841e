//! Keys of Microsoft Azure and Entra ID.

use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-storage-account-key",
            summary: "Azure storage account key",
            why: "It reads and writes everything in the account. Newer keys carry a mark, `+ASt`, in their 77th to 80th \
                  character; older ones only a name gives away.",
            source: r#"Microsoft Purview, "Sensitive information type entity definitions", Azure storage account key"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["{b76}+ASt{b6}=="],
            names: &[
                "account key",
                "azure storage key",
                "azure storage access key",
                "storage account key",
                "storage key",
                "storage access key",
            ],
            values: &["{b86}=="],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "chmOoByHWSBD0v5V4+ZqFbz7Y2dCV43FbS+HvKdYXuK5pdnyznn78Kq2jd2tVpghiDxUqLGhrPfB+AStbQStzG==""#,
            "export KEY='mphteEHDOUegKdr0+nqvLf+PL9JM05auuAdxc0EEOzwsXLYqhjNQKrIzrwFXegCZMlSkCQkRWITx+AStqBTAPK=='",
            r#"ACCOUNT_KEY = "mfVyduJuHTUx5tqC7gwgngYlqqNLx5KEoXqXtH2T5uwL6xFToOuLBsP1sqfqDoBcE4wKC+BqtlEcLmm3E1/GBw==""#,
            "{\"azureStorageKey\": \"YGOTs7QWWq37kZrlv03jVQQakMHI9+AYSUtZrdH+eLjzyHV9fcnUXQWN59MoIWQQ22joEr5YaGxxuqkWATy\
             0ou==\"}",
        ],
        misses: &[
            r#"token = "WQExNdGTFUk9U7AlFV63mMijFdMVqY/FrQ5U2Henz7OZSNJ0hLJ/owzj9YTokdUxiu9Vrs2lNDH+AStzCqfMb==""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx+AStxxxxxx==""#,
            r#"checksum = "VZvdG9v0ZGSp6FUDxt3s+4Mxg56257OKkWDCFEY6jRCQW+9UjJuSAkdLb1oLNIyqslMeDLENZCQPUl9wbjI3zE==""#,
            r#"ACCOUNT_KEY = "r4qRo4aNY+OHFqJYwZTtH67i3J5Sy3Xab7g4QAYTub4uOUo8UtlmPLYSMEkFgsA+qwzFUfmewCIaaNVZg7tzdpo==""#,
            r#"ACCOUNT_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-batch-key",
            summary: "Azure Batch shared access key",
            why: "It starts jobs on the account's bill. The mark `+ABa` tells it.",
            source: r#"Microsoft Purview, "Sensitive information type entity definitions", Azure Batch shared access key"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{b76}+ABa{b6}=="], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"token = "WgedGUemA0Ux7QSw4exnstJ5KpvzXE1ca43TmOlifx+xHIzIo3SErm/Uc6z81Rtj2c8qET9PYdOC+ABa1WPKgW==""#,
            "export KEY='Ia1ILqxFbefLS1Z2FQDtE3n/9z2YPfkCSiQNWtS/dO0W7Lip4QzVICXWpeaxqP2bVhp0jsyU186v+ABaIFgzrl=='",
        ],
        misses: &[
            r#"token = "jKbBub76zJx4pzorCiladijD8UMo3yfkn5+/k1iRwjn8GODiw0HSp3SC5gLGH3sQ5Y5xI7npswl+ABaQ3tyFk==""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx+ABaxxxxxx==""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-cosmos-db-key",
            summary: "Azure Cosmos DB account key",
            why: "It reads and writes every database of the account. The mark `ACDb` tells it.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure Cosmos DB account \
                     access key",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{b76}ACDb{b6}=="], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "export KEY='vR6zPZ5D7lNTETRoScB6inr3k/VcPo8hr2s+FNOPNiEPECjh0GWnslGBoMEJ6VO3FIP56qOVxuqAACDbtw378h=='",
            "a: fs9ADD7cAncl9RmaE2M48x9AkmV9p8dRwbnEuVeUw/XOl3tuvCxJ3te5BgQ0HXU32Q/SLuyCjCmdACDb4ICrFv==\nb: 1",
        ],
        misses: &[
            r#"token = "ExQ8uQpUi1ypn90DytipY8NL1+zrkagxRgRrfnXL+CYfGioaWd8jozehy9Uew1MFIwW86fmmy7xACDbmqEBFJ==""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxACDbxxxxxx==""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-devops-pat",
            summary: "Azure DevOps personal access token",
            why: "It reads and writes code, packages and pipelines as its owner. Newer tokens carry the mark `AZDO`; \
                  older ones only a name gives away.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure DevOps personal access \
                     token",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["{a76}AZDO{a4}"],
            names: &[
                "azure devops",
                "azuredevops",
                "azure personal access",
                "azdo",
                "ado pat",
                "ado token",
                "vsts",
                "system accesstoken",
            ],
            values: &["{L52}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "it is eFVBLkFRP9VQUC911n3wlrM4tqvoHLZYyX3zQkf9rLbsrowFpNVHPS9mmu5iTV8WeBw40IosakmpAZDOAPkP now",
            r#"token = "RZNvmisirI2QJpxsQV8KT6mvuDAIBgVreyy4n8P350TSuPTkg1yKURgvpfSxYqqnF9lxA5G2Ki7CAZDOjd9r""#,
            r#"AZURE_DEVOPS_KEY = "vuohttlbhi1mrgxwvexuxcmkzqdhnmiq5api6vo9vm7uek965s9n""#,
            r#"{"azuredevopsKey": "nr9726tth22dupb239nn08fuy80jkelssgr0lfiyh06kbh2kwxij"}"#,
        ],
        misses: &[
            r#"token = "oM8RZVsKOim7Nan3jpqZZePJJBrYTBcCDOLyUaS5Uq3Dgq9mimgv0KFaxmi9Z2HtkSjleTmYSh5AZDOqulI""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAZDOxxxx""#,
            r#"checksum = "1xzq70qesawwr8nv8mqwh0wbux9yg8nbuswma3t2v17zs8gqbriz""#,
            r#"AZURE_DEVOPS_KEY = "qimjsyyn1h2w84eisnsw7939od4kxqcovakbdhryxvn5i2c7vkfhq""#,
            r#"AZURE_DEVOPS_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-function-key",
            summary: "Azure Functions key",
            why: "It calls the functions of an application. The mark `AzFu` tells it.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure Function master / API \
                     key",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{w44}AzFu{w6}=="], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "zw49LokfYkfukCDr_ulj0Ce8K40JTnv4CUWL8rV_ZdPtAzFu8QABla=="}"#,
            r#"{"headers": ["gx8pVNjVVK94Rt3osQU-mBMr_bLFDiTson6VPRT7Hhg6AzFugfBHzz=="]}"#,
        ],
        misses: &[
            r#"token = "bkqgNcvujji5jrfNx8UIgMbGf7xounv_dkVBl_9OVUhAzFusZAmru==""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAzFuxxxxxx==""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-search-key",
            summary: "Azure AI Search key",
            why: "An admin key changes indexes, a query key reads them. The mark `AzSe` tells both.",
            source: r#"Microsoft Purview, "Sensitive information type entity definitions", Azure search"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{a42}AzSe{a6}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "a: n3zXnlbbl8YMaRq6JgN7atdZOJ6tiG6HSgXN7VJKnwAzSedqkzQ5\nb: 1",
            r#"{"value": "LLINbHO0OTTM6xNEqI6C8YvOiV0yxWUeFS6qumI8PnAzSe52xQQH"}"#,
        ],
        misses: &[
            r#"token = "XnjQpbV1ZrUxRoaWE2IgpGmJDwp5k5WKIq2CAKmHsAzSerxv9ll""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAzSexxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-container-registry-key",
            summary: "Azure Container Registry key",
            why: "It pulls and pushes images. The mark `+ACR` tells it.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure Container Registry \
                     access key",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{b42}+ACR{b6}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["PXMtH5liE1UE/lgny/vQX7YQBwCkgwgXdoooBfsctl+ACRPxoShM"]}"#,
            "Authorization: Bearer wte/QHhueRxIGBkr4goOw8KgOUMHmULF+zADw1pSZM+ACR7PgCui",
        ],
        misses: &[
            r#"token = "u5nIE1pxB8fvI/6U3J7msb3SBn/AuYwAjuDwriQTk+ACR6xbhW6""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx+ACRxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-cache-redis-key",
            summary: "Azure Cache for Redis key",
            why: "It reads and writes the cache. The mark `AzCa` tells it.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure Redis cache connection \
                     string",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{a33}AzCa{a6}="], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "a: W6pPuMsIKNK62YntAH684gOCtSON78DWgAzCaH77esx=\nb: 1",
            r#"{"value": "zGfB9wgxrluEuGvpMdOJaPlrwY5Z6mfZ3AzCaSTWQEU="}"#,
        ],
        misses: &[
            r#"token = "FjjM6Km7DrpG4X6XvdjvqaYSZww1Gw31AzCa1OP7ht=""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAzCaxxxxxx=""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-service-bus-key",
            summary: "Azure Service Bus, Event Hubs or Relay key",
            why: "It sends and receives messages. Each service has a mark of its own.",
            source: "Microsoft Purview, \"Sensitive information type entity definitions\", Azure Service Bus and Event \
                     Hubs connection strings",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["{b33}+ASb{b6}=", "{b33}+AEh{b6}=", "{b33}+ARm{b6}="],
            names: &["shared access key", "sharedaccesskey"],
            values: &["{b43}="],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "iKjvd47Ou/O/3PbesgQZrl0JP1TxDDEuv+ASbIQOZJB="}"#,
            "export KEY='WfyWKYrxbc25/LA7VWdksteTpf2VR/FBw+AEhR2r2Qq='",
            "it is zYT+eQCqOpy3HJfU4X0o723tqR/QgLeZU+ARm7lRGuF= now",
            r#"SHARED_ACCESS_KEY = "xaHN8Cd32OWx/oeoQM7j+n2YiBHTnMPUhQ8xCTEi5jA=""#,
            r#"{"sharedaccesskeyKey": "pUgk5djMr/EOT+CLtqIDDWUspCPHssSprFgxGrvtPp2="}"#,
        ],
        misses: &[
            r#"token = "yQWq15so3w/9UGZayOE+BLBApmju40ju+ASbtjG0WY=""#,
            r#"token = "cQBr7c1ZTrYtZAbkFw4O0UH++5BRuD4M+AEhetZCZM=""#,
            r#"checksum = "ljhSrHinpKEw/lU2kz1byrb37NyO4udwuXS+fBb0K56=""#,
            r#"SHARED_ACCESS_KEY = "aBzps9A+BnE+W48GJZf8gacVMbEHHxfqBNtSYSPDvX28=""#,
            r#"SHARED_ACCESS_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-iot-key",
            summary: "Azure IoT Hub key",
            why: "It speaks as a device or as the hub. The mark `AIoT` tells it.",
            source: r#"Microsoft Purview, "Sensitive information type entity definitions", Azure IoT connection string"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{b33}AIoT{b6}="], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "fPy62qkTEoSQL+exvuyOfkOAlsvM/FLWlAIoT6HChHY="}"#,
            r#"{"headers": ["63GLZjo4WI53CoAiHy5Qc+/rQPzohw3CSAIoTLm29OU="]}"#,
        ],
        misses: &[
            r#"token = "qij+FT6HN2nAto3qoUH/shbD7RHV3siCAIoTS2grQz=""#,
            r#"token = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAIoTxxxxxx=""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-ad-client-secret",
            summary: "Entra ID client secret",
            why: "It signs in as the application, with all that was granted to it. Its fourth to sixth character, a \
                  digit and `Q~`, tell it.",
            source: r#"Microsoft Purview, "Sensitive information type entity definitions", Microsoft Entra client secret"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("Q~")], verify: client_secret },
        hits: &[
            r#"client_secret = "k3T8Q~zymMl~piWfq.yHRSIf8N-mAUNLnY5Yx0y3""#,
            r#"{"clientSecret": "k3T8Q~RnjDQ~2Kvf8.HRXfEuzc-JaBnx7IfDH5m"}"#,
            "<value>k3T8Q~MDdwi~86TkV.CM7l8GQl-hbkER0Af7B</value>",
        ],
        misses: &[
            r#"client_secret = "k3T8Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"client_secret = "k3T8Q~OfjtN~yviHz.5YdOnCqI-0Wiw8SE7d""#,
            r#"client_secret = "k3T8Q~iV3TM~VjM8A.ghjsllAj-n4JuXFZo2qh20x""#,
            r#"client_secret = "k3TxQ~lReGs~L1dvn.zv0ZzyA0-Ifl4c7xU2zXCo""#,
            "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-sas-signature",
            summary: "Azure shared access signature",
            why: "Until it expires the link opens what it was signed for, without any account.",
            source: r#"Microsoft, "Grant limited access to Azure Storage resources using shared access signatures""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("sig=")], verify: access_signature },
        hits: &[
            "https://acme.blob.core.windows.net/c/a.pdf?sv=2023-11-03&se=2031-01-01&sp=r&sig=t2PoPUtg3%2FUunWZTRTpysCW9f\
             4CA96%2BeGs6R3uYEIi7%3D",
            "{\"url\": \"https://acme.queue.core.windows.net/q?sig=5qB4sA9Q0%2FksyRRM3NQTCmyv4mwaQw%2Bs92m5QQkYOqQ%3D&sv\
             =2022-11-02\"}",
        ],
        misses: &[
            "https://acme.blob.core.windows.net/c/a.pdf?sv=2023-11-03&sig=REDACTED",
            "https://acme.example/?sig=AVW3ToA33%2FQzahGImaHt8RVkGYZC7n%2BV2VADJHONXO1",
            "https://acme.example/?config=WMXsmVbgZ%2FeLc9dAtxJO8TLKsmWg3Y%2BzYlqDvi4i5C3%3D",
            "sig=cd5b868ec5ff527e03af2a080ad8541c11a795e1d763f588b265b2344421c5b7",
        ],
    },
];

/// The bytes of a client secret behind its mark: 31 to 34.
const SECRET_TAIL: std::ops::RangeInclusive<usize> = 31..=34;

fn client_secret(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let start = candidate.start.checked_sub(4)?;
    let is_own = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
    let length = bytes[candidate.end..].iter().take(SECRET_TAIL.end() + 1).take_while(|byte| is_own(byte)).count();
    let end = candidate.end + length;
    let secret = candidate.text.get(start..end)?;
    let has_form = SECRET_TAIL.contains(&length)
        && secret.as_bytes()[..3].iter().all(is_own)
        && secret.as_bytes()[3].is_ascii_digit()
        && secret[4..].starts_with("Q~");
    let touches = !candidate.begins_word(start) || candidate.byte_before(start).is_some_and(|byte| b"_~-".contains(&byte));
    (has_form && !touches && !is_placeholder(&secret[6..])).then_some(Match { start, end, score: 0.95 })
}

/// The base64 characters of a signature, which is 32 bytes long; a `=` follows them.
const SIGNATURE_CHARACTERS: usize = 43;

fn access_signature(candidate: &Candidate<'_>) -> Option<Match> {
    let is_parameter = matches!(candidate.byte_before(candidate.start)?, b'?' | b'&' | b';');
    let rest = &candidate.bytes()[candidate.end..];
    let signs = (0..SIGNATURE_CHARACTERS).try_fold(0, |at, _| Some(at + base64_sign(&rest[at..])?))?;
    let padding = match rest.get(signs..)? {
        [b'=', ..] => 1,
        [b'%', b'3', b'D' | b'd', ..] => 3,
        _ => return None,
    };
    let (start, end) = (candidate.end, candidate.end + signs + padding);
    (is_parameter && !is_placeholder(candidate.text.get(start..end)?)).then_some(Match { start, end, score: 0.95 })
}

/// The bytes of one base64 character as a URL has it: plain, or `%2B` and `%2F`.
fn base64_sign(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'%', b'2', b'B' | b'b' | b'F' | b'f', ..] => Some(3),
        [byte, ..] if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => Some(1),
        _ => None,
    }
}
