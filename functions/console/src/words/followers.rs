//! Words about the import of the friends from before.

use app::ports::followers::Failure;

use super::frame::Said;
use crate::kit::count;

/// Heads the page, and leads to it.
pub const TITLE: &str = "以前からの友だちの取り込み";
/// What it is for.
pub const LEAD: &str = "このシステムを使いはじめる前からの友だちにも、配信が届くようにします。";
/// Heads what to know before.
pub const ABOUT: &str = "取り込みについて";
/// What to know before.
pub const FACTS: [&str; 5] = [
    "このシステムは、友だちに追加した人やトークを送った人を、その時に覚えます。使いはじめる前からの友だちで、まだ何も送っていない人は、LINEの友だちの一覧から取り込みます。",
    "取り込めるのは、LINE公式アカウントが「認証済アカウント」か「プレミアムアカウント」のときだけです。",
    "すでに分かっている人（設定をした人、ブロックした人など）の内容は変わりません。何度行っても、同じ人が二重になることはありません。",
    "取り込んだ人は、友だちになったばかりの人と同じ設定（日本語、地区なし、受信トピックははじめの設定）になります。本人には何も送りません。",
    "いつ友だちになったかは分からないので、「この日より後に友だちになった人」への配信の対象にはなりません。",
];
/// Begins.
pub const BEGIN: &str = "取り込みをはじめる";
/// Begins once more.
pub const BEGIN_AGAIN: &str = "はじめから取り込みなおす";
/// Goes on.
pub const RESUME: &str = "続きから取り込む";
/// It goes on.
pub const GOING: &str = "取り込んでいます";
/// What to do meanwhile.
pub const GOING_HINT: &str = "この画面を閉じても、1分ごとに自動で進みます。友だちが10万人なら、数分かかります。";
/// Heads how far it has come.
pub const PROGRESS: &str = "取り込みの状況";
/// How many friends were on the list.
pub const FRIENDS: &str = "一覧にいた友だち";
/// How many of them are new.
pub const NEW: &str = "新しく取り込んだ人";
/// How many of them were known.
pub const KNOWN: &str = "すでに分かっていた人";
/// The unit of all three.
pub const PEOPLE: &str = "人";
/// Who began it.
pub const BY: &str = "はじめた人";
/// When it began.
pub const BEGAN: &str = "はじめた日時";
/// When it last came on.
pub const MOVED: &str = "最後に進んだ日時";
/// When it ended.
pub const ENDED: &str = "終わった日時";

/// It was begun.
pub const BEGUN: Said =
    Said { title: "取り込みをはじめました", text: "1分以内に動きはじめます。" };
/// It goes on.
pub const RESUMED: Said =
    Said { title: "取り込みを再開しました", text: "1分以内に動きはじめます。" };
/// It has come to the end.
pub const FINISHED: Said = Said {
    title: "取り込みが終わりました",
    text: "これからの配信は、取り込んだ人にも届きます。",
};
/// It does not move.
pub const STUCK: Said = Said {
    title: "しばらく進んでいません",
    text: "LINEにつながりにくいようです。1分ごとに自動でやりなおしますので、このままお待ちください。長く続くときは、システムの担当者に知らせてください。",
};

/// Why it rests.
#[must_use]
pub fn failure(why: Failure) -> Said {
    match why {
        Failure::NotAllowed => Said {
            title: "このアカウントでは取り込めません",
            text: "LINEが友だちの一覧を見せませんでした。一覧を見られるのは、認証済アカウントかプレミアムアカウントだけです。LINE Official Account Managerで認証済アカウントを申請し、審査が終わってから「続きから取り込む」を押してください。",
        },
        Failure::Refused => Said {
            title: "取り込みが止まりました",
            text: "LINEに断られました。チャネルの設定（チャネルIDとチャネルシークレット）を確かめてから、「続きから取り込む」を押してください。それまでに取り込んだ人は、そのまま残っています。",
        },
    }
}

/// What on the list was no id.
#[must_use]
pub fn odd(odd: u64) -> String {
    format!("このほかに、読み取れない登録が{}件ありました。", count(odd))
}
