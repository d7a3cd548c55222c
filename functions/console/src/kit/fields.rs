//! Fields that take typed text or a file, each with its label, hint and error tied to it.

use std::borrow::Cow;

use maud::{Markup, html};

use super::values::count;
use crate::words::kit as words;

/// What a field asks for and holds. Build it with the methods: only name and label are always there.
#[derive(Clone)]
pub struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) id: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
    pub(super) hint: Option<&'a str>,
    pub(super) error: Option<Cow<'a, str>>,
    pub(super) need: Need,
    autocomplete: Option<&'a str>,
    units_max: Option<usize>,
    rows: usize,
}

/// Whether a field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Optional,
    Required,
}

impl<'a> Field<'a> {
    /// An empty, optional field; its HTML id is `f-NAME`.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            id: Cow::Owned(id_of(name)),
            value: Cow::Borrowed(""),
            hint: None,
            error: None,
            need: Need::Optional,
            autocomplete: None,
            units_max: None,
            rows: 6,
        }
    }

    /// Another HTML id, for a page that holds the same name twice. [`super::error_summary`] then cannot lead to the field.
    #[must_use]
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Cow::Borrowed(id);
        self
    }

    /// What stands in the field; for [`super::select`] and [`super::radios`] the value of the chosen one.
    #[must_use]
    pub fn value(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.value = value.into();
        self
    }

    /// How to fill it in, under the label.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What is wrong with the value and what to do; `None` if nothing is. Most often `errors.of(name)`.
    #[must_use]
    pub fn error(mut self, error: Option<impl Into<Cow<'a, str>>>) -> Self {
        self.error = error.map(Into::into);
        self
    }

    /// Marks it 「必須」. The server decides: the browser stops nobody, so that errors come in our words.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    /// The token by which a browser fills it in, as `name`, `email`, `one-time-code`, `off`.
    #[must_use]
    pub fn autocomplete(mut self, token: &'a str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// Counts the text of a [`textarea`] against this many UTF-16 units (LINE's count), while typing too.
    #[must_use]
    pub fn units_max(mut self, units: usize) -> Self {
        self.units_max = Some(units);
        self
    }

    /// The height of a [`textarea`] in lines.
    #[must_use]
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    /// The ids of whatever explains the field, for `aria-describedby`.
    pub(super) fn described_by(&self) -> Option<String> {
        let parts = [self.hint.map(|_| "hint"), self.error.as_ref().map(|_| "error"), self.units_max.map(|_| "count")];
        let ids: Vec<String> = parts.into_iter().flatten().map(|part| format!("{}-{part}", self.id)).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn need_word(&self) -> Markup {
        html! { @if self.need == Need::Required { " " span.required { (words::REQUIRED) } } }
    }

    pub(super) fn hint_and_error(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { p.hint id={ (self.id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                p.error id={ (self.id) "-error" } { strong { (words::ERROR) } (error) }
            }
        }
    }

    pub(super) fn is_required(&self) -> bool {
        self.need == Need::Required
    }

    pub(super) fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field.field-invalid[self.error.is_some()] {
                label.label for=(self.id) { (self.label) (self.need_word()) }
                (self.hint_and_error())
                (control)
            }
        }
    }
}

/// The HTML id of the field with this name.
pub(super) fn id_of(name: &str) -> String {
    format!("f-{name}")
}

/// What a one-line field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// Any text.
    Text,
    /// A mail address.
    Email,
    /// A phone number.
    Tel,
    /// An address of the web.
    Url,
    /// A whole number, typed as digits (no arrows that change it by accident).
    Digits,
    /// A day, sent as `2026-01-31`.
    Date,
    /// A month, sent as `2026-01`; where the browser knows no such field it is typed so.
    Month,
    /// A time of day, sent as `09:30`.
    Time,
    /// A secret; its value is never written into the page.
    Password,
}

impl InputKind {
    const fn html(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Text => ("text", None),
            Self::Email => ("email", None),
            Self::Tel => ("tel", None),
            Self::Url => ("url", None),
            Self::Digits => ("text", Some("numeric")),
            Self::Date => ("date", None),
            Self::Month => ("month", None),
            Self::Time => ("time", None),
            Self::Password => ("password", None),
        }
    }
}

/// A field of one line for any text.
#[must_use]
pub fn text(field: &Field<'_>) -> Markup {
    input(InputKind::Text, field)
}

