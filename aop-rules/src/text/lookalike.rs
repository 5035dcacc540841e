//! Letters of other scripts that are drawn like Latin ones, and the Latin letter below accents and strokes.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The Latin letters, lower case, that a reader takes a character for: nothing of what is drawn upon it, of its script or of
/// the box around it is left. A mark by itself is nothing; a character that looks like no letter is itself.
///
/// ```
/// use aop_rules::text::lookalike::letters;
///
/// let read = |text: &str| text.chars().flat_map(letters).collect::<String>();
/// assert_eq!(read("íɢռО\u{335}г\u{489}𝖊"), "ignore");
/// assert_eq!(read("🅸🇬ⓝⒺ"), "igne");
/// assert_eq!(read("日本"), "日本");
/// ```
pub fn letters(character: char) -> impl Iterator<Item = char> {
    let is_ascii = character.is_ascii();
    let ascii = is_ascii.then(|| character.to_ascii_lowercase());
    let other = (!is_ascii).then(|| std::iter::once(character).nfkd().filter(|&part| !is_mark(part)).map(letter));
    ascii.into_iter().chain(other.into_iter().flatten())
}

/// The letter that a character is drawn like, a capital where that is one.
pub(crate) fn in_case_of(character: char, letter: char) -> char {
    if character.is_uppercase() { letter.to_ascii_uppercase() } else { letter }
}

/// Whether a character is drawn upon the one before it.
pub(crate) fn is_mark(character: char) -> bool {
    !character.is_ascii() && is_combining_mark(character)
}

/// One character without a decomposition as the Latin letter it is drawn like, lower case.
fn letter(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let found = LATIN.binary_search_by_key(&character, |(known, _)| *known);
    found.map_or(character, |place| char::from(LATIN[place].1))
}

static LATIN: LazyLock<Vec<(char, u8)>> = LazyLock::new(|| {
    let mut latin: Vec<_> =
        DRAWN_LIKE.iter().flat_map(|&(letter, drawn)| drawn.chars().map(move |character| (character, letter))).collect();
    latin.sort_unstable();
    latin
});

