//! Words about whether all runs: what waits, what failed, and what is done about it.

use app::ports::checkup::Runner;
use app::ports::watch::Flow;
use app::watch::{PRESS_MAX, Remedy};
use domain::broadcast::PauseReason;
use domain::checkup::{Chain, Finding, Messages, Unfollows};

use super::frame::Said;
use crate::kit::count;

/// What the page is for.
pub const LEAD: &str = "このシステムが動いているかを確かめる画面です。失敗したものがあれば、ここから出しなおせます。";

/// Nothing is wrong.
pub const WELL: Said = Said {
    title: "すべて正常です",
    text: "失敗したものも、途中で止まっている配信もありません。下の「待っているもの」が何分たっても減らないときは、LINEかAWSの障害が考えられます。",
};
/// Nothing is known to be wrong.
pub const NOT_ALL_KNOWN: &str = "確認できていないことがあります";
/// Something is wrong.
pub const WRONG: &str = "対応が必要なことがあります";

/// Heads what waits.
pub const WAITING: &str = "待っているもの";
/// What to make of it.
pub const WAITING_LEAD: &str = "ふだんは数秒で減ります。増え続けるときや、何分たっても減らないときは、LINEかAWSの障害が考えられます。障害が終わると自動で処理されますので、数時間は待ってください。数はおおよそです。";
/// A column: what flows.
pub const WHAT: &str = "種類";
/// A column: how much waits.
pub const WAITS: &str = "待っている数";
/// A column: how much is being worked on.
pub const IN_HAND: &str = "処理している数";
/// A number that is not known.
pub const UNKNOWN: &str = "いまは分かりません";

/// Heads what failed.
pub const FAILED: &str = "失敗したもの";
/// What to make of it.
pub const FAILED_LEAD: &str = "何度やりなおしても処理できず、取り分けられたものです。14日たつと消えます。原因はシステムの記録（ログ）に残っていますので、先にシステムの担当者に確かめてください。";
/// A column: how much failed.
pub const HOW_MANY: &str = "件数";
/// A column: what can be done.
pub const ACTION: &str = "操作";
/// Nothing is to be done.
pub const NOTHING_TO_DO: &str = "ありません";

/// Heads what runs every minute.
pub const RUNS: &str = "自動で動いているもの";
/// What to make of it.
pub const RUNS_LEAD: &str = "1分ごとに動き、5分ごとにここに記録します。";
/// There was none yet.
pub const NOT_YET: &str = "まだ確認されていません";
/// Beside a time that is long ago.
pub const STOPPED: &str = "止まっています";
/// Heads what is looked at every hour.
pub const HOURLY: &str = "1時間ごとの確認";
/// When it was last looked at.
pub const LOOKED_AT: &str = "最後の確認";
/// The month's messages.
pub const MESSAGES: &str = "今月の通数";
/// Who blocked the account.
pub const UNFOLLOWS: &str = "この24時間にブロックした人";
/// The audit log.
pub const LOG: &str = "操作の記録";
/// Leads to its checks.
pub const TO_CHECK: &str = "操作の記録を確かめる";

/// There is nothing (any more).
pub const NOTHING_FAILED: Said = Said {
    title: "失敗したものはありません",
    text: "ほかの職員が先に出しなおしたか、もう消えています。",
};
/// There is something, and it could not be taken.
pub const IN_OTHER_HANDS: Said = Said {
    title: "いまは取り出せませんでした",
    text: "ほかの職員が処理しているか、少し前に取り出したばかりか、AWSの応答が遅れています。1分ほど待ってから、もう一度押してください。",
};
/// Leads back.
pub const BACK: &str = "稼働状況に戻る";

/// What flows.
#[must_use]
pub fn flow(flow: Flow) -> &'static str {
    match flow {
        Flow::Inbox => "住民からのメッセージ",
        Flow::Photos => "報告の写真",
        Flow::Notices => "報告者へのお知らせ",
        Flow::Changes => "ほかのシステムへの連携",
        Flow::Sending => "一斉配信",
    }
}

