//! Kinds of reports and what is asked about them, read well and badly.

use domain::report::answer::Occasion;
use domain::report::kind::Intake;

use super::*;

const KINDS: &str = "id,name,name_easy,name_en,description,description_easy,description_en,department,urgent,urgent_easy,\
                     urgent_en,urgent_phone,duplicate_radius_m,due_days,closed,closed_easy,closed_en\n";
const ANSWERS: &str = "id,kind,occasion,name,text\n";
const QUESTIONS: &str = "id,kind,question,question_easy,question_en,choices,choices_easy,choices_en\n";

/// A row of a kind of which nothing is said but this.
fn kind(id: &str, name: &str, more: &str) -> String {
    format!("{id},{name},,,,,,kankyo,,,,,{more},,,\n")
}

fn kinds(rows: &str) -> Vec<String> {
    problems(&[(REPORT_KINDS, &format!("{KINDS}{rows}"))])
}

/// The problems of questions about the kinds `michi` and `kawa`.
fn questions(rows: &str) -> Vec<String> {
    let kinds = format!("{KINDS}{}{}", kind("michi", "道路", "50,"), kind("kawa", "川", "0,"));
    problems(&[(REPORT_KINDS, &kinds), (REPORT_QUESTIONS, &format!("{QUESTIONS}{rows}"))])
}

#[test]
fn kinds_and_their_questions_are_read_in_the_order_of_the_files() {
    let kinds = format!(
        "{KINDS}michi,道路,みち,Road,穴など,,Holes,kankyo,陥没,,Caved in,00００-00-0001,５０,14,,,\n\
         kawa,川,,,,,,kankyo,,,,,0,,工事中です,,Closed\n"
    );
    let questions = format!(
        "{QUESTIONS}doko,michi,どこですか,,Where?,車道 | 歩道,,Road|Pavement\n\
         itsu,kawa,いつからですか,,,,,\nokisa,michi,大きさは,,,大｜小,,\n"
    );
    let reading = read(&files(&[(REPORT_KINDS, &kinds), (REPORT_QUESTIONS, &questions)]));
    assert_eq!(reading.problems, []);
    assert_eq!(from_records(to_records(&reading.data).unwrap()).data.report_kinds, reading.data.report_kinds);
    assert_eq!(from_records(to_records(&reading.data).unwrap()).data.report_questions, reading.data.report_questions);
    let town = reading.data.into_town();
    let [road, river] = &town.report_kinds[..] else { panic!("{:?}", town.report_kinds) };
    assert_eq!((road.urgent_phone.as_str(), road.duplicate_radius_m, road.due_days), ("0000-00-0001", 50, Some(14)));
    assert_eq!((road.urgent.in_language(Language::English), road.closed.ja.as_str()), ("Caved in", ""));
    assert_eq!((river.urgent.ja.as_str(), river.due_days, river.closed.ja.as_str()), ("", None, "工事中です"));
    let asked: Vec<_> = road.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(asked, ["doko", "okisa"]);
    let labels = |language| road.questions[0].choices.iter().map(|it| it.in_language(language)).collect::<Vec<_>>();
    assert_eq!(labels(Language::Japanese), ["車道", "歩道"]);
    assert_eq!(labels(Language::EasyJapanese), ["車道", "歩道"]);
    assert_eq!(labels(Language::English), ["Road", "Pavement"]);
    assert!(river.questions[0].choices.is_empty(), "anything may be written");
}

