//! Forms: where they go, their CSRF token, the summary of their errors, search, and forms of one button.

use std::borrow::Cow;

use maud::{Markup, html};

use super::buttons::{ButtonKind, submit};
use super::fields::id_of;
use crate::words::kit as words;

/// The name under which every POST form sends its CSRF token.
pub const CSRF_FIELD: &str = "csrf";

/// Where a POST form goes and what it carries. Build it with the methods.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    action: &'a str,
    csrf: &'a str,
    encoding: Option<&'static str>,
    unsaved: Option<&'static str>,
}

impl<'a> Form<'a> {
    /// A form that posts ordinary fields to `action`, with the session's CSRF token.
    #[must_use]
    pub const fn post(action: &'a str, csrf: &'a str) -> Self {
        Self { action, csrf, encoding: None, unsaved: None }
    }

    /// Sends files too, as `multipart/form-data`.
    #[must_use]
    pub const fn with_files(mut self) -> Self {
        self.encoding = Some("multipart/form-data");
        self
    }

    /// Asks before the page is left while something is typed that was not sent (only where scripts run).
    #[must_use]
    pub const fn warn_unsaved(mut self) -> Self {
        self.unsaved = Some("");
        self
    }

    /// The same for a form that came back with errors: what stands in it was typed and is not saved.
    #[must_use]
    pub const fn still_unsaved(mut self) -> Self {
        self.unsaved = Some("dirty");
        self
    }
}

/// A POST form around its fields and buttons.
#[must_use]
pub fn form(form: &Form<'_>, content: &Markup) -> Markup {
    html! {
        form.form method="post" action=(form.action) enctype=[form.encoding] data-unsaved=[form.unsaved] novalidate {
            (csrf(form.csrf))
            (content)
        }
    }
}

/// The hidden CSRF token; [`form`] brings its own.
#[must_use]
pub fn csrf(token: &str) -> Markup {
    hidden(CSRF_FIELD, token)
}

/// A value that goes with the form and is not seen.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A form of one button, for a small change that is safe to repeat or to undo; `values` go with it.
#[must_use]
pub fn post_button(kind: ButtonKind, label: &str, form: &Form<'_>, values: &[(&str, &str)]) -> Markup {
    html! {
        form.form-inline method="post" action=(form.action) {
            (csrf(form.csrf))
            @for (name, value) in values { (hidden(name, value)) }
            (submit(kind, label))
        }
    }
}

/// A search by GET: one field named `q`; `keep` are values of the address that stay (not the page number).
#[must_use]
pub fn search(action: &str, label: &str, value: &str, keep: &[(&str, &str)]) -> Markup {
    html! {
        form.search role="search" method="get" action=(action) {
            @for (name, value) in keep { (hidden(name, value)) }
            (search_row(label, value))
        }
    }
}

/// The same by POST, where what is asked for must not stand in an address: somebody's name.
#[must_use]
pub fn search_by_post(form: &Form<'_>, label: &str, value: &str) -> Markup {
    html! {
        form.search role="search" method="post" action=(form.action) {
            (csrf(form.csrf))
            (search_row(label, value))
        }
    }
}

fn search_row(label: &str, value: &str) -> Markup {
    html! {
        label.label for="f-q" { (label) }
        div.search-row {
            input.input type="search" id="f-q" name="q" value=(value);
            (submit(ButtonKind::Secondary, words::SEARCH))
        }
    }
}

/// A form of buttons that turn pages, see [`super::pager_by_post`].
pub(super) fn turning(form: &Form<'_>, values: &[(&str, &str)], content: &Markup) -> Markup {
    html! {
        form.pager method="post" action=(form.action) {
            (csrf(form.csrf))
            @for (name, value) in values { (hidden(name, value)) }
            (content)
        }
    }
}

/// A form that asks for a part of a list by GET; what stands in it stands in the address afterwards.
#[must_use]
pub fn filter(action: &str, content: &Markup) -> Markup {
    html! {
        form.form role="search" aria-label=(words::FILTER) method="get" action=(action) novalidate { (content) }
    }
}

/// What is wrong in a form that came back, by field, in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors {
    found: Vec<Found>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    name: Cow<'static, str>,
    /// What the field is called, where the text does not say it.
    label: Option<Cow<'static, str>>,
    text: Cow<'static, str>,
}

impl Errors {
    /// Adds what was found elsewhere, after its own.
    pub fn append(&mut self, mut other: Self) {
        self.found.append(&mut other.found);
    }

