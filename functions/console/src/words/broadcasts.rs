//! Words of the pages about broadcasts.

use app::ports::broadcasts::Shelf;
use domain::broadcast::audience::check::Problem;
use domain::broadcast::{Class, Guard, Lane, PauseReason, Refusal, State};
use domain::language::Language;

use super::frame::Said;
use crate::kit::{NoticeKind, count};

/// Under the heading of the list.
pub const LEAD: &str = "LINEの友だちに送る配信を、つくる・承認する・見守るページです。";
/// Begins a broadcast.
pub const NEW: &str = "配信をつくる";
/// Begins a drill.
pub const NEW_DRILL: &str = "訓練の配信をつくる";
/// What a drill is.
pub const DRILL_LEAD: &str = "訓練の配信は、スマートフォンを登録した職員だけに届きます。どの言葉にも【訓練】の印が付きます。あとから本番の配信に変えることはできません。";
/// Changes it.
pub const EDIT: &str = "内容を変える";
/// Begins another one with the same words.
pub const COPY: &str = "コピーして新しくつくる";
/// The same, for those who may not have it.
pub const COPY_UNCLEAR: &str = "届いたか分からない人だけに送る配信をつくる";
/// The same, for those of its audience who did not get it.
pub const COPY_REST: &str = "届いていない人だけに送る配信をつくる";
/// Heads the list of whom a drill reaches.
pub const DRILL_LIST: &str = "訓練の送り先";
/// An emergency.
pub const EMERGENCY: &str = "緊急";
/// What that means.
pub const EMERGENCY_HINT: &str = "ほかの配信より先に、夜間でもすぐに送ります。承認のあと10秒間は取り消せます。";
/// Anything else.
pub const ROUTINE: &str = "通常";
/// What that means.
pub const ROUTINE_HINT: &str = "夜間は送らず、朝まで待ちます（時間は「設定」で決めます）。";
/// A drill.
pub const DRILL: &str = "訓練";
/// What staff call it.
pub const TITLE: &str = "件名（職員用）";
/// Who sees it.
pub const TITLE_HINT: &str = "住民には見えません。あとで見分けられる名前にしてください。";
/// Whose it is.
pub const DEPARTMENT: &str = "担当課";
/// Where it stands.
pub const STATE: &str = "状態";
/// When it goes or went.
pub const TIME: &str = "送る時刻";
/// To how many it went.
pub const REACHED: &str = "人数";
/// There is none.
pub const EMPTY: &str = "まだありません。";
/// What it is called, and whose it is.
pub const BASICS: &str = "件名と担当";
/// What it says.
pub const WORDS: &str = "配信の内容";
/// To whom.
pub const WHOM: &str = "配信の対象";
/// When.
pub const WHEN: &str = "送り方と時刻";
/// How urgent.
pub const LANE: &str = "優先度";
/// When.
pub const GO: &str = "送る時";
/// As soon as it is approved.
pub const AT_ONCE: &str = "承認されたらすぐ";
/// At a time.
pub const AT_TIME: &str = "日時を決める";
/// The day.
pub const DAY: &str = "日付";
/// When it is needed.
pub const DAY_HINT: &str = "「日時を決める」を選んだときだけ入れてください。";
/// The time of day.
pub const CLOCK: &str = "時刻";
/// Keeps the draft.
pub const SAVE: &str = "下書きを保存する";
/// What follows.
pub const SAVE_HINT: &str = "保存しただけでは送られません。次の画面で承認を依頼します。";
/// Counts.
pub const COUNT: &str = "届く人数を数える";
/// Has no title.
pub const NO_TITLE: &str = "件名を入れてください。";
/// Has too long a title.
pub const LONG_TITLE: &str = "件名は100文字までにしてください。";
/// Has no department.
pub const NO_DEPARTMENT: &str = "担当課を選んでください。";
/// Has no day.
pub const NO_DAY: &str = "日付を入れてください。";
/// Has no time.
pub const NO_TIME: &str = "時刻を入れてください。";
/// That time is past.
pub const PAST: &str = "過ぎた日時です。これからの日時を入れてください。";
/// All about it.
pub const ABOUT: &str = "送り先と送り方";
/// What comes after a draft.
pub const DRAFT_NEXT: &str = "下書きです。内容を確かめて、承認を依頼してください。";
/// What can be done with one that residents asked for at an hour, where it does not go by itself.
pub const BY_THE_HOUR_NEXT: &str = "住民が選んだ時刻に送るお知らせなので、この配信はもう送れません。内容を変えたり複製したりもできず、破棄だけができます。必要なら、新しい配信を書いてください。";
/// When it goes.
pub const GOES_AT: &str = "送る時刻：";
/// It can be taken back.
pub const CAN_TAKE_BACK: &str = "送り始めるまでは、取り消せます。";
/// It goes.
pub const SENDING: &str = "送っています";
/// How many it reaches.
pub const REACHES: &str = "届く人数";
/// How many follow.
pub const FOLLOWERS: &str = "友だちの数";
/// People.
pub const PEOPLE: &str = "人";
/// What became of everybody.
pub const ACCOUNT: &str = "配信の結果";
/// A line of it.
pub const ACCOUNT_LINE: &str = "内わけ";
/// How many.
pub const NUMBER: &str = "人数";
/// All of them.
pub const FROZEN: &str = "対象になった人";
/// Taken by LINE.
pub const ACCEPTED: &str = "LINEが受け付けた人";
/// Not known to LINE.
pub const DROPPED: &str = "LINEに見つからなかった人";
/// Refused by LINE.
pub const REFUSED: &str = "LINEに断られた人";
/// Stopped before.
pub const STOPPED: &str = "停止や長い中断のため送らなかった人";
/// Nobody knows.
pub const UNCLEAR: &str = "届いたかどうか分からない人";
/// What to do about them.
pub const UNCLEAR_HINT: &str = "分からない人にもう一度送ると、2回届く人がいるかもしれません。送る場合は「届いたか分からない人だけに送る配信をつくる」を押してください。";
/// Not known yet.
pub const OPEN: &str = "これから送る人";
/// Who is not in it.
pub const LEFT_OUT: &str = "対象にならなかった人";
/// Why.
pub const WHY: &str = "理由";
/// Not in the audience.
pub const OUTSIDE: &str = "配信の対象ではない";
/// Have blocked the account.
pub const BLOCKED: &str = "アカウントをブロックしている";
/// Have muted it.
pub const MUTED: &str = "配信を止めている";
/// Have had enough.
pub const CAPPED: &str = "7日間に受け取る数の上限に達している";
/// The result of counting.
pub const COUNTED: &str = "いま送ると届く人数";
/// An earlier broadcast.
pub const EARLIER: &str = "この7日間の配信";
/// How many had both.
pub const BOTH: &str = "重なる人数";
/// The table of them.
pub const OVERLAP: &str = "この7日間の配信との重なり";
/// There is none.
pub const NO_OVERLAP: &str = "この7日間に、ほかの配信を受け取った人はいません。";
/// Something is wrong with it.
pub const UNFIT: &str = "このままでは送れません";
/// It reaches nobody.
pub const NOBODY: &str = "届く人がいません。配信の対象を変えてください。";
/// Asks for approval.
pub const ASK: &str = "承認を依頼する";
/// Does not approve.
pub const SEND_BACK: &str = "下書きに戻す";
/// Takes back what was approved.
pub const TAKE_BACK: &str = "取り消して下書きに戻す";
/// Stops.
pub const STOP: &str = "配信を止める";
/// Asks whether to stop.
pub const STOPPING_IT: Asks = Asks {
    question: "この配信を止めますか",
    consequences: &[
        "まだ送っていない人には、届きません。",
        "すでに送った人の分は、取り消せません。",
        "止めた配信は、再開できません。",
    ],
    button: STOP,
};
/// Asks whether to throw away what has not gone.
pub const DISCARDING: Asks = Asks {
    question: "この配信を破棄しますか",
    consequences: &[
        "だれにも送られません。下書きにも戻せません。",
        "内容は「送り終わった配信」に「破棄」として残り、コピーして使えます。",
    ],
    button: "破棄する",
};
/// It was thrown away, or stopped before anything of it went.
pub const DISCARDED: &str = "この配信は、送る前に破棄されました。だれにも送られていません。";
/// Goes on.
pub const RESUME: &str = "配信を再開する";
/// What was said about it.
pub const REMARKS: &str = "やりとり";
/// Says something.
pub const REMARK: &str = "コメント";
/// Sends it.
pub const SAY: &str = "コメントを書く";
/// Who wrote it.
pub const AUTHOR: &str = "作成者：";
/// Somebody who is not of the staff any more.
pub const SOMEBODY: &str = "（退職した職員）";

