//! Words that the kit and the frame say themselves, on every page.

/// The console's name, beside the town's in the header and in every title.
pub const CONSOLE: &str = "回覧 管理画面";
/// The first link of a page, for the keyboard.
pub const SKIP: &str = "本文へ移動";
/// The name of the main navigation.
pub const NAVIGATION: &str = "メインメニュー";
/// The button that opens the navigation on a narrow screen.
pub const MENU: &str = "メニュー";
/// What a screen reader says before the name of the signed-in person.
pub const SIGNED_IN: &str = "ログイン中：";
/// Ends the session.
pub const SIGN_OUT: &str = "ログアウト";
/// The name of the path to this page.
pub const BREADCRUMBS: &str = "現在位置";
/// In the footer of every page.
pub const FOOTER: &str = "職員専用の画面です。表示された個人情報を業務以外に使わないでください。";

/// After the label of a field that must be filled in.
pub const REQUIRED: &str = "必須";
/// Before the text of an error, for those who do not see its color.
pub const ERROR: &str = "エラー：";
/// The option of a select that is none yet.
pub const CHOOSE: &str = "選んでください";
/// The button of a search.
pub const SEARCH: &str = "さがす";
/// What a form of conditions is called, beside a search on the same page.
pub const FILTER: &str = "条件";

/// Heads of the four kinds of notices, for those who do not see the icon.
pub const SUCCESS: &str = "完了";
/// See [`SUCCESS`].
pub const INFO: &str = "お知らせ";
/// See [`SUCCESS`].
pub const WARNING: &str = "注意";
/// See [`SUCCESS`].
pub const FAILURE: &str = "エラー";

/// The name of the links between the parts of a long list.
pub const PAGES: &str = "ページの移動";
/// To the part before.
pub const PREVIOUS: &str = "前へ";
/// To the part after.
pub const NEXT: &str = "次へ";

/// Marks a line that is new.
pub const ADDED: &str = "追加";
/// Marks a line that is gone.
pub const REMOVED: &str = "削除";
/// Stands where one side of a comparison has nothing.
pub const NOTHING: &str = "（なし）";
/// Heads the first column of a comparison.
pub const ITEM: &str = "項目";
/// Stands for lines that are the same on both sides.
pub const SAME: &str = "（同じ）";

/// How much of a long work is done; `{done}` and `{total}` are put in by server and script alike.
pub const DONE_OF: &str = "{total}件中{done}件が完了しました";
/// Said while it is not known how much there is to do.
pub const COUNTING: &str = "準備しています";
/// Loads the page again to see how far a long work has come.
pub const RELOAD: &str = "最新の状況を表示";
/// Leads on when a long work has ended.
pub const SEE_RESULT: &str = "結果を表示";
/// Said when the progress could not be asked for any more.
pub const POLL_FAILED: &str = "進み具合を自動で更新できません。「最新の状況を表示」を押してください。";

/// The name of the picture of a phone.
pub const PREVIEW: &str = "スマートフォンでの見え方";
/// Stands in the bubble while there is no text.
pub const PREVIEW_EMPTY: &str = "（本文を入力すると、ここに表示されます）";
/// What the count of characters says; `{n}` and `{max}` are put in by server and script alike.
pub const COUNT: &str = "{n} / {max}文字";
/// What it says beyond the limit; `{over}` is put in.
pub const COUNT_OVER: &str = "{over}文字多すぎます（{n} / {max}文字）";
/// Explains the count.
pub const COUNT_HINT: &str = "文字数はLINEの数え方によります。多くの絵文字は2文字以上と数えます。";

/// Leaves a page of confirmation without doing anything.
pub const CANCEL: &str = "やめる";
/// Heads the list of what an action will do.
pub const CONSEQUENCES: &str = "実行すると";

/// The days of the week, from Monday.
pub const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// The head of an error summary.
#[must_use]
pub fn errors(count: usize) -> String {
    format!("{count}か所に入力の誤りがあります")
}

/// An error together with what its field is called.
#[must_use]
pub fn labelled(label: &str, text: &str) -> String {
    format!("{label}：{text}")
}

/// Where one is in a long list.
#[must_use]
pub fn page_of(page: &str, pages: &str) -> String {
    format!("{pages}ページ中{page}ページ")
}

/// How much of a long work is done.
#[must_use]
pub fn done_of(done: &str, total: &str) -> String {
    DONE_OF.replace("{done}", done).replace("{total}", total)
}
