use aop_toon::{Document, Limits};
use proptest::prelude::*;

use super::table::{ENTRIES_MAX, Entry};
use super::*;

const PAGE: SourceId = SourceId(7);

fn at(seq: u64) -> Source {
    Source { id: PAGE, seq, told: false }
}

fn table_of(texts: &[&str]) -> Table {
    let mut table = Table::default();
    for (index, text) in texts.iter().enumerate() {
        table.insert(at(index as u64 + 1), "/payload/result", text, &mut Scratch::default());
    }
    table
}

fn ask(table: &Table, value: &str) -> Vec<Flow> {
    let flows = table.query(PAGE, value, &Vocabulary::default(), &mut Scratch::default());
    assert!(flows.complete);
    flows.found
}

/// Whether the value derives from the text, which nobody has told.
fn check(source: &str, value: &str, expected: bool) {
    assert_eq!(!ask(&table_of(&[source]), value).is_empty(), expected, "{value:?} from {source:?}");
}

fn normal(text: &str) -> Vec<u8> {
    let mut normal = Normal::default();
    normal.read(text);
    normal.units().to_vec()
}

#[test]
fn a_copy_is_found_in_any_dress() {
    let said = "Please forward the quarterly figures to the auditors before Monday morning.";
    for copy in [
        "forward the quarterly figures to the auditors",
        "FORWARD  THE\nQUARTERLY\tFIGURES TO THE AUDITORS",
        "> forward the **quarterly** figures\n> to the `auditors`",
        "\"forward the \\\"quarterly\\\" figures\\n\\tto the auditors\"",
        "forward the\\\\n\\u0071uarterly figures to the auditors",
        "Hi Ann, as discussed yesterday, could you please forward the quarterly figures to the auditors? Thanks a lot and see you, Kim",
    ] {
        check(said, copy, true);
    }
    check("Liberté, égalité, fraternité de tous", "liberte egalite fraternite de tous", true);
    check("会议记录将于星期五之前发送给全体成员", "请注意：会议记录将于星期五之前发送给全体成员。", true);
    check(
        r"stored in C:\new\table\finances\reports",
        "{\"p\": \"C:\\\\new\\\\table\\\\finances\\\\reports\"} is where",
        true,
    );
}

#[test]
fn ordinary_words_are_no_copy() {
    let said = "Thank you for your message. Please find the information about the reservation below.";
    check(said, "Please send me more information about flights and the weather in Rome next week", false);
    check(said, "Thank you, that was all for today and I wish you a very nice evening", false);
    check(said, "", false);
    check("", "anything at all that could be said", false);
}

#[test]
fn half_of_a_short_value_is_enough() {
    check("Stay at the Luxury Palace, breakfast included", "Luxury Palace", true);
    check("Stay at the Luxury Palace, breakfast included", "Luxury Palace, Rome", true);
    check("Stay at the Luxury Palace, breakfast included", "Luxury cars for everyone", false);
}

#[test]
fn single_tokens_are_compared_as_a_whole() {
    let said =
        "Pay LT60 1010 0123 4567 8901 or mail desk@harbour.example, see https://www.harbour.example/invoices/2024/april.";
    check(said, "LT601010012345678901", true);
    check(said, "lt60 1010 0123 4567 8901", true);
    check(said, "LT601010012345678902", false);
    check(said, "Desk@Harbour.example", true);
    check(said, "desk@harbour.example.org", false);
    check(said, "harbour.example/invoices/2024/april", true);
    check(said, "https://harbour.example/invoices/2024/may", true);
    check(said, "https://port.example/invoices/2024/april", false);
    check(said, "write to desk@harbour.example now", true);
    check("build 4f9a2c77 is red", "the fix is 4f9a2c77", true);
    check("see budget.xlsx", "attach budget.xlsx please", true);
    check("on 2025-12-05 at noon", "from 2025-12-05 on", false);
}

#[test]
fn a_short_value_counts_as_a_whole() {
    check("please pay Mallory soon", "mallory", true);
    check("please pay Mallory soon", "Mall", false);
    check("please pay Mallory soon", "to Mallory with thanks", false);
    check("ask Bob Lee about it", "Bob Lee", true);
    check("ask Bob Fry and Ann Lee", "Bob Lee", false);
    check("it is 1200 now", "1200", false);
    check("yes", "yes", false);
}

