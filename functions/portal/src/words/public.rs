//! The words of the pages of released damage reports, in each language. Where one stands in braces, something is filled in.

use domain::language::Language;
use domain::text::fill;

/// The words of one language.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    lead: &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_such: &'static str,
    pub(crate) map: &'static str,
    pub(crate) as_list: &'static str,
    pub(crate) state: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) district: &'static str,
    pub(crate) any: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) older: &'static str,
    pub(crate) place: &'static str,
    pub(crate) department: &'static str,
    pub(crate) filed: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) photo: &'static str,
    pub(crate) google_maps: &'static str,
    pub(crate) gsi_map: &'static str,
    pub(crate) gsi_tiles: &'static str,
    pub(crate) open_data: &'static str,
    pub(crate) open_data_lead: &'static str,
    pub(crate) open_data_months: &'static str,
    pub(crate) comma: &'static str,
}

const JAPANESE: Words = Words {
    title: "まちの損傷報告",
    lead: "道路や公園などの損傷について、{town}に寄せられた報告のうち、職員が公開したものです。",
    none: "公開している報告は、まだありません。",
    none_such: "あてはまる報告はありません。",
    map: "損傷報告の地図",
    as_list: "一覧で見る",
    state: "状態",
    kind: "種別",
    district: "地区",
    any: "すべて",
    choose: "絞り込む",
    newest: "新しい報告",
    older: "以前の報告",
    place: "場所",
    department: "担当",
    filed: "受付日時",
    changed: "更新日時",
    photo: "現場の写真",
    google_maps: "Google マップで開く",
    gsi_map: "地理院地図で開く",
    gsi_tiles: "地理院タイル（国土地理院）",
    open_data: "オープンデータ",
    open_data_lead: "受け付けた月ごとのファイルです。1,000件を超える月は、HTTPヘッダーのLinkに続きのアドレスがあります。",
    open_data_months: "月を選ぶ",
    comma: "・",
};

const EASY: Words = Words {
    title: "まちの こわれた ところ",
    lead: "みなさんが {town}に 知らせた こわれた ところです。役所の 人が えらんで、ここに のせました。",
    none: "ここに のせた ものは まだ ありません。",
    none_such: "見つかりません。",
    map: "こわれた ところの 地図",
    as_list: "地図では なく、ならべて 見る",
    state: "いまの ようす",
    kind: "しゅるい",
    district: "地区",
    any: "ぜんぶ",
    choose: "さがす",
    newest: "新しい もの",
    older: "前の もの",
    place: "場所",
    department: "担当の 課",
    filed: "知らせが 来た 日",
    changed: "新しく なった 日",
    photo: "こわれた ところの 写真",
    google_maps: "Google マップで 見る",
    gsi_map: "地理院地図で 見る",
    gsi_tiles: "地図：地理院タイル（国土地理院）",
    open_data: "オープンデータ",
    open_data_lead: "月ごとの ファイルです。1,000より 多い 月は、つづきの アドレスが HTTPヘッダーの Linkに あります。",
    open_data_months: "月を えらぶ",
    comma: "・",
};

const ENGLISH: Words = Words {
    title: "Damage reports",
    lead: "Reports of damage to roads, parks and other public things that {town} has received and its staff have published.",
    none: "No report has been published yet.",
    none_such: "There is no such report.",
    map: "Map of damage reports",
    as_list: "Show as a list",
    state: "State",
    kind: "Kind",
    district: "District",
    any: "All",
    choose: "Filter",
    newest: "Newest",
    older: "Older",
    place: "Place",
    department: "Department",
    filed: "Received",
    changed: "Updated",
    photo: "Photo of the place",
    google_maps: "Open in Google Maps",
    gsi_map: "Open in GSI Maps",
    gsi_tiles: "Map tiles of the Geospatial Information Authority of Japan",
    open_data: "Open data",
    open_data_lead: "One file for each month in which reports were received. Where a month has more than 1,000, the HTTP header Link names the address of the rest.",
    open_data_months: "Choose a month",
    comma: " / ",
};

/// The columns of the open data, which is in Japanese.
pub(crate) const TABLE_COLUMNS: [&str; 13] = [
    "受付番号",
    "受付日時",
    "更新日時",
    "状態",
    "種別",
    "内容",
    "場所",
    "地区",
    "緯度",
    "経度",
    "対応の結果",
    "担当課",
    "ページ",
];

/// How other programs get a key.
const KEY_SERVICE: &str = "報告を受け付けるためのAPIキーは、{town}にお問い合わせください。{phone}";

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::EasyJapanese => &EASY,
        Language::English => &ENGLISH,
    }
}

/// Whom the makers of other programs ask for a key.
pub(crate) fn key_service(town: &str, phone: &str) -> String {
    fill(KEY_SERVICE, &[("town", town), ("phone", phone)]).trim().to_owned()
}

/// What another program tells who reported, with the number by which staff know the report.
pub(crate) fn filed(number: &str) -> String {
    fill("受付番号は {number} です。職員が公開すると、この報告の状態を見られます。", &[("number", number)])
}

/// An address that another system gave with a report; nobody has looked at what is there.
pub(crate) fn given_address(url: &str) -> String {
    fill("送られてきた写真などのアドレス（内容は未確認）：{url}", &[("url", url)])
}

impl Words {
    /// Whose reports these are.
    pub(crate) fn lead(&self, town: &str) -> String {
        fill(self.lead, &[("town", town)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_blank_stays_empty() {
        let said = Language::ALL.map(|language| words(language).lead("みどり市"));
        for said in said.into_iter().chain([key_service("みどり市", "0123"), filed("1"), given_address("x")]) {
            assert!(!said.contains(['{', '}']), "{said}");
        }
        assert_eq!(key_service("みどり市", ""), "報告を受け付けるためのAPIキーは、みどり市にお問い合わせください。");
    }
}
