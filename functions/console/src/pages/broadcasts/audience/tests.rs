//! The form: what is typed becomes an audience, and an audience a form; without scripts.

use std::collections::BTreeSet;

use domain::language::Language;
use jiff::civil::date;
use maud::Markup;

use super::*;
use crate::kit::Errors;
use crate::kit::testing::{EVIL, assert_labelled, assert_tame, tags};
use crate::words::audience::Names;
use crate::words::audience::form as words;
use crate::words::audience::tests::{one_level_more, titles, town, truth_table};

const BROADCAST: &str = "0199aaaa-0000-7000-8000-000000000001";

/// What a browser would send of a page's fields, with what is typed in place of what stands in them.
fn sent(html: &Markup, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sent: Vec<(String, String)> = Vec::new();
    let mut select = None;
    for tag in tags(&html.0) {
        let name = tag.get("name").map(str::to_owned);
        let value = tag.get("value").unwrap_or_default().to_owned();
        match (tag.name.as_str(), name) {
            ("input", Some(name)) => {
                let boxes = matches!(tag.get("type"), Some("checkbox" | "radio"));
                if !boxes || tag.has("checked") {
                    sent.push((name, value));
                }
            }
            ("select", name) => select = name,
            ("option", _) if tag.has("selected") => sent.extend(select.clone().map(|name| (name, value))),
            _ => {}
        }
    }
    sent.retain(|(name, _)| typed.iter().all(|(other, _)| other != name));
    sent.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    sent
}

