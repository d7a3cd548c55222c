//! Fields that offer a choice: a select, radio buttons, check boxes.

use maud::{Markup, html};

use super::fields::Field;
use crate::words::kit as words;

/// One thing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
    /// What it means, under the label (not in a select).
    pub hint: Option<&'a str>,
}

impl<'a> Choice<'a> {
    /// A choice without a hint.
    #[must_use]
    pub const fn new(value: &'a str, label: &'a str) -> Self {
        Self { value, label, hint: None }
    }

    /// The same with a hint.
    #[must_use]
    pub const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// A list that opens, for more than six choices. It begins with an empty one unless the field holds a value.
#[must_use]
pub fn select(field: &Field<'_>, choices: &[Choice<'_>]) -> Markup {
    let known = choices.iter().any(|choice| choice.value == field.value);
    field.around(&html! {
        select.input id=(field.id) name=(field.name) required[field.is_required()]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            @if !known { option value="" selected { (words::CHOOSE) } }
            @for choice in choices {
                option value=(choice.value) selected[choice.value == field.value] { (choice.label) }
            }
        }
    })
}

/// One of a few choices.
#[must_use]
pub fn radios(field: &Field<'_>, choices: &[Choice<'_>]) -> Markup {
    let required = field.is_required().then_some("true");
    html! {
        fieldset.field.field-invalid[field.error.is_some()] role="radiogroup" aria-required=[required]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            legend.label { (field.label) (field.need_word()) }
            (field.hint_and_error())
            @for (at, choice) in choices.iter().enumerate() {
                (option("radio", field, at, choice, choice.value == field.value))
            }
        }
    }
}

/// Any number of choices, all sent under the field's name; `chosen` holds the values that are ticked.
#[must_use]
pub fn checkboxes<S: AsRef<str>>(field: &Field<'_>, choices: &[Choice<'_>], chosen: &[S]) -> Markup {
    html! {
        fieldset.field.field-invalid[field.error.is_some()] aria-describedby=[field.described_by()] {
            legend.label { (field.label) (field.need_word()) }
            (field.hint_and_error())
            @for (at, choice) in choices.iter().enumerate() {
                (option("checkbox", field, at, choice, chosen.iter().any(|value| value.as_ref() == choice.value)))
            }
        }
    }
}

fn option(kind: &str, field: &Field<'_>, at: usize, choice: &Choice<'_>, checked: bool) -> Markup {
    // The first has the field's own id, so that the error summary leads to it.
    let id = if at == 0 { field.id.to_string() } else { format!("{}-{}", field.id, at + 1) };
    let hint = choice.hint.map(|_| format!("{id}-about"));
    html! {
        div.choice {
            input type=(kind) id=(id) name=(field.name) value=(choice.value) checked[checked] aria-describedby=[&hint];
            label for=(id) { (choice.label) }
            @if let (Some(text), Some(id)) = (choice.hint, &hint) { p.hint id=(id) { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::testing::{EVIL, assert_labelled, assert_tame, tags};

    const ROLES: &[Choice<'_>] = &[Choice::new("editor", "編集者").hint("書く人"), Choice::new("reader", "閲覧者")];

    #[test]
    fn a_select_shows_what_is_chosen() {
        let html = select(&Field::new("role", "役割").value("reader"), ROLES).into_string();
        assert!(html.contains(r#"<option value="reader" selected>閲覧者</option>"#), "{html}");
        assert!(!html.contains(words::CHOOSE), "{html}");
    }

    #[test]
    fn a_select_without_a_known_value_asks_for_one() {
        for value in ["", "gone"] {
            let html = select(&Field::new("role", "役割").value(value), ROLES).into_string();
            assert!(html.contains(r#"<option value="" selected>選んでください</option>"#), "{html}");
            assert_eq!(html.matches(" selected").count(), 1, "{html}");
        }
    }

    #[test]
    fn a_group_is_headed_and_its_error_tied_to_it() {
        let field = Field::new("role", "役割").value("reader").error(Some("選んでください。")).required();
        let part = radios(&field, ROLES);
        assert_labelled(&part);
        assert!(
            part.0.contains(
                r#"role="radiogroup" aria-required="true" aria-describedby="f-role-error" aria-invalid="true""#
            )
        );
        let inputs: Vec<_> = tags(&part.0).into_iter().filter(|tag| tag.name == "input").collect();
        assert_eq!(inputs[0].get("id"), Some("f-role"), "the error summary leads to the first");
        assert!(!inputs[0].has("checked") && inputs[1].has("checked"));
    }

    #[test]
    fn several_boxes_can_be_ticked() {
        let part = checkboxes(&Field::new("roles", "役割"), ROLES, &["editor".to_owned(), "reader".to_owned()]);
        assert_labelled(&part);
        assert_eq!(part.0.matches(" checked").count(), 2);
        assert_eq!(checkboxes::<&str>(&Field::new("roles", "役割"), ROLES, &[]).0.matches(" checked").count(), 0);
    }

    #[test]
    fn nothing_breaks_out() {
        let field = Field::new(EVIL, EVIL).value(EVIL).hint(EVIL).error(Some(EVIL));
        let choices = [Choice::new(EVIL, EVIL).hint(EVIL)];
        for part in [select(&field, &choices), radios(&field, &choices), checkboxes(&field, &choices, &[EVIL])] {
            assert_tame(&part);
        }
    }
}
