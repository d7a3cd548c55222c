//! Before and after, side by side, for 「someone else changed this」 and for imports; marked by words and shape, not by color alone.

use maud::{Markup, html};

use crate::words::kit as words;

/// A text of more lines on one side is compared as a whole: the comparison grows with the product of both sides.
const LINES_MAX: usize = 300;

/// One thing that differs, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'a> {
    /// What it is.
    pub label: &'a str,
    /// One side; `None` if it was not there.
    pub before: Option<&'a str>,
    /// The other side; `None` if it is gone.
    pub after: Option<&'a str>,
}

/// A table of differences. `before` and `after` head the sides: 「保存されている内容」 and 「あなたの入力」.
#[must_use]
pub fn changes(caption: &str, before: &str, after: &str, changes: &[Change<'_>]) -> Markup {
    html! {
        table.table.diff role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for head in [words::ITEM, before, after] { th scope="col" role="columnheader" { (head) } }
                }
            }
            tbody role="rowgroup" {
                @for change in changes {
                    tr role="row" {
                        th scope="row" role="rowheader" data-label=(words::ITEM) { div { (change.label) } }
                        (sides(before, after, change))
                    }
                }
            }
        }
    }
}

fn sides(before: &str, after: &str, change: &Change<'_>) -> Markup {
    let old: Vec<&str> = change.before.map(|text| text.lines().collect()).unwrap_or_default();
    let new: Vec<&str> = change.after.map(|text| text.lines().collect()).unwrap_or_default();
    let (kept_old, kept_new) = common(&old, &new);
    html! {
        td role="cell" data-label=(before) { div { (side(&old, &kept_old, Side::Before)) } }
        td role="cell" data-label=(after) {
            div {
                @if change.before == change.after { span.same { (words::SAME) } }
                @else { (side(&new, &kept_new, Side::After)) }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

fn side(lines: &[&str], kept: &[Kept], side: Side) -> Markup {
    html! {
        @if lines.is_empty() { span.same { (words::NOTHING) } }
        @for (line, kept) in lines.iter().zip(kept) {
            @match (kept, side) {
                (Kept::Yes, _) => span.line { (line) },
                (Kept::No, Side::Before) => del.line { span.mark { (words::REMOVED) } " " (line) },
                (Kept::No, Side::After) => ins.line { span.mark { (words::ADDED) } " " (line) },
            }
        }
    }
}

/// Whether a line stands on the other side too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

/// The longest common run of lines, in order; for each side which lines belong to it.
fn common(old: &[&str], new: &[&str]) -> (Vec<Kept>, Vec<Kept>) {
    let (mut in_old, mut in_new) = (vec![Kept::No; old.len()], vec![Kept::No; new.len()]);
    if old.len() > LINES_MAX || new.len() > LINES_MAX {
        return (in_old, in_new);
    }
    // longest[i][j]: how many lines old[i..] and new[j..] have in common.
    let mut longest = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            longest[i][j] =
                if left == right { longest[i + 1][j + 1] + 1 } else { longest[i + 1][j].max(longest[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            (in_old[i], in_new[j]) = (Kept::Yes, Kept::Yes);
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (in_old, in_new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};
    use Kept::{No, Yes};

    #[test]
    fn common_lines_are_found() {
        assert_eq!(common(&["a", "b", "c"], &["a", "x", "c"]), (vec![Yes, No, Yes], vec![Yes, No, Yes]));
        assert_eq!(common(&["a"], &[]), (vec![No], vec![]));
        assert_eq!(common(&["a", "b"], &["b", "a"]).0.iter().filter(|kept| **kept == Yes).count(), 1);
        assert_eq!(common(&["x"; LINES_MAX + 1], &["x"]).1, vec![No]);
    }

    #[test]
    fn what_differs_is_said_in_words() {
        let change = Change { label: "分別", before: Some("燃やす\nごみ"), after: Some("資源\nごみ") };
        let html = changes("違い", "前", "後", &[change]).into_string();
        assert!(html.contains(concat!(
            r#"<td role="cell" data-label="前"><div><del class="line"><span class="mark">削除</span> 燃やす</del>"#,
            r#"<span class="line">ごみ</span></div></td>"#
        )));
        assert!(html.contains(r#"<ins class="line"><span class="mark">追加</span> 資源</ins>"#), "{html}");
    }

    #[test]
    fn what_is_new_gone_or_the_same_is_said() {
        let of = |before, after| changes("違い", "前", "後", &[Change { label: "x", before, after }]).into_string();
        assert!(of(None, Some("a")).contains("（なし）</span></div></td>"));
        assert!(of(Some("a"), None).contains("<del") && of(Some("a"), None).contains("（なし）"));
        assert!(of(Some("a"), Some("a")).contains("（同じ）") && !of(Some("a"), Some("a")).contains("<ins"));
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&changes(EVIL, EVIL, EVIL, &[Change { label: EVIL, before: Some(EVIL), after: Some("") }]));
    }
}