#[test]
fn what_was_told_is_nobody_elses() {
    let mut table = table_of(&["pay Mallory, mail desk@harbour.example", "the same: desk@harbour.example"]);
    let scratch = &mut Scratch::default();
    assert_eq!(ask(&table, "desk@harbour.example").len(), 2);
    assert_eq!(ask(&table, "Mallory").len(), 1);
    table.insert_told("Mail Desk@Harbour.example and pay mallory.", scratch);
    assert!(ask(&table, "desk@harbour.example").is_empty());
    assert!(ask(&table, "Mallory").is_empty());
    // A user's message as a source is not told by somebody else.
    let user = Source { id: SourceId(8), seq: 3, told: true };
    table.insert(user, "/payload/thought", "Mail desk@harbour.example", scratch);
    let flows = table.query(user.id, "desk@harbour.example", &Vocabulary::default(), scratch);
    assert_eq!(flows.found.iter().map(|flow| flow.seq).collect::<Vec<_>>(), [3]);
}

#[test]
fn declared_names_are_vocabulary() {
    let table = table_of(&["now call research_database and GrantLedger"]);
    let vocabulary = Vocabulary::new(["research_database", "send_mail"]);
    let derives = |value: &str| !table.query(PAGE, value, &vocabulary, &mut Scratch::default()).found.is_empty();
    assert!(!derives("research_database"));
    assert!(derives("GrantLedger"));
}

#[test]
fn a_url_may_carry_text_away() {
    let said = "The quarterly figures are twelve million in sales";
    check(said, "https://collect.example/?d=thequarterlyfiguresaretwelvemillioninsales", true);
    check(
        "https://news.example/archive/section/politics/2024/one",
        "https://press.example/archive/section/politics/2024/one",
        false,
    );
}

#[test]
fn leaves_are_told_apart_with_their_pointers() {
    let event = br#"{"payload": {"result": {"rows": [{"note": "see \"the quarterly figures of the harbour office\""}, {"id": 44012345}]}}}"#;
    let document = Document::parse(event, &Limits::default()).unwrap();
    let scratch = &mut Scratch::default();
    let mut table = Table::default();
    table.insert_value(at(4), document.pointer("/payload/result").unwrap(), scratch);
    let request =
        br#"{"to": "x", "list": ["nothing", "Look: the quarterly figures of the harbour office."], "n": 44012345}"#;
    let request = Document::parse(request, &Limits::default()).unwrap();
    let flows = table.query_value(PAGE, request.root(), &Vocabulary::default(), scratch);
    let [flow] = flows.found.as_slice() else { panic!("{flows:?}") };
    assert_eq!((flow.seq, flow.source_path.as_str()), (4, "/payload/result/rows/0/note"));
    assert_eq!(flow.leaf, Some(request.pointer("/list/1").unwrap().id()));
    assert_eq!(flow.bytes, "the quarterly figures of the harbour office".len());
    let number = table.query_value(PAGE, request.pointer("/n").unwrap(), &Vocabulary::default(), scratch);
    assert_eq!(number.found[0].source_path, "/payload/result/rows/1/id");
}

#[test]
fn places_are_apart_and_can_be_forgotten() {
    let mut table = table_of(&["mail desk@harbour.example"]);
    let other = Source { id: SourceId(9), seq: 2, told: false };
    table.insert(other, "", "mail tom@harbour.example", &mut Scratch::default());
    assert!(ask(&table, "tom@harbour.example").is_empty());
    let before = table.clone();
    table.keep(&[PAGE, other.id]);
    assert_eq!(table, before);
    table.keep(&[other.id]);
    assert!(ask(&table, "desk@harbour.example").is_empty());
    assert_eq!(table.query(other.id, "tom@harbour.example", &Vocabulary::default(), &mut Scratch::default()).found.len(), 1);
}

#[test]
fn a_full_table_is_bounded_and_says_so() {
    let scratch = &mut Scratch::default();
    let mut table = Table::default();
    let mut number: u64 = 1;
    let mut seq = 0;
    while !table.is_full() {
        let text: String = (0..200)
            .map(|_| {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("{:x} ", number >> 40)
            })
            .collect();
        seq += 1;
        table.insert(at(seq), "/payload/result", &text, scratch);
    }
    assert_eq!(table.len(), ENTRIES_MAX);
    assert!(!table.query(PAGE, "something else that was never said here", &Vocabulary::default(), scratch).complete);
    let written = serde_json::to_string(&table).unwrap();
    assert!(written.len() < 4_000_000, "{}", written.len());
    assert_eq!(serde_json::from_str::<Table>(&written).unwrap(), table);
}

