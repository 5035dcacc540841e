//! Charts as inline SVG, with the numbers in them as text.

use super::markup::escaped;

/// More bars than these are not drawn; it is said how many were left out.
const BARS_MAX: usize = 12;

/// A bar for each of these, the longest first, as a figure. Each has a name, a length, and what is written at its end.
pub(super) fn bars(title: &str, mut of: Vec<(String, f64, String)>) -> String {
    of.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let left_out = of.len().saturating_sub(BARS_MAX);
    of.truncate(BARS_MAX);
    const ROW: usize = 24;
    const NAME: usize = 190;
    const LONGEST: f64 = 170.0;
    let most = of.iter().map(|(_, length, _)| *length).fold(f64::MIN_POSITIVE, f64::max);
    let mut rows = String::new();
    for (place, (name, length, said)) in of.iter().enumerate() {
        let (top, width) = (place * ROW, (length / most * LONGEST).max(1.0));
        let (baseline, end) = (top + 16, NAME as f64 + width + 6.0);
        let (name, said) = (escaped(&cut(name)), escaped(said));
        rows.push_str(&format!(
            "<text x=\"{}\" y=\"{baseline}\" text-anchor=\"end\">{name}</text><rect x=\"{NAME}\" y=\"{}\" width=\"{width:.1}\" height=\"15\"/>\
             <text x=\"{end:.1}\" y=\"{baseline}\">{said}</text>\n",
            NAME - 8,
            top + 4,
        ));
    }
    let more = if left_out > 0 { format!("<p class=\"dim\">and {left_out} more</p>") } else { String::new() };
    figure(title, 440, of.len() * ROW + 4, &rows, &more)
}

/// How many there are in each part of a length of time, as a figure.
pub(super) fn columns(title: &str, counts: &[u64], from: &str, to: &str) -> String {
    const HEIGHT: f64 = 100.0;
    const WIDTH: usize = 440;
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let step = WIDTH as f64 / counts.len().max(1) as f64;
    let mut drawn = String::new();
    for (place, count) in counts.iter().enumerate() {
        let height = *count as f64 / most as f64 * HEIGHT;
        drawn.push_str(&format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{count}</title></rect>\n",
            place as f64 * step,
            HEIGHT + 18.0 - height,
            (step - 2.0).max(1.0),
        ));
    }
    drawn.push_str(&format!(
        "<text x=\"0\" y=\"12\">at most {most}</text><text x=\"0\" y=\"135\">{}</text><text x=\"{WIDTH}\" y=\"135\" text-anchor=\"end\">{}</text>",
        escaped(from),
        escaped(to)
    ));
    figure(title, WIDTH, 140, &drawn, "")
}

fn figure(title: &str, width: usize, height: usize, drawn: &str, more: &str) -> String {
    let title = escaped(title);
    format!(
        "<figure><figcaption>{title}</figcaption>\n<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n{drawn}</svg>{more}</figure>\n"
    )
}

fn cut(name: &str) -> String {
    const CHARACTERS_MAX: usize = 26;
    match name.char_indices().nth(CHARACTERS_MAX) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", &name[..end]),
    }
}
