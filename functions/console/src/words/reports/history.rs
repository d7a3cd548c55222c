//! Words of the history of a report: what happened, by whom, and whether the reporter has heard of it.

use domain::report::Told;

use super::{priority, standing};
use crate::kit::written;
use domain::report::{Priority, Standing};
use jiff::civil::Date;

/// Heads it.
pub const HISTORY: &str = "経過";
/// Who reported it.
pub const REPORTER: &str = "報告した人";
/// Who follows it.
pub const FOLLOWER: &str = "ほかに知らせを受けている人";
/// Nobody did it.
pub const SYSTEM: &str = "自動";
/// It was filed.
pub const FILED: &str = "報告を受け付けました。";
/// The reporter was answered.
pub const ANSWERED: &str = "返事をしました。";
/// The reporter wrote.
pub const COMMENTED: &str = "ことばを加えました。";
/// Staff noted something.
pub const NOTED: &str = "メモを残しました。";
/// Nobody looks after it any more.
pub const UNASSIGNED: &str = "担当者を決めないことにしました。";
/// It has no day any more.
pub const NO_DUE: &str = "期限をなくしました。";
/// Its place was mended.
pub const PLACED: &str = "場所を直しました。";
/// Everybody may see it.
pub const RELEASED: &str = "一般に公開しました。";
/// Nobody else sees it any more.
pub const HIDDEN: &str = "公開をやめました。";
/// All that is personal is gone.
pub const ERASED: &str = "報告した人、書かれたこと（職員のメモや回答も）、写真を消去しました。";

/// Another system did it.
#[must_use]
pub fn outside(name: &str) -> String {
    format!("ほかのシステム「{name}」")
}

/// It stands elsewhere.
#[must_use]
pub fn moved_on(from: Standing, to: Standing) -> String {
    format!("状態を「{}」から「{}」にしました。", standing(from), standing(to))
}

/// It is a duplicate of another one.
#[must_use]
pub fn duplicate(of: &str) -> String {
    format!("受付番号 {of} の報告にまとめました。")
}

/// Another one was put under it.
#[must_use]
pub fn merged(other: &str) -> String {
    format!("受付番号 {other} の報告を、この報告にまとめました。")
}

/// Somebody looks after it.
#[must_use]
pub fn assigned(name: &str) -> String {
    format!("担当者を{name}にしました。")
}

/// Another department works on it.
#[must_use]
pub fn moved(from: &str, to: &str) -> String {
    format!("所管課を{from}から{to}に移しました。")
}

/// It is of another kind.
#[must_use]
pub fn kind_changed(from: &str, to: &str) -> String {
    format!("種別を{from}から{to}に直しました。")
}

/// It presses otherwise.
#[must_use]
pub fn prioritised(to: Priority) -> String {
    format!("優先度を「{}」にしました。", priority(to))
}

/// It is due on another day.
#[must_use]
pub fn due(day: Date) -> String {
    format!("期限を{}にしました。", written(day))
}

/// Whether the reporter has heard of it; nothing where it is not for them.
#[must_use]
pub fn told(told: Told) -> Option<&'static str> {
    match told {
        Told::No => None,
        Told::Due => Some("LINEで知らせるところです"),
        Told::At(_) => Some("LINEで知らせました"),
        Told::Unreachable => Some("LINEでは知らせられません"),
    }
}