fn parsed(pairs: &[(String, String)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(query.finish().as_bytes())
}

/// Somebody in front of the form.
struct Desk {
    form: AudienceForm,
    html: Markup,
}

impl Desk {
    fn new() -> Self {
        Self::at(AudienceForm::default())
    }

    fn at(form: AudienceForm) -> Self {
        let html = shown(&form, &Errors::default());
        Self { form, html }
    }

    /// Types and presses a button.
    fn press(&mut self, button: &str, typed: &[(&str, &str)]) {
        assert!(self.html.0.contains(&format!(r#"name="do" value="{button}""#)), "no button {button}: {}", self.html.0);
        let typed: Vec<_> = typed.iter().copied().chain([(DO, button)]).collect();
        let fields = parsed(&sent(&self.html, &typed));
        let mut form = AudienceForm::read(&fields);
        assert_eq!(form.press(&fields), Pressed::Ours);
        *self = Self::at(form);
    }

    /// Types and sends the form.
    fn send(&self, typed: &[(&str, &str)]) -> Result<Audience, Errors> {
        audience(&AudienceForm::read(&parsed(&sent(&self.html, typed))))
    }
}

fn audience(form: &AudienceForm) -> Result<Audience, Errors> {
    form.audience(&Names { town: &town(), broadcasts: &titles() })
}

fn shown(form: &AudienceForm, errors: &Errors) -> Markup {
    fields(&Names { town: &town(), broadcasts: &titles() }, form, errors)
}

fn single_conditions() -> Vec<Audience> {
    vec![
        Audience::Districts(["honcho".parse().unwrap(), "midori".parse().unwrap()].into()),
        Audience::Areas(["north".parse().unwrap()].into()),
        Audience::TopicsAny(["child".parse().unwrap()].into()),
        Audience::TopicsAll(["child".parse().unwrap(), "events".parse().unwrap()].into()),
        Audience::ChildAge { from_months: 24, to_months: 47 },
        Audience::ChildAge { from_months: 4, to_months: 18 },
        Audience::Languages([Language::English].into()),
        Audience::JoinedSince(date(2026, 4, 1)),
        Audience::NotReceived(BROADCAST.parse().unwrap()),
        Audience::UnclearIn(BROADCAST.parse().unwrap()),
        Audience::DateIn { kind: "dog".parse().unwrap(), month: "2026-04".parse().unwrap() },
        Audience::DateIn { kind: "child".parse().unwrap(), month: "2024-12".parse().unwrap() },
        Audience::GarbageReminded { areas: BTreeSet::new(), categories: BTreeSet::new() },
        Audience::GarbageReminded {
            areas: ["north".parse().unwrap()].into(),
            categories: ["paper".parse().unwrap()].into(),
        },
    ]
}

#[test]
fn an_empty_form_is_everybody() {
    assert_eq!(Desk::new().send(&[]).unwrap(), Audience::All);
    assert_eq!(audience(&AudienceForm::read(&Fields::default())).unwrap(), Audience::All);
    assert!(Desk::new().html.0.contains("すべての友だち"));
}

#[test]
fn rows_are_added_filled_and_taken_away_with_buttons_alone() {
    let mut desk = Desk::new();
    desk.press("add-row:0", &[("audience-0-new", "districts")]);
    assert!(desk.html.0.contains(words::NOT_YET));
    desk.press("add-row:0", &[("audience-0-0-of", "honcho"), ("audience-0-new", "child-age")]);
    let ages = [("audience-0-1-from", "２"), ("audience-0-1-to", "3"), ("audience-0-1-side", "except")];
    desk.press("show-audience", &ages);
    assert!(desk.html.0.contains("<strong>本町に住む人（2歳から3歳の子がいる人をのぞく）</strong>"), "{}", desk.html.0);
    let child = Audience::ChildAge { from_months: 24, to_months: 47 };
    let home = Audience::Districts(["honcho".parse().unwrap()].into());
    let expected = Audience::And(vec![home.clone(), Audience::Not(Box::new(child.clone()))]);
    assert_eq!(desk.send(&[]).unwrap(), expected);
    assert_eq!(
        desk.send(&[("audience-0-join", "any")]).unwrap(),
        Audience::Or(vec![home.clone(), Audience::Not(Box::new(child.clone()))])
    );

    desk.press("remove-row:0:0", &[]);
    assert_eq!(desk.send(&[]).unwrap(), Audience::Not(Box::new(child.clone())), "the other row keeps what was typed");

    desk.press("add-group", &[]);
    desk.press("add-row:1", &[("audience-1-new", "districts")]);
    desk.press("add-row:1", &[("audience-1-0-of", "honcho"), ("audience-1-new", "districts")]);
    desk.press(
        "show-audience",
        &[("audience-1-1-of", "midori"), ("audience-1-join", "any"), ("audience-1-side", "except")],
    );
    let other = Audience::Districts(["midori".parse().unwrap()].into());
    let homes = Audience::Or(vec![home, other]);
    let expected = vec![Audience::Not(Box::new(child)), Audience::Not(Box::new(homes.clone()))];
    assert_eq!(desk.send(&[]).unwrap(), Audience::And(expected.clone()));
    assert_eq!(desk.send(&[("audience-join", "any")]).unwrap(), Audience::Or(expected));
    desk.press("remove-group:0", &[]);
    assert_eq!(desk.send(&[]).unwrap(), Audience::Not(Box::new(homes)));
}

#[test]
fn the_form_is_no_larger_than_it_says() {
    let mut desk = Desk::new();
    for _ in 0..ROWS_MAX {
        desk.press("add-row:0", &[("audience-0-new", "languages")]);
    }
    assert!(!desk.html.0.contains("add-row:0"), "no button for a ninth");
    for group in 1..GROUPS_MAX {
        desk.press("add-group", &[]);
        for _ in 0..ROWS_MAX {
            desk.press(&format!("add-row:{group}"), &[(&format!("audience-{group}-new"), "languages")]);
        }
    }
    assert!(!desk.html.0.contains("add-group"), "no button for a fifth");
    let typed: Vec<(String, &str)> = (0..GROUPS_MAX)
        .flat_map(|group| (0..ROWS_MAX).map(move |row| (format!("audience-{group}-{row}-of"), "en")))
        .collect();
    let mut typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    typed.extend([("audience-0-side", "except"), ("audience-0-join", "any"), ("audience-0-0-side", "except")]);
    assert!(desk.send(&typed).is_ok(), "the largest and deepest form is an audience");
    assert_labelled(&desk.html);
    for unknown in ["add-row:9", "remove-row:0", "remove-row:0:99", "remove-group:x", "add-group"] {
        let fields = parsed(&sent(&desk.html, &[(DO, unknown)]));
        let mut form = AudienceForm::read(&fields);
        assert_eq!(form.press(&fields), Pressed::Ours);
        assert_eq!(form, desk.form, "{unknown}");
    }
    assert_eq!(desk.form.clone().press(&parsed(&[(DO.to_owned(), "save".to_owned())])), Pressed::Others);
}

#[test]
fn every_mistake_is_told_at_its_field() {
    let errors_of = |kind: &str, typed: &[(&str, &str)]| {
        let mut desk = Desk::new();
        desk.press("add-row:0", &[("audience-0-new", kind)]);
        desk.send(typed).unwrap_err()
    };
    for (kind, typed, field, text) in [
        ("districts", vec![], "of", words::CHOOSE_SOME),
        ("topics-all", vec![("audience-0-0-of", "gone")], "of", words::CHOOSE_AGAIN),
        ("areas", vec![("audience-0-0-of", "<>")], "of", words::CHOOSE_AGAIN),
        ("languages", vec![("audience-0-0-of", "fr")], "of", words::CHOOSE_AGAIN),
        ("not-received", vec![], "of", words::CHOOSE_SOME),
        ("unclear-in", vec![("audience-0-0-of", "0199aaaa-0000-7000-8000-000000000009")], "of", words::CHOOSE_AGAIN),
        ("date-in", vec![("audience-0-0-day", "2026-04")], "of", words::CHOOSE_SOME),
        ("date-in", vec![("audience-0-0-of", "cat"), ("audience-0-0-day", "2026-04")], "of", words::CHOOSE_AGAIN),
        ("date-in", vec![("audience-0-0-of", "dog")], "day", words::NO_MONTH),
        ("date-in", vec![("audience-0-0-of", "dog"), ("audience-0-0-day", "2026-13")], "day", words::NO_MONTH),
        ("garbage-reminded", vec![("audience-0-0-of", "<>")], "of", words::CHOOSE_AGAIN),
        ("garbage-reminded", vec![("audience-0-0-also", "<>")], "also", words::CHOOSE_AGAIN),
        ("joined-since", vec![], "day", words::NO_DAY),
        ("joined-since", vec![("audience-0-0-day", "2026-02-30")], "day", words::NO_DAY),
        ("child-age", vec![("audience-0-0-to", "3")], "from", words::NUMBER),
        ("child-age", vec![("audience-0-0-from", "3"), ("audience-0-0-to", "三")], "to", words::NUMBER),
        ("child-age", vec![("audience-0-0-from", "3"), ("audience-0-0-to", "2")], "from", words::REVERSED),
        ("child-age", vec![("audience-0-0-from", "0"), ("audience-0-0-to", "21")], "to", &words::too_old()),
        ("child-age", vec![("audience-0-0-from", "0"), ("audience-0-0-to", "99999")], "to", &words::too_old()),
    ] {
        let errors = errors_of(kind, &typed);
        assert_eq!(errors.of(&format!("audience-0-0-{field}")), Some(text), "{kind} {typed:?}");
        let mut desk = Desk::new();
        desk.press("add-row:0", &[("audience-0-new", kind)]);
        let form = AudienceForm::read(&parsed(&sent(&desk.html, &typed)));
        let html = maud::html! { (crate::kit::error_summary(&errors)) (shown(&form, &errors)) };
        assert_labelled(&html);
        let href = format!("#f-audience-0-0-{field}");
        let target = &href[1..];
        assert!(html.0.contains(&href) && tags(&html.0).iter().any(|tag| tag.get("id") == Some(target)), "{kind}");
    }
    let mut desk = Desk::new();
    desk.press("add-group", &[]);
    assert_eq!(desk.send(&[]).unwrap_err().of("audience-0-new"), Some(words::EMPTY_GROUP));
}

#[test]
fn every_single_condition_comes_back_as_it_was() {
    for condition in single_conditions() {
        for audience in [condition.clone(), Audience::Not(Box::new(condition.clone()))] {
            let desk = Desk::at(AudienceForm::of(&audience).unwrap());
            assert_eq!(desk.send(&[]).unwrap(), audience, "through the browser");
            assert_labelled(&desk.html);
        }
    }
    let all = Audience::Or(single_conditions()[..8].to_vec());
    assert_eq!(Desk::at(AudienceForm::of(&all).unwrap()).send(&[]).unwrap(), all);
}

#[test]
fn what_is_put_together_keeps_its_meaning() {
    let atoms = [0, 2, 6].map(|at| single_conditions()[at].clone());
    let audiences = one_level_more(&one_level_more(&atoms));
    let mut fitting = 0;
    for audience in &audiences {
        let Some(form) = AudienceForm::of(audience) else { continue };
        let back = super::tests::audience(&form).unwrap();
        assert_eq!(truth_table(&back, &atoms), truth_table(audience, &atoms), "{audience:?} became {back:?}");
        let again = super::tests::audience(&AudienceForm::of(&back).unwrap()).unwrap();
        assert_eq!(again, back, "once shown, it stays");
        fitting += 1;
    }
    assert_eq!(fitting, audiences.len(), "three levels fit");
}

#[test]
fn what_is_too_deep_for_the_form_is_not_half_shown() {
    let [one, two] = [0, 2].map(|at| single_conditions()[at].clone());
    let or = Audience::Or(vec![one.clone(), two.clone()]);
    let and = Audience::And(vec![or, one.clone()]);
    let deep = Audience::Or(vec![and.clone(), two]);
    assert_eq!(AudienceForm::of(&deep), None);
    assert_eq!(AudienceForm::of(&Audience::And(vec![Audience::Not(Box::new(and)), one.clone()])), None);
    assert_eq!(AudienceForm::of(&Audience::And(vec![Audience::All, one])), None);
    assert_eq!(AudienceForm::of(&Audience::And(Vec::new())), None);
}

#[test]
fn nothing_breaks_out() {
    let mut town = town();
    town.districts[0].name = EVIL.to_owned();
    let titles = [(BROADCAST.parse().unwrap(), EVIL.to_owned())].into();
    let names = Names { town: &town, broadcasts: &titles };
    let audience = Audience::And(vec![
        Audience::Districts(["honcho".parse().unwrap()].into()),
        Audience::NotReceived(BROADCAST.parse().unwrap()),
    ]);
    assert_tame(&fields(&names, &AudienceForm::of(&audience).unwrap(), &Errors::default()));
    let typed = [("audience-0-join", EVIL), ("audience-0-0-kind", "child-age"), ("audience-0-0-from", EVIL)];
    let pairs: Vec<_> = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_tame(&fields(&names, &AudienceForm::read(&parsed(&pairs)), &Errors::default()));
}
