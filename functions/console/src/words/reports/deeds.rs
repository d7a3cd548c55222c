//! Words about what staff do with a report: the forms, what is wrong in them, merging, entering.

use domain::report::{Refusal, TEXT_CHARS_MAX};

use crate::kit::count_of;
use crate::words::frame::Said;

/// Heads what can be done.
pub const WORK: &str = "対応";
/// Begins to look.
pub const CHECK: &str = "確認を始める";
/// The text for the reporter.
pub const ANSWER: &str = "報告した人への返事";
/// To whom it goes.
pub const ANSWER_HINT: &str = "状態を変えるときは、書かなくてもかまいません。「対応しない」には理由を書いてください。続報を受け取る人も、これまでの返事をすべて読みます。報告した人の名前や電話番号、事情は書かないでください。";
/// Chooses what is often answered.
pub const TEMPLATE: &str = "返信のひな形";
/// What choosing does.
pub const TEMPLATE_HINT: &str =
    "選んで押すと、下の返事の欄に文が入ります。入ったあとで直せます。ひな形は「まちのデータ」でつくれます。";
/// None is chosen.
pub const NO_TEMPLATE: &str = "選んでください";
/// Puts it there.
pub const TAKE_TEMPLATE: &str = "返事の欄に入れる";
/// Nobody can be told by LINE.
pub const NOBODY_HEARS: &str = "この報告には、LINEで知らせる相手がいません。書いた返事は経過に残ります。必要なときは、電話などで知らせてください。";
/// Begins to mend.
pub const START: &str = "「対応中」にする";
/// It is mended.
pub const FINISH: &str = "「完了」にする";
/// It will not be.
pub const DECLINE: &str = "「対応しない」にする";
/// Only answers.
pub const ONLY_ANSWER: &str = "返事だけを送る";
/// Opens it again.
pub const REOPEN: &str = "もう一度「確認中」にする";
/// Notes.
pub const NOTE: &str = "メモ";
/// Who reads it.
pub const NOTE_HINT: &str = "職員だけが見ます。報告した人には送られません。";
/// Keeps it.
pub const DO_NOTE: &str = "メモを残す";
/// Heads what is seldom done.
pub const SETTLE: &str = "担当・期限・場所などを変える";
/// Chooses who looks after it.
pub const ASSIGN: &str = "担当者を決める";
/// Nobody does.
pub const NOBODY: &str = "決めない";
/// Moves it.
pub const MOVE: &str = "所管課を移す";
/// What that means.
pub const MOVE_HINT: &str = "移すと、担当者の指定はなくなります。移した先の課の職員が対応します。";
/// Mends its kind.
pub const CHANGE_KIND: &str = "種別を直す";
/// Sets how much it presses.
pub const PRIORITISE: &str = "優先度を変える";
/// Sets the day.
pub const SET_DUE: &str = "期限を変える";
/// How to have none.
pub const DUE_HINT: &str = "空のままにすると、期限なしになります。";
/// Mends its place.
pub const SET_PLACE: &str = "場所を直す";
/// Makes the position in a photo its place.
pub const TAKE_PLACE: &str = "この位置を報告の場所にする";
/// Changes what stands above.
pub const CHANGE: &str = "変更する";

/// How coordinates are typed.
pub const COORDINATES_HINT: &str = "例：35.68123, 139.76712";
/// They are none.
pub const NO_COORDINATES: &str = "緯度と経度を、35.68123, 139.76712 のように入力してください。";
/// They lie elsewhere.
pub const OUTSIDE: &str = "この場所は、まちの区域の外です。緯度と経度を確かめてください。";
/// What it is called.
pub const PLACE_TEXT_HINT: &str = "住所や目印など。例：本町公民館の前";
/// Too long.
pub const PLACE_TEXT_TOO_LONG: &str = "200文字までで入力してください。";
/// Nobody of that name may.
pub const NO_PERSON: &str = "担当者を選びなおしてください。";
/// No such department.
pub const NO_DEPARTMENT: &str = "所管課を選んでください。";
/// No such kind.
pub const NO_KIND: &str = "種別を選んでください。";
/// No such priority.
pub const NO_PRIORITY: &str = "優先度を選んでください。";
/// No such day.
pub const NO_DATE: &str = "日付を選んでください。";
/// Nothing was written.
pub const EMPTY: &str = "内容を入力してください。";

/// Somebody else was faster.
pub const MEANWHILE: Said = Said {
    title: "その間に、この報告が変わりました",
    text: "あなたの操作は、まだ保存していません。入力した内容は残っています。変わったところを確かめて、必要ならもう一度押してください。",
};
/// What happened since.
pub const SINCE: &str = "その間にあったこと";