    /// Notes what is wrong with a field and what to do, in words that name the field.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) {
        self.found.push(Found { name: name.into(), label: None, text: text.into() });
    }

    /// The same in words that stand well at the field, but need its label in the summary: 「空です。」
    pub fn add_labelled(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) {
        self.found.push(Found { name: name.into(), label: Some(label.into()), text: text.into() });
    }

    /// The first error of a field, for [`super::Field::error`].
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&str> {
        self.found.iter().find(|found| found.name == name).map(|found| found.text.as_ref())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// The title of a page with a form: it begins with 「エラー：」 where the form came back.
#[must_use]
pub fn title(title: &str, errors: &Errors) -> String {
    if errors.is_empty() { title.to_owned() } else { format!("{}{title}", words::ERROR) }
}

/// The box at the top of a form that came back: every error with a link to its field. It takes the focus; empty without errors.
#[must_use]
pub fn error_summary(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.notice.notice-error.error-summary role="alert" tabindex="-1" autofocus {
                h2.notice-title { (words::errors(errors.found.len())) }
                ul {
                    @for found in &errors.found {
                        li {
                            a href={ "#" (id_of(&found.name)) } {
                                @if let Some(label) = &found.label { (words::labelled(label, &found.text)) }
                                @else { (found.text) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, assert_tame};
    use crate::kit::{Field, text};

    #[test]
    fn a_form_carries_its_token() {
        assert_eq!(
            form(&Form::post("/save", "T").with_files().warn_unsaved(), &html! { "…" }).into_string(),
            concat!(
                r#"<form class="form" method="post" action="/save" enctype="multipart/form-data" data-unsaved="" novalidate>"#,
                r#"<input type="hidden" name="csrf" value="T">…</form>"#
            )
        );
        let plain = form(&Form::post("/save", "T"), &html! {}).into_string();
        assert!(!plain.contains("enctype") && !plain.contains("data-unsaved"), "{plain}");
    }

    #[test]
    fn a_single_button_is_protected_too() {
        let html = post_button(ButtonKind::Plain, "戻す", &Form::post("/undo", "T"), &[("id", "7")]).into_string();
        assert!(
            html.contains(r#"<input type="hidden" name="csrf" value="T"><input type="hidden" name="id" value="7">"#)
        );
    }

    #[test]
    fn the_summary_leads_to_the_fields() {
        let mut errors = Errors::default();
        assert_eq!(error_summary(&errors).into_string(), "");
        errors.add("name", "氏名を入力してください。");
        errors.add("name", "二つ目");
        errors.add("mail", "メールアドレスの形ではありません。");
        errors.add_labelled("tel", "電話番号", "空です。");
        assert_eq!(errors.of("name"), Some("氏名を入力してください。"));
        assert_eq!((errors.of("tel"), errors.of("fax")), (Some("空です。"), None));
        let page = html! {
            (error_summary(&errors))
            (text(&Field::new("name", "氏名").error(errors.of("name"))))
        };
        assert_labelled(&page);
        assert!(page.0.contains("4か所に入力の誤りがあります"));
        assert!(page.0.contains(r##"<a href="#f-tel">電話番号：空です。</a>"##), "the summary names the field");
        assert!(page.0.contains(r##"<a href="#f-name">氏名を入力してください。</a>"##));
        assert!(page.0.contains(r#"aria-describedby="f-name-error" aria-invalid="true""#));
    }

    #[test]
    fn a_search_keeps_the_rest_of_the_address() {
        let part = search("/waste", "品目をさがす", "電池", &[("kind", "burnable")]);
        assert_labelled(&part);
        assert!(part.0.contains(r#"method="get""#) && !part.0.contains("csrf"));
        assert!(part.0.contains(r#"<input type="hidden" name="kind" value="burnable">"#));
    }

    #[test]
    fn nothing_breaks_out() {
        let mut errors = Errors::default();
        errors.add_labelled(EVIL, EVIL, EVIL);
        for part in [
            form(&Form::post(EVIL, EVIL), &html! {}),
            error_summary(&errors),
            search(EVIL, EVIL, EVIL, &[(EVIL, EVIL)]),
            post_button(ButtonKind::Plain, EVIL, &Form::post(EVIL, EVIL), &[(EVIL, EVIL)]),
        ] {
            assert_tame(&part);
        }
    }
}
