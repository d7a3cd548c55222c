//! Templates of answers: for whom they are, and what they say.

use super::*;
use crate::report::answer::{AnswerTemplate, Occasion};

fn template(kind: Option<&str>, occasion: Option<Occasion>) -> AnswerTemplate {
    AnswerTemplate {
        id: "a".parse().unwrap(),
        kind: kind.map(|kind| kind.parse().unwrap()),
        occasion,
        name: "返事".to_owned(),
        text: "{number}：{number} {name}".to_owned(),
    }
}

#[test]
fn a_template_fits_its_kind_and_what_can_be_done() {
    let lamp = |how: Standing| standing("lamp", how);
    for (occasion, fits) in [
        (Occasion::Work, [true, true, false, false, false, false]),
        (Occasion::Done, [true, true, true, false, false, false]),
        (Occasion::Decline, [true, true, true, false, false, false]),
        (Occasion::Reopen, [false, false, false, true, true, true]),
        (Occasion::Answer, [true; 6]),
    ] {
        let found = Standing::ALL.map(|how| template(None, Some(occasion)).fits(&lamp(how)));
        assert_eq!(found, fits, "{occasion:?}");
    }
    let report = lamp(Standing::Received);
    let fits = |kind| template(kind, None).fits(&report);
    assert_eq!([fits(None), fits(Some(report.kind.as_str())), fits(Some("river"))], [true, true, false]);
}

#[test]
fn a_template_names_the_report_and_nothing_else() {
    let report = report("lamp");
    let number = report.number();
    assert_eq!(template(None, None).about(&report), format!("{number}：{number} {{name}}"));
}

#[test]
fn an_occasion_has_one_name() {
    for occasion in Occasion::ALL {
        assert_eq!(serde_json::to_value(occasion).unwrap(), occasion.name());
    }
}
