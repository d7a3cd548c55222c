//! Words of the page about what was sent, and what came of it.

use domain::broadcast::after::{Count, Unfollowed};

use super::frame::Said;
use crate::kit::{count, count_of};

/// The page.
pub const TITLE: &str = "配信の実績";
/// What it is for.
pub const LEAD: &str = "送り終わった配信を、送り始めた日で並べます。だれが、何人に送ったか、送ったあとに何人がブロックしたかが分かります。";
/// Heads the conditions.
pub const FILTER: &str = "期間と課";
/// Whose.
pub const DEPARTMENT: &str = "担当課";
/// No condition.
pub const ALL: &str = "すべての課";
/// Applies the conditions.
pub const SHOW: &str = "この期間を表示する";
/// The period is too long.
pub const TOO_LONG: &str = "期間は366日までにしてください。";
/// Nothing went.
pub const NOTHING: &str = "この期間に送り終わった配信はありません。";
/// There were very many.
pub const TOO_MANY: Said = Said {
    title: "配信が多いため、新しいものだけを表示しています",
    text: "合計も、表示しているものだけの数です。期間を短くするか、CSVに書き出してください。",
};
/// All together.
pub const SUM: &str = "合計";
/// What is not in it.
pub const SUM_HINT: &str = "訓練は合計に入れていません。何回か受け取った人は、そのたびに数えます。";
/// Sums by department.
pub const BY_DEPARTMENT: &str = "課ごとの合計";
/// Sums by day.
pub const BY_DAY: &str = "日ごとの合計";
/// The broadcasts one by one.
pub const LIST: &str = "配信ごとの結果";
/// How many broadcasts.
pub const BROADCASTS: &str = "配信の数";
/// Of them.
pub const TIMES: &str = "件";
/// The day.
pub const DAY: &str = "日付";
/// When it began.
pub const BEGAN: &str = "送り始めた日時";
/// What staff call it.
pub const NAME: &str = "件名";
/// Whose it was, who wrote it, who approved it.
pub const WHO: &str = "送った課と職員";
/// Who wrote it.
pub const AUTHOR: &str = "作成者";
/// Who approved it.
pub const APPROVER: &str = "承認者";
/// Nobody wrote down who did.
pub const UNRECORDED: &str = "（記録なし）";
/// Whom it was to reach.
pub const FROZEN: &str = "対象";
/// Taken by LINE.
pub const ACCEPTED: &str = "受け付け";
/// For whom LINE has not taken it.
pub const LOST: &str = "届かなかった人";
/// LINE does not know them.
pub const DROPPED: &str = "見つからない";
/// LINE refused it.
pub const REFUSED: &str = "断られた";
/// It was stopped before.
pub const STOPPED: &str = "停止";
/// Nobody knows.
pub const UNCLEAR: &str = "分からない";
/// There is nobody.
pub const NOBODY: &str = "いません";
/// Who blocked the account after it.
pub const UNFOLLOWED: &str = "24時間以内のブロック";
/// How that is counted.
pub const UNFOLLOWED_HINT: &str = "配信を受け取った人のうち、送り始めてから24時間以内にアカウントをブロックした人の数です。1時間ごとに数え、30時間後に決まります。";
/// Has not been counted yet.
const NOT_YET: &str = "まだ数えていません。1時間ごとに数えます。";
/// Was never counted.
const NEVER: &str = "数えた記録がありません。";

/// Heads the export.
pub const EXPORT: &str = "CSVに書き出す";
/// What an export holds.
pub const EXPORT_LEAD: &str =
    "上の期間と課の配信を、表計算ソフトで開けるファイルにします。書き出したことは記録されます。";
/// Writes the file.
pub const DO_EXPORT: &str = "この条件で書き出す";
/// There was nothing.
pub const NOTHING_TO_EXPORT: Said = Said {
    title: "書き出す配信がありません",
    text: "期間と課を変えて、もう一度書き出してください。",
};
/// The file would be too large.
pub const IN_PARTS: Said = Said {
    title: "一つのファイルに入りません",
    text: "下のボタンで、分けて書き出してください。",
};
/// The first of its parts.
pub const LATER_PART: &str = "新しいほうを書き出す";
/// The rest.
pub const EARLIER_PART: &str = "古いほうを書き出す";
/// Leads back.
pub const BACK: &str = "配信の実績に戻る";

/// The columns of the file.
pub const COLUMNS: [&str; 19] = [
    BEGAN,
    "担当課の識別名",
    DEPARTMENT,
    "配信の識別名",
    NAME,
    "優先度",
    "訓練",
    AUTHOR,
    APPROVER,
    "承認日時",
    "対象になった人",
    "LINEが受け付けた人",
    "LINEに見つからなかった人",
    "LINEに断られた人",
    "停止や長い中断のため送らなかった人",
    "届いたかどうか分からない人",
    "24時間以内にブロックした人",
    "ブロックの集計",
    "アカウントをブロックしていて対象にならなかった人",
];

/// How far a count has come, in the file.
#[must_use]
pub fn counted(unfollowed: Option<Unfollowed>) -> &'static str {
    match unfollowed.map(|unfollowed| unfollowed.count) {
        Some(Count::Settled) => "確定",
        Some(Count::SoFar) => "集計中",
        None => "なし",
    }
}

/// How many, in a table.
#[must_use]
pub fn people(unfollowed: Option<Unfollowed>) -> String {
    match unfollowed {
        Some(Unfollowed { people, count: Count::Settled }) => count(people),
        Some(Unfollowed { people, count: Count::SoFar }) => format!("{}（集計中）", count(people)),
        None => "－".to_owned(),
    }
}

/// How many, on a broadcast's own page.
#[must_use]
pub fn after(unfollowed: Option<Unfollowed>, is_kept: bool) -> String {
    let said = match unfollowed {
        Some(Unfollowed { people, count: Count::Settled }) => format!("{}人", count(people)),
        Some(Unfollowed { people, count: Count::SoFar }) => {
            format!("{}人（集計中です。1時間ごとに数え、30時間後に決まります）", count(people))
        }
        None if is_kept => NOT_YET.to_owned(),
        None => NEVER.to_owned(),
    };
    format!("送り始めてから24時間以内にブロックした人：{said}")
}

/// The heading of the list.
#[must_use]
pub fn list(found: usize) -> String {
    format!("{LIST}（{}件）", count_of(found))
}
