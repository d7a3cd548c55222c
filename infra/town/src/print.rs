//! What the command prints: in Japanese where it is about the town's data, for the people who edit it.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use std::fmt::Display;

use app::audit::{BrokenDay, Check, Extent};
use app::personal::Export;
use app::town::load::Summary;
use app::town::problem::{Problem, Severity};
use app::town::words::kind as kind_name;
use domain::ids::{DepartmentId, ReportId};
use domain::staff::{EmailAddress, Role, Staff, Standing};

use crate::menu::Published;

/// Every problem on a line of its own, then how many there are.
pub(crate) fn problems(problems: &[Problem]) {
    for problem in problems {
        println!("{problem}");
    }
    let errors = problems.iter().filter(|problem| problem.severity() != Severity::Warning).count();
    match (errors, problems.len() - errors) {
        (0, 0) => println!("間違いは見つかりませんでした。"),
        (0, warnings) => println!("間違いはありません。注意が{warnings}件あります。"),
        (errors, warnings) => println!("エラーが{errors}件、注意が{warnings}件あります。"),
    }
}

/// Why nothing was loaded.
pub(crate) fn not_loaded() {
    println!(
        "読み込みませんでした。エラーを直すか、エラーのあるところを除いて読み込むなら --accept-problems を付けてください。"
    );
}

/// Why nothing was loaded, whatever was accepted.
pub(crate) fn unreadable() {
    println!(
        "読み込みませんでした。読めないファイルがあるまま読み込むと、そのファイルにあった内容がすべて消えてしまいます。先にそのファイルを直してください（--accept-problems を付けても読み込みません）。"
    );
}

/// That people have roles in departments that the folder does not have.
pub(crate) fn without_department(departments: &[DepartmentId]) {
    for department in departments {
        println!(
            "注意: 所管課「{department}」の権限を持つ職員がいますが、departments.csvにこの課がありません。管理画面の「職員と権限」で、権限を別の課に変えてください。"
        );
    }
}

/// What a load changed.
pub(crate) fn loaded(summary: &Summary) {
    if summary.0.is_empty() {
        println!("読み込みました。前と同じ内容なので、何も変わっていません。");
        return;
    }
    println!("読み込みました。");
    for (kind, counts) in &summary.0 {
        let kind = kind_name(*kind);
        println!("  {kind}: 追加 {}、変更 {}、削除 {}", counts.added, counts.changed, counts.removed);
    }
}

/// What became of the rich menu.
pub(crate) fn published(published: &Published) {
    let Published { created, kept, removed } = published;
    match (created, removed) {
        (0, 0) => println!("リッチメニューは前と同じです（{kept}枚）。"),
        _ => println!(
            "リッチメニューを入れ替えました。新しいもの{created}枚、そのままのもの{kept}枚、消したもの{removed}枚。"
        ),
    }
}

/// That the folder has no rich menu.
pub(crate) fn no_menu() {
    println!("リッチメニューの設定（rich-menu.yaml）がないので、リッチメニューは変えていません。");
}

/// What went wrong outside the data.
pub(crate) fn failure(error: &impl Display) {
    eprintln!("town: {error}");
}

/// Who was invited, and what they do now.
pub(crate) fn invited(person: &Staff) {
    let roles = person.roles.0.iter().map(role).collect::<Vec<_>>().join("、");
    println!("{} さん（{}）を登録しました。権限: {roles}", person.name.as_str(), person.email.as_str());
}

/// Whose account was forgotten, and what they do now.
pub(crate) fn unbound(email: &EmailAddress, person: Option<&Staff>) {
    match person.map(|person| (person.name.as_str(), person.standing)) {
        None => println!("{} の職員は登録されていません。", email.as_str()),
        Some((name, Standing::Disabled)) => {
            println!(
                "{name} さん（{}）のログイン用のアカウントとのつながりを消しました。利用は停止中のままです。",
                email.as_str()
            );
        }
        Some((name, Standing::Invited | Standing::Active)) => {
            println!(
                "{name} さん（{}）のログイン用のアカウントとのつながりを消しました。次にこのメールアドレスのアカウントでログインすると、つなぎなおされます。",
                email.as_str()
            );
        }
    }
}

fn role(role: &Role) -> String {
    match role {
        Role::Administrator => "管理者".to_owned(),
        Role::Approver(department) => format!("承認者（{department}）"),
        Role::Editor(department) => format!("編集者（{department}）"),
        Role::Reader(department) => format!("閲覧者（{department}）"),
    }
}