/// What runs every minute.
#[must_use]
pub fn runner(runner: Runner) -> &'static str {
    match runner {
        Runner::Reminder => "お知らせ予約の実行",
        Runner::Janitor => "配信の見回り",
    }
}

/// What is pressed.
#[must_use]
pub fn button(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::HandBack => "出しなおす",
        Remedy::Clear => "片付ける",
    }
}

/// Leads to the page that asks.
#[must_use]
pub fn to_redrive(flow: Flow) -> &'static str {
    match Remedy::of(flow) {
        Remedy::HandBack => "出しなおしに進む",
        Remedy::Clear => "片付けに進む",
    }
}

/// Asks.
#[must_use]
pub fn question(of: Flow) -> String {
    match Remedy::of(of) {
        Remedy::HandBack => format!("失敗した「{}」を出しなおしますか", flow(of)),
        Remedy::Clear => format!("失敗した「{}」の控えを片付けますか", flow(of)),
    }
}

/// About how many.
#[must_use]
pub fn about(number: u64) -> String {
    format!("約{}件", count(number))
}

/// What follows for those of a flow.
#[must_use]
pub fn consequences(flow: Flow) -> &'static [&'static str] {
    match flow {
        Flow::Inbox => &[
            "住民から届いたメッセージを、もう一度処理します。",
            "まだ返事をしていない住民には、いま返事が届きます。何日も前の質問への返事になることがあります。返事は今月の通数に数えられます。",
            "すでに返事をしたものは、二度は送りません。返事の途中で止まったものには、二重に届くおそれがあるため、返事をしないことがあります。",
        ],
        Flow::Photos => &[
            "写真の取り込みと消去を、もう一度行います。すでに済んだものは、そのままです。",
            "トークで送られた写真は、LINEに残っていなければ取り込めません。そのときは、報告の画面で分かります。",
        ],
        Flow::Notices => &[
            "報告した人に、対応の状況をもう一度知らせます。すでに届いた人には、二度は送りません。お知らせは今月の通数に数えられます。",
            "対応から23時間を過ぎたものは、二重に届くおそれがあるため、知らせません。知らせていないことは、報告の画面で分かります。",
        ],
        Flow::Changes => &[
            "ほかのシステムに、いまの損傷報告の内容をもう一度知らせます。",
            "同じ知らせが二度届くことがありますが、相手は知らせの番号で見分けられます。",
        ],
        Flow::Sending => &[
            "メッセージは送られません。届いていない分は、「配信の見回り」が1分ごとに配信の記録を調べて、自動で送りなおしています。",
            "ここに残っているのは、失敗したときの控えです。控えを消すだけで、配信の記録は変わりません。",
            "最後まで届いたかは、配信の画面で確かめてください。片付けても増えるときは、システムの担当者に知らせてください。",
        ],
    }
}

/// What follows for all of them.
#[must_use]
pub fn consequences_for_all(remedy: Remedy) -> Vec<String> {
    let again = match remedy {
        Remedy::HandBack => Some("原因が直っていないと、また失敗して、ここに戻ってきます。".to_owned()),
        Remedy::Clear => None,
    };
    let bounded = format!("一度に{}件までです。残りは、もう一度押してください。", count(PRESS_MAX));
    again.into_iter().chain([bounded, "だれが、いつ行ったかが、操作の記録に残ります。".to_owned()]).collect()
}

/// It was done.
#[must_use]
pub fn done(of: Flow, moved: u64) -> String {
    let moved = count(moved);
    match Remedy::of(of) {
        Remedy::HandBack => format!("「{}」を{moved}件、出しなおしました", flow(of)),
        Remedy::Clear => format!("「{}」の控えを{moved}件、片付けました", flow(of)),
    }
}

/// What to look at after it.
pub const DONE: &str = "結果は、しばらくしてからこの画面を読み込みなおすと分かります。";

/// It stopped half-way.
#[must_use]
pub fn stopped(of: Flow, moved: u64) -> String {
    format!("「{}」は、{}件で止まりました", flow(of), count(moved))
}

/// What to do then.
pub const STOPPED_TEXT: &str =
    "残りは、失敗したもののところにそのまま残っています。1分ほど待ってから、もう一度押してください。";