#[test]
fn many_told_words_make_tokens_unknown() {
    let scratch = &mut Scratch::default();
    let mut table = table_of(&["mail desk@harbour.example"]);
    let words: String = (0..40_000).map(|number| format!("word{number} ")).collect();
    table.insert_told(&words, scratch);
    let flows = table.query(PAGE, "desk@harbour.example", &Vocabulary::default(), scratch);
    assert_eq!(flows, Flows { found: vec![], complete: false });
}

#[test]
fn a_crowded_chain_fills_the_table_and_costs_nothing() {
    let mut table = Table::default();
    let event = table.event(at(1));
    let leaf = table.begin_leaf(event);
    for crowd in 0..1000 {
        table.put(event, Entry { hash: crowd << 32, beside: 0, leaf, start: 0, end: 1, unit: 0 });
    }
    assert!(table.is_full());
    assert!(table.len() < 100);
}

#[test]
fn a_flood_of_one_phrase_ends_the_search() {
    let scratch = &mut Scratch::default();
    let mut table = Table::default();
    for seq in 1..5_000 {
        table.insert(at(seq), "", "the same phrase every time", scratch);
    }
    let value = "the same phrase every time ".repeat(500);
    let flows = table.query(PAGE, &value, &Vocabulary::default(), scratch);
    assert!(!flows.complete);
    assert!(!flows.found.is_empty());
}

#[test]
fn addresses_are_mails_domains_urls_and_accounts() {
    let text = "Mail a.b@mail.example or (see www.harbour.example/x?y=1&z), notes.txt, LT60 1010 0123 4567 8901; e.g. v1.2";
    let found: Vec<&str> = addresses(text).into_iter().map(|span| &text[span]).collect();
    assert_eq!(found, ["a.b@mail.example", "www.harbour.example/x?y=1&z", "LT60 1010 0123 4567 8901"]);
}

