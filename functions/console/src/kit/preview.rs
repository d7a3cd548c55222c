//! A picture of a phone with the text as a resident will see it; where scripts run, it follows what is typed.

use maud::{Markup, html};

use super::fields::{Field, id_of, textarea};
use crate::words::kit as words;

/// What the phone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhonePreview<'a> {
    /// The name of the field of text ([`super::textarea`]) on the same page that it follows.
    pub field: &'a str,
    /// The name of the account, above the chat.
    pub account: &'a str,
    /// The text now.
    pub text: &'a str,
}

/// The picture of a phone.
#[must_use]
pub fn phone_preview(preview: &PhonePreview<'_>) -> Markup {
    html! {
        figure.preview {
            figcaption.label { (words::PREVIEW) }
            div.phone {
                p.phone-account { (preview.account) }
                p.bubble data-preview data-for=(id_of(preview.field)) data-empty=(words::PREVIEW_EMPTY) {
                    @if preview.text.trim().is_empty() { (words::PREVIEW_EMPTY) } @else { (preview.text) }
                }
            }
        }
    }
}

/// A field of text with the picture of a phone beside it (below it on a narrow screen).
#[must_use]
pub fn compose(text: &Field<'_>, account: &str) -> Markup {
    html! {
        div.compose {
            (textarea(text))
            (phone_preview(&PhonePreview { field: text.name, account, text: &text.value }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, assert_tame};

    #[test]
    fn it_shows_the_text_and_follows_the_field() {
        let page = compose(&Field::new("text", "本文").value("こんにちは").units_max(5_000), "回覧市");
        assert_labelled(&page);
        assert!(page.0.contains(r#"data-for="f-text" data-empty="#), "{}", page.0);
        assert!(page.0.contains(">こんにちは</p>"), "{}", page.0);
    }

    #[test]
    fn an_empty_bubble_says_so() {
        let html = phone_preview(&PhonePreview { field: "text", account: "回覧市", text: " \n" }).into_string();
        assert_eq!(html.matches(words::PREVIEW_EMPTY).count(), 2, "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_tame(&phone_preview(&PhonePreview { field: EVIL, account: EVIL, text: EVIL }));
    }
}
