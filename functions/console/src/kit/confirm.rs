//! The page that asks once more before something that cannot be taken back.

use maud::{Markup, html};

use super::buttons::{ButtonKind, actions, link_button, submit};
use super::form::{Form, form, hidden};
use super::layout::heading;
use crate::words::kit as words;

/// What is asked. It is the whole content of a page: no dialog, so it works without scripts and with the back button.
#[derive(Clone, Copy)]
pub struct Confirm<'a> {
    /// The question, as the page's heading.
    pub question: &'a str,
    /// What it is about, as a list of facts; may be empty.
    pub about: &'a Markup,
    /// What will happen, one sentence each.
    pub consequences: &'a [&'a str],
    /// Where the answer goes.
    pub form: Form<'a>,
    /// What goes with it.
    pub values: &'a [(&'a str, &'a str)],
    /// The button that does it; names the act: 「削除する」, never 「はい」.
    pub button: &'a str,
    /// Where 「やめる」 leads.
    pub cancel: &'a str,
}

/// The content of the page.
#[must_use]
pub fn confirm(confirm: &Confirm<'_>) -> Markup {
    html! {
        (heading(confirm.question, None))
        (confirm.about)
        @if !confirm.consequences.is_empty() {
            div.notice.notice-warning {
                p.notice-title { (words::CONSEQUENCES) }
                ul { @for sentence in confirm.consequences { li { (sentence) } } }
            }
        }
        (form(&confirm.form, &html! {
            @for (name, value) in confirm.values { (hidden(name, value)) }
            (actions(&[
                submit(ButtonKind::Danger, confirm.button),
                link_button(ButtonKind::Secondary, words::CANCEL, confirm.cancel),
            ]))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, tags};

    fn ask<'a>(text: &'a str, about: &'a Markup, values: &'a [(&'a str, &'a str)]) -> Markup {
        confirm(&Confirm {
            question: text,
            about,
            consequences: &["元に戻せません。"],
            form: Form::post("/people/7/disable", "T"),
            values,
            button: "無効にする",
            cancel: "/people/7",
        })
    }

    #[test]
    fn the_act_is_named_and_can_be_left() {
        let page = ask("山田さんを無効にしますか", &html! {}, &[("version", "3")]);
        assert_labelled(&page);
        let html = page.into_string();
        assert!(
            html.contains("<h1>山田さんを無効にしますか</h1>") && html.contains("<li>元に戻せません。</li>"),
            "{html}"
        );
        assert!(html.contains(r#"<input type="hidden" name="csrf" value="T">"#), "{html}");
        assert!(html.contains(r#"<button class="button button-danger" type="submit">無効にする</button>"#), "{html}");
        assert!(html.contains(r#"<a class="button button-secondary" href="/people/7">やめる</a>"#), "{html}");
    }

    #[test]
    fn nothing_breaks_out() {
        let page = ask(EVIL, &html! {}, &[(EVIL, EVIL)]);
        assert!(tags(&page.0).iter().all(|tag| tag.name != "script" && !tag.has("onclick") && !tag.has("style")));
    }
}
