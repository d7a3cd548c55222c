//! Words about how many messages the month has left.

use app::broadcast::quota::{Budget, Left, OverQuota};

use super::frame::Said;
use crate::kit::count;

/// The platform did not say.
const UNKNOWN: &str = "残りの通数を確かめられませんでした。配信はできますが、今月の上限に達すると途中で中断します。";

/// An emergency that reaches more than the month has left.
pub const EMERGENCY: Said = Said {
    title: "今月の残りの通数では足りません",
    text: "緊急の配信なので、承認はできます。LINEは、最大500人ずつのまとまりで受け付け、まとまりの全員分が残っていないと、そのまとまりをすべて断ります。断られたところで中断します。LINE公式アカウントの料金プランか追加メッセージの上限を見直して「配信を再開する」を押すと、残りの人に続きから送ります。",
};

/// What the month has left.
#[must_use]
pub fn left(left: &Left) -> String {
    match left {
        Left::Unlimited => "今月送れる通数に、上限はありません。".to_owned(),
        Left::Limited(budget) => format!(
            "今月は、あと約{}通送れます（{}）。LINEの集計は遅れて反映されることがあります。",
            count(budget.left()),
            parts(*budget)
        ),
        Left::Unknown => UNKNOWN.to_owned(),
    }
}

/// Why a broadcast is kept back.
#[must_use]
pub fn over(over: &OverQuota) -> String {
    format!(
        "{}人に届く配信ですが、今月はあと約{}通しか送れません（{}）。配信の対象をしぼるか、LINE公式アカウントの料金プランか追加メッセージの上限を見直してください。",
        count(over.needed),
        count(over.budget.left()),
        parts(over.budget)
    )
}

/// Whom an emergency reaches with what is left: for sure, and at most.
#[must_use]
pub fn reaches(needed: u64, budget: Budget) -> String {
    let (sure, left) = (budget.sure(), budget.left());
    match left {
        0 => format!("{}人のうち、だれにも届かないおそれがあります。", count(needed)),
        _ => format!("{}人のうち、届くのは、少なくて{}人、多くて約{}人です。", count(needed), count(sure), count(left)),
    }
}

fn parts(budget: Budget) -> String {
    let Budget { limit, used, reserved } = budget;
    format!("今月の上限{}通、送信済み{}通、承認済み・送信中の配信の分{}通", count(limit), count(used), count(reserved))
}
