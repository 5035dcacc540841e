//! What words do in a sentence: the concepts that rules and the model speak of, and the words that stand for them.
//!
//! A word ends in `*` where it is the stem of others. A phrase is words in a row. An apostrophe parts words: `don t`.

/// What a word can do in a sentence, whatever the word and its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concept {
    /// Sets something aside.
    Override,
    /// Says that something came before, or all of it.
    Before,
    /// What a reader is told to do.
    Instructions,
    /// What the operator told the model.
    SystemPrompt,
    /// What must not be given away.
    Secret,
    /// Asks to say or to show something.
    Reveal,
    /// Gives the reader a part to play.
    Role,
    /// Names a mode without limits.
    Jailbreak,
    /// Marks of chats and templates.
    Markup,
    /// Presses or forces.
    Must,
    /// Wants something done first, or from now on.
    First,
    /// Speaks to the reader.
    Addressee,
    /// Names a model or its maker.
    Model,
    /// The person whom the reader serves.
    User,
    /// Keeps something from the user.
    Hide,
    /// Moves data somewhere.
    Send,
    /// Where it goes.
    Destination,
    /// Destroys, or raises privileges.
    Destroy,
    /// How to answer.
    AnswerForm,
    /// An encoding.
    Encoding,
    /// Claims authority.
    Authority,
    /// Turns what follows into its opposite.
    Denial,
    /// Harmful topics.
    Harm,
    /// Ranks or rates.
    Ranking,
    /// Somebody is told about, who does it.
    Report,
    /// Opens a command.
    Opening,
    /// Names what an agent can call.
    Tool,
    /// What the reader was doing.
    Task,
    /// Says that something is new, or instead.
    New,
    /// Asks politely.
    Request,
    /// Money and accounts.
    Money,
}

impl Concept {
    /// Every concept, in the order of the table.
    pub const ALL: [Concept; 31] = [
        Self::Override,
        Self::Before,
        Self::Instructions,
        Self::SystemPrompt,
        Self::Secret,
        Self::Reveal,
        Self::Role,
        Self::Jailbreak,
        Self::Markup,
        Self::Must,
        Self::First,
        Self::Addressee,
        Self::Model,
        Self::User,
        Self::Hide,
        Self::Send,
        Self::Destination,
        Self::Destroy,
        Self::AnswerForm,
        Self::Encoding,
        Self::Authority,
        Self::Denial,
        Self::Harm,
        Self::Ranking,
        Self::Report,
        Self::Opening,
        Self::Tool,
        Self::Task,
        Self::New,
        Self::Request,
        Self::Money,
    ];

    /// How a pattern writes it, without the angle brackets: `system-prompt`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// The concept that a pattern writes so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|concept| concept.name() == name)
    }
}

static NAMES: [&str; 31] = [
    "override",
    "before",
    "instructions",
    "system-prompt",
    "secret",
    "reveal",
    "role",
    "jailbreak",
    "markup",
    "must",
    "first",
    "addressee",
    "model",
    "user",
    "hide",
    "send",
    "destination",
    "destroy",
    "answer-form",
    "encoding",
    "authority",
    "denial",
    "harm",
    "ranking",
    "report",
    "opening",
    "tool",
    "task",
    "new",
    "request",
    "money",
];

