//! What is folded away until somebody wants to see it; opens without scripts.

use maud::{Markup, html};

/// A line that opens to its content.
#[must_use]
pub fn fold(summary: &str, content: &Markup) -> Markup {
    html! { details.fold { summary { (summary) } div.fold-body { (content) } } }
}

/// The same, open at first.
#[must_use]
pub fn unfolded(summary: &str, content: &Markup) -> Markup {
    html! { details.fold open { summary { (summary) } div.fold-body { (content) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_tame};

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&fold(EVIL, &html! { p { (EVIL) } }));
        assert_tame(&unfolded(EVIL, &html! { p { (EVIL) } }));
    }
}