/// What is asked before something that cannot be taken back.
#[derive(Clone, Copy)]
pub struct Asks {
    /// Whether to do it.
    pub question: &'static str,
    /// What follows.
    pub consequences: &'static [&'static str],
    /// Does it.
    pub button: &'static str,
}

/// It cannot be changed any more.
pub const TOO_LATE_TO_EDIT: Said = Said {
    title: "この配信は、もう変えられません",
    text: "送り始めたか、終わった配信です。あなたの入力はこの画面に残っていますが、保存はできません。必要な文章を写しておき、配信のページで「配信を止める」か「コピーして新しくつくる」を選んでください。",
};
/// Somebody else was faster.
pub const MEANWHILE: Said = Said {
    title: "ほかの人が先に変えました",
    text: "あなたの入力はこの画面に残っています。まだ保存されていません。もう一度保存すると、あなたの内容に変わります。",
};
/// What theirs and mine have different.
pub const DIFFERENCES: &str = "ちがうところ";
/// What is stored, by somebody else.
pub const THEIRS: &str = "保存されている内容";
/// What was typed here.
pub const MINE: &str = "あなたの入力";
/// The same, where nothing was typed.
pub const CHANGED: Said = Said {
    title: "ほかの人が先に変えました",
    text: "いまの内容を表示しています。確かめてから、もう一度操作してください。",
};
/// It is being stopped.
pub const STOPPING: Said = Said {
    title: "配信を止めました",
    text: "新しい送信は始まりません。送信中だった分の結果を確かめています。ふつうはすぐに終わりますが、20分ほどかかることがあります。",
};

