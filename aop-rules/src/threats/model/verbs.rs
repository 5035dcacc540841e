//! Words that begin commands and questions.

use std::sync::LazyLock;

use crate::threats::words::word_hash;

/// A set of words, by their hashes.
#[derive(Debug)]
pub(super) struct WordSet {
    /// Each hash at the place that it says, or soon after; 0 where there is none.
    slots: Vec<u32>,
}

impl WordSet {
    fn new(words: &str) -> Self {
        let count = words.split_whitespace().count();
        let mut set = Self { slots: vec![0; (count * 4).next_power_of_two()] };
        for word in words.split_whitespace() {
            let hash = word_hash(word);
            let slot = set.slot(hash);
            set.slots[slot] = hash;
        }
        set
    }

    /// Whether a word with this hash belongs to it.
    pub(super) fn has(&self, hash: u32) -> bool {
        hash != 0 && self.slots[self.slot(hash)] == hash
    }

    /// Where a hash is, or would be. At most a quarter of the places is taken, so there is always a free one.
    fn slot(&self, hash: u32) -> usize {
        let mut slot = hash as usize & (self.slots.len() - 1);
        while self.slots[slot] != 0 && self.slots[slot] != hash {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }
}

/// Verbs as commands have them.
pub(super) static VERBS: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(COMMANDS));
/// Words that questions begin with.
pub(super) static QUESTIONS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::new(
        "what how why who whom whose when where which can could would will do does did is are should shall may \
         was wie warum wer wann wo welche welcher welches kannst können quel quelle quels quelles comment pourquoi qui \
         quand où combien qué cómo por quién cuándo dónde cuál cuántos cuántas come perché chi quando dove quale quanti \
         como quem onde qual quantos wat hoe waarom wie co jak dlaczego kto kiedy gdzie что как почему кто когда где какой \
         какая какие сколько ne nasıl neden kim kaç",
    )
});
/// What stands before that to which something is to be done.
pub(super) static DETERMINERS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::new(
        "the a an all any every each my me your his her their our this that these those to in us them it both some \
         as den die das dem der ein eine einen alle mein meine mir le la les un une des mon ma mes el los las una unos mi \
         mis il lo gli i mio mia o os as um uma meu minha de het een mijn",
    )
});

