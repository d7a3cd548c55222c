//! Words about other systems: the keys with which they file reports, the hooks by which they hear of changes.

use app::town::edit::SettingsPart;

use super::frame::{Said, Section};
use super::settings;

/// The page, and where it is linked to.
pub const OUTSIDE: &str = "外部連携";
/// What it is for.
pub const LEAD: &str =
    "ほかのシステムとのつなぎを管理します。損傷報告を受け取る鍵と、損傷報告の変化を知らせる宛先です。";
/// Leads to it.
pub const OPEN: &str = "外部連携を見る";

/// The keys.
pub const KEYS: &str = "APIキー";
/// What they are for.
pub const KEYS_LEAD: &str =
    "APIキーを渡したシステムは、Open311（GeoReport v2）で損傷報告を送れます。届いた報告は、担当課の受付に入ります。";
/// There is none.
pub const NO_KEYS: &str = "APIキーはまだありません。損傷報告を送ってくるシステムがあるときに、つくってください。";
/// Begins one.
pub const NEW_KEY: &str = "APIキーをつくる";
/// What to know before.
pub const NEW_KEY_LEAD: &str =
    "システムごとに1つつくってください。キーは、つくったあとの画面に1度だけ出ます。あとから見ることはできません。";
/// Makes it.
pub const DO_NEW_KEY: &str = "APIキーをつくる";
/// The page that shows it.
pub const KEY_MADE: &str = "APIキーをつくりました";
/// What to do with it.
pub const KEY_MADE_LEAD: &str = "いま写して、相手のシステムの担当者に、メールの本文以外の安全な方法で渡してください。この画面を閉じると、もう見られません。";
/// The key itself.
pub const KEY: &str = "APIキー";
/// Where reports are sent with it.
pub const SEND_TO: &str = "送り先（Open311）";
/// Why there is no such address to hand out, and where to set it.
#[must_use]
pub fn no_portal(path: &str) -> String {
    let (section, part, field) =
        (Section::Settings.label(), settings::part(SettingsPart::Town), settings::field("portal"));
    format!(
        "まだありません。「{section}」の「{part}」で、「{field}」が空になっているためです。そこにアドレスを入れると、そのうしろに {path} を付けたものが送り先になります。"
    )
}
/// Asks.
pub const REMOVE_KEY_QUESTION: &str = "このAPIキーを取り消しますか";
/// What follows.
pub const REMOVE_KEY_CONSEQUENCES: [&str; 2] = [
    "このキーを使っているシステムは、すぐに損傷報告を送れなくなります。",
    "これまでに届いた報告は、そのまま残ります。",
];
/// Does it.
pub const DO_REMOVE_KEY: &str = "APIキーを取り消す";

/// The hooks.
pub const HOOKS: &str = "変化を知らせる宛先（Webhook）";
/// What they are for.
pub const HOOKS_LEAD: &str = "損傷報告が届いたときや、状態などが変わるたびに、宛先へ署名つきで知らせます。相手が受け取れないときは、1日のあいだ送りなおします。報告した人、連絡先、文章、写真は送りません。";
/// There is none.
pub const NO_HOOKS: &str = "宛先はまだありません。";
/// Begins one.
pub const NEW_HOOK: &str = "宛先を加える";
/// What to know before.
pub const NEW_HOOK_LEAD: &str =
    "加えると、これからの変化が知らされます。署名を確かめるための秘密の値は、加えたあとの画面に1度だけ出ます。";
/// Adds it.
pub const DO_NEW_HOOK: &str = "宛先を加える";
/// Where it is told.
pub const URL: &str = "宛先のURL";
/// How to fill it in.
pub const URL_HINT: &str =
    "https:// で始まる、相手のシステムのURLです。500文字までです。数字だけのアドレス（IPアドレス）は使えません。";
/// It cannot be one.
pub const BAD_URL: &str = "https:// で始まり、名前で書いたURLを入れてください。使えるのは半角の文字だけです。";
/// The page that shows the secret.
pub const HOOK_MADE: &str = "宛先を加えました";
/// What to do with it.
pub const HOOK_MADE_LEAD: &str = "署名を確かめるための秘密の値です。いま写して、相手のシステムの担当者に安全な方法で渡してください。この画面を閉じると、もう見られません。";
/// The secret.
pub const SECRET: &str = "秘密の値";
/// How letters are signed.
pub const SIGNED_BY: &str = "署名の方法";
/// The specification.
pub const STANDARD: &str = "Standard Webhooks（HMAC-SHA256、v1）";
/// How to find out whether letters arrive.
pub const TRYING: &str = "届くかどうかの確かめ方";
/// The same.
pub const HOW_TO_TRY: &str = "どれかの損傷報告にメモを残すと、その変化がまもなく宛先に送られます（メモの文は送りません）。相手のシステムに届いたかを、担当者に確かめてください。";
/// Asks.
pub const REMOVE_HOOK_QUESTION: &str = "この宛先を取り除きますか";
/// What follows.
pub const REMOVE_HOOK_CONSEQUENCES: [&str; 2] = [
    "この宛先には、これからの変化も、まだ届いていない変化も送りません。",
    "同じ宛先をもう一度加えるときは、秘密の値が新しくなります。",
];
/// Does it.
pub const DO_REMOVE_HOOK: &str = "宛先を取り除く";

/// What staff call a system.
pub const NAME: &str = "システムの名前";
/// How to fill it in.
pub const NAME_HINT: &str = "職員が見分けるための名前です。60文字までです。";
/// It has none, or too long a one.
pub const NO_NAME: &str = super::templates::NO_NAME;
/// When it was made.
pub const MADE_AT: &str = "つくった日時";
/// A column.
pub const ACTION: &str = "操作";
/// Asks whether to take a key away.
pub const REMOVE_KEY: &str = "取り消す";
/// Asks whether to take a hook away.
pub const REMOVE_HOOK: &str = "取り除く";
/// Leads back to the list.
pub const BACK: &str = "外部連携に戻る";

/// It was done.
pub const KEY_REMOVED: Said = Said { title: "APIキーを取り消しました。", text: "" };
/// It was done.
pub const HOOK_REMOVED: Said = Said { title: "宛先を取り除きました。", text: "" };
/// What was made with a form was taken away, and the form was sent again.
pub const FORM_USED: Said = Said {
    title: "この画面でつくったものは、もう取り消されています。",
    text: "取り消したものは、画面を読みこみなおしても、もどりません。必要なときは、新しくつくってください。",
};