/// Nobody stopped it: its hour was past.
pub const GIVEN_UP: Said = Said {
    title: "時間がすぎたので、配信を止めました",
    text: "住民が選んだ時刻から時間がたちすぎたため、まだ送っていない人には送りませんでした。職員が止めたのではありません。届いた人数は、下で確かめられます。",
};

/// Back from one part of the list to all of it.
pub const ALL_SHELVES: &str = "すべての配信を見る";

/// The name of a state.
#[must_use]
pub fn state(state: &State) -> &'static str {
    match state {
        State::Draft => "下書き",
        State::AwaitingApproval { .. } => "承認待ち",
        State::Approved { .. } => "承認済み",
        State::Sending { pause: Some(_), .. } => "中断中",
        State::Sending { pause: None, .. } => "送信中",
        State::Stopped { plan: None, .. } => "破棄",
        State::Stopped { .. } => "停止",
        State::Finished { .. } => "送信済み",
        State::Held { .. } => "確認待ち",
    }
}

/// How urgent something is.
#[must_use]
pub fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Emergency => EMERGENCY,
        Lane::Routine => ROUTINE,
    }
}

/// The heading of a part of the list.
#[must_use]
pub fn shelf(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Desk => "下書き・承認待ち",
        Shelf::Due => "これから送る配信",
        Shelf::Sending => "いま送っている配信",
        Shelf::Done => "送り終わった配信",
    }
}

/// Who approves it.
#[must_use]
pub fn rule(class: Class) -> &'static str {
    match class {
        Class::Segment => "承認者が1人承認すると送られます。作成した本人が承認者なら、自分で承認できます。",
        Class::All => "友だちの半分より多くに届くため、作成した人とは別の承認者が承認します。",
        Class::Emergency => {
            "緊急の配信です。承認者が1人承認すると、10秒後に送られます。人数は、数えている途中の見込みのことがあります。"
        }
    }
}

/// The button of an approver.
#[must_use]
pub fn approve(lane: Lane) -> &'static str {
    match lane {
        Lane::Emergency => "承認する（10秒後に送信）",
        Lane::Routine => "承認する",
    }
}

