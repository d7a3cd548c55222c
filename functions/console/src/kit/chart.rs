//! Bars for counts by day: a table that can be read, with the bars drawn beside the numbers.

use maud::{Markup, html};

use super::values::count;

/// One row of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What is counted, as a day.
    pub label: String,
    /// The count of each series, in their order.
    pub counts: Vec<u64>,
}

/// A table of counts with a bar for each. `head` heads the labels, `series` name the counts with their unit: 「友だち（人）」.
///
/// All bars share one scale. They are SVG because the policy of the pages allows no inline style.
#[must_use]
pub fn bar_chart(caption: &str, head: &str, series: &[&str], rows: &[Bars]) -> Markup {
    let most = rows.iter().flat_map(|row| &row.counts).copied().max().unwrap_or(0);
    html! {
        table.chart {
            caption { (caption) }
            thead {
                tr {
                    th scope="col" { (head) }
                    @for name in series { th scope="col" { (name) } }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (row.label) }
                        @for (at, number) in row.counts.iter().take(series.len()).enumerate() {
                            td {
                                div.chart-cell {
                                    span.chart-count { (count(*number)) }
                                    svg.chart-bar.chart-second[at % 2 == 1] aria-hidden="true" focusable="false" {
                                        rect width=(width(*number, most)) height="100%" {}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The share of the longest bar, in percent with one decimal.
fn width(number: u64, most: u64) -> String {
    let tenths = (u128::from(number) * 1_000).checked_div(u128::from(most)).unwrap_or(0);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn bars_are_in_proportion() {
        for (number, most, said) in
            [(0, 0, "0.0%"), (1, 3, "33.3%"), (3, 3, "100.0%"), (u64::MAX, u64::MAX, "100.0%"), (1, 2_000, "0.0%")]
        {
            assert_eq!(width(number, most), said);
        }
    }

    #[test]
    fn the_numbers_can_be_read() {
        let rows = [
            Bars { label: "1月1日".to_owned(), counts: vec![1_200, 3] },
            Bars { label: "1月2日".to_owned(), counts: vec![600, 0] },
        ];
        let html = bar_chart("友だち", "日付", &["友だち（人）", "ブロック（人）"], &rows).into_string();
        assert!(html.contains(
            r#"<th scope="row">1月1日</th><td><div class="chart-cell"><span class="chart-count">1,200</span>"#
        ));
        assert!(html.contains(r#"<rect width="50.0%" height="100%"></rect>"#), "{html}");
        assert_eq!(html.matches(r#"<svg class="chart-bar chart-second""#).count(), 2, "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&bar_chart(EVIL, EVIL, &[EVIL], &[Bars { label: EVIL.to_owned(), counts: vec![1, 2] }]));
    }
}
