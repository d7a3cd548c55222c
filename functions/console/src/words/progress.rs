//! Words about how a broadcast goes on: how far it is, how fast, and what keeps it.

use domain::sending::account::Account;
use jiff::Timestamp;

use crate::kit::{count, moment_text};

/// It is approved, and its time has not come.
pub const WAITING: &str = "送る時刻を待っています。";
/// Its time has come.
pub const DUE: &str = "送る時刻になりました。まもなく送り始めます。";
/// The same, where guards look at it first.
pub const GUARDED: &str = "自動の配信なので、古すぎないか、同じ人に続いていないかを確かめてから送ります。";
/// The bar before it goes.
pub const BEFORE: &str = "送る準備をしています";
/// The bar after it was stopped.
pub const AFTER_STOP: &str = "送信中だった分を確かめています";
/// It waits for an emergency.
pub const GIVES_WAY: &str = "緊急の配信を先に送っているため、待っています。";
/// The platform has taken nothing for a while.
pub const STALLED: &str = "しばらくのあいだ、LINEが新しく受け付けた送信がありません。ほかの配信を先に送っているか、LINEが混み合っているか、LINEにつながりにくいようです。自動で送りなおすので、操作はいりません。";
/// What to do about what the platform refused.
pub const REFUSED_HINT: &str =
    "断られた人には届いていません。くり返すときは、この番号をシステムの担当者に伝えてください。";

/// The town does not send at night.
#[must_use]
pub fn asleep(until: Timestamp) -> String {
    format!("お知らせを送らない時間帯なので、{}に送り始めます。", moment_text(until))
}

/// How far it is.
#[must_use]
pub fn went(account: &Account, frozen: Option<(u16, u16)>) -> String {
    let sent = count(account.accepted);
    let left = count(account.open);
    match frozen {
        Some((done, all)) if done < all => format!("{sent}人に送りました。対象を確かめています（{done}/{all}）。"),
        Some(_) | None => format!("{sent}人に送りました。残りは{left}人です。"),
    }
}

/// It was stopped, and of some it is not known yet.
#[must_use]
pub fn stopping(account: &Account) -> String {
    format!(
        "{}人に送ったところで止めました。残りの{}人の結果を確かめています。",
        count(account.accepted),
        count(account.open)
    )
}

/// How fast it goes, in tenths of a call a second.
#[must_use]
pub fn speed_now(tenths: u64) -> String {
    format!("いまは毎秒約{}回、LINEに送っています（1回で500人まで）。", with_tenths(tenths))
}

/// How fast it has gone since it began, likewise.
#[must_use]
pub fn speed_so_far(tenths: u64) -> String {
    format!("送り始めてからの平均で、毎秒約{}回、LINEに送っています（1回で500人まで）。", with_tenths(tenths))
}

fn with_tenths(tenths: u64) -> String {
    format!("{}.{}", count(tenths / 10), tenths % 10)
}

/// The platform has refused the pages of these once.
#[must_use]
pub fn doubted(people: u64) -> String {
    format!("{}人分を、LINEが一度断りました。20分ほどあとに、もう一度送って確かめます。", count(people))
}

/// Of these nobody knows yet whether the platform has taken them.
#[must_use]
pub fn unsure(people: u64) -> String {
    format!(
        "{}人分は、LINEの返事がはっきりしませんでした。二重に届かないやり方で、自動で送りなおして確かめます。",
        count(people)
    )
}

/// The platform has refused these for good.
#[must_use]
pub fn refused(status: u16, people: u64) -> String {
    let why = match status {
        400 => "配信の内容か送り先を、LINEが受け付けませんでした",
        403 => "このアカウントか料金プランでは送れないと、LINEが答えました",
        404 | 410 => "LINEの送信の窓口が見つかりませんでした",
        413 => "配信の内容が大きすぎると、LINEが答えました",
        _ => "LINEが受け付けませんでした",
    };
    format!("{}人：{why}（番号{status}）。", count(people))
}

/// For these it is too late to go on.
#[must_use]
pub fn too_late(people: u64) -> String {
    format!(
        "対象を確かめてから23時間がたったため、残りのうち{}人には、続きから送れません。送る場合は、「配信を止める」で終わらせて結果が出てから、「届いていない人だけに送る配信をつくる」で書いた配信を送ってください。",
        count(people)
    )
}