#[test]
fn every_mistake_in_a_kind_is_named() {
    for (row, expected) in [
        (kind("Michi", "道路", "50,"), &["id InvalidId"][..]),
        (kind("michi", "", "50,"), &["name Empty"]),
        (kind("michi", &"道".repeat(21), "50,"), &["name TooLong"]),
        (kind("michi", "道路", ","), &["duplicate_radius_m Empty"]),
        (kind("michi", "道路", "2001,"), &["duplicate_radius_m NotNumber"]),
        (kind("michi", "道路", "-1,"), &["duplicate_radius_m NotNumber"]),
        (kind("michi", "道路", "0,0"), &["due_days Zero"]),
        (kind("michi", "道路", "2000,3651"), &["due_days NotNumber"]),
        ("a,道,,,,,,doboku,,,,,5,,,,\n".to_owned(), &["department UnknownReference"]),
        ("a,道,,,,,,,,,,,5,,,,\n".to_owned(), &["department Empty"]),
        ("a,道,,,,,,kankyo,陥没,,,,5,,,,\n".to_owned(), &["urgent_phone UrgentAlone"]),
        ("a,道,,,,,,kankyo,,,,119,5,,,,\n".to_owned(), &["urgent UrgentAlone"]),
        ("a,道,,,,,,kankyo,陥没,,,1-2,5,,,,\n".to_owned(), &["urgent_phone InvalidPhone"]),
        ("a,道,,,,,,kankyo,,,Urgent,,5,,,,\n".to_owned(), &["urgent Empty"]),
        ("a,道,,,,,,kankyo,,,,,5,,,,Closed\n".to_owned(), &["closed Empty"]),
        (format!("a,道,,,{},,,kankyo,,,,,5,,,,\n", "長".repeat(201)), &["description TooLong"]),
    ] {
        let expected: Vec<_> = expected.iter().map(|it| format!("report-kinds.csv:2 {it}")).collect();
        assert_eq!(kinds(&row), expected, "{row}");
    }
    let twice = [kind("a", "道路", "5,"), kind("a", "川", "5,"), kind("b", "道路", "5,")].concat();
    assert_eq!(kinds(&twice), ["report-kinds.csv:3 id Duplicate", "report-kinds.csv:4 name Duplicate"]);
    let alike = "a,道,,Road,,,,kankyo,,,,,5,,,,\nb,路,,Road,,,,kankyo,,,,,5,,,,\n";
    assert_eq!(kinds(alike), ["report-kinds.csv:3 name_en Duplicate"], "two buttons that say the same");
    let many: String = (0..14).map(|at| kind(&format!("k{at}"), &format!("種別{at}"), "5,")).collect();
    assert_eq!(kinds(&many), ["report-kinds.csv:14 id TooManyRows"]);
}

