//! Keys of Amazon Web Services: the access key id, which its prefix names, the secret that goes with it, and keys of single
//! services.

use super::value::unlike_a_hash;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/aws-access-token",
            summary: "AWS access key id",
            why: "Who has the pair acts as its owner. The id is redacted too: it tells the account and is half of the \
                  pair. Left alone: keys of the documentation, which end in EXAMPLE, and placeholders.",
            source: r#"AWS IAM user guide, "Unique identifiers" (prefixes AKIA, ASIA, ABIA, ACCA; base32 body)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["AKIA{n16}", "ASIA{n16}", "ABIA{n16}", "ACCA{n16}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "Authorization: Bearer AKIAFHEEFBRXXL4YD3L6",
            r#"{"value": "ASIAR2NHCK6HLMIK3EQF"}"#,
            "export KEY='ABIAPNB45RQ4I5W6PGIE'",
            "it is ACCAEKPI2SBSYLXDEMQX now",
        ],
        misses: &[
            r#"token = "AKIAIJ6W5KVXPNRROG6""#,
            r#"token = "ASIAI6RQ5LNTB5RBXAY""#,
            "AKIAIOSFODNN7EXAMPLE",
            "opuwancoj3li5sbctdcp",
            "key = AKIAZQ3T6WNB5DLX2YR1",
            "XAKIAZQ3T6WNB5DLX2YRM",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/aws-secret-access-key",
            summary: "AWS secret access key",
            why: "Who has the pair acts as its owner. Forty base64 characters like many others, so only a name gives it \
                  away. Left alone: hashes of forty hexadecimal digits.",
            source: r#"AWS IAM user guide, "Manage access keys for IAM users""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["secret access key", "aws secret key", "aws secret"],
            values: &["{b40}"],
            entropy: 3.5,
            check: unlike_a_hash,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SECRET_ACCESS_KEY = "iNIrJfiy+G2KMlIxmj0bYGgEgM/BtQG86zXL4HVF""#,
            r#"{"awsSecretKey": "IBSNjnKB5tZ/f/e1vYFjo0G7eezpGsEm3JYUvLB5"}"#,
            r#"{"SecretAccessKey": "Kz2/8WFWisKwS5jS6cYvK0/I1mQA9RqlGqE1fyTA"}"#,
        ],
        misses: &[
            r#"checksum = "VojADEq+xSyweNGcnFHRIbCR4BI+Rn7fCL3OAEbm""#,
            r#"SECRET_ACCESS_KEY = "kiPouyP16VQwSeLXKOEcWmAJz5Z4/ia5/IumrxhpE""#,
            r#"SECRET_ACCESS_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
            "the secret access key is 40 characters long",
            "aws_secret_access_key = 5087505798acbc58b504ee8fa5a41c4e63cadaa6",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/aws-session-token",
            summary: "AWS session token",
            why: "With the temporary key that it belongs to it acts as the role until it expires, mostly within hours.",
            source: r#"AWS STS API reference, "Credentials""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["IQoJb3JpZ2lu{B200-}", "FwoGZXIvYXdz{B200-}", "FQoGZXIvYXdz{B200-}"],
            names: &["aws session token", "aws security token", "amz security token"],
            values: &["{B100-}"],
            entropy: 4.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "a: IQoJb3JpZ2luVk7be09LGcH66VuG0sDc2ZVcElk3s6OyvcmQrKEKLLUzcmM3fFHjnkTXEvhEGhCTM5VNjdWHjzo0oq56UiOjbqrwEZmy\
             CK32tgHF5O7UZdRxoPZiuaaYSiBGavHBY25XyU52x3oXUewKTkN5jWgZcIwzcuS7s4qjUepQ/sgIfN3BHgtGg53DojVi09xRguGq41Ben41\
             L/FSlw\nb: 1",
            "token = \"FwoGZXIvYXdzMakMce4owGC+n4LOV0yTClmFMvt0YC3ha8Ldvzq4pttUf5iLdeuY7KvK2mloTB9lndLcUZaub9BCqTxmIoXAp\
             V1Lr5Qo40gv8daVfeMRMd61QzloIK9f0MT5pwC4LAiqzmCtyDXZqwF28YMMHoUFSOJi/nLU7JA3Q9qCHst2twmqlsgtds9BRLmXC312hzlz\
             gDMDodbJ\"",
            "Authorization: Bearer FQoGZXIvYXdzduFHoLtpRqSvL0zhghDl44nJmQOajJI+7GnTwjsl0WW9bxvqhemHxOsz6444Omusyr4IfKzPg\
             vNaF2J4g1wil18BDwezlEEyuCNW75BmLEqh2hLQjF26skZ+CIyhaM7tcaeLadBy0tMuQyhIOjCYhBCn1iQdYEa4qcedzlczKeunS5oPwQGV\
             r3LhHqTbdvQiwOMSaCEL",
            "AWS_SESSION_TOKEN = \"N1XtnzIa3iSV8Qd2wFkhpdEaH+LR9rPWJfdg4uu0+k4T2nsSlYULgqC1K8UbmZGYdZ2Hjfx0ScQpfAbIhvYyb\
             Eftg0dDg0ZFp0Ro1wmj\"",
            "{\"awsSecurityToken\": \"EoAJoRFG3qx4+4B97q37Tw8im4j90Z82IyJDNHSjC3hZlJCsgMdAM986zPYVJTCHKOFh8KlreLJWju7q7+\
             pb8PnTjApK34743wuC9\"}",
        ],
        misses: &[
            "token = \"IQoJb3JpZ2luzrZkVe4X5Y2DzmVw2ubktpKSyYdd8YM70JSh1HNuOMLa7cjxtslWxegiSQyTr8mRJm6rFVUG8aiJjAtTubzJR\
             6lIyzymhisBHAHKRgpw+1agsoV1RpMzMNE7G68AbGZHYtnS1chPlcGuau6+UnqAmDndXPVlBg89T7mFwpPBxGAY0pSj6513iYbSsFRYU443\
             qgLpQq7\"",
            "token = \"FwoGZXIvYXdzV0fD2mHDjhoTVI0C87e2ynKxwDhf2kvubVCCvoURA2pCAyhr1IeieeUQMjuSuN9WPw375dvejHppacrEM4QAk\
             BPZE3KmtSPQPsWedZgnXCZC3U7K0UL95+u/PUy0ybt028xTcWBDnqAvalZt5xN5zzi2mAOEeuBR56C1kI8wxElUcjc6QVKu120pzhZtewqe\
             c1q5j1r\"",
            "checksum = \"YY3zusiaBvodrumbslHFLxl5hFZlJ+hyz0flR7fFejDHWqH93sT3+IY0L9ABx8BmgjDWHKZhoGMowt29EPUTkso4WXHED6\
             uc8rphzWg\"",
            "AWS_SESSION_TOKEN = \"AS3I6Yq6OcJ+Ef+jkhHMniq8OtUNudEJruD9jPFP4jKl3YrKBW6f4QFOIYgRjpFsUHI7sJpN8AcFSmWVbJpd1\
             a1b0gC2mA3MCPe\"",
            "AWS_SESSION_TOKEN = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/aws-amazon-bedrock-api-key-long-lived",
            summary: "Amazon Bedrock long-term API key",
            why: "It calls the models of the account on its bill until it expires, which may be never.",
            source: r#"Amazon Bedrock user guide, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ABSKQmVkcm9ja0FQSUtleS{B90-280}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "it is ABSKQmVkcm9ja0FQSUtleSNIrr4FXt18vy+qRNACt2cdd5JsRAK17fTDOL1IMinTaITSNeoSAIgKKv7wwEhWQiWaj0f0xeZMLyOxS\
             TWI2swHQMmC+Xc6zt now",
            "token = \"ABSKQmVkcm9ja0FQSUtleS3WbAdOIfszFSYgQoPU40gSeSHy+09wmw1mhG8wRx3T040tTlYBkKNWiTBJY+7WdUTT3Pn4AZgcZ\
             vto0q5dohPDrfBkc\"",
        ],
        misses: &[
            "token = \"ABSKQmVkcm9ja0FQSUtleSeexZ7K+zQcNRzlqobgXa5xOONie9D6E59ApuZQ1m6YR5DleE7SZQRdRcWt0lN9wKoeqHzN2lOxJ\
             3nshP+pDSJR0CY\"",
            "token = \"ABSKQmVkcm9ja0FQSUtleSxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/aws-amazon-bedrock-api-key-short-lived",
            summary: "Amazon Bedrock short-term API key",
            why: "For at most twelve hours it calls the models of the account on its bill: it is a signed request in \
                  base64.",
            source: r#"Amazon Bedrock user guide, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY2{B2-}"], ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY2CYWK97e"}"#,
            r#"{"headers": ["bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY2Nrjb"]}"#,
        ],
        misses: &[
            r#"token = "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY2O""#,
            r#"token = "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY2xxxxxxx""#,
        ],
    },
];