/// Of a flow so much failed.
#[must_use]
pub fn failed(of: Flow, number: u64) -> String {
    format!("「{}」に、失敗したものが{}あります。", flow(of), about(number))
}

/// So many broadcasts stopped half-way and wait for a person.
#[must_use]
pub fn resting(why: PauseReason, number: u64) -> String {
    let why = match why {
        PauseReason::Quota => "今月の通数を使いきったため",
        PauseReason::Credentials => "LINEにつなぐための設定（チャネルの秘密）が受けつけられないため",
        PauseReason::QuietHours => "夜間のため",
    };
    format!(
        "{why}、途中で止まっている配信が{}件あります。原因をなくしてから、配信の画面で再開してください。",
        count(number)
    )
}

/// Whether broadcasts rest could not be read.
pub const RESTING_UNSAID: &str = "途中で止まっている配信がないかを、確認できませんでした。しばらく待ってから、画面を読み込みなおしてください。くり返し出るときは、システムの担当者に知らせてください。";

/// A flow did not say.
#[must_use]
pub fn flow_unsaid(of: Flow) -> String {
    format!("「{}」の数が分かりません。しばらく待ってから、画面を読み込みなおしてください。", flow(of))
}

/// It has not run for long.
#[must_use]
pub fn late(of: Runner) -> String {
    format!("「{}」が15分以上動いていないか、失敗し続けています。システムの担当者に知らせてください。", runner(of))
}

/// Whether it runs is not known.
#[must_use]
pub fn runner_unsaid(of: Runner) -> String {
    format!("「{}」が動いたことを、確認できていません。", runner(of))
}

/// The hourly look is old.
pub const OLD_CHECKUP: &str = "1時間ごとの確認が3時間以上行われていません。システムの担当者に知らせてください。";
/// There was no hourly look, or it cannot be read.
pub const CHECKUP_UNSAID: &str =
    "1時間ごとの確認の結果が分かりません。まだ一度も行われていないか、読み取れませんでした。";
/// LINE did not say what is left of the month.
pub const MESSAGES_UNSAID: &str = "今月の通数を、LINEから確かめられませんでした。次の1時間ごとの確認を待ってください。";
/// The audit log was not checked for long.
pub const LOG_UNCHECKED: &str =
    "操作の記録が変えられていないかの確認が、まだ終わっていないか、3日以上行われていません。";

/// What the hourly look found.
#[must_use]
pub fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::MessagesNearlyUsedUp => {
            "今月の通数の8割以上を使いました。足りなくなりそうなときは、LINE公式アカウントの料金プランか追加メッセージの上限を見直してください。"
        }
        Finding::UnfollowsAboveNormal => {
            "ブロックした人が、ふだんよりずっと多くなっています。最近の配信の内容と回数を確かめてください。"
        }
        Finding::AuditLogBroken => {
            "操作の記録に、書きかえられたり消されたりした疑いがあります。「操作の記録を確かめる」で調べてください。"
        }
    }
}

/// The month's messages.
#[must_use]
pub fn messages(messages: Messages) -> String {
    match messages {
        Messages::Unsaid => "LINEから確かめられませんでした".to_owned(),
        Messages::Unlimited => "上限はありません".to_owned(),
        Messages::Limited { limit, used } => format!("上限{}通のうち、約{}通", count(limit), count(used)),
    }
}

/// Who blocked the account.
#[must_use]
pub fn unfollows(unfollows: &Unfollows) -> String {
    let people = count(unfollows.last_day);
    match unfollows.normal() {
        Some(normal) => format!("{people}人（ふだんは1日に{}人ほど）", count(normal)),
        None => format!("{people}人（ふだんの人数は、まだ分かりません）"),
    }
}

/// Whether the audit log is as it was written.
#[must_use]
pub fn log(chain: Chain) -> &'static str {
    match chain {
        Chain::NotLooked => NOT_YET,
        Chain::Whole { .. } => "異常はありません",
        Chain::Broken { .. } => "異常が見つかりました",
    }
}
