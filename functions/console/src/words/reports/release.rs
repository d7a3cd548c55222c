//! Words about what everybody may see of a report.

use domain::report::release::{AREAS_MAX, RELEASED_CHARS_MAX};

use crate::words::frame::Said;

/// Heads it on the report's page.
pub const PUBLIC: &str = "一般への公開";
/// Nobody else sees it.
pub const NOT_PUBLIC: &str = "公開していません";
/// Everybody sees it.
pub const IS_PUBLIC: &str = "公開中";
/// It is released, but stands under another one.
pub const NOT_SHOWN: &str = "重複のため、公開のページには出ていません";
/// Leads to the form.
pub const RELEASE: &str = "公開する";
/// The same where it is released.
pub const CHANGE: &str = "公開の内容を変える・公開をやめる";
/// Since when.
pub const SINCE: &str = "公開した日時";

/// Heads the form.
pub const HEADING: &str = "報告の公開";
/// What it does.
pub const LEAD: &str = "ここに書いたことと、選んだ写真、下に挙げたものが、だれでも見られるページに出ます。報告した人と、そのことばは出ません。";
/// What is seen beside.
pub const ALSO: &str = "受付番号、受付日時、種別、状態、担当課、地区、地図の上の場所も出ます。";
/// What is broken.
pub const WHAT: &str = "公開するときの件名";
/// How to say it.
pub const WHAT_HINT: &str = "例：街路灯が消えています。報告した人のことばを、そのまま写さないでください。";
/// Where it is.
pub const PLACE: &str = "公開するときの場所の説明";
/// How to say it.
pub const PLACE_HINT: &str = "例：中央公園の北側の入口。人の名前や部屋番号は書かないでください。";
/// What became of it.
pub const OUTCOME: &str = "対応の内容";
/// How to say it.
pub const OUTCOME_HINT: &str = "例：電球を取り替えました。対応が終わってから書いてもかまいません。";
/// Lets a photo be seen.
pub const SHOW_PHOTO: &str = "この写真を公開する";
/// There are none to show.
pub const NO_PHOTOS: &str = "公開できる写真はありません。";
/// What is wrong with the marks.
pub const NO_AREA: &str = "ぼかすところは、1行に1か所ずつ、4つの数を空白で区切って入力してください。例：10 20 30 15";
/// The photo is gone.
pub const NO_PHOTO: &str = "この写真は公開できません。選びなおしてください。";
/// How to type marks.
pub const AREAS_HINT: &str = "顔、車のナンバー、表札などをぼかします。1行に1か所ずつ、写真の左からの位置、上からの位置、幅、高さを、写真全体を100とした数で入力します。例：10 20 30 15";
/// How to draw them.
pub const DRAW_HINT: &str = "写真の上をなぞると、ぼかすところを囲めます。囲んだところは、矢印キーで動かし、Shiftを押しながらの矢印キーで大きさを変え、Deleteキーで消せます。";
/// Adds one.
pub const ADD_AREA: &str = "ぼかすところを足す";
/// What a drawn mark is called.
pub const AREA: &str = "ぼかすところ";
/// Goes on to the preview.
pub const PREVIEW: &str = "公開する内容を確かめる";
/// Leads back.
pub const BACK: &str = "報告に戻る";

/// Heads the preview.
pub const PREVIEW_HEADING: &str = "公開する内容の確認";
/// What to look at.
pub const LOOK: Said = Said {
    title: "まだ公開していません",
    text: "下の内容が、だれでも見られるようになります。写真に、人の顔、車のナンバー、表札、家の中などが写っていないか、確かめてください。",
};
/// Releases it.
pub const DO_RELEASE: &str = "この内容で公開する";
/// Back to the form.
pub const EDIT: &str = "直す";
/// No photo goes with it.
pub const WITHOUT_PHOTOS: &str = "写真は公開しません。";

/// Heads hiding it.
pub const HIDE: &str = "公開をやめる";
/// What follows.
pub const HIDE_LEAD: &str =
    "公開のページから消え、公開した写真は消去されます。すでに保存した人の手もとのものは消えません。";

/// Somebody else was faster.
pub const MEANWHILE: Said = Said {
    title: "その間に、この報告が変わりました",
    text: "あなたの操作では、まだ何も公開していません。入力した内容は残っています。変わったところを確かめて、必要ならもう一度、内容を確かめてから公開してください。",
};

/// A text is too long.
#[must_use]
pub fn too_long() -> String {
    format!("{RELEASED_CHARS_MAX}文字までで入力してください。")
}

/// Too much is marked.
#[must_use]
pub fn too_many() -> String {
    format!("ぼかすところは、1枚の写真に{AREAS_MAX}か所までです。")
}

/// What of a photo is blurred.
#[must_use]
pub fn areas(photo: &str) -> String {
    format!("{photo}のぼかすところ")
}

/// A photo as everybody sees it.
#[must_use]
pub fn shown(photo: &str) -> String {
    format!("{photo}（公開される写真）")
}
