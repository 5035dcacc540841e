//! `total`

use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static TOTAL: Builtin = Builtin {
    name: "total",
    group: Group::List,
    parameters: &[required("list", &[Accepts::Numbers])],
    result: |types| item_type(types).required().clone(),
    result_text: "int | decimal",
    property: false,
    summary: "The sum of a list of numbers.",
    examples: &[example("total([1, 2, 3])", "6"), example("total([0.1, 0.2])", "0.3"), example("total([])", "0")],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let mut total = Decimal::ZERO;
    for item in list(arguments, 0)? {
        let Value::Number(number) = item? else { return Err(WRONG_TYPE) };
        total = decimal::add(total, number).ok_or(ARITHMETIC)?;
    }
    Ok(Value::Number(total))
}
