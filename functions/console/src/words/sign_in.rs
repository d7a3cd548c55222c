//! Words about coming in and leaving.

use super::frame::Said;
use crate::kit::count_of;

/// The sign-in was declined at the issuer.
pub const DECLINED: Said = Said {
    title: "ログインをやめました",
    text: "もう一度ログインするときは、下のボタンを押してください。",
};

/// The sign-in took too long, or was begun in another tab.
pub const OLD: Said = Said {
    title: "ログインをやりなおしてください",
    text: "時間がたちすぎたか、別の画面で始めたログインです。下のボタンから、もう一度ログインしてください。",
};

/// The issuer vouches for somebody who is not of the staff.
pub const STRANGER: Said = Said {
    title: "このアカウントでは入れません",
    text: "ログインはできましたが、この管理画面の職員として登録されていません。管理者に、あなたのメールアドレスを伝えて招待を頼んでください。",
};

/// Somebody who is kept out.
pub const DISABLED: Said = Said {
    title: "このアカウントは停止されています",
    text: "管理者がこのアカウントの利用を止めています。使う必要があるときは、管理者に相談してください。",
};

/// The issuer's address is not confirmed.
pub const UNVERIFIED: Said = Said {
    title: "メールアドレスの確認が終わっていません",
    text: "ログインに使ったアカウントのメールアドレスが、まだ確認されていません。届いた確認メールの手順を終えてから、もう一度ログインしてください。",
};

/// The issuer could not be asked.
pub const ISSUER_SILENT: Said = Said {
    title: "いまログインできません",
    text: "職員の本人確認をするサービスから返事がありません。しばらく待ってから、もう一度ログインしてください。続くときは、システムの担当者に連絡してください。",
};

/// Left.
pub const SIGNED_OUT: Said = Said {
    title: "ログアウトしました",
    text: "この端末をほかの人も使うときは、ブラウザーの画面も閉じてください。",
};

/// Leaving, at the issuer too.
pub const SIGNING_OUT: Said = Said {
    title: "ログアウトしています",
    text: "画面が変わらないときは、下のリンクを押してください。",
};

/// Begins again.
pub const SIGN_IN: &str = "ログインする";
/// Goes on.
pub const GO_ON: &str = "ログアウトを続ける";

/// One's own sessions.
pub const SESSIONS: &str = "ログイン中の端末";
/// What the list is for.
pub const SESSIONS_LEAD: &str = "あなたがいまログインしている端末（ブラウザー）です。覚えのないものや、ログアウトを忘れたものがあれば、終わらせてください。";
/// A column: when a session began.
pub const BEGAN: &str = "ログインした時刻";
/// A column: when it was last used.
pub const LAST_USED: &str = "最後に使った時刻";
/// Marks the session in which one looks.
pub const THIS_ONE: &str = "（この画面）";
/// What ending the others does.
pub const END_OTHERS_ABOUT: &str = "ほかの端末は、すぐに使えなくなります。そこで書いている途中の内容は、もう一度ログインすれば送れます。覚えのない端末があったときは、ログインのパスワードも変えてください。";
/// Ends the others.
pub const END_OTHERS: &str = "ほかの端末からログアウトする";
/// They have ended.
pub const OTHERS_ENDED: Said = Said {
    title: "ほかの端末からログアウトしました",
    text: "いまログインしているのは、この画面だけです。",
};

/// Heads the list.
#[must_use]
pub fn sessions(count: usize) -> String {
    format!("{SESSIONS}（{}台）", count_of(count))
}
