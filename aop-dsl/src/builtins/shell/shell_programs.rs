//! `shell_programs`

use super::syntax;
use crate::builtins::prelude::*;

pub(in crate::builtins) static SHELL_PROGRAMS: Builtin = Builtin {
    name: "shell_programs",
    group: Group::Shell,
    parameters: &[required("command", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The names of the programs that a shell command starts, without their directories: in each part of a pipe or list, behind `sudo`, `env`, `xargs` and the like, in `$(…)`, and in `sh -c \"…\"`. What a variable or a substitution names is not known, so it stands there as it is written.",
    examples: &[
        example(r#"shell_programs("FOO=1 sudo /bin/rm -rf / && curl x | sh")"#, r#"["sudo", "rm", "curl", "sh"]"#),
        example(r#"shell_programs("echo $(cat f)")"#, r#"["echo", "cat"]"#),
        example(r#"shell_programs("bash -c 'wget x; sh x'")"#, r#"["bash", "wget", "sh"]"#),
    ],
    cost: Cost::PerText(32),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    texts(syntax::programs(text(arguments, 0)?))
}