#[test]
fn a_kind_whose_number_cannot_be_read_is_not_offered_without_it() {
    let text = format!("{KINDS}a,道,,,,,,kankyo,陥没,,,1-2,5,,,,\nb,川,,,,,,kankyo,,,,,5,,,,\n");
    let town = read(&files(&[(REPORT_KINDS, &text)])).data.into_town();
    assert_eq!(town.report_kinds.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn every_mistake_in_a_question_is_named() {
    for (rows, expected) in [
        ("a,michi,,,,,,\n", &["2 question Empty"][..]),
        ("a,umi,どこ,,,,,\n", &["2 kind UnknownReference"]),
        ("a,,どこ,,,,,\n", &["2 kind Empty"]),
        ("A b,michi,どこ,,,,,\n", &["2 id InvalidId"]),
        ("a,michi,どこ,,,,,\na,kawa,どこ,,,,,\n", &["3 id Duplicate"]),
        ("a,michi,どこ,,,上|下,,Up\n", &["2 choices_en OtherCount"]),
        ("a,michi,どこ,,,,うえ|した,\n", &["2 choices_easy OtherCount"]),
        ("a,michi,どこ,,,上|下|上,,\n", &["2 choices Twice"]),
        ("a,michi,どこ,,,上|下,,Up|Up\n", &["2 choices_en Twice"]),
        ("a,michi,どこ,,,1|2|3|4|5|6|7|8|9|10|11,,\n", &["2 choices TooMany"]),
        ("a,michi,どこ,,,上|これは二十文字よりも長いので札に入りません,,\n", &["2 choices TooLong"]),
        (
            "a,michi,1,,,,,\nb,michi,2,,,,,\nc,michi,3,,,,,\nd,michi,4,,,,,\ne,michi,5,,,,,\nx,kawa,1,,,,,\nf,michi,6,,,,,\n",
            &["8 kind TooManyOf"],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|it| format!("report-questions.csv:{it}")).collect();
        assert_eq!(questions(rows), expected, "{rows}");
    }
    assert_eq!(questions("a,michi,どこ,,,1|2|3|4|5|6|7|8|9|10,,\n"), [""; 0]);
}

#[test]
fn answers_are_read_in_the_order_of_the_file() {
    let kinds = format!("{KINDS}{}", kind("michi", "道路", "50,"));
    let answers = format!("{ANSWERS}b,,,お礼,ありがとうございます\na,michi,work,始めます,\"{{number}}\n始めます\"\n");
    let reading = read(&files(&[(REPORT_KINDS, &kinds), (REPORT_ANSWERS, &answers)]));
    assert_eq!(reading.problems, []);
    assert_eq!(from_records(to_records(&reading.data).unwrap()).data.report_answers, reading.data.report_answers);
    let town = reading.data.into_town();
    let [thanks, begins] = &town.report_answers[..] else { panic!("{:?}", town.report_answers) };
    assert_eq!((thanks.kind.as_ref(), thanks.occasion, thanks.name.as_str()), (None, None, "お礼"));
    assert_eq!((begins.kind.as_ref().unwrap().as_str(), begins.occasion), ("michi", Some(Occasion::Work)));
    assert_eq!(begins.text, "{number}\n始めます");
}

#[test]
fn every_mistake_in_an_answer_is_named() {
    let long = "長".repeat(1_001);
    let many = (0..101).map(|at| format!("a{at},,,返事,はい")).collect::<Vec<_>>().join("\n");
    for (rows, expected) in [
        ("a,,,,はい\n".to_owned(), &["2 name Empty"][..]),
        ("a,,,返事,\n".to_owned(), &["2 text Empty"]),
        (format!("a,,,返事,{long}\n"), &["2 text TooLong"]),
        (format!("a,,,{},はい\n", "長".repeat(41)), &["2 name TooLong"]),
        ("a,umi,,返事,はい\n".to_owned(), &["2 kind UnknownReference"]),
        ("a,U mi,,返事,はい\n".to_owned(), &["2 kind InvalidId"]),
        ("a,,Work,返事,はい\n".to_owned(), &["2 occasion NotOneOf"]),
        ("A b,,,返事,はい\n".to_owned(), &["2 id InvalidId"]),
        ("a,,,返事,はい\na,,,ほか,はい\n".to_owned(), &["3 id Duplicate"]),
        (many, &["102 id TooManyRows"]),
    ] {
        let kinds = format!("{KINDS}{}", kind("michi", "道路", "50,"));
        let found = problems(&[(REPORT_KINDS, &kinds), (REPORT_ANSWERS, &format!("{ANSWERS}{rows}"))]);
        let expected: Vec<_> = expected.iter().map(|it| format!("report-answers.csv:{it}")).collect();
        assert_eq!(found, expected, "{rows}");
    }
}

#[test]
fn an_answer_for_a_kind_that_is_not_there_is_not_offered() {
    let answers = format!("{ANSWERS}a,umi,,返事,はい\nb,,,返事,はい\n");
    let town = read(&files(&[(REPORT_ANSWERS, &answers)])).data.into_town();
    assert_eq!(town.report_answers.iter().map(|template| template.id.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn what_refers_to_nothing_is_dropped_where_the_town_is_made_and_not_before() {
    let kinds = format!("{KINDS}a,道,,,,,,doboku,,,,,5,,,,\n{}", kind("b", "川", "5,"));
    let questions = format!("{QUESTIONS}q,umi,どこ,,,,,\nr,a,どこ,,,,,\n");
    let data = read(&files(&[(REPORT_KINDS, &kinds), (REPORT_QUESTIONS, &questions)])).data;
    assert_eq!((data.report_kinds.len(), data.report_questions.len()), (2, 2));
    let town = data.into_town();
    assert_eq!(town.report_kinds.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert!(town.report_kinds[0].questions.is_empty());
}

#[test]
fn a_town_takes_reports_as_its_file_says_or_as_most_do() {
    let reading = |text: &str| {
        let file = format!("{}reports: {{{text}}}\n", GOOD[0].1);
        let reading = read(&files(&[(TOWN, &file)]));
        let problems = reading.problems.iter().map(|it| format!("{} {:?}", it.column.as_deref().unwrap(), it.trouble));
        (reading.data.profile.unwrap().profile.reports, problems.collect::<Vec<_>>())
    };
    let usual = Intake::default();
    assert_eq!((usual.boundary_tolerance_m, usual.erase_after_days), (200, Some(365)));
    let near = Intake { boundary_tolerance_m: 0, ..usual };
    for (text, expected) in [
        ("", usual),
        ("boundary_tolerance_m: null", usual),
        ("boundary_tolerance_m: 0", near),
        ("erase_after_days: null", Intake { erase_after_days: None, ..usual }),
        ("erase_after_days: 90", Intake { erase_after_days: Some(90), ..usual }),
        ("erase_declined_after_days: null", usual),
        ("erase_declined_after_days: 90", Intake { erase_declined_after_days: Some(90), ..usual }),
        ("erase_duplicate_after_days: 30", Intake { erase_duplicate_after_days: Some(30), ..usual }),
    ] {
        assert_eq!(reading(text), (expected, vec![]), "{text}");
    }
    for (text, expected) in [
        ("boundary_tolerance_m: 5001", "boundary_tolerance_m NotNumber { max: 5000 }"),
        ("erase_after_days: 0", "erase_after_days Zero"),
        ("erase_duplicate_after_days: 3651", "erase_duplicate_after_days NotNumber { max: 3650 }"),
        ("erase_after: 5", "erase_after UnknownKey"),
    ] {
        assert_eq!(reading(text).1, [expected], "{text}");
    }
    let old = read(&files(&[])).data;
    assert_eq!(old.profile.as_ref().unwrap().profile.reports, usual);
    assert!(old.into_town().report_kinds.is_empty(), "a town that says nothing takes none");
}
