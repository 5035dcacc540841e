//! The words that tell that a text is written in rot13 or from its end.

/// Common words, and words of attacks, in the languages that write them with ASCII letters. Written either way they are no words
/// of any language: where one stands so, the whole text is read so. (`and`, `not` and `one` are not here: `dna`, `ton` and
/// `bar` are words.)
#[rustfmt::skip]
pub(super) static TELLING: &[&str] = &[
    "the", "you", "your", "yours", "this", "that", "with", "from", "have", "has", "will", "what", "which", "when", "where",
    "there", "they", "then", "than", "these", "those", "would", "could", "should", "about", "other", "always", "never",
    "every", "all", "any", "can", "must", "into", "because", "before", "after", "none", "word", "words", "below", "file",
    "files", "user", "users", "send", "tell", "show", "list", "give", "make", "find", "hide", "call", "tool", "tools",
    "function", "key", "keys", "task", "answers", "question", "world", "only", "free", "want", "data", "image", "link",
    "ignore", "ignores", "ignored", "ignoring", "disregard", "disregarding", "forget", "forgetting", "override", "overrides",
    "overriding", "overrule", "bypass", "bypassing", "supersede", "supersedes", "discard", "abandon", "neglect", "dismiss",
    "attention", "following", "previous", "previously", "prior", "preceding", "earlier", "above", "everything", "original",
    "initial", "current", "instruction", "instructions", "directive", "directives", "guideline", "guidelines", "rules",
    "orders", "commands", "command", "constraints", "restriction", "restrictions", "limitations", "limits", "policy",
    "policies", "programming", "training", "safeguards", "filters", "filter", "safety", "censorship", "prompt", "prompts",
    "system", "context", "conversation", "message", "messages", "reveal", "repeat", "print", "output", "display", "disclose",
    "expose", "recite", "verbatim", "translate", "summarize", "secret", "secrets", "password", "passwords", "passphrase",
    "credential", "credentials", "token", "tokens", "hidden", "confidential", "private", "pretend", "pretending", "imagine",
    "simulate", "simulating", "roleplay", "persona", "character", "jailbreak", "jailbroken", "unrestricted", "unfiltered",
    "uncensored", "unethical", "immoral", "illegal", "refuse", "developer", "administrator", "admin", "authorized", "openai",
    "chatgpt", "assistant", "model", "chatbot", "urgent", "important", "immediately", "instead", "email", "forward", "upload",
    "transfer", "transmit", "exfiltrate", "delete", "execute", "respond", "answer", "reply", "explain", "describe", "write",
    "provide", "please", "without", "inst",
    "nicht", "und", "ist", "ich", "jetzt", "alles", "alle", "deine", "deinen", "keine", "dem", "wort", "bitte", "ignoriere",
    "ignorieren", "vergiss", "anweisungen", "anweisung", "vorherigen", "bisherigen", "passwort", "geheim",
    "que", "para", "como", "ahora", "eres", "todas", "todos", "ignora", "ignorar", "olvida", "olvide", "instrucciones",
    "anteriores", "muestra", "revela", "reglas",
    "vous", "dans", "pour", "maintenant", "ignorez", "oubliez", "oublie", "consignes", "toutes", "affiche",
    "regras", "agora", "voc", "dimentica", "istruzioni", "precedenti", "mostra", "regole", "tutte", "sei",
    "negeer", "vergeet", "instructies", "regels", "alsof", "zignoruj", "zapomnij", "instrukcje", "poprzednie",
];

/// Of these, the ones that are known with a letter too many or too few: without them, no order is set aside.
pub(super) static MISTYPED: &[&str] = &["ignore", "disregard", "previous", "instruction", "instructions", "guidelines"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::disguise::rotated::rotated;

    #[test]
    fn no_word_is_another_written_otherwise() {
        for word in TELLING {
            let forms: [String; 2] = [word.chars().map(rotated).collect(), word.chars().rev().collect()];
            assert!(forms.iter().all(|form| !TELLING.contains(&form.as_str())), "{word}");
        }
    }
}
