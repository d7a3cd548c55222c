//! Words about the staff and what they may do.

use domain::staff::Standing;

use super::frame::Said;
use crate::kit::count_of;

/// What the list is for.
pub const LEAD: &str = "管理画面を使う職員の招待、権限の変更、利用の停止ができます。";
/// Finds somebody.
pub const SEARCH: &str = "氏名・メールアドレスでさがす";
/// Heads the list.
pub const CAPTION: &str = "職員の一覧";
/// Nobody was found.
pub const NOBODY: &str = "条件に合う職員はいません。言葉を短くして、もう一度さがしてください。";
/// Begins an invitation.
pub const INVITE: &str = "職員を招待する";
/// Leads to the explanation of the roles.
pub const TO_HELP: &str = "権限の説明を見る";
/// A column: the name, and the field's label.
pub const NAME: &str = "氏名";
/// A column: the address.
pub const EMAIL: &str = "メールアドレス";
/// A column: what somebody is.
pub const ROLES: &str = "権限";
/// A column: whether somebody may come in.
pub const STANDING: &str = "状態";
/// A column: whether a phone is connected.
pub const PHONE: &str = "本人のLINE";
/// A phone is connected.
pub const PHONE_THERE: &str = "つながっています";
/// No phone is connected.
pub const PHONE_NOT_THERE: &str = "つながっていません";
/// Stands for somebody who did something and is not in the directory.
pub const UNKNOWN: &str = "（登録のない職員）";
/// Stands for the loader at the command line.
pub const COMMAND: &str = "コマンド";
/// Stands for somebody who is not of the staff.
pub const STRANGER: &str = "職員以外";
/// Marks one's own row.
pub const YOU: &str = "（あなた）";

/// The whole-town role.
pub const ADMINISTRATOR: &str = "管理者";
/// Its box.
pub const ADMINISTRATOR_BOX: &str = "管理者にする";
/// What it means, beside its box.
pub const ADMINISTRATOR_HINT: &str = "職員の招待と停止、まち全体の設定、すべての課のデータの変更、すべての課の配信を書くこと、操作の記録と稼働状況の確認ができます。配信の承認と再開はできません。";
/// No role in a department.
pub const NO_ROLE: &str = "なし";
/// The role that reads.
pub const READER: &str = "閲覧者";
/// The role that writes.
pub const EDITOR: &str = "編集者";
/// The role that approves.
pub const APPROVER: &str = "承認者";
/// Somebody without any role.
pub const NO_ROLES: &str = "権限なし";
/// Heads the choices per department.
pub const BY_DEPARTMENT: &str = "所管課ごとの権限";
/// Explains the choices per department.
pub const BY_DEPARTMENT_HINT: &str = "承認者は編集者の、編集者は閲覧者のできることもすべてできます。";
/// The town has no departments yet.
pub const NO_DEPARTMENTS: &str =
    "所管課がまだ登録されていません。「まちのデータ」で所管課を登録すると、ここで所管課ごとの権限を選べます。";

/// Heads the form of an invitation.
pub const INVITE_LEAD: &str =
    "招待しても、システムからメールは送られません。招待したあとの画面に、本人に伝えることが出ます。";
/// The same, where a mail goes out.
pub const INVITE_MAILS: &str = "招待すると、本人にメールが届きます。メールには、管理画面のアドレスと、はじめてログインするときの仮のパスワードが書かれています。";
/// How to write a name.
pub const NAME_HINT: &str = "操作の記録などで、ほかの職員に表示されます。60文字まで";
/// What the address is for.
pub const EMAIL_HINT: &str = "ログインに使うアカウントのメールアドレスです。あとから変えられません。";
/// Why the address cannot be changed.
pub const EMAIL_FIXED: &str =
    "メールアドレスは変えられません。変わったときは、新しいアドレスで招待しなおし、古いほうを停止してください。";
/// Sends an invitation.
pub const DO_INVITE: &str = "招待する";
/// Saves a change.
pub const SAVE: &str = "保存する";
/// Saves over what somebody else did, after a look.
pub const SAVE_ANYWAY: &str = "この内容で保存する";
/// Leads back to the list.
pub const BACK: &str = "一覧に戻る";
/// Begins anew from what is stored.
pub const START_ANEW: &str = "保存されている内容から入力しなおす";

/// The title while somebody is changed.
#[must_use]
pub fn change_title(name: &str) -> String {
    format!("{name}さんの登録内容")
}

/// One's own roles.
pub const OWN: Said = Said {
    title: "自分の権限は変えられません",
    text: "まちがって管理できなくなることや、自分に権限を足すことを防ぐためです。変える必要があるときは、ほかの管理者に頼んでください。",
};

/// The name is missing or too long.
pub const BAD_NAME: &str = "氏名を1文字から60文字で入力してください。見えない文字や改行は使えません。";
/// The address is none.
pub const BAD_EMAIL: &str = "メールアドレスを「hanako@example.jp」のように、半角の英数字で入力してください。";
/// What was chosen is no choice.
pub const BAD_ROLE: &str = "「なし」「閲覧者」「編集者」「承認者」から選びなおしてください。";
/// The address is somebody's.
pub const EMAIL_TAKEN: &str =
    "このメールアドレスは、すでに登録されています。一覧でさがして、その職員の権限を変えるか、停止を解いてください。";
