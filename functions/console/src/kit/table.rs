//! Tables with a caption and headed cells; on a narrow screen each row becomes a block that names its cells.

use maud::{Markup, html};

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    label: &'a str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    RowHead,
    Text,
    Number,
}

impl<'a> Column<'a> {
    /// What names the row; most often the first column.
    #[must_use]
    pub const fn row_head(label: &'a str) -> Self {
        Self { label, kind: Kind::RowHead }
    }

    /// Text, or whatever else stands at the left.
    #[must_use]
    pub const fn text(label: &'a str) -> Self {
        Self { label, kind: Kind::Text }
    }

    /// Numbers, at the right.
    #[must_use]
    pub const fn number(label: &'a str) -> Self {
        Self { label, kind: Kind::Number }
    }
}

/// A table; `empty` stands in its place while there are no rows, and says what to do then.
///
/// Roles are written out because a row shown as a block loses its own in some browsers.
#[must_use]
pub fn table(caption: &str, columns: &[Column<'_>], rows: &[Vec<Markup>], empty: &Markup) -> Markup {
    html! {
        @if rows.is_empty() {
            div.empty { p.label { (caption) } (empty) }
        } @else {
            table.table role="table" {
                caption { (caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in columns {
                            th class=[(column.kind == Kind::Number).then_some("number")] scope="col" role="columnheader" { (column.label) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" { @for (column, cell) in columns.iter().zip(row) { (cell_of(column, cell)) } }
                    }
                }
            }
        }
    }
}

fn cell_of(column: &Column<'_>, content: &Markup) -> Markup {
    html! {
        @match column.kind {
            Kind::RowHead => th scope="row" role="rowheader" data-label=(column.label) { div { (content) } },
            Kind::Text => td role="cell" data-label=(column.label) { div { (content) } },
            Kind::Number => td.number role="cell" data-label=(column.label) { div { (content) } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn cells_know_their_heads() {
        let columns = [Column::row_head("品目"), Column::number("件数")];
        let html = table("一覧", &columns, &[vec![html! { "電池" }, html! { "3" }]], &html! {}).into_string();
        assert_eq!(
            html,
            concat!(
                r#"<table class="table" role="table"><caption>一覧</caption><thead role="rowgroup"><tr role="row">"#,
                r#"<th scope="col" role="columnheader">品目</th>"#,
                r#"<th class="number" scope="col" role="columnheader">件数</th></tr></thead>"#,
                r#"<tbody role="rowgroup"><tr role="row">"#,
                r#"<th scope="row" role="rowheader" data-label="品目"><div>電池</div></th>"#,
                r#"<td class="number" role="cell" data-label="件数"><div>3</div></td></tr></tbody></table>"#
            )
        );
    }

    #[test]
    fn an_empty_table_says_so() {
        let html = table("一覧", &[Column::text("品目")], &[], &html! { p { "まだありません。" } }).into_string();
        assert!(!html.contains("<table") && html.contains("まだありません。") && html.contains("一覧"), "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&table(EVIL, &[Column::text(EVIL)], &[vec![html! { (EVIL) }]], &html! {}));
        assert_tame(&table(EVIL, &[], &[], &html! {}));
    }
}