/// The words of each concept.
#[rustfmt::skip]
pub(super) static LEXICON: &[(Concept, &[&str])] = &[
    (Concept::Override, &[
        "ignore", "ignoring", "ignored", "disregard", "disregarding", "forget", "forgetting", "skip", "bypass",
        "override", "overwrite", "overrule", "neglect", "omit", "discard", "overlook", "abandon", "erase", "dismiss",
        "nullify", "void", "cancel", "pay no attention to", "do not follow", "don t follow", "do not obey",
        "don t obey", "stop following", "set aside", "never mind", "nevermind", "no longer follow", "not bound by",
        "not bound to", "break free", "free from", "drop all", "clear all", "reset", "supersede", "supersedes",
        "replace", "replaces", "instead of following", "ignorier*", "vergiss", "vergessen", "missachte*", "ignora",
        "ignorar", "ignorez", "ignores", "oubliez", "oublies", "oublier", "oublie", "olvida", "olvide", "esquece",
        "esqueça", "dimentica", "negeer", "vergeet", "zignoruj", "zapomnij", "игнориру*", "забудь*", "проигнорируй*",
        "忽略", "忘记", "忘掉", "无视", "無視", "忘れて", "무시", "잊어", "تجاهل", "انس", "अनदेखा", "भूल", "yoksay", "unut",
        "görmezden", "ігноруй", "bỏ qua", "quên",
    ]),
    (Concept::Before, &[
        "previous", "previously", "prior", "above", "earlier", "preceding", "foregoing", "initial", "original",
        "before", "past", "former", "existing", "current", "all", "any", "every", "everything", "anything",
        "vorherig*", "bisherig*", "obig*", "vorangegangen*", "alle", "alles", "tout", "toutes", "tous", "précédent*",
        "anterior*", "previas", "previa", "previos", "previo", "todas", "toda", "todos", "todo", "precedenti",
        "tutte", "vorige", "eerdere", "poprzedni*", "wszystki*", "предыдущ*", "все", "всё", "прежн*", "之前", "以上",
        "所有", "上述", "前面", "以前の", "上記", "すべて", "이전", "모든", "위의", "السابق*", "جميع", "كل", "पिछले", "सभी", "önceki",
        "tüm", "попередн*", "trước",
    ]),
    (Concept::Instructions, &[
        "instruction", "instructions", "prompt", "prompts", "rule", "rules", "direction", "directions", "guideline",
        "guidelines", "command", "commands", "directive", "directives", "constraint", "constraints", "restriction",
        "restrictions", "policy", "policies", "programming", "orders", "order", "context", "task", "tasks",
        "assignment", "assignments", "messages", "text", "conversation", "safeguard", "safeguards", "filter",
        "filters", "limitations", "protocols", "protocol", "anweisung*", "instruktion*", "befehl*", "aufgabe*",
        "regeln", "vorgaben", "consignes", "consigne", "règles", "instruccion*", "instrucciones", "órdenes",
        "reglas", "instruç*", "regras", "istruzion*", "regole", "instructies", "opdracht*", "regels", "instrukcj*",
        "polece*", "zasad*", "инструкц*", "указани*", "правил*", "команд*", "指令", "指示", "说明", "規則", "规则", "提示词",
        "提示", "命令", "지시*", "명령", "지침", "규칙", "التعليمات", "الأوامر", "निर्देश*", "talimat*", "komut*", "інструкц*",
        "hướng dẫn",
    ]),
    (Concept::SystemPrompt, &[
        "system prompt", "system message", "system instruction", "system instructions", "initial prompt",
        "initial instructions", "original prompt", "original instructions", "hidden prompt", "your prompt",
        "your instructions", "your rules", "prompt above", "instructions above", "text above", "words above",
        "sentences above", "start of this prompt", "start of this conversation", "start of this chat",
        "start of the prompt", "start of the conversation", "start of the chat", "start of our prompt",
        "start of our conversation", "start of our chat", "first line", "first sentence", "first word",
        "first message", "beginning of this", "beginning of the", "beginning of your", "pre prompt", "preprompt",
        "backstory", "your programming", "prompt texts", "prompt text", "you were told", "you were given",
        "you were instructed", "systemprompt", "системн* промпт", "системн* запрос", "系统提示*", "システムプロンプト",
        "시스템 프롬프트", "invite système", "prompt del sistema",
    ]),
    (Concept::Secret, &[
        "secret", "secrets", "password", "passwords", "passcode", "access code", "api key", "api keys", "credential",
        "credentials", "token", "private key", "confidential", "hidden", "secret key", "access key", "ssn",
        "social security", "credit card", "passwort", "geheim*", "mot de passe", "contraseña", "senha", "пароль",
        "секрет*", "密码", "秘密", "密钥", "パスワード", "비밀*", "비밀번호",
    ]),
    (Concept::Reveal, &[
        "reveal", "show", "print", "display", "repeat", "output", "leak", "expose", "share", "disclose", "tell",
        "give", "write", "spell", "echo", "recite", "list", "dump", "quote", "paraphrase", "translate", "summarize",
        "summarise", "return", "what is", "what are", "what was", "what were", "copy", "verbatim", "word for word",
        "zeig*", "nenne", "gib", "révèle*", "affiche*", "muestra", "revela", "dime", "mostra", "покажи", "расскажи",
        "выведи", "显示", "输出", "告诉", "透露", "表示", "教えて", "보여", "알려", "출력",
    ]),
    (Concept::Role, &[
        "you are now", "act as", "acting as", "pretend", "pretending", "from now on", "roleplay", "role play",
        "role playing", "new role", "your new", "you will be", "you shall be", "you must be", "immerse yourself",
        "imagine you", "simulate", "simulating", "in the role of", "take on the persona", "persona", "character",
        "stay in character", "du bist jetzt", "ab jetzt", "ab sofort", "tu es maintenant", "désormais", "ahora eres",
        "a partir de ahora", "agora você", "ora sei", "теперь ты", "ты теперь", "представь", "притворись", "你现在是",
        "从现在开始", "扮演", "今からあなた", "あなたは今", "지금부터", "너는 이제", "أنت الآن",
    ]),
    (Concept::Jailbreak, &[
        "do anything now", "jailbreak", "jailbroken", "jailbreaking", "developer mode", "dev mode", "god mode",
        "debug mode", "admin mode", "sudo mode", "unfiltered", "uncensored", "unrestricted", "unethical", "immoral",
        "amoral", "illegal", "without any restrictions", "without any restriction", "without any limitations",
        "without any limitation", "without any filters", "without any filter", "without any censorship",
        "without any ethical", "without any moral", "without restrictions", "without restriction",
        "without limitations", "without limitation", "without filters", "without filter", "without censorship",
        "without ethical", "without moral", "no restrictions", "no restriction", "no limitations", "no limitation",
        "no filters", "no filter", "no rules", "no limits", "no ethical", "no moral", "no boundaries",
        "content policy", "openai", "chatgpt", "gpt", "evil", "ethical guidelines", "moral", "morals", "ethics",
        "safety", "censorship", "hypothetical", "fictional", "disclaimers", "disclaimer", "warnings", "warning",
        "refuse", "refusing", "as an ai", "language model", "tokens", "no matter what", "no matter how", "freed",
        "liberated", "obey", "unable", "cannot", "can t", "apologize", "apologise",
    ]),
    (Concept::Markup, &[
        "stop here",
    ]),
    (Concept::Must, &[
        "important", "urgent", "critical", "attention", "immediately", "must", "mandatory", "required", "strictly",
        "priority", "emergency", "high priority", "wichtig", "dringend", "urgente", "importante", "срочно", "важно",
        "重要", "紧急",
    ]),
    (Concept::First, &[
        "before you", "before solving", "before answering", "before responding", "before continuing",
        "before proceeding", "before doing", "first do", "first perform", "first please", "do the following first",
        "following first", "do the following", "perform the following", "execute the following", "following task",
        "following action", "following instruction", "following instructions", "following steps",
        "following command", "following request", "after you do that", "then you can", "after that you",
        "once you have", "additional task", "additional request", "additional step", "also do", "also perform",
        "also send", "also execute", "instead do", "instead of", "instead say", "instead write", "instead respond",
        "instead answer", "instead please", "in order to solve", "in order to complete", "in order to access",
        "make sure to", "make sure you", "please also send", "please also forward", "please also transfer",
        "please also make", "please also create", "please also delete", "please also visit", "please also click",
        "please also email", "please also invite", "please also book", "please also reserve", "please also add",
        "please also update", "please also change", "please also give", "please also open", "please also disable",
        "please also grant", "please also allocate", "please send", "please forward", "please transfer",
        "please make", "please create", "please delete", "please visit", "please click", "please email",
        "please invite", "please book", "please reserve", "please add", "please update", "please change",
        "please give", "please open", "please disable", "please grant", "please allocate",
    ]),
    (Concept::Addressee, &[
        "you", "your", "yourself", "du", "dein*", "sie", "ihr", "ihre", "ihren", "ihrem", "ihrer", "tu", "vous", "ton", "votre", "tus", "usted",
        "você", "seu", "sua", "ты", "вы", "твои", "твой", "ваш*", "你", "您", "あなた", "너", "당신", "أنت", "sen", "siz",
    ]),
    (Concept::Model, &[
        "ai", "assistant", "assistants", "llm", "language model", "model", "chatbot", "bot", "agent", "gpt d",
        "gpt4", "claude", "copilot", "bard", "gemini", "llama", "ai assistant", "dear ai", "hey ai",
    ]),
    (Concept::User, &[
        "the user", "this user", "user s", "tell the user", "inform the user", "the human", "users", "user",
    ]),
    (Concept::Hide, &[
        "do not tell", "don t tell", "do not mention", "don t mention", "do not inform", "don t inform",
        "without telling", "without informing", "without notifying", "without the user", "without user", "secretly",
        "silently", "do not reveal this", "don t reveal this", "keep this secret", "keep this hidden",
        "keep this between", "unnoticed", "undetected", "without detection", "covertly", "discreetly", "do not say",
        "don t say", "say nothing", "do not acknowledge", "do not alert", "no one", "stealth*", "hide this",
    ]),
    (Concept::Send, &[
        "send", "forward", "email", "e mail", "mail", "post", "upload", "transfer", "transmit", "exfiltrate",
        "submit", "share with", "deliver", "wire", "pay", "visit", "navigate to", "open", "click", "fetch",
        "download", "curl", "wget", "make a get request", "make a post request", "append", "include", "insert",
        "embed", "add the following", "render",
    ]),
    (Concept::Destination, &[

    ]),
    (Concept::Destroy, &[
        "delete", "remove", "disable", "turn off", "grant", "escalate", "privileges", "privilege", "admin access",
        "permission", "permissions", "change the password", "change your password", "change my password",
        "update the password", "update my password", "update user password", "unlock", "two factor", "2fa", "format",
        "wipe", "drop table", "rm rf", "chmod", "execute", "run the", "shell", "backdoor", "malware", "keylogger",
        "phishing", "ransomware", "crypto", "mining", "miner", "unauthorized", "manipulate", "falsify", "sabotage",
        "divert", "corrupt*",
    ]),
    (Concept::AnswerForm, &[
        "respond", "responding", "reply", "answer", "say", "saying", "only say", "just say", "simply say",
        "start your response", "start your answer", "start your reply", "begin your response", "begin your answer",
        "begin your reply", "end your response", "end your answer", "end your reply", "end each response",
        "respond with", "answer with", "reply with", "your response", "your answer", "your reply", "output only",
        "print only", "nothing else", "exactly", "the phrase", "the words", "the word", "the following text",
        "the following string", "the following sentence", "the following phrase", "the following message",
        "the following word", "antwort*", "réponds", "répond", "responde", "ответь", "ответ", "скажи", "回答", "回复",
        "只说", "答えて", "대답",
    ]),
    (Concept::Encoding, &[
        "base64", "base 64", "rot13", "hex", "encoded", "decode", "decoded", "encode", "cipher", "caesar", "morse",
        "reverse", "reversed", "backwards", "ascii", "unicode", "leetspeak", "piglatin", "pig latin", "binary",
        "emoji", "emojis",
    ]),
    (Concept::Authority, &[
        "authorized", "authorised", "administrator", "admin", "developer", "developers", "engineer", "openai team",
        "openai staff", "openai employee", "creator", "owner", "root", "sudo", "maintenance", "debug", "diagnostic",
        "testing", "test mode", "audit", "security team", "i am the", "i m the", "access granted", "granted",
        "permission", "unlock", "override code", "system override", "new policy", "policy update", "update",
        "updated", "now in effect", "effective immediately", "hereby",
    ]),
    (Concept::Denial, &[
        "not", "don t", "do not", "never", "no longer", "without", "stop", "avoid", "refrain", "nicht", "kein*",
        "ne pas", "jamais", "no", "nunca", "не", "никогда", "不要", "别", "不", "ない", "마", "لا",
    ]),
    (Concept::Harm, &[
        "bomb", "weapon", "explosive", "drugs", "drug", "meth", "hack", "hacking", "steal", "kill", "murder",
        "suicide", "poison", "illegal", "crime", "criminal", "virus", "exploit", "ddos", "sql injection",
        "counterfeit", "launder", "fraud",
    ]),
    (Concept::Ranking, &[
        "points", "rank", "rating", "recommend", "best candidate", "highest", "hire", "positive review",
        "perfect score", "endorse",
    ]),
    (Concept::Report, &[
        "he", "she", "they", "we", "i", "it", "who", "people", "users", "user", "one", "developers", "attackers",
        "someone", "somebody", "anyone", "everybody", "everyone", "customers", "employees", "students", "players",
        "readers", "which", "that", "er", "sie", "wir", "il", "elle", "ils", "nous", "ella", "ellos", "noi", "loro",
        "hij", "zij",
    ]),
    (Concept::Opening, &[
        "please", "kindly", "now", "and", "then", "so", "also", "just", "first", "important", "note", "attention",
        "hey", "ok", "okay", "but", "next", "finally", "bitte", "nun", "jetzt", "und", "alors", "maintenant", "et",
        "ahora", "y", "por", "favor", "per", "ora", "adesso", "nu", "alstjeblieft", "teraz", "proszę", "пожалуйста",
        "теперь", "и", "а", "lütfen", "şimdi", "请", "现在", "那么", "今", "さあ", "이제", "vui", "lòng", "من", "فضلك", "الآن",
        "कृपया", "अब",
    ]),
    (Concept::Tool, &[
        "tool", "tools", "function", "functions", "api", "apis", "plugin", "plugins", "action", "endpoint",
        "command line", "terminal", "shell", "browser", "werkzeug*", "outil", "outils", "herramienta",
        "herramientas", "strumento", "ferramenta", "инструмент*", "工具", "ツール", "도구",
    ]),
    (Concept::Task, &[
        "task", "tasks", "question", "request", "query", "job", "work", "assignment", "aufgabe*", "tâche", "tarea",
        "tarefa", "compito", "задач*", "任务", "タスク", "작업",
    ]),
    (Concept::New, &[
        "new", "different", "another", "updated", "revised", "following", "instead", "next", "real", "actual",
        "true", "neue*", "nouve*", "nuev*", "nuov*", "novo", "nova", "novos", "novas", "nieuw*", "now", "новы*", "新的", "新しい", "새로운",
    ]),
    (Concept::Request, &[
        "please", "kindly", "could you", "can you", "would you", "i want you to", "i need you to",
        "i would like you to", "i d like you to", "make sure", "be sure to", "remember to", "you should",
        "you need to", "you have to", "bitte", "ich möchte dass", "je veux que", "quiero que", "voglio che",
        "quero que",
    ]),
    (Concept::Money, &[
        "money", "payment", "payments", "transfer", "transaction", "account", "iban", "bank", "funds", "wire",
        "bitcoin", "wallet", "crypto", "dollars", "euros", "usd", "eur", "invoice",
    ]),
];
