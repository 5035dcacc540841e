//! Keys of services that run language models.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/anthropic-api-key",
            summary: "Anthropic API key",
            why: "Requests with it are billed to its workspace.",
            source: r#"Anthropic, "API overview", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk-ant-api03-{w93}AA"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "{\"value\": \"sk-ant-api03-k0WZvZrS1dOlIH74DFXuTaPL5TxIXeq5-roIDUkbYeDkLd7lk7Npng8OUpVHL63OcpGhsbnOv0J5wGr-\
             o9XfrvAyXKWlRAA\"}",
            "{\"headers\": [\"sk-ant-api03-KctijlqHKJXvNj8IsnF6KZRJGOUm__GsLn9jYfYweC7cBNlnzs1phPtPCCwRGUh9e3j5zMbfqanZf\
             I4hGgP347O4RCTYBAA\"]}",
        ],
        misses: &[
            "token = \"sk-ant-api03-ohPPH681KTQgLO0ddXwhExKKhGXULJ5QD5wgoyan3yEmi_DhPLZRMFwO3JuhqHH1Buusu2ResHeE4fixFOP9\
             -FfCfExMAA\"",
            "token = \"sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxAA\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/anthropic-admin-api-key",
            summary: "Anthropic admin API key",
            why: "It manages members, workspaces and keys of the organization.",
            source: r#"Anthropic, "Admin API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk-ant-admin01-{w93}AA"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "export KEY='sk-ant-admin01-dhcASyIfTWLR0a2JgubAWN4jGQBbxiWSshwY3CHYcCbSNQJ6K_jSsfr1wJl7sSDCTiT7ea3Pvm81LHbt\
             bsOrJ0j-M1i2QAA'",
            "a: sk-ant-admin01-cscffIjrq96uVC0z2EDxSfH8oaD9Mavr8ZrS9RMA7KQuVbxst200CYdzzePoYA6-KL5EqDHrxShFRFS5Pif-VlzcP\
             ECQGAA\nb: 1",
        ],
        misses: &[
            "token = \"sk-ant-admin01-5IRa0k1StcwBj3VGe-JMA8_JAHgaarkSNFPEWc5ufk6whiSLWQjHCikomuRePRQqZDRynijPawxkTSmDKH\
             xx4NK25mYhAA\"",
            "token = \"sk-ant-admin01-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxAA\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/anthropic-oauth-token",
            summary: "Anthropic OAuth token",
            why: "It acts as the person who signed in, or yields a new token that does.",
            source: r#"Anthropic, "Claude Code", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["sk-ant-oat01-{w93}AA", "sk-ant-ort01-{w93}AA"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "export KEY='sk-ant-oat01-92VXrDxm08D5-kxEbKz6lClq6k3CNQx8HHUiiCz8vuESFF-Zo7XJAPn6VFdvcyW6NdPz89UzYMxytPmy55\
             rMJAfs5unVXAA'",
            "it is sk-ant-ort01-5gtPY4GK7SseE9B1l5l0B0AbdhjTRzZee9KevTMuTiuf2ZWu2eHUreJ1oNVQH8eCS9WlBYVFfqp26unhXy-_B7Fp\
             b5MbHAA now",
        ],
        misses: &[
            "token = \"sk-ant-oat01-1kzffl5DABeh_8tUKPRzhpLf6EV734GZw6sHfWSan8JckiLXdQKxv03sH-Sij8ydzgr5f72x73wHkF4Zsgjs\
             pSgk1mjkAA\"",
            "token = \"sk-ant-oat01-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxAA\"",
            "token = \"sk-ant-ort01-L18Iav3LtjOz0WCKVSjIk98f2QfXiYj_UpQGQDDy0r6nDuavzcTb8ZkIoC4T_u9ZcYCbVMKApimE2P4d1oW4\
             nGpWLYnDAA\"",
            "token = \"sk-ant-ort01-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxAA\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/openai-api-key",
            summary: "OpenAI API key",
            why: "Who has the key spends its owner's money and reads what is stored with the project. User, \
              project, service account and admin keys are told by their prefix; the older ones by the mark in \
              their middle.",
            source: "OpenAI, \"API keys\" and \"Admin API keys\" (platform.openai.com/docs)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "sk-{a20}T3BlbkFJ{a20}",
                "sk-proj-{w48-240}",
                "sk-svcacct-{w48-240}",
                "sk-admin-{w48-240}",
                "sk-None-{w48-240}",
            ],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use sk-None-E03WKpm15UELhUOuZAzHx4LP4AzUdIG1OHqttidvRzFRYTor here"}"#,
        ],
        misses: &[
            "token: sk-aZB3DO7GWIQtUlmOS6ET3BlbkFJCJSRO5k0A8Uci0qRhSBH, then",
            "token: sk-xxxxxxxxxxxxxxxxxxxxT3BlbkFJpvkTSOsq63Hvzl8IBtPn",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/azure-openai-api-key",
            summary: "Azure OpenAI key",
            why: "It calls the models deployed in the resource, on the bill of its subscription.",
            source: r#"Microsoft, "Azure OpenAI in Azure AI Foundry Models REST API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["azure openai", "azureopenai", "openai azure", "azure ai", "azure cognitive", "cognitive services"],
            values: &["{h32}", "{a84}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"AZURE_OPENAI_KEY = "d8f916f58067035b2e16c159435052bd""#,
            "{\"azureOpenaiKey\": \"4AZ5c8bPWTSNqxTKyypt5tmRHqUCWeDfqLxZOjPa78BVi1aChn4bGvjkcYQ5tLnXEdT0m27NOip3ZgmZCtZd\
             \"}",
        ],
        misses: &[
            r#"checksum = "c328bbdc6c12332bee11647a1cc19cf9""#,
            r#"AZURE_OPENAI_KEY = "fa2834157267e04e59b404c4fa60281dd""#,
            r#"AZURE_OPENAI_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cerebras-api-key",
            summary: "Cerebras API key",
            why: "Requests with it are billed to its account.",
            source: r#"Cerebras, "Inference", quickstart"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["csk-{L48}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer csk-5jvyu2dmiiaqlwtcdiqa1342mthfkthsvlfe9gy6og5jk46d",
            "it is csk-9aegj6k1zu4di3soapm2r2355wmu0g0tfimhyca719gpr35g now",
        ],
        misses: &[
            r#"token = "csk-0l6017jujxb96ak2ku9towzc6xae45qdbwyy1ofwhb1qnid""#,
            r#"token = "csk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cohere-api-token",
            summary: "Cohere API key",
            why: "Requests with it are billed to its account. Without a prefix, so only a name gives it away.",
            source: r#"Cohere, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["cohere", "co api key"],
            values: &["{a40}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"COHERE_KEY = "9YM7qHnJEs797Z2Lw7CQM0oPYOqTc2sQq4mVjvnk""#,
            r#"{"coApiKey": "uFeoKYKYBJ4yv1ECiXC2tZZ6KooARgPCnzJjkiwr"}"#,
        ],
        misses: &[
            r#"checksum = "6OBkK26HDqPlDkCyha4mytDqMAMh3QVRBHm4U2kK""#,
            r#"COHERE_KEY = "jQHO9eK5RsiQddhzPnETnrNnjLCC3YPKSpnjQQLBr""#,
            r#"COHERE_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dashscope-api-key",
            summary: "Alibaba Model Studio key",
            why: "Requests with it are billed to its account. Other issuers use the same form, so a name has to say \
                  whose it is.",
            source: r#"Alibaba Cloud, "Get an API key" (Model Studio)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["dashscope", "qwen", "bailian"],
            values: &["sk-{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DASHSCOPE_KEY = "sk-476244d0b9f9cdc2b8e4f07ae55ca7ce""#,
            r#"{"qwenKey": "sk-e81d51f079241128004fe3c7ed36158c"}"#,
        ],
        misses: &[
            r#"checksum = "sk-eb589888922873257831b51d4468b86a""#,
            r#"DASHSCOPE_KEY = "sk-02ecefe3c22bfd87d64c1d439d5f3e5a9""#,
            r#"DASHSCOPE_KEY = "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/deepseek-api-key",
            summary: "DeepSeek API key",
            why: "Requests with it are billed to its account. Other issuers use the same form, so a name has to say \
                  whose it is.",
            source: r#"DeepSeek, "Your first API call""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["deepseek", "deep seek"],
            values: &["sk-{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DEEPSEEK_KEY = "sk-41c42593a3a32fb2cd2416c5ecfc1f06""#,
            r#"{"deepSeekKey": "sk-a8e10a95645e363198406b725890e65e"}"#,
        ],
        misses: &[
            r#"checksum = "sk-bc803bac599a1593466a48afd2103036""#,
            r#"DEEPSEEK_KEY = "sk-f9d88135b724750ac39648593f3c57804""#,
            r#"DEEPSEEK_KEY = "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/fireworks-api-key",
            summary: "Fireworks API key",
            why: "Requests with it are billed to its account.",
            source: r#"Fireworks, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["fw_{a22-24}"],
            names: &["fireworks"],
            values: &["{a48}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "it is fw_qfYD7uOA0vgVtqpc9Af3a1 now",
            r#"token = "fw_PNshV6B3vWGwoHydyDYojqC""#,
            r#"FIREWORKS_KEY = "XWX62ZKSk8MAScR0Dw52I6mpnb5eghmSE9SAHxmPPOCi7058""#,
            r#"{"fireworksToken": "IDESsPCjXGVBR0TXhQZ3KRfuDhqNWSe6jfym2ECZy2bigU96"}"#,
        ],
        misses: &[
            r#"token = "fw_ugqCzUscyoV6ac2BrUi4D""#,
            r#"token = "fw_xxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"checksum = "YVJOscJb3lq3gyRBKHcvXteC4cGwUrLmRuD0uy55c328xvqM""#,
            r#"FIREWORKS_KEY = "1G9wCVFYMY4vVS8Jm2H5l6K8BKSUomVeGsLO2RrGKdzJkBIDI""#,
            r#"FIREWORKS_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/groq-api-key",
            summary: "Groq API key",
            why: "Requests with it are billed to its organization.",
            source: r#"Groq, "Quickstart""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["gsk_{a52}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer 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",
            "it is 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 now",
        ],
        misses: &[
            r#"token = "gsk_6z61fMnUhKnPl9j3H03TOB1dxIRgaV4m3KNoCPSlxSEy66RJEp9""#,
            r#"token = "gsk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mistral-api-key",
            summary: "Mistral API key",
            why: "Requests with it are billed to its workspace. Without a prefix, so only a name gives it away.",
            source: r#"Mistral AI, "Quickstart""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mistral", "mistralai"],
            values: &["{a32}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MISTRAL_KEY = "ffxGiOq7i4JZWEOPQyW38wgvPKCWQC8x""#,
            r#"{"mistralaiKey": "3KRqqS6zaAIyvjM19OzP6xHoADAsGKLI"}"#,
        ],
        misses: &[
            r#"checksum = "OSfzaYVtPbGJ6vHz6kKxWYvls582krRf""#,
            r#"MISTRAL_KEY = "AZjMXIckM9FkZus5ojqCI1748zqDx2ZYp""#,
            r#"MISTRAL_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/moonshot-api-key",
            summary: "Moonshot API key",
            why: "Requests with it are billed to its account. Other issuers use the same form, so a name has to say \
                  whose it is.",
            source: "Moonshot AI",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["moonshot", "kimi"],
            values: &["sk-{a48}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MOONSHOT_KEY = "sk-4xvJJ9ZYzI8zCHlrGv20Z8voFHbCeuNBLoUXpUj3jeecaOPD""#,
            r#"{"kimiKey": "sk-8jwQHNtXdpsvzTLAJEAwaCtvd5DEJVkWH7jgIvFa1isF9Diy"}"#,
        ],
        misses: &[
            r#"checksum = "sk-vUtHq58WIYIYgy7t0IqsIZs1QvWTMOPO55pjZwmmeD0fBwN5""#,
            r#"MOONSHOT_KEY = "sk-EdyVtOz9cp09ORUqX74mADCS2lvCMGSCx7JjNIVQtPLCoP0sP""#,
            r#"MOONSHOT_KEY = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/nvidia-api-key",
            summary: "NVIDIA API key",
            why: "It calls models and pulls images from NVIDIA's catalogue as its owner.",
            source: r#"NVIDIA, "NGC user guide", API keys"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["nvapi-{w64}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "a: 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\nb: 1",
            r#"{"value": "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"}"#,
        ],
        misses: &[
            r#"token = "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""#,
            r#"token = "nvapi-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/openrouter-api-key",
            summary: "OpenRouter API key",
            why: "Requests with it spend the account's credits.",
            source: r#"OpenRouter, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk-or-v1-{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer 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",
            "it is 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 now",
        ],
        misses: &[
            r#"token = "sk-or-v1-631ec146a803cb4d3e2253c881cb3814876766a0bc39191cdd424f78912c48b""#,
            r#"token = "sk-or-v1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/perplexity-api-key",
            summary: "Perplexity API key",
            why: "Who has the key spends its owner's money.",
            source: "Perplexity documentation, \"API key management\" (prefix pplx-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pplx-{a48}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "token: pplx-ZrK6sYQsuNEt1iXR1u8g1ypKM9Oe1MQh4NmWI1YxNOkWft1, then",
            "token: pplx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/replicate-api-token",
            summary: "Replicate API token",
            why: "It runs models on the account's bill and reads what they made.",
            source: r#"Replicate, "HTTP API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["r8_{a37}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "export KEY='r8_6G7GY7D4ZTAE3Jbpi5VZHpNsFDUD9lFqTpBSa'",
            "a: r8_hFf7plOSWGUK5IHm1EUjUwQiWluGeBZsHdWDe\nb: 1",
        ],
        misses: &[
            r#"token = "r8_sGWGVJwWGeGg6vTR6rN74PL63Y3RzaCwZe1L""#,
            r#"token = "r8_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sambanova-api-key",
            summary: "SambaNova API key",
            why: "Requests with it are billed to its account. It is a UUID like many others, so only a name gives it \
                  away.",
            source: r#"SambaNova, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["sambanova"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SAMBANOVA_KEY = "bc7a108e-ab8b-5126-2ebc-4e6e7febc37d""#,
            r#"{"sambanovaToken": "68b91789-7548-97f9-44fa-59b1357bdda5"}"#,
        ],
        misses: &[
            r#"checksum = "de35f79b-fc00-c8e4-81ae-aa9f26a6e177""#,
            r#"SAMBANOVA_KEY = "16622cf0-0f26-34b4-6f97-03d01aeb934a9""#,
            r#"SAMBANOVA_KEY = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/together-api-key",
            summary: "Together AI API key",
            why: "Requests with it are billed to its account. Its older form is 64 hexadecimal digits, which only a name \
                  gives away.",
            source: r#"Together AI, "Quickstart""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["tgp_v1_{w43}"],
            names: &["together api", "togetherai", "together ai"],
            values: &["{h64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "tgp_v1_zswmpFunSijmaFpgVAEcHa_iJ0xN3nxR0hZhdTbS1pv"}"#,
            r#"{"headers": ["tgp_v1_Xt20l5WgT_aHUWlkCrGX-Ypp2txtgfGIGeSZYJFAY3G"]}"#,
            r#"TOGETHER_API_KEY = "62b03e6c45745cb61679bb9604dace77121da90726f786ff4547338668263c90""#,
            r#"{"togetheraiKey": "c4d04cec7899935d1065184c9dd92389f2ede37557b18bbeca4189a0664aa6ca"}"#,
        ],
        misses: &[
            r#"token = "tgp_v1_lKCpsham4X5P_ckYwPk7j5k56w-vd3KGli6tediGNB""#,
            r#"token = "tgp_v1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"checksum = "5ffd76f1afac2d0270f315ae60015cb0b87e8bdf92b72ed672f33d550dcb3f17""#,
            r#"TOGETHER_API_KEY = "b7ffad7173d45915715f502d762bb95e07d0ad8d4bac69f91c39205a0bd53262d""#,
            r#"TOGETHER_API_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/voyage-api-key",
            summary: "Voyage AI API key",
            why: "Requests with it are billed to its account.",
            source: r#"Voyage AI, "API key and installation""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["voyage", "voyageai"],
            values: &["pa-{w43}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"VOYAGE_KEY = "pa-Y15Gj-Tk2hQ5V_hL5WGoo8Zd7ooUOt5gQsIeEmgisOT""#,
            r#"{"voyageaiKey": "pa-HD2fN6Y51b4lhtkpTJe_8YGEUmL_sHDZUlZ0cigykgC"}"#,
        ],
        misses: &[
            r#"checksum = "pa-bqwCAv-QhD_wbabvKDh8zImEU99Yp5utNTSW2exyEG4""#,
            r#"VOYAGE_KEY = "pa-Yc8_JhhBFULJrBy4_OekJlwQG07WLz0IJMlMoFGAO8xI""#,
            r#"VOYAGE_KEY = "pa-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/xai-api-key",
            summary: "xAI API key",
            why: "Requests with it are billed to its team.",
            source: r#"xAI, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xai-{a80}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "xai-105YBBGFJEN3js0rU1zHMEDKkJe13NpbzKtHD5gAfb3n45N3T7IcLY1KRAbH1xPJmYIv0eS7HuIEPPPx"}"#,
            r#"{"headers": ["xai-mvK7uCx0TZeF9tPPek0nrqAWxPHks2iOfmxKev5mvDIvUGpdbWhntQ7puYGcWMtm7jS26iZG5xaxbwN0"]}"#,
        ],
        misses: &[
            r#"token = "xai-vPiz1Q82zEdH47AkqwOAsDXA5Ie1f2UKQkMGeMts2mGzkVAV7NRN4eFsnw3XDMffOqzKv2MjPBe2Uf0""#,
            r#"token = "xai-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/zhipu-api-key",
            summary: "Zhipu AI API key",
            why: "Requests with it are billed to its account. An id and a secret with a point between them, which only a \
                  name gives away.",
            source: "Zhipu AI",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["zhipu", "zhipuai", "bigmodel", "glm", "zai"],
            values: &["{h32}.{a16}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"ZHIPU_KEY = "60c671bc877d31a00440c01fcbebf01b.LF3JQxhY2wYZNHiX""#,
            r#"{"zhipuaiKey": "1005b757cca01b4ee70b6848a6b9c6ad.SB1QqK9D5BqGEXrj"}"#,
        ],
        misses: &[
            r#"checksum = "a3608d0056d09e1dc099684a270c40bd.7cc8DDGY2HdZeCFU""#,
            r#"ZHIPU_KEY = "71594e30626407fb3a1aa2bb319f3636c.eR1VYWmFM15tWFlS""#,
            r#"ZHIPU_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.xxxxxxxxxxxxxxxx""#,
        ],
    },
];