/// Asks whether to merge.
pub const MERGE_QUESTION: &str = "この報告を、ほかの報告にまとめますか";
/// What follows.
pub const MERGE_CONSEQUENCES: [&str; 3] = [
    "この報告は「重複」になり、まとめた先の報告で対応します。",
    "この報告をした人には、まとめたことをLINEで知らせます。",
    "これからの返事は、どちらの報告の人にも届きます。",
];
/// Does it.
pub const DO_MERGE: &str = "まとめる";
/// Heads the one that goes.
pub const MERGED_ONE: &str = "まとめる報告";
/// Heads the one that remains.
pub const REMAINING_ONE: &str = "まとめた先に残る報告";
/// Heads the form of a number.
pub const MERGE_BY_NUMBER: &str = "ほかの報告にまとめる";
/// The number.
pub const INTO: &str = "まとめる先の受付番号";
/// Leads back.
pub const BACK: &str = "報告に戻る";
/// Goes on.
pub const LOOK: &str = "まとめる先を確かめる";

/// Heads the form.
pub const ENTER: &str = "報告の入力";
/// What it is for.
pub const ENTER_LEAD: &str = "電話や窓口で受けた報告を入力します。入力した報告は、種別の所管課が対応します。";
/// Asks for the kind first.
pub const CHOOSE_KIND: &str = "種別を選んでください";
/// The town has none.
pub const NO_KINDS: &str =
    "損傷の報告の種別が、まだありません。「まちのデータ」に、損傷の報告の種別を入れると、報告を受け付けられます。";
/// What must be told at once.
pub const URGENT: &str = "急ぎのとき";
/// The kind is closed to residents.
pub const CLOSED: &str = "この種別は、いま住民からの受付を止めています。";
/// What was said.
pub const SAID: &str = "報告の内容";
/// What is not asked for.
pub const SAID_HINT: &str = "どこがどうなっているかを書きます。";
/// How to reach them.
pub const CONTACT: &str = "報告した人の連絡先";
/// Who sees it.
pub const CONTACT_HINT: &str = "連絡が必要なときだけ入力します。対応する課の職員だけが見ます。";
/// Too long.
pub const CONTACT_TOO_LONG: &str = "100文字までで入力してください。";
/// Takes it.
pub const DO_ENTER: &str = "報告を受け付ける";
/// Something else has its id.
pub const TAKEN: Said = Said {
    title: "この入力は、もう受け付けられています",
    text: "受け付けた内容と、いま送った内容が違います。一覧で確かめてください。",
};

/// Why the report does not take it.
#[must_use]
pub fn refusal(refusal: Refusal) -> Said {
    let (title, text) = match refusal {
        Refusal::WrongState => ("いまの状態では、この操作はできません", "報告の状態を確かめてください。"),
        Refusal::Unchanged => ("変わるところがありません", "もう、その内容になっています。"),
        Refusal::Empty => ("内容が入力されていません", EMPTY),
        Refusal::TooLong => ("文章が長すぎます", "1,000文字までで入力してください。"),
        Refusal::HistoryFull => (
            "経過がいっぱいです",
            "1件の報告に残せる経過は100件までです。「完了」か「対応しない」にして終わらせることはできます。",
        ),
        Refusal::TooManyFollowers => ("まとめられません", "続報を受け取る人が200人を超えるためです。"),
        Refusal::TooManyPhotos => ("写真が多すぎます", "写真は5枚までです。"),
        Refusal::NotItsPhoto => {
            ("公開できない写真があります", "住民が取り消した写真などは公開できません。写真を選びなおしてください。")
        }
        Refusal::Itself => ("同じ報告どうしは、まとめられません", "ほかの報告を選んでください。"),
        Refusal::NotTheirs => ("この操作はできません", "報告した人だけができる操作です。"),
    };
    Said { title, text }
}

/// Puts it under the one of this number.
#[must_use]
pub fn merge_into(number: &str) -> String {
    format!("{number} にまとめる")
}

/// How long a text may be.
#[must_use]
pub fn chars_max() -> String {
    format!("{}文字までで入力できます。", count_of(TEXT_CHARS_MAX))
}

/// Heads the form of a kind.
#[must_use]
pub fn enter(kind: &str) -> String {
    format!("{ENTER}：{kind}")
}

/// Calls at once.
#[must_use]
pub fn call(phone: &str) -> String {
    format!("電話：{phone}")
}