/// Whether the audit log holds.
pub(crate) fn checked(check: &Check) {
    if check.holds() {
        let Extent { days, entries } = check.done();
        println!("操作の記録に欠けや書きかえはありません（{days}日分、{entries}件）。");
        println!("最後の記録のハッシュ値: {}", check.hash.0);
    }
    for BrokenDay { day, why } in check.broken.iter().rev() {
        println!("操作の記録に欠けまたは書きかえがあります。{day} の記録を調べてください（{why}）。");
    }
    if 0 < check.unnamed {
        println!("ほかに{}日分の記録に、欠けまたは書きかえがあります。", check.unnamed);
    }
}

/// All that is kept about somebody.
pub(crate) fn export(json: &str) {
    println!("{json}");
}

/// How much that was: beside it, not within it.
pub(crate) fn exported(export: &Export, photos: usize) {
    eprintln!("書き出しました（{}、写真のファイル{photos}枚）。", extent(export));
    eprintln!("本人に渡す前に、職員のメモなどに、ほかの人のことが書かれていないか確かめてください。");
}

/// What is going to be erased, and what has to be typed for it.
pub(crate) fn about_to_erase(export: &Export, yes: &str) {
    if let Some(user) = &export.user {
        eprintln!("住民 {} の個人情報を消します（{}）。", user.as_str(), extent(export));
        eprintln!("途中で止まったら、--user {} を付けてもう一度実行すると、残りを消します。", user.as_str());
    } else {
        eprintln!("この報告から、報告した人、書かれたこと、写真を消します（{}）。", extent(export));
    }
    let open: Vec<&str> =
        export.reports.iter().filter(|filed| filed.report.state.is_open()).map(|filed| filed.number.as_str()).collect();
    if !open.is_empty() {
        eprintln!(
            "対応が終わっていない報告は、報告した人と書かれたこと（職員のメモや回答も）、写真を消して、場所だけを残します：{}",
            open.join("、")
        );
    }
    let public: Vec<&str> = export
        .reports
        .iter()
        .filter(|filed| filed.report.state.is_open() && filed.report.release.is_some())
        .map(|filed| filed.number.as_str())
        .collect();
    if !public.is_empty() {
        eprintln!(
            "公開中の報告は、職員が公開用に書いた文と地図の上の場所を、公開したままにします。本人のことが書かれていれば、管理画面で直すか、公開をやめてください：{}",
            public.join("、")
        );
    }
    eprintln!("もとにはもどせません。消すときは「{yes}」と入力してください。");
}

/// That nothing was erased.
pub(crate) fn not_erased() {
    eprintln!("消しませんでした。");
}

/// That it was erased, and what goes by itself.
pub(crate) fn erased() {
    eprintln!(
        "消しました。写真のファイルは数分のうちに見られなくなり、9日ほどで完全に消えます。送った配信の対象の一覧（400日）とバックアップ（35日）からは、期限が来たときに消えます。"
    );
}

/// That no report has this number.
pub(crate) fn no_report() {
    eprintln!("その番号の報告はありません。");
}

/// That nothing leads from the report to anybody any more.
pub(crate) fn erased_before() {
    eprintln!("その報告の個人情報は、もう消してあります。");
}

/// That the number is not enough.
pub(crate) fn several(ids: &[ReportId]) {
    eprintln!("その番号の報告は{}件あります。どれか一つを、--report に次のどれかを書いて選んでください。", ids.len());
    for id in ids {
        eprintln!("  {id}");
    }
}

/// That nothing is kept about them.
pub(crate) fn nothing_kept() {
    eprintln!("その住民について残っているものはありません。");
}

fn extent(export: &Export) -> String {
    let settings = if export.resident.is_some() { "登録内容、" } else { "" };
    let staff = if export.staff.is_some() { "職員とのつながり、" } else { "" };
    format!(
        "{settings}{staff}報告{}件、ほかの人の報告で知らせを受けるもの{}件",
        export.reports.len(),
        export.follows.len()
    )
}

/// How far the check of the audit log has come: beside the result, not within it.
pub(crate) fn checking(check: &Check) {
    eprintln!("{}件のうち{}件を調べました。", check.total.entries, check.done().entries);
}
