//! Words about a message to oneself.

use super::frame::Said;

/// Heads the page.
pub const TITLE: &str = "テスト送信";
/// What it is for.
pub const LEAD: &str = "書いた文章を、自分のスマートフォンにだけ送って確かめます。住民には届きません。";
/// The label of the text.
pub const TEXT: &str = "本文";
/// How to write it.
pub const TEXT_HINT: &str = "5,000文字までです。名前や電話番号など、個人の情報は入れないでください。";
/// Sends it.
pub const SEND: &str = "自分に送る";
/// Shows it, where no script does.
pub const SHOW: &str = "見え方を更新する";
/// There is nothing to send.
pub const EMPTY: &str = "本文を入力してください。";

/// Heads the part about the phone.
pub const PHONE: &str = "自分のスマートフォン";
/// A phone is connected.
pub const CONNECTED: &str = "つながっています。テスト送信は、あなたのLINEのトークに届きます。";
/// None is.
pub const NOT_CONNECTED: &str = "まだつながっていません。テスト送信を使うには、あなたのLINEをつないでください。";
/// Asks for a code.
pub const OFFER: &str = "つなぐための番号を出す";
/// Disconnects.
pub const DISCONNECT: &str = "つなぐのをやめる";

/// Heads the page with the code.
pub const CODE_TITLE: &str = "スマートフォンをつなぐ";
/// What to do with it.
pub const CODE_STEPS: [&str; 3] = [
    "自分のスマートフォンのLINEで、このまちの公式アカウントのトークを開きます（友だちでないときは、先に友だちに追加します）。",
    "下の言葉を、そのまま入力して送ります。番号の間の空白はあってもなくてもかまいません。",
    "トークに「つながりました」と返事が来たら、下の「つながったか確かめる」を押します。",
];
/// The label of what to type.
pub const CODE_LABEL: &str = "トークで送る言葉";
/// Nobody else must see it.
pub const CODE_SECRET: &str = "この番号は1回だけ使えます。ほかの人に見せないでください。";
/// Leads back.
pub const CODE_CHECK: &str = "つながったか確かめる";
/// Shows another code.
pub const CODE_AGAIN: &str = "新しい番号を出す";

/// It went out.
pub const SENT: Said = Said { title: "送りました", text: "あなたのLINEのトークを見てください。" };
/// It went out before.
pub const ALREADY_SENT: Said = Said {
    title: "この文章は、もう送ってあります",
    text: "同じものを2回送らないように、今回は送りませんでした。もう一度送りたいときは、下の画面で新しく書いてください。",
};
/// The phone is disconnected.
pub const DISCONNECTED: Said = Said {
    title: "つなぐのをやめました",
    text: "もう一度つなぐときは、新しい番号を出してください。",
};
/// The form is too old.
pub const TOO_OLD: Said = Said {
    title: "画面を開いてから時間がたちすぎました",
    text: "まだ送っていません。内容を確かめて、もう一度「自分に送る」を押してください。",
};
/// No phone is connected.
pub const NO_PHONE: Said = Said {
    title: "スマートフォンがつながっていません",
    text: "まだ送っていません。下の手順で、先にあなたのLINEをつないでください。",
};
/// The account is blocked.
pub const BLOCKED: Said = Said {
    title: "あなたのLINEに届きません",
    text: "まだ送っていません。このまちの公式アカウントをブロックしているか、友だちから外しています。LINEで友だちに戻してから、もう一度送ってください。",
};
/// No more messages this month.
pub const QUOTA: Said = Said {
    title: "今月送れる数を使い切りました",
    text: "まだ送っていません。LINEのプランで決まっている、今月の送信数の上限に達しています。来月まで待つか、LINE公式アカウントの管理者にプランの変更を相談してください。",
};
/// Too much at once.
pub const BUSY: Said = Said {
    title: "LINEが混み合っています",
    text: "まだ送っていません。1分ほど待ってから、もう一度「自分に送る」を押してください。",
};
/// LINE takes no such message.
pub const REFUSED: Said = Said {
    title: "LINEがこの文章を受け付けませんでした",
    text: "送っていません。文章を短くするか、特殊な文字を減らして、もう一度送ってください。続くときは、スマートフォンをつなぎなおしてください。",
};
/// The credentials are wrong.
pub const NOT_LET_IN: Said = Said {
    title: "LINEとの接続の設定に問題があります",
    text: "送っていません。システムの担当者に、LINEチャネルの設定を確かめるように伝えてください。",
};
/// Nobody knows.
pub const UNCLEAR: Said = Said {
    title: "届いたかどうか分かりません",
    text: "LINEから返事がありませんでした。まず、あなたのLINEのトークを見てください。届いていなければ、このまま「自分に送る」を押してください。同じものが2回届くことはありません。",
};

/// What to type in the chat.
#[must_use]
pub fn code(digits: &str) -> String {
    let (first, last) = digits.split_at_checked(4).unwrap_or((digits, ""));
    format!("職員 {first} {last}")
}

/// Until when.
#[must_use]
pub fn good_until(time: &str) -> String {
    format!("{time}まで使えます（10分間）。")
}

/// The text is too long.
#[must_use]
pub fn too_long(over: usize) -> String {
    format!("本文が{}文字多すぎます。5,000文字までに短くしてください。", crate::kit::count_of(over))
}
