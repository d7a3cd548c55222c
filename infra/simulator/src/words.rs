//! The few Japanese words of the simulator's own: names of residents, a place, the account.

pub(crate) const ACCOUNT_NAME: &str = "回覧市";
pub(crate) const LOGIN_TITLE: &str = "だれとしてログインしますか";
pub(crate) const PLACE_TITLE: &str = "位置情報";
pub(crate) const PLACE_ADDRESS: &str = "こはる野市本町1丁目1番地";

pub(crate) const FAMILY_NAMES: &[&str] = &[
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
    "山崎",
    "森",
    "池田",
    "橋本",
    "阿部",
    "石川",
    "前田",
    "藤田",
    "小川",
    "岡田",
    "後藤",
];

pub(crate) const GIVEN_NAMES: &[&str] = &[
    "陽菜",
    "葵",
    "結衣",
    "美咲",
    "さくら",
    "花子",
    "由美",
    "恵子",
    "和子",
    "幸子",
    "美穂",
    "千尋",
    "春香",
    "真由美",
    "直子",
    "蓮",
    "湊",
    "大翔",
    "翔太",
    "健太",
    "太郎",
    "一郎",
    "誠",
    "浩",
    "隆",
    "茂",
    "正",
    "進",
    "修",
    "学",
    "悠真",
];

/// The word that a number stands for.
pub(crate) fn pick(words: &'static [&'static str], number: u64) -> &'static str {
    let length = u64::try_from(words.len()).unwrap_or(1).max(1);
    usize::try_from(number % length).ok().and_then(|place| words.get(place)).copied().unwrap_or_default()
}