/// A field of one line for text of a kind.
#[must_use]
pub fn input(kind: InputKind, field: &Field<'_>) -> Markup {
    let (html_type, mode) = kind.html();
    let value = (kind != InputKind::Password && !field.value.is_empty()).then_some(&field.value);
    field.around(&html! {
        input.input.input-short[matches!(kind, InputKind::Digits | InputKind::Date | InputKind::Month | InputKind::Time)]
            type=(html_type) id=(field.id) name=(field.name) value=[value] inputmode=[mode]
            autocomplete=[field.autocomplete] required[field.is_required()]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// A field of several lines. A browser sends its line ends as CR LF, counts them (and LINE does) as one unit.
#[must_use]
pub fn textarea(field: &Field<'_>) -> Markup {
    field.around(&html! {
        textarea.input id=(field.id) name=(field.name) rows=(field.rows)
            autocomplete=[field.autocomplete] required[field.is_required()]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            // HTML drops one line end at the beginning; this is the one.
            "\n" (field.value)
        }
        @if let Some(max) = field.units_max {
            p.count id={ (field.id) "-count" } data-count data-for=(field.id) data-max=(max)
                data-words=(words::COUNT) data-words-over=(words::COUNT_OVER) { (count_text(&field.value, max)) }
            p.hint { (words::COUNT_HINT) }
        }
    })
}

/// What the count under a text says: LINE counts UTF-16 units, and a line end once.
fn count_text(text: &str, max: usize) -> String {
    let units = text.replace("\r\n", "\n").encode_utf16().count();
    let form = if units > max { words::COUNT_OVER } else { words::COUNT };
    [("{n}", units), ("{max}", max), ("{over}", units.saturating_sub(max))]
        .into_iter()
        .fold(form.to_owned(), |text, (name, number)| {
            text.replace(name, &count(u64::try_from(number).unwrap_or(u64::MAX)))
        })
}

/// A field for one file; the form must be [`super::Form::with_files`]. `accept` as in HTML: `.csv,text/csv`.
#[must_use]
pub fn file(field: &Field<'_>, accept: &str) -> Markup {
    field.around(&html! {
        input.file type="file" id=(field.id) name=(field.name) accept=(accept) required[field.is_required()]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, assert_tame};

    fn full<'a>() -> Field<'a> {
        Field::new("name", "氏名")
            .value("山田")
            .hint("姓と名")
            .error(Some("短すぎます。"))
            .required()
            .autocomplete("name")
    }

    #[test]
    fn hint_error_and_need_are_tied_to_the_field() {
        assert_eq!(
            text(&full()).into_string(),
            concat!(
                r#"<div class="field field-invalid"><label class="label" for="f-name">氏名 <span class="required">必須</span></label>"#,
                r#"<p class="hint" id="f-name-hint">姓と名</p>"#,
                r#"<p class="error" id="f-name-error"><strong>エラー：</strong>短すぎます。</p>"#,
                r#"<input class="input" type="text" id="f-name" name="name" value="山田" autocomplete="name" required "#,
                r#"aria-describedby="f-name-hint f-name-error" aria-invalid="true"></div>"#
            )
        );
    }

    #[test]
    fn an_optional_field_says_nothing_more() {
        assert_eq!(
            input(InputKind::Email, &Field::new("mail", "メール")).into_string(),
            concat!(
                r#"<div class="field"><label class="label" for="f-mail">メール</label>"#,
                r#"<input class="input" type="email" id="f-mail" name="mail"></div>"#
            )
        );
    }

    #[test]
    fn a_secret_is_never_written_back() {
        assert!(!input(InputKind::Password, &full()).into_string().contains("山田"));
    }

    #[test]
    fn a_text_keeps_its_first_line_end() {
        assert!(textarea(&Field::new("t", "本文").value("\n一")).into_string().contains(">\n\n一</textarea>"));
    }

    #[test]
    fn texts_are_counted_as_line_counts() {
        for (text, max, said) in [
            ("", 5_000, "0 / 5,000文字"),
            ("あ😀", 5_000, "3 / 5,000文字"),
            ("あ\r\nい\nう", 5, "5 / 5文字"),
            ("あいう", 2, "1文字多すぎます（3 / 2文字）"),
        ] {
            assert_eq!(count_text(text, max), said);
        }
    }

    #[test]
    fn all_kinds_are_labelled_and_tame() {
        let evil = Field::new(EVIL, EVIL).value(EVIL).hint(EVIL).error(Some(EVIL)).autocomplete(EVIL);
        for part in [text(&evil), textarea(&evil), file(&evil, EVIL)] {
            assert_tame(&part);
        }
        for part in [text(&full()), textarea(&full().units_max(5_000)), file(&full(), ".csv")] {
            assert_labelled(&part);
            assert!(part.0.contains(r#"aria-invalid="true""#));
        }
    }
}