/// Why it rests.
#[must_use]
pub fn pause(why: PauseReason) -> Said {
    match why {
        PauseReason::Quota => Said {
            title: "今月の残りの通数が足りません",
            text: "残りの通数では、次に送るまとまり（最大500人）の全員分に足りず、LINEに断られました。LINE公式アカウントの料金プランか追加メッセージの上限を見直してから、「配信を再開する」を押してください。残りの人に続きから送ります。",
        },
        PauseReason::Credentials => Said {
            title: "LINEに接続できません",
            text: "チャネルの設定（チャネルIDとチャネルシークレット）を確かめてから、「配信を再開する」を押してください。",
        },
        PauseReason::QuietHours => Said {
            title: "朝まで休んでいます",
            text: "お知らせを送らない時間帯になったため、残りの人には朝になってから自動で送ります。",
        },
    }
}

/// Which guard holds it.
#[must_use]
pub fn guard(why: Guard) -> Said {
    match why {
        Guard::TooOld => Said {
            title: "送る時刻を過ぎています",
            text: "予定の時刻から時間がたっているため、自動では送りませんでした。必要なら内容を確かめて、承認を依頼してください。",
        },
        Guard::TooMany => Said {
            title: "同じ人への配信が続いています",
            text: "1時間に何度も同じ人に届くため、自動では送りませんでした。内容を確かめて、必要なら承認を依頼してください。",
        },
    }
}

/// Whom a drill reaches.
#[must_use]
pub fn drill_list(people: usize) -> String {
    let how = "「テスト送信」の画面で自分のLINEをつないだ職員だけに届きます。住民には届きません。";
    match people {
        0 => format!("{how}いまは1人もいません。"),
        _ => format!("{how}いまは次の{people}人です。"),
    }
}

/// How many have heard from us lately.
#[must_use]
pub fn lately(people: u64) -> String {
    format!("このうち{}人は、この7日間に、ほかの配信も受け取っています。", count(people))
}

/// It is being counted how many a broadcast reaches.
pub const COUNTING: &str = "届く人数を数えています";
/// What comes then.
pub const COUNTING_HINT: &str =
    "人数が多いため、少し時間がかかります。数え終わったら、もう一度「承認を依頼する」を押してください。";

/// How much is counted.
#[must_use]
pub fn counted_so_far(percent: u16) -> String {
    format!("{percent}%まで数えました。")
}

/// The same, in a form that is not kept yet.
#[must_use]
pub fn count_on(percent: u16) -> String {
    format!("{}もう一度「{COUNT}」を押すと、続きから数えます。", counted_so_far(percent))
}

/// What LINE does not take.
#[must_use]
pub fn objection(language: Language, place: &str, said: &str) -> String {
    format!("{}：LINEが受け付けない内容です（{place} {said}）。", super::residents::language(language))
}

/// LINE could not be asked.
#[must_use]
pub fn unasked(language: Language) -> String {
    let name = super::residents::language(language);
    format!("{name}：LINEの応答がなく、内容を確かめられませんでした。数分待って、もう一度同じボタンを押してください。")
}

/// What is wrong with an audience, and where to mend it.
#[must_use]
pub fn audience_problem(problem: &Problem) -> String {
    format!("配信の対象：{}。「内容を変える」で直してください。", audience_fault(problem))
}

/// What is wrong with an audience.
#[must_use]
pub fn audience_fault(problem: &Problem) -> String {
    match problem {
        Problem::UnknownDistrict(id) => format!("なくなった地区（{id}）が選ばれています"),
        Problem::UnknownArea(id) => format!("なくなった収集区域（{id}）が選ばれています"),
        Problem::UnknownTopic(id) => format!("なくなったトピック（{id}）が選ばれています"),
        Problem::UnknownCategory(id) => format!("なくなったごみの分別（{id}）が選ばれています"),
        Problem::UnknownDate(id) => format!("なくなった日付の種類（{id}）が選ばれています"),
        Problem::RulesOnly => "「その日の収集を知らせる」条件は、お知らせ予約だけが使えます".to_owned(),
        Problem::UnknownBroadcast(_) => "なくなった配信が選ばれています".to_owned(),
        Problem::ForgottenBroadcast(_) => {
            "400日より前の配信が選ばれていて、だれに届いたかの記録が残っていません".to_owned()
        }
        Problem::NothingChosen => "何も選ばれていない条件があります".to_owned(),
        Problem::EmptyGroup => "条件のないまとまりがあります".to_owned(),
        Problem::AgesReversed => "年齢の「から」と「まで」が逆です".to_owned(),
        Problem::AgeTooHigh => "子どもの年齢が高すぎます".to_owned(),
        Problem::TooDeep => "条件が深く重なりすぎています".to_owned(),
        Problem::TooMany => "条件が多すぎます".to_owned(),
    }
}

