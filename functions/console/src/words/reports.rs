//! Words of the pages of damage reports.

pub mod deeds;
pub mod history;
pub mod release;

use domain::report::photo::PhotoFault;
use domain::report::place::PlaceSource;
use domain::report::{Priority, Standing};

use super::frame::Said;
use crate::kit::{NoticeKind, count};

/// What the pages are for.
pub const LEAD: &str = "住民から届いた、道路や公園などの損傷の報告です。担当する課の報告を表示しています。";
/// The open ones at a glance.
pub const BOARD: &str = "完了していない報告";
/// Of them.
pub const REPORTS: &str = "件";
/// There were more than are read.
pub const CUT: Said = Said {
    title: "報告が多いため、一部だけを数えています",
    text: "条件をしぼると、その条件に合う報告を表示できます。",
};
/// The same by department.
pub const BY_DEPARTMENT: &str = "課ごとの件数";
/// The list.
pub const LIST: &str = "報告の一覧";
/// Nothing fits.
pub const EMPTY: &str = "条件に合う報告はありません。";
/// To the same on a map.
pub const AS_MAP: &str = "地図で見る";
/// And back.
pub const AS_LIST: &str = "一覧で見る";
/// Enters one.
pub const NEW: &str = "電話などで受けた報告を入力する";

/// Heads the conditions.
pub const FILTER: &str = "条件";
/// Applies them.
pub const SHOW: &str = "この条件で表示する";
/// No condition.
pub const ALL: &str = "すべて";
/// Those that are not closed.
pub const OPEN: &str = "完了していないもの";
/// Only mine.
pub const MINE: &str = "自分が担当するもの";
/// Only those of nobody.
pub const NOBODYS: &str = "担当者が決まっていないもの";
/// Only what is late.
pub const LATE: &str = "期限";
/// The same, at its box.
pub const ONLY_LATE: &str = "期限を過ぎたものだけ";
/// Only what everybody sees.
pub const PUBLIC: &str = "公開";
/// The same, at its box.
pub const ONLY_PUBLIC: &str = "一般に公開しているものだけ";
/// Looks for one.
pub const SEARCH: &str = "受付番号でさがす";
/// What was looked for is no number.
pub const NO_NUMBER: Said = Said {
    title: "受付番号の形ではありません",
    text: "261122-K7F3QM のように、6けたの数字と6文字の英数字で入力してください。",
};
/// Nothing has that number.
pub const NOT_FOUND: Said = Said {
    title: "この受付番号の報告は見つかりません",
    text: "番号を確かめてください。ほかの課が担当する報告は、ここでは見つかりません。",
};

/// Its photo.
pub const PHOTO: &str = "写真";
/// Its number.
pub const NUMBER: &str = "受付番号";
/// Its kind.
pub const KIND: &str = "種別";
/// Where it is.
pub const PLACE: &str = "場所";
/// Where it stands.
pub const STATE: &str = "状態";
/// How much it presses.
pub const PRIORITY: &str = "優先度";
/// By when.
pub const DUE: &str = "期限";
/// No day was promised.
pub const NO_DUE: &str = "期限なし";
/// It is late.
pub const OVERDUE: &str = "期限を過ぎています";
/// How old it is.
pub const AGE: &str = "受付から";
/// Heads what is broken, and where.
pub const KIND_AND_PLACE: &str = "種別・場所";
/// Heads how it stands, and how much it presses.
pub const STATE_AND_PRIORITY: &str = "状態・優先度";
/// Heads by when it is to be done, and how old it is.
pub const DUE_AND_AGE: &str = "期限・受付から";
/// Who looks after it.
pub const ASSIGNEE: &str = "担当者";
/// Nobody does.
pub const NOBODY: &str = "決まっていません";
/// Who works on it.
pub const DEPARTMENT: &str = "所管課";
/// When it was filed.
pub const FILED: &str = "受付の日時";
/// When it was closed.
pub const CLOSED: &str = "終わった日時";
/// Who reported it.
pub const REPORTER: &str = "報告した人";
/// What was answered.
pub const ANSWERS: &str = "質問への答え";
/// What the reporter wrote.
pub const COMMENT: &str = "報告した人のことば";
/// They wrote nothing.
pub const NO_COMMENT: &str = "ことばはありません。";
/// Which others are kept under it.
pub const MERGED: &str = "この報告にまとめた報告";
/// To the sheet.
pub const PRINT: &str = "現場用に印刷する";

/// A friend of the account.
pub const RESIDENT: &str = "LINEの友だち";
/// Somebody who called, in a list or where their name is not shown.
pub const TOLD: &str = "電話・窓口";
/// Nobody knows any more.
pub const ERASED: &str = "消去しました";

/// Heads the photos.
pub const PHOTOS: &str = "写真";
/// There are none.
pub const NO_PHOTOS: &str = "写真はありません。";
/// One is on its way.
pub const WAITING: &str = "受け取っているところです。しばらくしてから、ページを読み込みなおしてください。";
/// One was taken back.
pub const WITHDRAWN: &str = "住民が取り消したか、消去しました。";

