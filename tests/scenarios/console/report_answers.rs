//! Templates of answers: offered where they fit, put into the form with the report's number, and mended there.

use domain::report::ReportNumber;
use domain::report::answer::{AnswerTemplate, Occasion};
use http::StatusCode;
use tests::console::Seen;
use tests::forms::forms;

use super::broadcasts::{EVIL, hall_with};
use super::reports::{filed, id_of, kind, push};

#[tokio::test]
async fn a_template_is_put_into_the_answer_with_the_reports_number() {
    let template = |id: &str, kind: Option<&str>, occasion, text: &str| AnswerTemplate {
        id: id.parse().unwrap(),
        kind: kind.map(|kind| kind.parse().unwrap()),
        occasion,
        name: format!("ひな形{id}"),
        text: text.to_owned(),
    };
    let hall = hall_with(|town| {
        town.report_kinds = vec![kind("light", "街路灯", "roads")];
        town.report_answers = vec![
            template("seen", None, None, "受付番号 {number} を見ました。"),
            template("park", Some("park"), None, "公園"),
            template("again", None, Some(Occasion::Reopen), "もう一度"),
            template("evil", Some("light"), Some(Occasion::Done), EVIL),
        ];
    });
    let (at, editor) = (filed(&hall, "a", "light").await, hall.signed_in("aoki").await);
    let page = editor.get(&at).await;
    assert!(page.body.contains("ひな形seen") && page.body.contains("ひな形evil"), "{}", page.body);
    assert!(
        !page.body.contains("ひな形park") && !page.body.contains("ひな形again"),
        "what does not fit is not offered"
    );
    let number = ReportNumber::of(&id_of(&at));
    let answer = |page: &Seen| {
        let all = forms(&page.body).into_iter().flat_map(|form| form.untouched());
        all.filter(|(name, _)| name == "report-answer").map(|(_, value)| value).collect::<Vec<_>>()
    };
    assert_eq!(answer(&page), [""]);
    let filled = editor.get(&format!("{at}?template=seen")).await;
    assert_eq!(answer(&filled), [format!("受付番号 {number} を見ました。")]);
    let evil = editor.get(&format!("{at}?template=evil")).await;
    assert_eq!(answer(&evil), [EVIL]);
    assert!(!evil.body.contains(EVIL));
    for strange in ["park", "again", "none", "%22%3E"] {
        assert_eq!(answer(&editor.get(&format!("{at}?template={strange}")).await), [""], "{strange}");
    }
    // What was typed is not written over when the form comes back.
    let wrong = push(&editor, &filled, "decline", &[("report-answer", "")]).await;
    assert_eq!((wrong.status, answer(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, vec![String::new()]));
}