#[rustfmt::skip]
const COMMANDS: &str = "
accept access act activate adapt add address adjust advise alert allocate allow alter amend anagram analyse analyze
announce answer append apply appoint approve approximate archive arrange ask assemble assert assess assign assist
assume assure attach attempt attest audit augment authenticate authorize automate avoid backup bake ban base begin bet
bind blend block book boost borrow break bring broadcast browse build buy bypass calculate call cancel capitalize
capture carry cast change chat check choose circulate cite claim clarify classify clean clear click clone close code
collect color colour combine come comment communicate compare compile complete comply compose compress compute
concatenate conceal condense conduct configure confirm connect consider construct consult contact continue contrast
contribute convert convey convince cook coordinate copy correct count craft crawl create date debate debug deceive
decide declare decode decrypt dedicate deduct defend define delay delete deliver demonstrate deny deploy deposit
describe design detail detect determine develop devise dial digest disable disarm disclose disconnect discover
discredit discuss disguise dismiss display disregard distribute divert divide divulge do donate download draft draw
dress drop dump duplicate echo edit elaborate email embed embrace emphasize employ empty enable encode encourage
encrypt end endorse enforce engage enhance enlist enrich enrol enroll ensure enter enumerate erase escalate establish
estimate evaluate examine exchange exclude excuse execute exfiltrate expand explain explore export expose express
extend extort extract fabricate fake falsify fetch file fill filter finalize find finish fire fix flag flip focus fold
follow force forget format formulate forward fuse gather generate get give go grade grant greet group guess guide hack
halt handle help hide highlight hint hire hold hurry identify ignore illustrate imagine imitate impersonate implement
imply import improve incorporate increase indicate infer inflate inform infuse initiate inject input insert inspect
inspire install instruct insult integrate interpret interrupt intersperse interview introduce invent inverse invert
investigate invite invoice invoke issue jailbreak join jot judge jumble justify keep kill label launch lead leak learn
leave lend let lie lift like limit link list listen load locate lock log login look mail maintain make manage
manipulate mark mask match measure meet meld memorise memorize mention merge message mimic minimize misspell mix
modify monitor move multiply mute name navigate neglect negotiate nominate note notify obey obfuscate obtain offer
omit open operate optimize order organise organize outline output override overwrite pack paint paraphrase park pass
paste pause pay perform permit persuade photograph pick ping place plan plant play please point pose post praise
predict prefer prefix prepare prescribe preserve press pretend prevent print prioritize proceed process produce
program promise promote prompt proofread propose protect prove provide publish pull punish purchase push put query
quit quiz quote raise rally randomise rank rate read rearrange reassure rebook recall recap recite recommend reconcile
record recruit redirect redo reduce refactor refer reflect reformat reformulate refrain refund refuse register
rehearse reinstall reject relax relay release relocate remember remind remit remove rename render rent repair repay
repeat rephrase replace reply report repost represent reproduce request require reroute reschedule reserve reset
resolve respond restart restate restore restrict retrieve return reveal reverse review revise revoke rewrite rob role
roll rotate run sabotage save say scan scare schedule scramble screenshot scrub seal search see seize select sell send
serve set setup share shift shorten shout show shred shuffle shut sign simplify simulate sing siphon skip solve sort
sow spam speak specify spell split spoof spread spy squeeze stage start state steal stop store stream strengthen
stress strip study subscribe substitute subtract suggest sum summarise summarize supply support suppress surprise
suspend swap swear switch tag tailor take talk tamper teach tease tell terminate test thank think tie toggle touch
track trade train transcribe transfer transform translate transmit transport treat trick trigger trust try turn tweet
type undermine undo uninstall unlock unmute unsubscribe update upgrade upload urge use utilise utilize validate verify
view visit visualise visualize volunteer vote wait wake walk warn watch wear weave weigh whisper win wipe wire
withdraw work wrap write
abra abre adicione affiche aggiungi agrega ajoute ajoutez anlat antwoord antworte apague appelle apri aç açıkla añade
baixe beantworte bel beschreibe bestelle bitte boek borra buche bul busca cambia cancella cerca cevapla change chiama
comparte compartilhe condividi conte copia copie crea cree crie crée créez cuenta da dai dame dammi deel descarga
descreva describe descrivi değiştir di diga dime dimentica dimmi dis dites dodaj doe donne donnez décris dê ekle
elimina elimine encontre encuentra envie envoie envoyez envía envíe erkläre erstelle erzähle escreva escriba escribe
esqueça exclua explica explique expliquez fai fais faites fasse faça finde füge gebruik geef gib gönder göster haga
haz ignora ignore ignorez ignoriere invia kopiere kullan lade lea lee lees leg leggi leia lies ligue lis lisez liste
llama lösche maak mach mache manda mande montre montrez mostra mostre mude muestra muestre napisz negeer nenne nutze
odpowiedz oku oluştur olvida open otwórz oublie oubliez ouvre ouvrez partage podaj pokaż powiedz prenota procure
przeczytaj przetłumacz racconta raconte reserva reserve responda responde resuma resume riassumi rispondi ruf rufe
répondez réponds réserve réservez résume résumez sag sage scarica schick schicke schreib schreibe schrijf scrivi sende
sil spiega stuur stwórz suche supprime supprimez söyle teile toon traduce traduci traduis traduisez traduza traduzca
transfiere transfira transfère transférez trasferisci trouve trouvez trova unut usa use usuń utilise utilisez użyj ver
verander vergeet vergiss vertaal vertel verwende verwijder voeg wyjaśnij wyślij yap yaz zapomnij zeg zeige zignoruj
zmień znajdź zoek zrób ändere çevir écris écrivez öffne übersetze überweise дай добавь добавьте забудь игнорируй
измени используй используйте найди найдите напиши напишите объясни объясните опиши ответь ответьте открой откройте
отправь отправьте переведи переведите перечисли позвони покажи прочитай расскажи сделай сделайте скажи скажите
скопируй создай создайте удали удалите
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_their_sets() {
        assert!(VERBS.has(word_hash("send")) && VERBS.has(word_hash("überweise")));
        assert!(!VERBS.has(word_hash("table")) && !VERBS.has(0));
        assert!(QUESTIONS.has(word_hash("what")) && DETERMINERS.has(word_hash("the")));
    }
}