/// Its coordinates.
pub const COORDINATES: &str = "座標（緯度, 経度）";
/// How exact they are.
pub const ACCURACY: &str = "位置の誤差";
/// The district.
pub const DISTRICT: &str = "地区";
/// In none, as far as the boundaries say.
pub const NO_DISTRICT: &str = "（境界のデータでは分かりません）";
/// What it is called.
pub const PLACE_TEXT: &str = "場所の説明";
/// How it came to be known.
pub const SOURCE: &str = "位置の決め方";
/// The plus code.
pub const PLUS_CODE: &str = "Plus Code";
/// Elsewhere.
pub const MAPS: &str = "地図を開く";
/// Google's map.
pub const GOOGLE_MAPS: &str = "Google マップ";
/// The map of the Geospatial Information Authority.
pub const GSI_MAP: &str = "地理院地図";

/// Heads those nearby.
pub const NEAR: &str = "近くの報告";
/// What they may be.
pub const NEAR_LEAD: &str =
    "同じものかもしれません。同じものなら、1つにまとめると、どの報告の人にも同じ返事が届きます。";
/// There are none.
pub const NOTHING_NEAR: &str = "近くに、ほかの報告はありません。";
/// How far off.
pub const DISTANCE: &str = "距離";
/// What can be done.
pub const MERGE: &str = "まとめる";

/// Heads the map.
pub const MAP: &str = "地図";
/// What the map is called by those who do not see it.
pub const MAP_OF_REPORTS: &str = "報告の地図。同じ内容を、この下の一覧でも見られます。";
/// The map of one.
pub const MAP_OF_ONE: &str = "この報告と近くの報告の地図";
/// The map that is tapped.
pub const MAP_TO_TAP: &str = "場所を選ぶ地図。地図を使わずに、座標を入力することもできます。";
/// What tapping does.
pub const TAP: &str = "地図を押すと、その場所の座標が入ります。";
/// The map shows fewer than there are.
pub const MAP_CUT: Said = Said {
    title: "報告が多いため、新しいものだけを地図に出しています",
    text: "条件をしぼってください。",
};
/// Nearer.
pub const CLOSER: &str = "地図を拡大する";
/// Farther.
pub const FARTHER: &str = "地図を縮小する";
/// Whose tiles the authority's are.
pub const GSI_TILES: &str = "地理院タイル（国土地理院）";
/// What the signs on the map mean.
pub const LEGEND: &str = "地図の記号";

/// The file.
pub const EXPORT: &str = "CSVに書き出す";
/// What it holds.
pub const EXPORT_LEAD: &str = "上の条件に合う報告を書き出します。報告した人と、そのことば、写真は入りません。書き出したことは、操作の記録に残ります。";
/// The button.
pub const DO_EXPORT: &str = "CSVに書き出す";
/// Nothing to put into it.
pub const NOTHING_TO_EXPORT: Said =
    Said { title: "書き出す報告がありません", text: "条件に合う報告がありませんでした。" };
/// Too much for one file.
pub const TOO_MUCH: Said = Said {
    title: "報告が多いため、書き出せませんでした",
    text: "一度に書き出せるのは5,000件までです。状態や種別などの条件でしぼってください。",
};
/// Leads back.
pub const TO_LIST: &str = "一覧に戻る";
/// The heads of the file.
pub const COLUMNS: [&str; 14] = [
    "受付番号",
    "種別",
    "所管課",
    "状態",
    "優先度",
    "受付の日時",
    "期限",
    "終わった日時",
    "かかった日数",
    "地区",
    "緯度",
    "経度",
    "場所の説明",
    "担当者",
];

/// Heads the sheet.
pub const SHEET: &str = "現場用の用紙";
/// How to print it.
pub const SHEET_HINT: &str = "ブラウザの印刷で、A4の紙に印刷できます。報告した人は載せていません。";
/// What the code leads to.
pub const QR: &str = "この場所の地図（Google マップ）を開くQRコード";

/// A standing.
#[must_use]
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Received => "受付",
        Standing::Checking => "確認中",
        Standing::Working => "対応中",
        Standing::Done => "完了",
        Standing::Declined => "対応しない",
        Standing::Duplicate => "重複",
    }
}

/// A standing as one sign on the map.
#[must_use]
pub fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Received => "受",
        Standing::Checking => "確",
        Standing::Working => "対",
        Standing::Done => "完",
        Standing::Declined => "否",
        Standing::Duplicate => "重",
    }
}

/// A priority.
#[must_use]
pub fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "急ぎ",
        Priority::Normal => "通常",
        Priority::Low => "低",
    }
}

