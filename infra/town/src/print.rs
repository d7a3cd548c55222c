//! What the command prints: in Japanese where it is about the town's data, for the people who edit it.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use std::fmt::Display;

use app::town::load::Summary;
use app::town::problem::{Problem, Severity};
use app::town::records::RecordKind;

use crate::menu::Published;

/// Every problem on a line of its own, then how many there are.
pub(crate) fn problems(problems: &[Problem]) {
    for problem in problems {
        println!("{problem}");
    }
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
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

/// What a load changed.
pub(crate) fn loaded(summary: &Summary) {
    if summary.0.is_empty() {
        println!("読み込みました。前と同じ内容なので、何も変わっていません。");
        return;
    }
    println!("読み込みました。");
    for (kind, counts) in &summary.0 {
        let kind = name(*kind);
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

fn name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Profile => "まちの情報",
        RecordKind::Department => "課",
        RecordKind::Area => "収集区域",
        RecordKind::District => "地区",
        RecordKind::Topic => "受信トピック",
        RecordKind::Category => "ごみの種類",
        RecordKind::Calendar => "収集日",
        RecordKind::Closure => "処理施設の休み",
        RecordKind::WasteItem => "ごみの品目",
        RecordKind::RichMenu => "リッチメニュー",
    }
}
