//! Buttons, and links that look like them.

use maud::{Markup, html};

/// How much a button asks for attention; a page has at most one `Primary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// What the page is for.
    Primary,
    /// Another way on.
    Secondary,
    /// What cannot be taken back; only on a page of confirmation.
    Danger,
    /// Looks like a link: for what is rarely done.
    Plain,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Danger => "button button-danger",
            Self::Plain => "button button-plain",
        }
    }
}

/// The button that sends the form around it.
#[must_use]
pub fn submit(kind: ButtonKind, label: &str) -> Markup {
    html! { button class=(kind.class()) type="submit" { (label) } }
}

/// A button that sends the form around it together with `name=value`, for forms with several.
#[must_use]
pub fn submit_named(kind: ButtonKind, label: &str, name: &str, value: &str) -> Markup {
    html! { button class=(kind.class()) type="submit" name=(name) value=(value) { (label) } }
}

/// A link to another page that looks like a button. It changes nothing: what changes something is a form.
#[must_use]
pub fn link_button(kind: ButtonKind, label: &str, href: &str) -> Markup {
    html! { a class=(kind.class()) href=(href) { (label) } }
}

/// Several buttons in a row, in the order of their importance.
#[must_use]
pub fn actions(buttons: &[Markup]) -> Markup {
    html! { div.actions { @for button in buttons { (button) } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::EVIL;

    #[test]
    fn buttons_say_what_they_do() {
        assert_eq!(
            submit(ButtonKind::Danger, "削除する").into_string(),
            r#"<button class="button button-danger" type="submit">削除する</button>"#
        );
        assert_eq!(
            actions(&[
                submit_named(ButtonKind::Primary, "保存", "do", "save"),
                link_button(ButtonKind::Plain, "戻る", "/a?b=1&c=2")
            ])
            .into_string(),
            concat!(
                r#"<div class="actions"><button class="button button-primary" type="submit" name="do" value="save">保存</button>"#,
                r#"<a class="button button-plain" href="/a?b=1&amp;c=2">戻る</a></div>"#
            )
        );
    }

    #[test]
    fn nothing_breaks_out() {
        crate::kit::testing::assert_tame(&submit_named(ButtonKind::Secondary, EVIL, EVIL, EVIL));
        crate::kit::testing::assert_tame(&link_button(ButtonKind::Secondary, EVIL, EVIL));
    }
}
