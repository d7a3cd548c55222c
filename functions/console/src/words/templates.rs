//! Words about templates of broadcasts, and about audiences under a name.

use super::frame::Said;
use crate::kit::{NoticeKind, count};

/// The list of templates, and where it is linked to.
pub const TEMPLATES: &str = "配信のひな形";
/// What it is for.
pub const TEMPLATES_LEAD: &str =
    "よく使う配信の文章を、課ごとに保存しておくところです。ここから新しい配信を書き始められます。";
/// Chooses a department.
pub const DEPARTMENT: &str = "担当課";
/// Shows its list.
pub const SHOW_DEPARTMENT: &str = "この課のものを見る";
/// Begins a template.
pub const NEW: &str = "ひな形をつくる";
/// Begins one of drills.
pub const NEW_DRILL: &str = "訓練のひな形をつくる";
/// What one of drills is.
pub const DRILL_LEAD: &str =
    "訓練のひな形で書いた配信は、いつも訓練の配信になります。あとから本番のひな形に変えることはできません。";
/// There is none.
pub const NO_TEMPLATES: &str =
    "まだありません。「ひな形をつくる」か、配信の画面の「この配信をひな形にする」でつくれます。";
/// What staff call it.
pub const NAME: &str = "名前（職員用）";
/// Who sees it.
pub const NAME_HINT: &str = "住民には見えません。60文字までです。";
/// It has none, or too long a one.
pub const NO_NAME: &str = "1文字から60文字までの名前を入れてください。";
/// When it was saved.
pub const SAVED_AT: &str = "保存した日時";
/// Who saved it.
pub const SAVED_BY: &str = "保存した人";
/// A version.
pub const VERSION: &str = "版";
/// All versions.
pub const VERSIONS: &str = "これまでの版";
/// How many are kept.
pub const VERSIONS_LEAD: &str =
    "保存するたびに新しい版になります。新しいほうから50の版が残り、前の版を見たり、前の版に戻したりできます。";
/// The newest version.
pub const NEWEST: &str = "いまの版";
/// Begins a broadcast.
pub const WRITE_WITH: &str = "このひな形で配信を書く";
/// Changes it.
pub const EDIT: &str = "ひな形を直す";
/// Saves it.
pub const SAVE: &str = "ひな形を保存する";
/// What follows.
pub const SAVE_HINT: &str = "保存しても、このひな形でもう書いた配信は変わりません。";
/// Saves an older version as the newest.
pub const TAKE_AGAIN: &str = "この版に戻す";
/// Leads back to the newest.
pub const TO_NEWEST: &str = "いまの版を見る";
/// What an older version and the newest have different.
pub const DIFFERENCES: &str = "いまの版とちがうところ";
/// The version that is shown.
pub const THIS_VERSION: &str = "この版";
/// Removes it.
pub const REMOVE: &str = "ひな形を消す";
/// Whether to.
pub const REMOVE_QUESTION: &str = "このひな形を消しますか";
/// What follows.
pub const REMOVE_CONSEQUENCES: [&str; 2] =
    ["これまでの版もすべて消え、元に戻せません。", "このひな形で書いた配信は、そのまま残ります。"];
/// Makes a template of a broadcast.
pub const KEEP_BROADCAST: &str = "この配信をひな形にする";
/// It was removed while somebody was changing it.
pub const GONE: Said = Said {
    title: "ほかの人がこのひな形を消しました",
    text: "あなたの入力はこの画面に残っています。まだ保存されていません。もう一度保存すると、新しいひな形になります。",
};

/// It was saved, and cannot be sent as it is.
pub const UNFINISHED: Said = Said {
    title: "ひな形を保存しました",
    text: "このままの文章では、配信の承認を依頼できません。示されたところを直すか、配信を書くときに直してください。",
};

/// The list of audiences, and where it is linked to.
pub const AUDIENCES: &str = "保存した配信対象";
/// What it is for.
pub const AUDIENCES_LEAD: &str = "名前を付けて保存した配信対象です。配信を書く画面の「配信の対象」で選んで使えます。保存するのも、その画面でします。";
/// There is none.
pub const NO_AUDIENCES: &str = "まだありません。配信を書く画面の「配信の対象」で、条件を選んで保存できます。";
/// Its name.
pub const AUDIENCE_NAME: &str = "配信対象の名前";
/// Who is in it.
pub const AUDIENCE: &str = "届く人";
/// A column of links.
pub const ACTION: &str = "操作";
/// It speaks of what the town has given up.
pub const OUTDATED: &str = "見直しが必要";
/// Removes it.
pub const REMOVE_AUDIENCE: &str = "消す";
/// Whether to.
pub const REMOVE_AUDIENCE_QUESTION: &str = "この配信対象を消しますか";
/// Does it.
pub const DO_REMOVE_AUDIENCE: &str = "配信対象を消す";
/// What follows.
pub const REMOVE_AUDIENCE_CONSEQUENCES: [&str; 2] =
    ["元に戻せません。", "この配信対象を使って書いた配信は、そのまま残ります。"];
/// Chooses one in the form of a broadcast.
pub const SAVED_AUDIENCE: &str = "保存した配信対象（担当課のもの）";
/// What that does.
pub const SAVED_AUDIENCE_HINT: &str = "下の条件が、保存したときの条件に置き換わります。";
/// Does it.
pub const USE_AUDIENCE: &str = "保存した配信対象を使う";
/// None is chosen, or it is not of the department.
pub const CHOOSE_AUDIENCE: &str = "担当課の保存した配信対象から選んでください。";
/// It cannot be shown as a form.
pub const TOO_DEEP: &str = "条件の組み合わせがこの画面に収まらないため、使えません。条件を選びなおしてください。";
/// Unfolds the keeping of an audience, and does it.
pub const KEEP_AUDIENCE: &str = "この配信対象を名前を付けて保存する";
/// The audience was kept.
pub const KEPT: Said = Said {
    title: "配信対象を保存しました",
    text: "配信はまだ保存していません。続けて書いてください。",
};

/// A version, by its number.
#[must_use]
pub fn version(number: u64) -> String {
    format!("第{}版", count(number))
}

/// An older version is shown.
#[must_use]
pub fn older(number: u64, newest: u64) -> String {
    format!("前の版（{}）を見ています。いまは{}です。", version(number), version(newest))
}

/// What is wrong with an audience that was used.
#[must_use]
pub fn outdated(name: &str, faults: &[String]) -> String {
    format!("「{name}」には、いまは使えない条件があります（{}）。条件を選びなおしてください。", faults.join("、"))
}

/// What is said of what was just done.
#[must_use]
pub fn done(code: &str) -> Option<(NoticeKind, Said)> {
    let said = |title, text| Some((NoticeKind::Success, Said { title, text }));
    match code {
        "saved" => said("ひな形を保存しました", ""),
        "unfinished" => Some((NoticeKind::Warning, UNFINISHED)),
        "again" => said("前の版に戻しました", "同じ内容の、新しい版として保存しました。"),
        "removed" => said("ひな形を消しました", ""),
        "audience-removed" => said("配信対象を消しました", ""),
        _ => None,
    }
}