/// A refusal in an address.
#[must_use]
pub fn refusal_code(why: Refusal) -> &'static str {
    match why {
        Refusal::WrongState => "wrong-state",
        Refusal::OwnWork => "own-work",
        Refusal::TooLate => "too-late",
        Refusal::TimePast => "time-past",
        Refusal::HourPast => "hour-past",
        Refusal::TooManyRemarks => "too-many-remarks",
    }
}

/// What is said of what was just done, or not.
#[must_use]
pub fn done(code: &str) -> Option<(NoticeKind, Said)> {
    let said = |title, text| Said { title, text };
    Some(match code {
        "saved" => (NoticeKind::Success, said("保存しました", "まだ送られていません。")),
        "unfinished" => (
            NoticeKind::Warning,
            said(
                "下書きを保存しました",
                "このままでは承認を依頼できません。示されたところを直して、もう一度保存してください。",
            ),
        ),
        "asked" => (NoticeKind::Success, said("承認を依頼しました", "承認者が承認すると送られます。")),
        "asked-unchecked" => (
            NoticeKind::Warning,
            said(
                "承認を依頼しました",
                "LINEの応答がなく、LINEによる内容の確認はできていません。緊急の配信なので、このまま承認できます。",
            ),
        ),
        "approved-unchecked" => (
            NoticeKind::Warning,
            said(
                "承認しました",
                "LINEの応答がなく、LINEによる内容の確認はできていません。送信の結果をこの画面で確かめてください。",
            ),
        ),
        "counting" => (NoticeKind::Info, said("届く人数を数えています", "まだ承認は依頼していません。")),
        "approved" => (NoticeKind::Success, said("承認しました", "")),
        "taken-back" => (NoticeKind::Success, said("下書きに戻しました", "このままでは送られません。")),
        "stopped" => (NoticeKind::Success, said("配信を止めました", "")),
        "discarded" => (NoticeKind::Success, said("配信を破棄しました", "")),
        "resumed" => (NoticeKind::Success, said("配信を再開しました", "")),
        "resumed-at-night" => (
            NoticeKind::Success,
            said(
                "朝になったら再開します",
                "お知らせを送らない時間帯なので、残りの人には朝になってから自動で送ります。",
            ),
        ),
        "said" => (NoticeKind::Success, said("コメントを書きました", "")),
        "wrong-state" => (
            NoticeKind::Warning,
            said("いまの状態ではできません", "ほかの人が先に操作したようです。いまの状態を確かめてください。"),
        ),
        "own-work" => (
            NoticeKind::Warning,
            said("自分がつくった配信は承認できません", "友だちの多くに届く配信は、別の承認者が承認します。"),
        ),
        "too-late" => (
            NoticeKind::Warning,
            said("もう取り消せません", "送り始めています。必要なら「配信を止める」を押してください。"),
        ),
        "time-past" => {
            (NoticeKind::Warning, said("送る日時を過ぎています", "「内容を変える」で日時を入れなおしてください。"))
        }
        "hour-past" => (
            NoticeKind::Warning,
            said(
                "お知らせする時刻を過ぎています",
                "住民が選んだ時刻から時間がたちすぎたお知らせ（前の日は2時間、当日の朝は25分）は、もう送りません。",
            ),
        ),
        "too-many-remarks" => (NoticeKind::Warning, said("コメントがいっぱいです", "コメントは50件までです。")),
        _ => return None,
    })
}
