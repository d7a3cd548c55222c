//! What residents type while they report, in whatever language, beside the words of the buttons.

use crate::conversation::ReportCommand;
use crate::report::draft::{Draft, Step};

/// 写真はこれだけ。
const PHOTOS_DONE: &[&str] =
    &["次", "次へ", "つぎ", "つぎへ", "next", "done", "なし", "写真なし", "ありません", "ない", "none", "no"];
/// 写真の場所でよい。
const PHOTO_PLACE: &[&str] = &["写真の場所を使う", "写真の場所", "usephoto'splace"];
/// 何もない。
const NOTHING: &[&str] = &["なし", "ない", "ありません", "特になし", "とくになし", "none", "no", "nothing"];
/// わからない。
const UNKNOWN: &[&str] = &["わからない", "わかりません", "分からない", "分かりません", "不明", "idon'tknow", "unknown"];
/// この内容で送る。
const SEND: &[&str] = &["送信", "送信する", "送る", "はい", "ok", "yes", "send"];

/// The command that a text, folded, stands for at the step of a draft.
pub(in crate::conversation) fn typed_in_report(draft: &Draft, folded: &str) -> Option<ReportCommand> {
    let is_one_of = |words: &[&str]| words.contains(&folded);
    match &draft.step {
        Step::Photos if is_one_of(PHOTOS_DONE) => Some(ReportCommand::PhotosDone),
        Step::Place if is_one_of(PHOTO_PLACE) => Some(ReportCommand::PhotoPlace),
        Step::Comment if is_one_of(NOTHING) => Some(ReportCommand::NoComment),
        Step::Question(question) if is_one_of(UNKNOWN) => Some(ReportCommand::Unknown(question.clone())),
        Step::Summary if is_one_of(SEND) => Some(ReportCommand::Send(draft.id.clone())),
        Step::Kind | Step::Question(_) | Step::Photos | Step::Place | Step::Comment | Step::Summary => None,
    }
}
