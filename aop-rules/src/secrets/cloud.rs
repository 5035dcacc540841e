//! Keys of clouds that sell machines and storage, but for those of Amazon, Microsoft and Google, which have files of their
//! own.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/alibaba-access-key-id",
            severity: Severity::Error,
            summary: "Alibaba Cloud access key id",
            why: "It is half of the pair that signs requests, and tells the account.",
            source: r#"Alibaba Cloud, "Create an AccessKey pair""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["LTAI{a20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"{"headers": ["LTAI9acYSIJWYKfy15HrQGLe"]}"#, "Authorization: Bearer LTAIrkxASbLybg2psUiNauFe"],
        misses: &[r#"token = "LTAI6Q183KPPHsuzHIK96Yz""#, r#"token = "LTAIxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/alibaba-secret-key",
            summary: "Alibaba Cloud secret key",
            why: "With the access key id it signs requests as the account. Its thirty letters and digits have no prefix, \
                  so only a name gives it away.",
            source: r#"Alibaba Cloud, "Create an AccessKey pair""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["alibaba", "aliyun", "alicloud"],
            values: &["{a30}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"ALIBABA_KEY = "y1ANPA9d9WEB1jNgk506kMo1CLqCnB""#, r#"{"aliyunKey": "d2urut86A9vWR3pkTMA1hRD4uMfORw"}"#],
        misses: &[
            r#"checksum = "amkEpEbPTaJARquAN8qfCxkcWvHUGs""#,
            r#"ALIBABA_KEY = "DBlwkjQ3Uhyn1P2Kou0HUKQ3XgYIey9""#,
            r#"ALIBABA_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/backblaze-application-key",
            summary: "Backblaze B2 application key",
            why: "With its key id it reads and writes the buckets it was made for.",
            source: r#"Backblaze, "Application keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["backblaze", "b2"],
            values: &["K00{d1}{b27}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"BACKBLAZE_KEY = "K008WE1aCJiH7S5uHvJpDYqS9i/+3dW""#, r#"{"b2Key": "K005vJmDFULaCQbtHre+3T/HtKj3tgI"}"#],
        misses: &[
            r#"checksum = "K003LJvFZ/Ucl/Hvc3t1GegCCQpxRvY""#,
            r#"BACKBLAZE_KEY = "K006k1z+UNrKJL86HSbt0kV+BmJkfdPP""#,
            r#"BACKBLAZE_KEY = "K000xxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/digitalocean-access-token",
            summary: "DigitalOcean OAuth access token",
            why: "It manages the account's machines and data, as far as the application was allowed to.",
            source: r#"DigitalOcean, "OAuth API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["doo_v1_{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer doo_v1_0a8524c8a1d995a74ff65265b9d113405dcf208a14729e6d089a078f393a6643",
            "it is doo_v1_4197078f7578caaaebfc1dd898f677375333a08ebad07d4c2497d47cce0e04d7 now",
        ],
        misses: &[
            r#"token = "doo_v1_c2ca95ec99c2035d2394298b1d6a432dd5733bd630f37ec236f9a830827dbe3""#,
            r#"token = "doo_v1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/digitalocean-pat",
            summary: "DigitalOcean personal access token",
            why: "It manages the account's machines, storage and DNS.",
            source: r#"DigitalOcean, "Create a personal access token""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["dop_v1_{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "export KEY='dop_v1_796c26b7826a8876ea4df02386043fe3557a02a94780536db97d037f2b183b9a'",
            "a: dop_v1_80dc6372744bf11c61171afa1024e79d517a9b63b08b977497e9457b50d3d225\nb: 1",
        ],
        misses: &[
            r#"token = "dop_v1_60b94c801c62daabba578bfd9f3a019a3df63ebef4c3e5e6027f446fd1553d6""#,
            r#"token = "dop_v1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/digitalocean-refresh-token",
            summary: "DigitalOcean OAuth refresh token",
            why: "It yields new access tokens until somebody revokes it.",
            source: r#"DigitalOcean, "OAuth API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["dor_v1_{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "it is dor_v1_498d32021a8d9123c774a77d417a46c25d4ea195ff22e597b1b5a83ce263abc7 now",
            r#"token = "dor_v1_0a150ccd8414afab31bf30f0f5597d834a8073d17a6d040dc912e2a14fd33a1f""#,
        ],
        misses: &[
            r#"token = "dor_v1_8fdd4ee4cc18306d26dfe8e154f3ca1a37f00fff36f815259349be9f1711605""#,
            r#"token = "dor_v1_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/exoscale-api-secret",
            summary: "Exoscale API secret",
            why: "With the key, which begins with EXO, it manages the organization's machines.",
            source: r#"Exoscale, "IAM""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["exoscale"], values: &["{w43}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"EXOSCALE_KEY = "ZUSY_ALoLGf0MVIpfroTADngsamNX8cHrc4_XzbUdmU""#,
            r#"{"exoscaleToken": "k0UD6y8KgvTt3OsHfaxhjns4e-ZFi5jWyNgOL-rXXXT"}"#,
        ],
        misses: &[
            r#"checksum = "RkdqDv4thifexpUtAiIXy_A2_N3n0t3UAZ7pf0rjvMW""#,
            r#"EXOSCALE_KEY = "MSntSfrm0F0b61ZmvSTn4mQqeVnm_E_JATeZzaC1jakI""#,
            r#"EXOSCALE_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/hetzner-cloud-api-token",
            summary: "Hetzner Cloud API token",
            why: "It manages all machines of a project.",
            source: r#"Hetzner, "Hetzner Cloud API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["hcloud", "hetzner"],
            values: &["{a64}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"HCLOUD_KEY = "TVnUgsxBwfR0bDJo5f1JAVqcAs20mV0Wo9RxS4RjjI3I110EGiytLKziUJucZmOJ""#,
            r#"{"hetznerKey": "5AL3JM9u1Mw3bQ68gIJ44Y5DaP6o8FUyhU2twH2XPGXpWxCzkHsDyhUYXwcTlZ16"}"#,
        ],
        misses: &[
            r#"checksum = "I881B3ENlUtHiXrgCAOqNcP4y7MmVnbjmdMiruEFNIgmnE1AaGPwlaBjl7gSIcZe""#,
            r#"HCLOUD_KEY = "4c2hkWTecGSRBbqzLr2En73siwlkqpRBPQDSMzscZbOftkNsd8Phai8rLSMpFlQ33""#,
            r#"HCLOUD_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/ibm-cloud-api-key",
            summary: "IBM Cloud API key",
            why: "It acts as the person or the service that it was made for.",
            source: r#"IBM Cloud, "Managing user API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["ibm cloud", "ibmcloud", "ibm", "bluemix"],
            values: &["{w44}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"IBM_CLOUD_KEY = "JPgvN2jCrjU8jvzJjPUIt655c_WN74OF0XUJ5stF_bNt""#,
            r#"{"ibmcloudKey": "O7nJNPL-7ESDgcIxI6H2lRw-Zzt66AknCY5CqgwPFLzN"}"#,
        ],
        misses: &[
            r#"checksum = "Wr72ti8eu0PSDoa-LiVn5Kib4bfx1vfwx79Gc_AXDSOY""#,
            r#"IBM_CLOUD_KEY = "CgVy82_H_rmPpIb4e9g51SEwuTGD9OKVzZDYRjcWkQ6Jr""#,
            r#"IBM_CLOUD_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/linode-api-token",
            summary: "Linode API token",
            why: "It manages the account's machines and domains.",
            source: r#"Akamai, "Linode API", personal access tokens"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["linode"], values: &["{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"LINODE_KEY = "0128ea055ceb4f3b5cc76d92d181f9a1cc3595a0b15fe24ae25258150c5061d5""#,
            r#"{"linodeToken": "01b57be19dac9082bfa46a0be93e44d82d7fd9f8696d2a54769659438962ad4f"}"#,
        ],
        misses: &[
            r#"checksum = "e1607dfb31368dc6e159ea434568f08a38460ac8c57c43f506b80cba530b5ab9""#,
            r#"LINODE_KEY = "b9be24718ee9438c3ab2c3cb4714d883f1fcd8b3a6a1a45a993fc9610187324df""#,
            r#"LINODE_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/ovh-application-secret",
            summary: "OVHcloud application secret or consumer key",
            why: "With the application key it signs requests as the customer.",
            source: r#"OVHcloud, "First steps with the OVHcloud APIs""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["ovh", "ovhcloud"], values: &["{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"OVH_KEY = "0yWKHTMdnrJKk9YqcIBLhZtgo1HV6oJ5""#, r#"{"ovhcloudKey": "Bd8VdDpqAelIaFIgnJQ96R24GHsFuGyV"}"#],
        misses: &[
            r#"checksum = "H85NahL0rqX5YScMsTMoJ0G5ub3bA1H1""#,
            r#"OVH_KEY = "sN1xZ6dC7mPb7xyz5hLeyWS5femRXQ0vi""#,
            r#"OVH_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/scaleway-access-key",
            severity: Severity::Error,
            summary: "Scaleway access key",
            why: "It is half of the pair that signs requests, and tells the application it belongs to.",
            source: r#"Scaleway, "How to create API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["SCW{U17}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["it is SCWMAGTU2OIUYO4T3XCB now", r#"token = "SCWR7J6GSUDOASYDZA92""#],
        misses: &[r#"token = "SCW8UI4K59AYT63VXI0""#, r#"token = "SCWXXXXXXXXXXXXXXXXX""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/scaleway-secret-key",
            summary: "Scaleway secret key",
            why: "It manages the organization's machines. It is a UUID like many others: only a name with `secret` gives \
                  it away.",
            source: r#"Scaleway, "How to create API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["scw secret", "scaleway secret", "scw token", "scaleway token"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SCW_SECRET = "b5060728-c915-08d1-d0a7-589355e4aaf3""#,
            r#"{"scalewaySecret": "9593d157-e1e8-d54f-f948-b8ad9f7c0881"}"#,
        ],
        misses: &[
            r#"checksum = "5ed2b44c-1c60-18ba-6e7c-b68015fcfded""#,
            r#"SCW_SECRET = "644cbc13-7360-6496-7685-bfe9f9ed3e169""#,
            r#"SCW_SECRET = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/tencent-cloud-secret-id",
            severity: Severity::Error,
            summary: "Tencent Cloud secret id",
            why: "It is half of the pair that signs requests, and tells the account.",
            source: r#"Tencent Cloud, "API signature""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["AKID{a32}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "AKIDtTiD3UYgsA1CG3bBy4ANJwdEKPHjtLCo"}"#,
            r#"{"headers": ["AKIDsbMguclKHPfSCb3P1qnqaLOo5LYqQLtm"]}"#,
        ],
        misses: &[r#"token = "AKID38F6F34jQPar5GO2wE1PfcRISSEnYWY""#, r#"token = "AKIDxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/tencent-cloud-secret-key",
            summary: "Tencent Cloud secret key",
            why: "With the secret id it signs requests as the account.",
            source: r#"Tencent Cloud, "API signature""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["tencent", "tencentcloud", "qcloud"],
            values: &["{a32}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"TENCENT_KEY = "e2uhUBP0k9xlkErqhD12JuRKs6HkcBtR""#,
            r#"{"tencentcloudKey": "NWVfxasS0AK9eEqEgLFwcZNvKFYcSLLC"}"#,
        ],
        misses: &[
            r#"checksum = "IGruI6hoguN77KAtZlhK5cPfUz8aiXA5""#,
            r#"TENCENT_KEY = "qyaUnTfcwlf0XRsDuXzrt1IZ1lGnH0nrC""#,
            r#"TENCENT_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/vultr-api-key",
            summary: "Vultr API key",
            why: "It manages the account's machines.",
            source: r#"Vultr, "API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["vultr"], values: &["{U36}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"VULTR_KEY = "RD6SMP5MOCMNZM9SG1ZC9GTJLX4F0H5QXIIW""#,
            r#"{"vultrToken": "DHVEQPKX5O89E6JRZZDPRHKEHRNYRRWZ0JPQ"}"#,
        ],
        misses: &[
            r#"checksum = "RVK5A4YBIIGUKN4ZQMCZ79BUFJ7FKSHUL787""#,
            r#"VULTR_KEY = "5UJBS93BC4XSJMD9WUT1CRRNA9WQCJZXW6K2E""#,
            r#"VULTR_KEY = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/wasabi-secret-key",
            summary: "Wasabi secret key",
            why: "With the access key it reads and writes the account's buckets.",
            source: r#"Wasabi, "Creating a user account and access key""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["wasabi"], values: &["{b40}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"WASABI_KEY = "7hGFAdcySTfsf7363DJ8/1Ew8FCJfVftLv+UKD5j""#,
            r#"{"wasabiToken": "vdtgZ0L5+qn9pFTor9U/p7jq4WuHxYbGwOJhJJRl"}"#,
        ],
        misses: &[
            r#"checksum = "Wdw2wr+OEr/Oz1piek2HiXCUQwOB1kKXzS6AvQse""#,
            r#"WASABI_KEY = "A8GJaz5bC9W/lKxViRrpyRNdC5q9yLZT80rw/xzK8""#,
            r#"WASABI_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