/// No role was chosen.
pub const CHOOSE_ROLE: &str = "権限が一つも選ばれていません。管理者にするか、どれかの課の権限を選んでください。使わせないときは「利用を停止する」を使ってください。";
/// Nobody else can manage people.
pub const LAST_ADMINISTRATOR: &str =
    "管理者がほかにいません。先に別の職員を管理者にして、その人が一度ログインしてから、もう一度やりなおしてください。";
/// Nobody changes their own roles.
pub const ONESELF: &str = "自分の権限や利用の停止は、自分では変えられません。ほかの管理者に頼んでください。";

/// Somebody else was faster.
pub const MEANWHILE: Said = Said {
    title: "ほかの職員が、先にこの内容を変えました",
    text: "まだ何も上書きしていません。下の違いを確かめて、保存しなおすか、保存されている内容から入力しなおしてください。",
};
/// What others did.
pub const THEIR_CHANGES: &str = "ほかの職員が変えたところ";
/// One side of what others did.
pub const WHEN_OPENED: &str = "あなたが開いたとき";
/// What is stored.
pub const STORED: &str = "保存されている内容";
/// What one's own form would do.
pub const YOUR_CHANGES: &str = "あなたの入力と保存されている内容の違い";
/// What was typed.
pub const TYPED: &str = "あなたの入力";
/// One's own form would change nothing.
pub const NO_DIFFERENCE: &str = "あなたの入力は、保存されている内容と同じです。";

/// Somebody was invited.
pub const DONE_INVITED: Said = Said {
    title: "招待しました",
    text: "下の「本人に伝えること」を、本人に伝えてください。",
};
/// Somebody was invited, and has been sent a mail.
pub const DONE_INVITED_MAILED: Said = Said {
    title: "招待しました",
    text: "本人にメールを送りました。メールが届いているか、本人に確かめてください。",
};
/// Somebody was invited who has an account already.
pub const DONE_INVITED_KNOWN: Said = Said {
    title: "招待しました",
    text: "このメールアドレスのログイン用のアカウントは、すでにあります。メールが届いていないときは、下の「招待のメールをもう一度送る」を押してください。",
};
/// Somebody was invited, and the mail did not go out.
pub const DONE_INVITED_UNMAILED: Said = Said {
    title: "招待しましたが、本人にメールを送れませんでした",
    text: "登録は済んでいます。しばらく待ってから、下の「招待のメールをもう一度送る」を押してください。続くときは、システムの担当者に連絡してください。",
};
/// The mail was sent again.
pub const DONE_MAILED: Said = Said {
    title: "招待のメールを送りました",
    text: "前のメールの仮のパスワードは使えなくなりました。新しいメールのほうを使うよう、本人に伝えてください。",
};
/// The mail was not sent again.
pub const NOT_MAILED: Said = Said {
    title: "メールを送れませんでした",
    text: "しばらく待ってから、もう一度「招待のメールをもう一度送る」を押してください。続くときは、システムの担当者に連絡してください。",
};
/// No mail was sent, as none is needed.
pub const HAS_PASSWORD: Said = Said {
    title: "本人は、すでに自分のパスワードを決めています",
    text: "メールは送っていません。本人に、そのパスワードでログインするよう伝えてください。忘れたときは、ログインの画面で決めなおせます。",
};
/// Somebody was changed.
pub const DONE_CHANGED: Said =
    Said { title: "保存しました", text: "新しい登録内容は、すぐに反映されます。" };
/// Somebody was disabled.
pub const DONE_DISABLED: Said = Said {
    title: "利用を停止しました",
    text: "ログインしていた場合も、すぐに使えなくなりました。",
};
/// Somebody was enabled.
pub const DONE_ENABLED: Said = Said {
    title: "利用の停止を解きました",
    text: "本人は、もう一度ログインすると使えます。",
};

/// Heads what an invited colleague must do.
pub const TELL_THEM: &str = "本人に伝えること";
/// Says that nothing was sent.
pub const NOTHING_SENT: &str =
    "システムからは何も送られません。次の三つを、電話や庁内のメールなどで本人に伝えてください。";
/// Says what was sent, before the address.
pub const MAIL_SENT: &str = "ログインに使う仮のパスワードは、次のアドレスへのメールで本人に届きます：";
/// What the mail is for.
pub const TELL_PASSWORD: &str =
    "メールの仮のパスワードでログインし、自分のパスワードを決めること。仮のパスワードが使えるのは7日間です。";
