//! Values that people and agents write every day, full of quotation marks, operators and words of every language of code.

use aop_rules::threats::code::sql::{injection, statement};
use aop_rules::threats::code::{nosql, script};

use super::{Look, value};

#[test]
fn everyday_values_are_left_alone() {
    let looks: [(&str, Look); 4] = [
        ("sql", injection::find),
        ("statement", statement::find),
        ("script", script::injection::find),
        ("nosql", nosql::find),
    ];
    let mut flagged = Vec::new();
    for text in include_str!("everyday.txt").lines() {
        flagged.extend(
            looks.iter().filter(|(_, look)| look(&value(text)).is_some()).map(|(name, _)| format!("{name}: {text}")),
        );
    }
    assert!(flagged.is_empty(), "{}", flagged.join("\n"));
}

/// A program of several lines that builds queries and pages is no injection, whatever the key says.
#[test]
fn programs_are_left_alone() {
    let program = r#"import sqlite3

def page(name):
    query = "SELECT id FROM guests WHERE name = '" + name + "' OR 1=1"
    rows = sqlite3.connect("g.db").execute(query + " UNION SELECT 1").fetchall()
    html = "<script>var rows = " + str(rows) + "; alert('x');</script>"
    for row in rows:
        html += '<a href="javascript:open(1)" onclick="go()">' + row + "</a>"
    return html + "<iframe src='/x'></iframe>"

if __name__ == "__main__":
    print(page("x' or 'a'='a"))
"#;
    for look in [injection::find as Look, statement::find, script::injection::find, nosql::find] {
        assert_eq!(look(&value(program)), None);
    }
}