/// For each Latin letter, what is drawn like it and has no decomposition: what Unicode's `confusables.txt` (UTS #39, version
/// 18) leads to it, letters whose names say that they are forms of it (with a stroke or a hook, small capital, turned, boxed,
/// regional), and the Greek and Cyrillic ones that look like it only from afar (`И`, `Я`, `σ`).
static DRAWN_LIKE: &[(u8, &str)] = &[
    (b'a', "ȺɅɐɑΑΔΛαАДЛадӅᎪᐱᗄᗅᴀᶏⱥⱯꓥꓮꓯꭤꭺ🅐🅰🇦"),
    (b'b', "ßƀƁƂƄɃɓʙΒβБВЬбвьѢѣҌҍᏏᏴᏼᑲᑳᖯᗷᴃᵬᶀⲂⲃꓐꞖꞗꞴ🅑🅱🇧"),
    (b'c', "ƇƈȻȼɔɕͻͽεϛϿСсҪҫԑᏟᲃᴄↄⲈⲉⲤⲥꓚꜾꜿꞒꞓꞔꟄꮛꮯ🅒🅲🇨"),
    (b'd', "ÐĐđƉƊƋƌȡɖɗԁძᎠᏧᑯᗞᗪᴅᵭᶁᶑꓒꓓꝹꝺꟇꟈꭰ🅓🅳🇩"),
    (b'e', "ƎƏƐǝɆɇɘəɛɜɝɞʚΕξЄЕЭезэєҙҽҿӘәԐᎬᏋᴇᴈᶒᶓᶔⱸⱻꓰꓱꜪꞝꞫꬲꬳꬴꭼ🅔🅴🇪"),
    (b'f', "ƑƒϜϝғքᖴᵮᶂꓝꜰꝻꝼꞘꞙꬵ🅕🅵🇫"),
    (b'g', "ƃƍƓǤǥɠɡɢʛԌԍցᏀᏳᏻᵷᵹᶃꓖꝽꝾꝿꞠꞡꞬꟐꟑꬶꮐ🅖🅶🇬"),
    (b'h', "ĦħɥɦʜʮʯͰΗНнћҢңҺһӇӈӉӊհႹᎨᎰᎻᏂᏲᕼⱧⱨⱵⱶⲎⲏꓧꚕꞍꞕꞪꟵꟶꮀꮋ🅗🅷🇭"),
    (b'i', "ıƖƗɨɩɪΙιІіւᎥᴉᵻᵼᶖⲒⲓꓲꙇꞮꭵ🅘🅸🇮"),
    (b'j', "ȷɈɉɟʄʝͿϳЈјյᎫᒍᴊꓙꞲꭻ🅙🅹🇯"),
    (b'k', "ƘƙʞΚКкҚҞᏦᴋᶄⱩⱪⲔꓗꝀꝁꝂꝃꝄꝅꞢꞣꞰ🅚🅺🇰"),
    (b'l', "ŁłƚǀȴȽɫɬɭʟӀӏᏞᒪᴌᶅⱠⱡⱢⳐⳑꓡꝈꝉꞀꞁꞎꞭꟾꬷꬸꬹꮮ🅛🅻🇱"),
    (b'm', "ƜɯɰɱΜϺМмӍպᎷᗰᴍᴟᵯᶆⱮⲘⲙꓟꟺꬺꮇ🅜🅼🇲"),
    (b'n', "ŋƝƞȠȵɲɳɴͷΝΠηπИПипҋղոռᴎᵰᶇⲚⲛꓠꞐꞑꞤꞥꬻ🅝🅽🇳"),
    (b'o', "ØøƆƟɵΘΟΣδθοσϭϽОФофѲѳӨөՕօთჿᎤᎾᏫᲂᲿᴏᴐᴑᴒᴓᶗⱺⲐⲑⲞⲟꓛꓳꝊꝋꝌꝍꬽꬾꬿꭴꮎꮻ🅞🅾🇴"),
    (b'p', "þƤƥƿΡρϸРрᏢᑭᴘᴩᵱᵽᶈⱣⲢⲣⳎⳏꓑꝐꝑꝒꝓꝔꝕꮲ🅟🅿🆊🇵"),
    (b'q', "ɋʠφԚԛգզᶐꝖꝗꝘꝙꞯ🅠🆀🇶"),
    (b'r', "ƦɌɍɹɺɻɼɽɾɿʀГЯгяᎡᏒᖇᴙᴚᴦᵲᵳᶉⱤⱹⲅꓣꝚꝛꞂꞃꞦꞧꭆꭇꭈꭉꭋꭌꭨꭱꮁꮢ🅡🆁🇷"),
    (b's', "ƽȿʂςЅѕՏႽჽᏕᏚᲽᵴᶊẜẝⱾꓢꜱꞄꞅꞨꞩꟅꟉꟊꮪ🅢🆂🇸"),
    (b't', "ŦŧƫƬƭƮȶȾʇʈΤτТтҬҭႠᎢᎿᴛᵵⱦⲦⲧꓔꚌꚍꞆꞇꞱꭲ🅣🆃🇹"),
    (b'u', "ɄμυЦцџՍսᏌᑌᴜᴝᵾᶙꓴꞟꞸꞹꭎꭒꮜ🅤🆄🇺"),
    (b'v', "ƲʋʌνѴѵᏙᐯᴠᴧᶌỼỽⱱⱴⲗꓦꝞꝟꮩ🅥🆅🇻"),
    (b'w', "ʍΩωШЩшщѡѽӎԜԝաᎳᏔᴡⱲⱳⲽꓪꝡꮃꮤ🅦🆆🇼"),
    (b'x', "ΧχЖХжхҲᕁᕽᶍⲬꓫꞳꭖꭗꭘꭙ🅧🆇🇽"),
    (b'y', "ƳƴɎɏɣʎʏΥγλУЧучҮүҰұყᎩᎽỾỿⲨⲩꓬꭚ🅨🆈🇾"),
    (b'z', "ƵƶȤȥɀʐʑΖζჍᏃᴢᵶᶎⱫⱬⱿⲌⲍⴭꓜꝢꝣꟆꮓ🅩🆉🇿"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_has_one_letter() {
        let twice: Vec<_> = LATIN.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(LATIN.iter().all(|(character, _)| !character.is_ascii()));
    }

    #[test]
    fn every_way_to_draw_a_word_is_the_word() {
        for word in [
            "ιgиσяє",
            "ĭğňõŕê",
            "ＩＧＮＯＲＥ",
            "𝕚𝕘𝕟𝕠𝕣𝕖",
            "ⓘⓖⓝⓞⓡⓔ",
            "🅘🅖🅝🅞🅡🅔",
            "🄸🄶🄽🄾🅁🄴",
            "🇮🇬🇳🇴🇷🇪",
            "ɪɢɴᴏʀᴇ",
            "ᎥᏀℕᎾᏒᎬ",
            "ꓲꓖꓠꓳꓣꓰ",
            "ⁱᵍⁿᵒʳᵉ",
            "ı\u{337}g\u{337}n\u{337}o\u{337}r\u{337}e\u{337}",
        ] {
            assert_eq!(word.chars().flat_map(letters).collect::<String>(), "ignore", "{word}");
        }
    }
}