/// What to do without the mail.
pub const TELL_SPAM: &str = "メールが見つからないときは、迷惑メールの中をさがすこと。";
/// Sends the mail again.
pub const MAIL_AGAIN: &str = "招待のメールをもう一度送る";
/// The first thing: where the console is.
pub const TELL_ADDRESS: &str = "管理画面のアドレス";
/// The second thing: the account.
pub const TELL_ACCOUNT: &str = "このメールアドレスのアカウントで、ログインすること：";
/// The third thing: what to do without an account.
pub const TELL_ISSUER: &str = "アカウントがまだないときは、システムの担当者が本人確認のサービスに作ること。作り方は手引き「職員を招待する」にあります。";

/// Begins to disable.
pub const DISABLE: &str = "利用を停止する";
/// Begins to enable.
pub const ENABLE: &str = "停止を解く";
/// Heads both.
pub const STANDING_HEAD: &str = "利用の停止";
/// What disabling is for.
pub const DISABLE_ABOUT: &str =
    "異動や退職のときや、アカウントが他人に使われたおそれがあるときは、利用を停止します。記録は消えません。";
/// What enabling is for.
pub const ENABLE_ABOUT: &str = "停止を解くと、前と同じ権限でもう一度使えるようになります。";
/// What disabling does.
pub const DISABLE_DOES: [&str; 3] = [
    "ログインしている場合も、すぐに使えなくなります。",
    "停止を解くまで、ログインできません。",
    "氏名、権限、これまでの操作の記録は残ります。",
];
/// What enabling does.
pub const ENABLE_DOES: [&str; 2] = ["本人は、もう一度ログインできるようになります。", "権限は、停止する前と同じです。"];

/// Asks before disabling.
#[must_use]
pub fn ask_disable(name: &str) -> String {
    format!("{name}さんの利用を停止しますか")
}

/// Asks before enabling.
#[must_use]
pub fn ask_enable(name: &str) -> String {
    format!("{name}さんの停止を解きますか")
}

/// Whether somebody may come in.
#[must_use]
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Invited => "招待中",
        Standing::Active => "利用中",
        Standing::Disabled => "停止中",
    }
}

/// A department's part of somebody's roles.
#[must_use]
pub fn role_in(department: &str, role: &str) -> String {
    format!("{department}：{role}")
}

/// A department that the town has no more.
#[must_use]
pub fn gone(department: &str) -> String {
    format!("{department}（なくなった課）")
}

/// How many people are listed.
#[must_use]
pub fn found(people: usize) -> String {
    format!("{}人", count_of(people))
}

/// Heads the explanation.
pub const HELP: &str = "権限の説明";
/// Says how roles work together.
pub const HELP_LEAD: &str =
    "だれが何をできるかは、職員ごとの権限で決まります。権限は課ごとに持ち、一人がいくつもの課の権限を持てます。";
/// What each role may, from the least to the most: its name, what it may, for whom it is.
pub const HELP_ROLES: [(&str, &str, &str); 4] = [
    (
        READER,
        "住民のようす、まちのデータ、配信とそのひな形を、どの課のものも見ることができます。書いたり変えたりすることはできません。",
        "内容を確かめるだけの人",
    ),
    (
        EDITOR,
        "閲覧者のできることに加えて、その課の配信を書いて承認を頼むことと止めること、その課のひな形や配信対象を保存すること、その課の受信トピック、ごみの分別、品目、収集日などのデータを変えること、自分あてのテスト送信ができます。答えられなかった質問を見ることができ、ごみの分別を受け持つ課なら、対応も決められます。",
        "ふだんの仕事をする人",
    ),
    (
        APPROVER,
        "編集者のできることに加えて、その課が送る配信を承認することと、中断した配信を再開することができます。友だちの半分より多くに届く配信は、自分が書いたものを自分で承認できません。",
        "係長や課長など、送る前に確かめる人",
    ),
    (
        ADMINISTRATOR,
        "職員の招待と停止、まち全体の設定、以前からの友だちの取り込み、操作の記録と稼働状況の確認ができます。どの課のデータやひな形も変えられ、どの課の配信も書けます。どの課の承認者でもないので、配信の承認と再開はできません。",
        "システムを受け持つ人。休みの日に備えて、二人以上をすすめます",
    ),
];
/// Columns of the explanation.
pub const HELP_COLUMNS: [&str; 3] = ["権限", "できること", "向いている人"];
/// Heads the rules.
pub const HELP_RULES_HEAD: &str = "決まりごと";
/// The rules.
pub const HELP_RULES: [&str; 5] = [
    "自分の権限は、自分では変えられません。ほかの管理者に頼みます。",
    "管理者が一人もいなくなる変更はできません。",
    "停止された人は、ログインしていても、すぐに使えなくなります。",
    "権限のないページを開こうとすると、断られ、そのことが操作の記録に残ります。",
    "招待や権限の変更は、だれが、いつ、何を変えたかが操作の記録に残ります。",
];

/// Leads back to one person.
pub const BACK_TO_PERSON: &str = "登録内容に戻る";
/// Something was not done.
pub const NOT_DONE: &str = "変更していません";
/// Asks once more about somebody who was changed meanwhile.
pub const ASK_AGAIN: &str =
    "まだ何も変えていません。下のいまの登録内容を確かめて、よければ、もう一度ボタンを押してください。";
