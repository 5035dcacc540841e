//! The tables of the data card.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use aop_rules::threats::model::Head;

use crate::corpora::Text;
use crate::examples::{Example, Examples};
use crate::fold::Fold;

/// What each fold's model finds of the files that it has not seen, and of AgentDojo's orders, which none has seen.
pub(crate) fn tables(texts: &[Text], orders: &[Vec<Text>; 2]) -> String {
    let examples = Examples::of(texts);
    let orders = [Examples::of(&orders[0]), Examples::of(&orders[1])];
    let mut page = String::new();
    write_tables(&mut page, &examples, &orders).expect("a string takes all");
    page
}

fn write_tables(page: &mut String, examples: &Examples, orders: &[Examples; 2]) -> fmt::Result {
    writeln!(page, "| head | file and kind, left out | | over the threshold | |")?;
    writeln!(page, "|---|---|---|---:|---:|")?;
    let mut on_orders = String::new();
    for fold in Fold::MEASURED {
        let weights = fold.train(examples).weights;
        write_left_out(page, "attack", fold, &examples.attack, &weights.attack)?;
        write_left_out(page, "instruction", fold, &examples.instruction, &weights.instruction)?;
        let [alone, in_results] = orders.each_ref().map(|orders| found(orders.instruction.iter(), &weights.instruction));
        writeln!(on_orders, "| {} | {alone} | {in_results} |", fold.without.join(" and "))?;
    }
    writeln!(page, "\n| model without | orders alone | | in results | |")?;
    writeln!(page, "|---|---:|---:|---:|---:|")?;
    page.push_str(&on_orders);
    Ok(())
}

/// A row for each group of texts in the files that a fold has not seen.
fn write_left_out(page: &mut String, name: &str, fold: &Fold, examples: &[Example], head: &Head) -> fmt::Result {
    let mut groups: BTreeMap<(&str, bool), Vec<&Example>> = BTreeMap::new();
    for example in examples.iter().filter(|example| fold.without.contains(&example.file.as_str())) {
        groups.entry((&example.group, example.is_wanted)).or_default().push(example);
    }
    for ((group, is_wanted), examples) in groups {
        let side = if is_wanted { "to find" } else { "harmless" };
        writeln!(page, "| {name} | {group} | {side} | {} |", found(examples.into_iter(), head))?;
    }
    Ok(())
}

/// How many are at or over the threshold, in counts and in per cent.
fn found<'e>(examples: impl ExactSizeIterator<Item = &'e Example>, head: &Head) -> String {
    let all = examples.len();
    let over = examples.filter(|example| example.score(head) >= i64::from(head.threshold)).count();
    format!("{over} of {all} | {:.1} %", 100.0 * over as f64 / all.max(1) as f64)
}