#[test]
fn a_state_that_does_not_fit_together_is_refused() {
    let good = serde_json::to_string(&table_of(&["mail desk@harbour.example about the quarterly figures"])).unwrap();
    assert!(serde_json::from_str::<Table>(&good).is_ok());
    for (from, to) in [
        (r#""version":2"#, r#""version":1"#),
        (r#""event":0"#, r#""event":3"#),
        (r#""leaves":["#, r#""leaves":[],"x":["#),
        (r#""entries":""#, r#""entries":"!"#),
        (r#""entries":""#, r#""entries":"AAAA"#),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert!(serde_json::from_str::<Table>(&bad).is_err(), "{bad}");
    }
}

/// Words of a made-up language, so that nothing is shared by chance.
fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z]{2,9}", count)
}

/// What may happen to a text on its way.
fn dressed(text: &str, dress: u8) -> String {
    match dress % 7 {
        0 => text.to_owned(),
        1 => text.to_uppercase(),
        2 => text.replace(' ', "\n> "),
        3 => serde_json::to_string(&text.replace(' ', "\n\t\"")).unwrap(),
        4 => serde_json::to_string(&serde_json::to_string(&text.replace(' ', "\n")).unwrap()).unwrap(),
        5 => text.replace(' ', "%20"),
        _ => text.replace(' ', "** *").replace('e', "\\u0065"),
    }
}

/// The longest piece that two normal forms share, the slow way.
fn longest_shared(one: &[u8], other: &[u8]) -> usize {
    let mut row = vec![0; other.len() + 1];
    let mut longest = 0;
    for unit in one {
        for at in (0..other.len()).rev() {
            row[at + 1] = if other[at] == *unit { row[at] + 1 } else { 0 };
            longest = longest.max(row[at + 1]);
        }
    }
    longest
}

/// A run of which nothing was left was measured all the same.
#[test]
fn a_run_that_was_cut_off_is_none() {
    let (source, value) = ("abbaabaaabaabaaabba", "bbaabaaababa a");
    for flow in ask(&table_of(&[source]), value) {
        assert_eq!(normal(&value[flow.value_span.clone()]), normal(&source[flow.source_span.clone()]));
    }
}

proptest! {
    #[test]
    fn a_long_copy_is_always_found(before in words(0..30), copied in words(12..30), behind in words(0..30), new in words(0..60), dress: u8) {
        let copied = copied.join(" ");
        prop_assume!(normal(&copied).len() >= COPIED_UNITS_ENOUGH);
        let source = [&before.join(" "), &copied, &behind.join(" ")].map(|part| part.as_str()).join(" ");
        let value = format!("{} {} {}", new.join(" "), dressed(&copied, dress), new.join("-"));
        let table = table_of(&["something else altogether", &source]);
        let found = ask(&table, &value);
        let flow = found.iter().find(|flow| flow.seq == 2);
        prop_assert!(flow.is_some(), "{value:?} from {source:?}");
        let flow = flow.unwrap();
        prop_assert_eq!(normal(&value[flow.value_span.clone()]), normal(&source[flow.source_span.clone()]));
    }

    #[test]
    fn whole_short_values_are_found(before in words(0..30), copied in words(2..4), behind in words(0..30), dress in 0u8..3) {
        let copied = copied.join(" ");
        let source = [&before.join(" "), &copied, &behind.join(" ")].map(|part| part.as_str()).join(" ");
        prop_assert!(!ask(&table_of(&[&source]), &dressed(&copied, dress).replace("> ", "")).is_empty());
    }

    #[test]
    fn pieces_are_measured_to_the_unit(source in "[ab ]{0,60}", value in "[ab ]{0,60}") {
        // Two letters make repetitions of every kind.
        let longest = longest_shared(&normal(&source), &normal(&value));
        let found = ask(&table_of(&[&source]), &value);
        if longest >= COPIED_UNITS_ENOUGH {
            prop_assert!(!found.is_empty());
        }
        for flow in found {
            prop_assert_eq!(normal(&value[flow.value_span.clone()]), normal(&source[flow.source_span.clone()]));
        }
    }

    #[test]
    fn order_does_not_matter(texts in prop::collection::vec(words(3..25), 1..6), pick: prop::sample::Index) {
        let texts: Vec<String> = texts.iter().map(|words| words.join(" ")).collect();
        let value = texts[pick.index(texts.len())].clone();
        let answers = |order: &mut dyn Iterator<Item = usize>| {
            let mut table = Table::default();
            for index in order {
                table.insert(at(index as u64), "", &texts[index], &mut Scratch::default());
            }
            ask(&table, &value).into_iter().map(|flow| (flow.seq, flow.bytes)).collect::<Vec<_>>()
        };
        prop_assert_eq!(answers(&mut (0..texts.len())), answers(&mut (0..texts.len()).rev()));
    }

    #[test]
    fn any_text_can_be_read_and_written_out(source: String, value: String, told: String) {
        let scratch = &mut Scratch::default();
        let mut table = Table::default();
        table.insert(at(1), "/a", &source, scratch);
        table.insert_told(&told, scratch);
        let back: Table = serde_json::from_str(&serde_json::to_string(&table).unwrap()).unwrap();
        prop_assert_eq!(&back, &table);
        let flows = table.query(PAGE, &value, &Vocabulary::default(), scratch);
        prop_assert_eq!(&back.query(PAGE, &value, &Vocabulary::default(), scratch), &flows);
        for flow in flows.found {
            prop_assert!(value.get(flow.value_span).is_some() && source.get(flow.source_span).is_some());
        }
    }

    #[test]
    fn hostile_escapes_are_read(text in r#"[\\un0dD89a-f \n"'@./:?é“%]{0,80}"#) {
        let table = table_of(&[&text]);
        for flow in ask(&table, &text) {
            prop_assert!(text.get(flow.value_span).is_some() && text.get(flow.source_span).is_some());
        }
    }

    /// The marks find what the character by character way finds.
    #[test]
    fn words_are_read_alike_by_both_ways(text in "([A-Za-z]{1,5}|[ .:,/@_\\\\-]|[0-9]{1,3}|LT60|\n|\t|\\\\n|\\||é|“|\u{200b}|\u{a0}|Ｌ|＠){0,60}") {
        let mut tokens = Tokens::default();
        tokens.read(&text);
        let slowly = tokens::slowly(&text);
        prop_assert_eq!(&tokens.found, &slowly);
        let pieces = tokens.pieces;
        tokens.read_exact(&text);
        prop_assert_eq!(tokens.pieces, pieces);
        prop_assert_eq!(tokens.found, slowly.into_iter().filter(|token| token.kind.is_exact()).collect::<Vec<_>>());
    }
}
