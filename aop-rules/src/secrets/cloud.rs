//! Keys of clouds and of the platforms that run on them.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
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
            id: "secrets/clickhouse-cloud-api-secret-key",
            summary: "ClickHouse Cloud API secret key",
            why: "With the key id it manages the services of an organization.",
            source: r#"ClickHouse, "Managing API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["4b1d{a38}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["4b1dbo3Zf5MxRTp394ZKBgKVoSFnrBiBt1jmsDTJ2E"]}"#,
            "Authorization: Bearer 4b1dAN654GgxSed9CSWKi3s7sywFGS87Z4OoXfN59Q",
        ],
        misses: &[
            r#"token = "4b1dSUoTUSPaFNyLStRFITZpm9lxsZMVcBlwEeAeW""#,
            r#"token = "4b1dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            "commit 4b1dee3f1e63bf0cda1643d03464780b11616766",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cloudflare-api-key",
            summary: "Cloudflare API token",
            why: "It changes DNS, workers or firewalls, as far as its permissions go.",
            source: r#"Cloudflare, "Create API token""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["cloudflare", "cf api"],
            values: &["{w40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"CLOUDFLARE_KEY = "r1IBKO_W-ncEbPPD8reRRWA663z0CgMtuadIDdn6""#,
            r#"{"cfApiKey": "xigWXFYzpTI5Kpdo7sTX_ItTa-l5EtJ57WFQf141"}"#,
        ],
        misses: &[
            r#"checksum = "W2JKg9YwEBJZlJmV-50c34aokou_k9NIJV6n7tRU""#,
            r#"CLOUDFLARE_KEY = "2V8zzYn9vwzF2jvxHAHzMgABQ-2wELEaDBvLv-YJn""#,
            r#"CLOUDFLARE_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"CLOUDFLARE_KEY = "32506afcb476de8d6e7916ae6315168d02250""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cloudflare-global-api-key",
            summary: "Cloudflare global API key",
            why: "It may do everything its owner may, and cannot be narrowed. Left alone: hexadecimal digits of another \
                  length, such as hashes.",
            source: r#"Cloudflare, "Get Global API key""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["cloudflare", "cf api"],
            values: &["{h37}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"CLOUDFLARE_KEY = "3c846d952beb8a64b322f88031724abebae0f""#,
            r#"{"cfApiKey": "7fae8529692bc867f2b9002d05a269556d451"}"#,
        ],
        misses: &[
            r#"checksum = "32ea7912b62740541a756867927041037ad02""#,
            r#"CLOUDFLARE_KEY = "77aac4445ac14750483d41168f6bd0ef8f7fac""#,
            r#"CLOUDFLARE_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cloudflare-origin-ca-key",
            summary: "Cloudflare origin CA key",
            why: "It issues and revokes certificates of the account's origins.",
            source: r#"Cloudflare, "Get Origin CA keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["v1.0-{h24}-{h146}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "{\"headers\": [\"v1.0-324363d0df219569ee878308-00391bc78b90a2f12c15e8ac710318776d6e83fb76de5aa9f3fbd5fe3019\
             168a42d19c7a7902db502e17b0db37ff6743f0c23bd365dbe758ae30041133d6b4c36a93942ab455bec471\"]}",
            "Authorization: Bearer v1.0-477f067541ef8e25353b17b1-321e1390497e027fdde49f84be7b992ddbbb5548a22650f3d14239b\
             ce4da4182257607b1b3355e740c52879786323bba72267e093207ce5b5cb5f4ca8456b49ed0924b318f18fc444a",
        ],
        misses: &[
            "token = \"v1.0-d6fd78465c16e1a41fbbd25c-52acc73e52598396d65afd7d697c5bd4af1eef97b4a57f7e4a8c7f113bb884a334c\
             292e52eaae2bd7017c3bb8f160ace48922c4a91a8e9fb595530cba47e16298d75d764266628ee7\"",
            "token = \"v1.0-aaaaaaaaaaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/databricks-api-token",
            summary: "Databricks access token",
            why: "It reads the workspace's data and runs code on its clusters.",
            source: r#"Databricks, "Authenticate with personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["dapi{h32}-{d1}", "dapi{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["export KEY='dapi6f99fb85e44cc8ae6dfc0b5bdc8303d9-2'", "it is dapi913f696ea34e03c01950af753ef76f73 now"],
        misses: &[
            r#"token = "dapi3ff6c49a5736d25630ffb0e559ebbe6-8""#,
            r#"token = "dapiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-0""#,
            r#"token = "dapi8b5361659d724ef6db144fc8674cb76""#,
            r#"token = "dapiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
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
            id: "secrets/fastly-api-token",
            summary: "Fastly API token",
            why: "It changes services at the edge and purges their caches. Its 32 characters have no prefix, so only a \
                  name gives it away.",
            source: r#"Fastly, "Using API tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["fastly"], values: &["{g32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"FASTLY_KEY = "BNCNtUadQe8Tio+EznGTBp2ZzB0_RIZR""#,
            r#"{"fastlyToken": "qYKpojyqM-8IgmM7b6vxOR_DMWkQRJzX"}"#,
        ],
        misses: &[
            r#"checksum = "N14Ri3yKBjPBNWAmaIDeAmk/pd_lJVyg""#,
            r#"FASTLY_KEY = "8FhUJxI/rD86w3O6eeK-FUwb9Hkg9ZyvJ""#,
            r#"FASTLY_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/flyio-access-token",
            summary: "Fly.io access token",
            why: "It deploys and reads applications. The long forms are macaroons: whoever has one may also pass on a \
                  narrower one.",
            source: r#"Fly.io, "Access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["fo1_{w43}", "fm1r_{B100-}", "fm1a_{B100-}", "fm2_{B100-}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "fo1_rhES3-sjgO246x6e0Gb8Ho6Cd4YOpHeSvSvhKUH-JOR""#,
            "Authorization: Bearer fm1r_YxCV0D9Is2mETRTfBTpNYNt7uDg9hpLul72blCO/NSsRZ2jQFYgzu55QWPVyhOWxWweq0mv6/O8804oi\
             tFJVj8kOXJJ6sRWBMy4o",
            "{\"value\": \"fm1a_vDRai01BUn9VzD1wUbrKn4KiJpO+kO0iLlq34QpcRe2eVcusumGoARLtk09dkIiyRajZSlYqy1c9D7v+QMliue0c\
             pvvkAEwHIZYV8afqej\"}",
            "export KEY='fm2_4ASHQhnFG4e7oGNRQ96ebWEPvMXFYrfewRkEsv86oa80nLlLOYn4zlrwBiYmjNlgewpCqY8HP1ahQQ7O/osEq5RuqCH\
             19Exo+z4XuzbYq'",
        ],
        misses: &[
            r#"token = "fo1_XfxoDQNXwM4-QSKZtfCvxBOQcO1Xy2YpM_znSMfhSB""#,
            "token = \"fm1r_timMFlv8cSy6uhQ5ZWe84jcXSMHwFLMNQopW9nJOUMJzGnyckRGDtOG5VBjJOX9RjthDY3yfvifXDHtg+XYwI+7FrrWu\
             pyIXgGO\"",
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
            id: "secrets/neon-api-key",
            summary: "Neon API key",
            why: "It manages the databases of the account and shows their connection strings.",
            source: r#"Neon, "Manage API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["napi_{a48-80}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["napi_itB9Ly63VXbqhN8sTrzHkSqBaeRmHYMq8aqLUz0riS1Lbyf0Pp8sPS"]}"#,
            "Authorization: Bearer napi_2biWocvFVnppv2oHLRwilIccrJSmo5Stca9r1C1lseuzc6dkS",
        ],
        misses: &[
            r#"token = "napi_NTri38BUldXR9dXMATcwHJmQZkFvWSGIS8vr1SIOmtyMoGs""#,
            r#"token = "napi_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
            id: "secrets/render-api-key",
            summary: "Render API key",
            why: "It deploys services and reads their environment variables.",
            source: r#"Render, "The Render API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rnd_{a28-40}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[r#"token = "rnd_QBlvBtVeOo2SDBDgekUpEH1UunarBuaYz7""#, "export KEY='rnd_dvdRT8inpF9P4XYNw89ahE39WI17QT60'"],
        misses: &[r#"token = "rnd_F6ocJXSuy7UJK0tM013LBAUn6Ca""#, r#"token = "rnd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
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
            id: "secrets/supabase-access-token",
            summary: "Supabase access token",
            why: "It manages the projects of its owner and reads their keys.",
            source: r#"Supabase, "Management API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sbp_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "sbp_6608c6f3ce6f6f9be48fc75c5f721339b1a9f817"}"#,
            r#"{"headers": ["sbp_7f6ce171c783e4d994aa4c0bb8664f54a8331bfc"]}"#,
        ],
        misses: &[
            r#"token = "sbp_9d45e876beaa4ffe6300dbf5d6c4a693731d131""#,
            r#"token = "sbp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/supabase-secret-key",
            summary: "Supabase secret API key",
            why: "It passes by the row level security of the project's database. Left alone: publishable keys, which \
                  begin with `sb_publishable_`.",
            source: r#"Supabase, "Understanding API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sb_secret_{w31}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "it is sb_secret_nlEvqe88Wmh6_r8F_fFcDgIwwTD8OsU now",
            r#"token = "sb_secret_T2KyTrvRhxkO8HKRi-DC_SQmAz2SaN6""#,
        ],
        misses: &[
            r#"token = "sb_secret_F3KCEhIRQm_UGwZccLPPCkI-4KD4Wm""#,
            r#"token = "sb_secret_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
            id: "secrets/vercel-access-token",
            summary: "Vercel access token",
            why: "It deploys projects and reads their environment variables.",
            source: r#"Vercel, "REST API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["vercel"], values: &["{a24}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[r#"VERCEL_KEY = "T6AmCjmbFqRIfO4zJR1FcQKx""#, r#"{"vercelToken": "NDGZ4ZOdfEv5NcKT0C83bNa7"}"#],
        misses: &[
            r#"checksum = "xOGcA4uPLcUEKUqWFeVePuqO""#,
            r#"VERCEL_KEY = "c6KnrYkHLAb6YWlEXixq2lnC9""#,
            r#"VERCEL_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx""#,
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
];