/// Why a file is not kept.
#[must_use]
pub fn fault(fault: PhotoFault) -> &'static str {
    match fault {
        PhotoFault::TooLarge => "ファイルが大きすぎるため、受け取れませんでした。",
        PhotoFault::TooManyPixels => "画像の縦横が大きすぎるため、受け取れませんでした。",
        PhotoFault::Heic => "HEICという形式のため、受け取れませんでした。",
        PhotoFault::OtherFormat => "写真ではないファイルだったため、受け取れませんでした。",
        PhotoFault::Broken => "ファイルが壊れていたため、受け取れませんでした。",
        PhotoFault::Gone => "LINEに残っていなかったため、受け取れませんでした。",
    }
}

/// How a place came to be known.
#[must_use]
pub fn source(source: PlaceSource) -> &'static str {
    match source {
        PlaceSource::Chat => "報告した人がトークで送った位置情報",
        PlaceSource::Device => "報告した人の端末の現在地",
        PlaceSource::Map => "報告した人が地図で選んだ場所",
        PlaceSource::Photo => "写真に記録されていた位置（報告した人が確かめたもの）",
        PlaceSource::Staff => "職員が決めた場所",
        PlaceSource::Outside => "ほかのシステムが送った場所",
    }
}

/// A photo by its place, from 1.
#[must_use]
pub fn photo(number: usize) -> String {
    format!("写真{number}")
}

/// The place that stood in a photo, and how far it is from the report's.
#[must_use]
pub fn in_photo(coordinates: &str, metres: u32) -> String {
    format!("この写真に記録されていた位置：{coordinates}（報告の場所から約{}m）", count(metres.into()))
}

/// So many metres.
#[must_use]
pub fn metres(metres: u32) -> String {
    format!("約{}m", count(metres.into()))
}

/// So many days.
#[must_use]
pub fn days(days: i64) -> String {
    match days {
        ..=0 => "今日".to_owned(),
        days => format!("{}日", count(days.unsigned_abs())),
    }
}

/// Heads the page of one.
#[must_use]
pub fn title(number: &str, kind: &str) -> String {
    format!("{number}　{kind}")
}

/// The answer of a server of tiles that is not the authority's.
#[must_use]
pub fn tiles_of(host: &str) -> String {
    format!("地図の画像：{host}")
}

/// It was taken for a department of others.
#[must_use]
pub fn entered(number: &str) -> String {
    format!("受付番号 {number} で受け付けました")
}

/// The same, after its number.
pub const ENTERED_ELSEWHERE: &str =
    "受付番号を、報告した人に伝えてください。ほかの課が対応するため、あなたの一覧には表示されません。";

/// What a field is called that was typed in, where all that was typed is shown.
#[must_use]
pub fn typed(name: &str) -> Option<&'static str> {
    match name {
        "report-answer" => Some(deeds::ANSWER),
        "report-note" => Some(deeds::NOTE),
        "report-point" => Some(COORDINATES),
        "report-place" => Some(PLACE_TEXT),
        "report-comment" => Some(deeds::SAID),
        "report-contact" => Some(deeds::CONTACT),
        "release-what" => Some(release::WHAT),
        "release-place" => Some(release::PLACE),
        "release-outcome" => Some(release::OUTCOME),
        _ if name.starts_with("question-") => Some(ANSWERS),
        _ => None,
    }
}

/// What happened, by what its address says.
#[must_use]
pub fn done(code: &str) -> Option<(NoticeKind, Said)> {
    let (kind, title, text) = match code {
        "saved" => (NoticeKind::Success, "保存しました", ""),
        "told" => (
            NoticeKind::Success,
            "保存しました",
            "報告した人に、LINEで知らせます。届いたかどうかは、経過に表示します。",
        ),
        "unreachable" => (
            NoticeKind::Warning,
            "保存しましたが、LINEでは知らせられません",
            "報告した人はLINEの友だちではありません。必要なときは、電話などで知らせてください。",
        ),
        "merged" => (NoticeKind::Success, "1つにまとめました", "これからの返事は、どちらの報告の人にも届きます。"),
        "released" => (NoticeKind::Success, "公開しました", "だれでも見られるページに出ます。"),
        "hidden" => (NoticeKind::Success, "公開をやめました", "公開のページから消えます。公開した写真は消去しました。"),
        "entered" => (NoticeKind::Success, "報告を受け付けました", "受付番号を、報告した人に伝えてください。"),
        "moved" => (
            NoticeKind::Success,
            "報告を、ほかの課に移しました",
            "移した先の課の報告になったため、あなたの一覧には表示されません。",
        ),
        _ => return None,
    };
    Some((kind, Said { title, text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_one_and_stands_for_one_standing() {
        let signs: std::collections::BTreeSet<&str> = Standing::ALL.into_iter().map(sign).collect();
        assert_eq!(signs.len(), Standing::ALL.len());
        assert!(signs.iter().all(|sign| sign.chars().count() == 1));
    }

    #[test]
    fn what_came_today_is_said_so() {
        assert_eq!([days(-1), days(0), days(1), days(1_000)], ["今日", "今日", "1日", "1,000日"]);
    }

    #[test]
    fn an_unknown_code_says_nothing() {
        assert!(done("").is_none() && done("<script>").is_none());
    }
}
