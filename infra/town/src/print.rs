//! What the command prints: in Japanese where it is about the town's data, for the people who edit it.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use std::fmt::Display;

use app::audit::{BrokenDay, Check, Extent};
use app::town::load::Summary;
use app::town::problem::{Problem, Severity};
use app::town::words::kind as kind_name;
use domain::ids::DepartmentId;
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

/// How far the check of the audit log has come: beside the result, not within it.
pub(crate) fn checking(check: &Check) {
    eprintln!("{}件のうち{}件を調べました。", check.total.entries, check.done().entries);
}
