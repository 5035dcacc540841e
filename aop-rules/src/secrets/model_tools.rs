//! Keys of what is built around language models: hubs that keep them, machines that train them, traces, memories, and search
//! for agents.

use super::value::mixed_case;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/huggingface-access-token",
            summary: "Hugging Face access token",
            why: "It reads private models and data sets, and with write scope replaces them. Names in code have \
              one case only and are left alone.",
            source: "Hugging Face documentation, \"User access tokens\" (prefix hf_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["hf_{a34}"], entropy: 2.5, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: hf_RNbzoc51FeogdvbzDp8mFmQp5zvqYMtrb1, then",
            r#"{"note": "use hf_uvZwnZuDMjJxyZLLKcgTAOGSf9uih4vmuG here"}"#,
        ],
        misses: &[
            "call(&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)",
            "token: hf_MGKAuWfpTbmRsHdRXfr8nBNXYK7Gh5Qhy, then",
            "token: hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/huggingface-organization-api-token",
            summary: "Hugging Face organization token",
            why: "It reads and writes whatever the organization owns on the hub. These tokens are no longer \
              issued, but still stand in old code.",
            source: "Hugging Face documentation, \"User access tokens\" (organization tokens, deprecated)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["api_org_{a34}"], entropy: 2.5, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: api_org_50B7P6nLsbWsXAJKil8Krk3QCI33jOqw5L, then",
            r#"{"note": "use api_org_oVFqxtpuPzNP3MzTtpcqpyZ9NfUl36ohkj here"}"#,
        ],
        misses: &[
            "token: api_org_XRS4ASfzgUOVm0HnCO3V3xkhTOa1bFFHi, then",
            "token: api_org_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/runpod-api-key",
            summary: "RunPod API key",
            why: "It starts machines on the account's bill.",
            source: r#"RunPod, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rpa_{a40-60}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["rpa_GEkyfRx4iVeerqsQjNlRDqJarhZMkeiRNjSlyaiaEhxgZ"]}"#,
            "Authorization: Bearer rpa_gXg2IaTDscmzWH7iIUZKqokqepfNetgBKNDkT6exhF",
        ],
        misses: &[
            r#"token = "rpa_ihGXIga4Uvq8EsyWVBV80t52VR3ntY7NBrzRaoX""#,
            r#"token = "rpa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/wandb-api-key",
            summary: "Weights & Biases API key",
            why: "It reads and writes the runs and models of its owner. It looks like a commit's hash, so only a name \
                  gives it away.",
            source: r#"Weights & Biases, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["wandb", "weights and biases"],
            values: &["{h40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"WANDB_KEY = "0f2c32c60382fcfda5683c64569694c7011bca98""#,
            r#"{"weightsAndBiasesKey": "574cc85ae0ed262aa3fdd4499c5fd83cc22b198e"}"#,
        ],
        misses: &[
            r#"checksum = "5ef76ca5437e2cba2aab7ddb3d942f5f5ea330cd""#,
            r#"WANDB_KEY = "94282b4f5e0d445104400014cd6ba717f557d0769""#,
            r#"WANDB_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/helicone-api-key",
            summary: "Helicone API key",
            why: "It reads the logged prompts and answers of an organization.",
            source: r#"Helicone, "Getting started""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk-helicone-{k20-64}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["export KEY='sk-helicone-edkz1mi__21y0z6x0gz5j8'", "a: sk-helicone-m9c-0-fdoqtqvjn99mewg\nb: 1"],
        misses: &[r#"token = "sk-helicone-nof39_7_kqb09yaywvl""#, r#"token = "sk-helicone-xxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/langflow-api-key",
            summary: "Langflow API key",
            why: "It runs the flows of the instance, with the credentials that are stored in them. It has no form \
              of its own, so a name has to say whose it is.",
            source: "Langflow documentation, \"API keys\" (prefix sk-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["langflow"], values: &["sk-{w43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"LANGFLOW_TOKEN="sk-UnJjkXRqyEo8Vet1jlGSZRGyfTzIHy6rZQ4DQdnmrMk""#,
            r#"{"langflowToken": "sk-SlNNtZx3cK8nkB6VRLetC6Psnc1OAPZnod6tHqlqMfj"}"#,
        ],
        misses: &[
            r#"LANGFLOW_TOKEN="sk-B0tkgqXoa72GgcX5kSDzFVqmgIfOhu0VEtEjUroYye""#,
            r#"{"checksum": "sk-q3C7qhuMk9zUGIAJsam9cDIPYSTGnAvqGCAk7E3Vo9U"}"#,
            r#"LANGFLOW_TOKEN="${LANGFLOW_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/langfuse-secret-key",
            summary: "Langfuse secret key",
            why: "With the public key it reads and writes the traces of a project, prompts and answers included.",
            source: r#"Langfuse, "Public API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "a: sk-lf-8f942c9f-68a1-2c53-94f1-3828efbdf67e\nb: 1",
            r#"{"value": "sk-lf-b5962a21-9fcd-b936-f3b5-fe17fcc3b581"}"#,
        ],
        misses: &[
            r#"token = "sk-lf-d2d96224-6682-1474-7829-24c0ddc6349""#,
            r#"token = "sk-lf-aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/langsmith-api-key",
            summary: "LangSmith API key",
            why: "It reads and writes the traces of a workspace, prompts and answers included.",
            source: r#"LangChain, "Create an account and API key" (LangSmith)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["lsv2_pt_{h32}_{h10}", "lsv2_sk_{h32}_{h10}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "a: 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\nb: 1",
            r#"token = "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""#,
        ],
        misses: &[
            r#"token = "lsv2_pt_97d5d90e1b433fb5eb30ed8e54790a3_dce1ecbb22""#,
            r#"token = "lsv2_pt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_aaaaaaaaaa""#,
            r#"token = "lsv2_sk_a63bf310c55687fe4defcb11f1ff1d0_982e5fe33e""#,
            r#"token = "lsv2_sk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_aaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pinecone-api-key",
            summary: "Pinecone API key",
            why: "It reads and writes the indexes of a project.",
            source: r#"Pinecone, "Manage API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["pcsk_{a5-6}_{a60-64}"],
            names: &["pinecone"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "a: pcsk_SPPKcS_msMt6jyEjL2q6qXewuro7rqwJZB7RZOi4aZUuZFpO7uu3YzhTIC4YgxSm5DJYg\nb: 1",
            r#"{"value": "pcsk_NjmpM_bpqw6YflAVYBpPYMmQqxLmUtWaXQle6s2drttU6wplj3YE84pSV6l2fh3WG5K"}"#,
            r#"PINECONE_KEY = "df48990d-a55b-6328-bb73-ed9e7ee3a61d""#,
            r#"{"pineconeToken": "a3452b26-4766-4814-8153-759bc18dc87b"}"#,
        ],
        misses: &[
            r#"token = "pcsk_C4yt29_4fHs0vwcehhlij7SrdZbkY94OVUWyoG3Q8OgRqT1EYOp8y2W1CqnecTZBQQ""#,
            r#"token = "pcsk_xxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"checksum = "1c8e08e4-ca62-a922-f80a-55435b654e2e""#,
            r#"PINECONE_KEY = "df845af9-04f8-1c5f-6b83-4617f82a18ef4""#,
            r#"PINECONE_KEY = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/privateai-api-token",
            summary: "Private AI API token",
            why: "It opens the service that removes personal data, and so what is sent there. It has no form of \
              its own, so a name has to say whose it is.",
            source: "Private AI documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["privateai", "private ai"],
            values: &["{L32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"PRIVATEAI_TOKEN="i6twkbcct5y3gacnc31bypi4czxu7qmx""#,
            r#"{"privateaiToken": "7gkgwx8bk9psytdamfpb2xkum8kzpf3e"}"#,
        ],
        misses: &[
            r#"PRIVATEAI_TOKEN="somzv6cq5roylouv19cdifavrl1bciw""#,
            r#"{"checksum": "lnpllo08gsczgp48en3ce1vizu0rya7m"}"#,
            r#"PRIVATEAI_TOKEN="${PRIVATEAI_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/e2b-api-key",
            summary: "E2B API key",
            why: "It starts sandboxes in which an agent's code runs, at its owner's cost.",
            source: "E2B documentation, \"API key\" (prefix e2b_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["e2b_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: e2b_d00ee8ed0f6bc7e0183f3a506061914380c282d6, then",
            r#"{"note": "use e2b_f22923dad98e28e941b3ec75079db839ba921f3b here"}"#,
        ],
        misses: &[
            "token: e2b_18412d714b151adf6e5384b57a7043573101591, then",
            "token: e2b_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/exa-api-key",
            summary: "Exa API key",
            why: "Searches with it are billed to its account. It is a UUID like many others, so only a name gives it \
                  away.",
            source: r#"Exa, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["exa api key", "exa key"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"EXA_API_KEY = "3d9ba28d-4c17-2a19-71c6-6f7d29db15a2""#,
            r#"{"exaKey": "98738d54-5aa1-4ffe-fe95-7afbd2aa76ee"}"#,
        ],
        misses: &[
            r#"checksum = "658db115-228f-3df5-36c6-c3a647399b25""#,
            r#"EXA_API_KEY = "c8edf4cf-e0ee-cda4-f21a-1e396fd5f1bcc""#,
            r#"EXA_API_KEY = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/firecrawl-api-key",
            summary: "Firecrawl API key",
            why: "It crawls on the account's bill.",
            source: r#"Firecrawl, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["fc-{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "fc-c179015fd782751bdeab7fb81e64df90"}"#,
            r#"{"headers": ["fc-43b016a934f71117531c2e25a91e752d"]}"#,
        ],
        misses: &[r#"token = "fc-73f7bfccf4eb89dfd3379b86ed06bef""#, r#"token = "fc-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/jina-api-key",
            summary: "Jina AI API key",
            why: "Requests with it are billed to its account.",
            source: "Jina AI",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["jina_{w60}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "a: jina_NOG7k5XPQYazEJPDbwepIffH-TlY_Vf5hPdvfsmOF3ytv1QRzejIvRZxMoh4\nb: 1",
            r#"{"value": "jina_dige5_Ayz2-MC1MnKaj4OAXG1Zs6mG9xzvoUfIj5LOBvoNeWfbmrRjC3Q69G"}"#,
        ],
        misses: &[
            r#"token = "jina_QNe1WLMlakgrraRC6cX8CWwtHMoz4L5ay_B68YDUYMrzgMOQSCQwKm_q0MX""#,
            r#"token = "jina_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/serpapi-api-key",
            summary: "SerpApi key",
            why: "Searches with it are billed to its account.",
            source: r#"SerpApi, "Google Search API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["serpapi", "serp api"],
            values: &["{h64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SERPAPI_KEY = "517efb00b9e8d999169bb0ef79c7ba12831bd4b56495935c18c50a7441654242""#,
            r#"{"serpApiKey": "d540c68473c2382ce46e4776c9a5bd3495b0d9bf9a227f7c98a7bf4e087ba104"}"#,
        ],
        misses: &[
            r#"checksum = "137084ed36a2b50fe31931ac2a81cb604a6e4d6ba0a4e5a3c3231d59de5faf30""#,
            r#"SERPAPI_KEY = "c43db692d6c4140aa5e34784d5251d39c27e7056483cc613317a4177001db33b2""#,
            r#"SERPAPI_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/tavily-api-key",
            summary: "Tavily API key",
            why: "Searches with it are billed to its account.",
            source: r#"Tavily, "API reference""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["tvly-dev-{a32}", "tvly-prod-{a32}", "tvly-{a32}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "a: 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\nb: 1",
            r#"token = "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""#,
            "Authorization: Bearer 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",
        ],
        misses: &[
            r#"token = "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""#,
            r#"token = "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""#,
        ],
    },
];
