//! The canonical form against RFC 8785.

use aop_toon::{Document, FaultKind, Limits, canonical_json};

fn canonical(json: &str) -> String {
    canonical_json(&Document::parse(json.as_bytes(), &Limits::default()).unwrap()).unwrap()
}

/// RFC 8785 section 3.2.2: literals, numbers and strings.
#[test]
fn the_sample_of_section_3_2_2() {
    let input = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }"#;
    let expected = concat!(
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    assert_eq!(canonical(input), expected);
}

/// RFC 8785 section 3.2.3: members in the order of UTF-16 code units, in which a surrogate pair stands before U+FB33.
#[test]
fn the_sorting_sample_of_section_3_2_3() {
    let input = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
      }"#;
    let expected = concat!(
        r#"{"\r":"Carriage Return","1":"One",""#,
        "\u{80}",
        r#"":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face",""#,
        "\u{fb33}",
        r#"":"Hebrew Letter Dalet With Dagesh"}"#
    );
    assert_eq!(canonical(input), expected);
}

/// RFC 8785 Appendix B: doubles by their bits, and what ECMAScript writes for them.
#[test]
fn the_numbers_of_appendix_b() {
    let samples: &[(u64, &str)] = &[
        (0x0000000000000000, "0"),
        (0x8000000000000000, "0"),
        (0x0000000000000001, "5e-324"),
        (0x8000000000000001, "-5e-324"),
        (0x7fefffffffffffff, "1.7976931348623157e+308"),
        (0xffefffffffffffff, "-1.7976931348623157e+308"),
        (0x4340000000000000, "9007199254740992"),
        (0xc340000000000000, "-9007199254740992"),
        (0x4430000000000000, "295147905179352830000"),
        (0x44b52d02c7e14af5, "9.999999999999997e+22"),
        (0x44b52d02c7e14af6, "1e+23"),
        (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
        (0x444b1ae4d6e2ef4e, "999999999999999700000"),
        (0x444b1ae4d6e2ef4f, "999999999999999900000"),
        (0x444b1ae4d6e2ef50, "1e+21"),
        (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
        (0x3eb0c6f7a0b5ed8d, "0.000001"),
        (0x41b3de4355555553, "333333333.3333332"),
        (0x41b3de4355555554, "333333333.33333325"),
        (0x41b3de4355555555, "333333333.3333333"),
        (0x41b3de4355555556, "333333333.3333334"),
        (0x41b3de4355555557, "333333333.33333343"),
        (0xbecbf647612f3696, "-0.0000033333333333333333"),
        (0x43143ff3c1cb0959, "1424953923781206.2"),
    ];
    for &(bits, expected) in samples {
        // With an exponent, so that the check for integers beyond 2^53 is about how a number is written, not about its size.
        let written = format!("{:e}", f64::from_bits(bits));
        assert_eq!(canonical(&written), expected, "{bits:016x} as {written}");
    }
}

#[test]
fn strings_are_written_as_ecmascript_writes_them() {
    let control: String = (0..0x20).map(|code| format!("\\u{code:04X}")).collect();
    let expected = concat!(
        r#"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#,
        r#"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"#
    );
    assert_eq!(canonical(&format!("\"{control}\"")), format!("\"{expected}\""));
    assert_eq!(canonical(r#""\u007f\u2028\u2029 \/ <>&\uD83D\uDE00""#), "\"\u{7f}\u{2028}\u{2029} / <>&😀\"");
}

#[test]
fn members_are_sorted_at_every_depth_and_by_their_text() {
    assert_eq!(
        canonical(r#" { "b" : [ { "z" : 1 , "y" : { } } ] , "\u0061b" : [ ] , "a" : "" , "" : 0 } "#),
        r#"{"":0,"a":"","ab":[],"b":[{"y":{},"z":1}]}"#
    );
}

#[test]
fn integers_that_two_parsers_read_differently_cannot_be_signed() {
    for fits in ["9007199254740991", "-9007199254740991", "-0", "9007199254740993.0", "1e300"] {
        canonical(fits);
    }
    for beyond in ["9007199254740992", "-9007199254740992", "9007199254740993", "123456789012345678901234567890"] {
        let json = format!(r#"{{"a":[0,{{"b/c":{beyond}}}]}}"#);
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let error = canonical_json(&document).unwrap_err();
        assert_eq!(error.faults()[0].kind, FaultKind::NotInteroperable);
        assert_eq!(error.faults()[0].pointer, "/a/1/b~1c");
        assert!(error.faults()[0].message.contains(beyond), "{error}");
    }
    let document = Document::parse(b"[9007199254740993,1,9007199254740995]", &Limits::default()).unwrap();
    let pointers: Vec<String> =
        canonical_json(&document).unwrap_err().faults().iter().map(|fault| fault.pointer.clone()).collect();
    assert_eq!(pointers, ["/0", "/2"], "every one of them is said");
}
