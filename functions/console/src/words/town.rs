//! Words about the town's data: its tables, their columns, and what became of a change.

use app::town::table::TownTable;
pub use app::town::words::kind;
use domain::audit::Action;

use super::frame::Said;
use crate::kit::count_of;

/// What the section is for.
pub const LEAD: &str = "住民への案内に使うデータです。ここで変えると、LINEの返事には1分以内に反映されます。";
/// Leads to the past changes.
pub const HISTORY: &str = "変更の履歴";
/// What the history is for.
pub const HISTORY_LEAD: &str = "90日以内の変更です。変更したところがその後変わっていなければ、取り消せます。";
/// Under the history: nothing happened.
pub const NO_HISTORY: &str = "90日以内の変更はありません。";
/// Adds a record.
pub const ADD: &str = "追加する";
/// Brings a file in.
pub const IMPORT: &str = "ファイルから取り込む";
/// Takes a file out.
pub const EXPORT: &str = "ファイルに書き出す（CSV）";
/// That there are several files.
pub const EXPORT_PARTS: &str = "数が多いため、いくつかのファイルに分けて書き出します。ファイルを取り込んで戻すときは、一つずつ、「そのまま残す」を選んで取り込んでください。";

/// One of several files.
#[must_use]
pub fn part(number: usize, count: usize) -> String {
    format!("{count}つのうち{number}つめのファイルを書き出す")
}
/// Finds a record.
pub const SEARCH: &str = "名前・読み・別名・識別名でさがす";
/// A choice of a filter that leaves nothing out.
pub const ALL: &str = "すべて";
/// Nothing was found.
pub const NOTHING_FOUND: &str =
    "条件に合うものはありません。言葉を短くするか、条件をはずして、もう一度さがしてください。";
/// Saves a form.
pub const SAVE: &str = "保存する";
/// Saves a form although there are warnings.
pub const SAVE_ANYWAY: &str = "注意を確かめたうえで保存する";
/// Saves over what somebody else wrote.
pub const OVERWRITE: &str = "この内容で上書き保存する";
/// Adds anew what somebody else removed.
pub const ADD_AGAIN: &str = "この内容で追加しなおす";
/// Drops what was typed.
pub const TAKE_THEIRS: &str = "自分の入力を捨てて、いまの内容を使う";
/// Leads back to the list.
pub const BACK: &str = "一覧に戻る";
/// Leads back to a record that could not be removed.
pub const TO_RECORD: &str = "この内容の画面に戻る";
/// Removes a record.
pub const REMOVE: &str = "削除する";
/// What a removal does.
pub const REMOVE_CONSEQUENCES: [&str; 2] =
    ["住民への案内から、1分以内になくなります。", "90日以内なら「変更の履歴」から取り消せます。"];
/// What the removal of a district does.
pub const REMOVE_DISTRICT: &str = "この地区を選んでいる住民には、地区を選びなおしてもらうことになります。";
/// What the removal of a topic does.
pub const REMOVE_TOPIC: &str = "このお知らせを受け取っている住民には、もう届かなくなります。";
/// What the removal of a change does.
pub const REMOVE_CHANGE: &str = "もとの日に集めるものとして案内します。もう届いたお知らせは取り消せません。";
/// What the removal of a kind of report does.
pub const REMOVE_REPORT_KIND: &str = "これまでに届いた報告は残りますが、種別の名前は表示されなくなります。受付を止めるだけなら、削除せずに「受付を止めているときの案内」を書いてください。";
/// What the removal of a question does.
pub const REMOVE_REPORT_QUESTION: &str =
    "これまでに届いた報告の答えは残りますが、何をたずねたかは表示されなくなります。";
/// What the removal of a kind of date does.
pub const REMOVE_DATE_KIND: &str = "住民がこれまでに登録した月は、使われなくなります。";
/// People hold roles in a department.
pub const DEPARTMENT_HAS_STAFF: Said = Said {
    title: "この課の権限を持つ職員がいるため、削除できません",
    text: "先に「職員と権限」で、この課の権限を別の課に変えてください。",
};
/// A line: of a calendar, of a file.
pub const LINE: &str = "行";
/// How the lines of a calendar work.
pub const LINES_ABOUT: &str =
    "集める日が1行で書けないときは、行を分けます。どの行の日も集める日になります。使わない行は空のままにしてください。";

/// Heads what is wrong.
pub const WARNINGS: Said = Said {
    title: "保存する前に確かめてください",
    text: "このまま保存することもできます。よければ、いちばん下の「注意を確かめたうえで保存する」を押してください。",
};
/// Somebody else was faster.
pub const CONFLICT: Said = Said {
    title: "ほかの職員が先に変更しました",
    text: "あなたが画面を開いたあとに、ほかの職員が同じものを変更しました。まだ何も上書きしていません。下の表で違いを確かめて、どちらかを選んでください。",
};
/// Somebody else removed it.
pub const CONFLICT_GONE: Said = Said {
    title: "ほかの職員が先に削除しました",
    text: "あなたが画面を開いたあとに、ほかの職員が同じものを削除しました。入力した内容は下に残っています。追加しなおすか、一覧に戻ってください。",
};
/// It was changed before it could be removed.
pub const CHANGED_BEFORE_REMOVAL: Said = Said {
    title: "削除する前に、内容が変わりました",
    text: "あなたが画面を開いたあとに、ほかの職員が変更しました。まだ削除していません。いまの内容を確かめて、もう一度選んでください。",
};
/// Others refer to it.
pub const HELD: Said = Said {
    title: "ほかのデータが使っているため、変更できません",
    text: "次のデータが使っています。先にそちらを変えるか、削除してください。まだ何も変更していません。",
};
/// Heads what stays although its removal was asked for.
#[must_use]
pub fn not_removed(label: &str) -> String {
    format!("「{label}」は削除できません")
}

/// Heads the comparison.
pub const COMPARISON: &str = "内容の違い";
/// A side of the comparison.
pub const AS_SEEN: &str = "画面を開いたとき";
/// A side of the comparison.
pub const THEIRS: &str = "いまの内容";
/// A side of the comparison.
pub const MINE: &str = "あなたの入力";
/// Heads the columns of a comparison.
pub const FIELD: &str = "項目";
/// A side of a change.
pub const BEFORE: &str = "変更前";
/// A side of a change.
pub const AFTER: &str = "変更後";
/// A side of a conflict of an undoing.
pub const AS_LEFT: &str = "この変更の直後";
/// A kind of records that a later edition wrote.
pub const OTHER_KIND: &str = "そのほか";
/// Where nothing stands.
pub const EMPTY: &str = "（空）";

/// The field for the file.
pub const FILE: &str = "CSVファイル";
/// Opens the list of the file's columns.
pub const FILE_COLUMNS: &str = "ファイルの列の名前を見る";
/// Heads the names of the file's columns.
pub const FILE_COLUMN: &str = "ファイルの列";
/// Heads the names that the pages have for them.
pub const COLUMN_MEANING: &str = "この画面での名前";
/// How the file must be.
pub const FILE_HINT: &str =
    "書き出したファイルと同じ列が必要です。文字コードはUTF-8でもShift_JISでもかまいません。4MB、20,000行までです。";
/// What to do with what the file does not have.
pub const MISSING: &str = "ファイルにないデータ";
/// It stays.
pub const MISSING_KEEP: &str = "そのまま残す";
/// It goes.
pub const MISSING_REMOVE: &str = "削除する";
/// When to remove.
pub const MISSING_REMOVE_HINT: &str = "ファイルの内容と完全に同じにします。消えるものは、次の画面で確かめられます。";
/// Sends the file.
pub const CHECK_FILE: &str = "内容を確認する";
/// Nothing is imported yet.
pub const IMPORT_LEAD: &str = "ファイルを選ぶと、変わるところを先に確かめられます。確かめるまで、何も変わりません。";
/// No file was chosen.
pub const CHOOSE_FILE: &str = "ファイルを選んでください。";
/// Heads the mistakes.
pub const MISTAKES: Said = Said {
    title: "ファイルに誤りがあるため、取り込めません",
    text: "次の誤りを直して、もう一度ファイルを選んでください。まだ何も変わっていません。",
};
/// Heads the warnings.
pub const FILE_WARNINGS: Said = Said {
    title: "取り込む前に確かめてください",
    text: "次の点に注意してください。このまま取り込むこともできます。",
};
/// The file holds what others look after.
pub const DENIED_ROWS: Said = Said {
    title: "あなたの権限では変えられないデータが含まれています",
    text: "ほかの課のデータが変わるため、取り込めません。その行を除くか、管理者に取り込みを頼んでください。",
};
/// Nothing would change.
pub const NO_CHANGES: Said = Said {
    title: "変わるところはありません",
    text: "ファイルの内容は、いまのデータと同じです。",
};
/// The data has moved since the preview.
pub const MOVED: Said = Said {
    title: "確認したあとに、データが変わりました",
    text: "ほかの職員の変更により、変わるところが前の画面と違います。まだ取り込んでいません。もう一度確かめてください。",
};
/// The file waits no more.
pub const UPLOAD_GONE: &str = "ファイルの確認の期限（24時間）が過ぎました。もう一度ファイルを選んでください。";
/// Imports.
pub const IMPORT_NOW: &str = "この内容で取り込む";
/// Chooses another file.
pub const OTHER_FILE: &str = "ファイルを選びなおす";
/// A column of mistakes.
pub const AT_COLUMN: &str = "列";
/// A column of mistakes.
pub const WHAT: &str = "内容";
/// Heads what is wrong.
pub const MISTAKES_CAPTION: &str = "ファイルの誤りと注意";
/// Heads what changes.
pub const CHANGES_CAPTION: &str = "変わるところ";
/// A count.
pub const ADDED: &str = "追加";
/// A count.
pub const CHANGED: &str = "変更";
/// A count.
pub const REMOVED: &str = "削除";
/// A count.
pub const KEPT: &str = "ファイルにないため残すもの";
/// The unit of counts.
pub const UNIT: &str = "件";
/// Shows the same with the removals.
pub const SHOW_REMOVALS: &str = "ファイルにないデータを削除する場合を見る";
/// Shows the same without them.
pub const SHOW_KEPT: &str = "ファイルにないデータを残す場合を見る";

/// A column of the history.
pub const WHEN: &str = "日時";
/// A column of the history.
pub const WHO: &str = "職員";
/// Takes a change back.
pub const UNDO: &str = "この変更を取り消す";
/// What an undoing does.
pub const UNDO_ABOUT: &str = "取り消すと、変更前の内容に戻します。取り消しも履歴に残り、もう一度取り消せます。";
/// It was changed since.
pub const UNDO_CONFLICT: Said = Said {
    title: "その後に変わったところがあるため、取り消せません",
    text: "次のデータは、この変更のあとにまた変わりました。まだ何も取り消していません。必要なら、データを開いて直してください。",
};

/// Something was done.
pub const DONE_SAVED: Said = Said {
    title: "保存しました", text: "まちがえたときは「変更の履歴」から取り消せます。"
};
/// See [`DONE_SAVED`].
pub const DONE_ADDED: Said = Said {
    title: "追加しました", text: "まちがえたときは「変更の履歴」から取り消せます。"
};
/// See [`DONE_SAVED`].
pub const DONE_ALREADY: Said = Said {
    title: "すでにこの内容になっています",
    text: "同じ内容だったので、何も変えていません。",
};
/// See [`DONE_SAVED`].
pub const DONE_REMOVED: Said = Said {
    title: "削除しました", text: "まちがえたときは「変更の履歴」から取り消せます。"
};
/// See [`DONE_SAVED`].
pub const DONE_GONE: Said = Said { title: "すでに削除されています", text: "何も変えていません。" };
/// See [`DONE_SAVED`].
pub const DONE_IMPORTED: Said = Said {
    title: "取り込みました",
    text: "まちがえたときは、この画面のいちばん下から取り消せます。",
};
/// See [`DONE_SAVED`].
pub const DONE_UNDONE: Said = Said { title: "取り消しました", text: "変更前の内容に戻しました。" };

/// The name of a table: that of its records.
#[must_use]
pub fn table(table: TownTable) -> &'static str {
    kind(table.kind())
}

/// What a table is for.
#[must_use]
pub fn about(table: TownTable) -> &'static str {
    match table {
        TownTable::WasteItems => "住民が捨て方をたずねるものです。",
        TownTable::Calendar => "収集区域と分別ごとの、集める日です。",
        TownTable::Changes => "大雪や台風などで取りやめる収集と、代わりに集める日です。",
        TownTable::Districts => "住民が選ぶ、お住まいの地区です。",
        TownTable::Topics => "住民は、お知らせを受け取るかどうかを受信トピックごとに選びます。",
        TownTable::Dates => {
            "お知らせのために住民に登録してもらう、年と月です。お子さんの生まれた月は、ここになくても登録できます。"
        }
        TownTable::ReportKinds => {
            "住民がLINEで報告できる損傷の種別です（道路、公園など）。12まで作れます。ひとつもなければ、報告は受け付けません。"
        }
        TownTable::ReportQuestions => "報告のときに、種別ごとに住民にたずねることです。1つの種別に5つまでです。",
        TownTable::ReportAnswers => {
            "損傷報告への返信でよく使う文です。報告の画面で選ぶと、返信の欄に入ります。入れたあとで直せます。100まで作れます。"
        }
        TownTable::Categories => "ごみの分け方と出し方です。",
        TownTable::Areas => "同じ日にごみを集める、地区のまとまりです。",
        TownTable::Closures => "処理施設が休みで、ごみを集めない日です。",
        TownTable::Departments => "データを受け持つ課です。",
    }
}

/// The name of a column.
#[must_use]
pub fn column(table: TownTable, column: &str) -> &'static str {
    match (table, column) {
        (_, "id") => "識別名",
        (TownTable::WasteItems, "name") => "品目の名前",
        (TownTable::Topics, "name") => "受信トピックの名前",
        (TownTable::ReportKinds, "name") => "種別の名前",
        (_, "name") => "名前",
        (_, "reading") => "読み",
        (_, "aliases") => "別名",
        (_, "category" | "categories") => "分別",
        (_, "how") => "出し方",
        (_, "note") => "備考",
        (_, "name_en") => "英語の名前",
        (_, "name_easy") => "やさしい日本語の名前",
        (_, "area" | "areas") => "収集区域",
        (_, "when") => "集める日",
        (_, "except") => "集めない日",
        (_, "extra") => "臨時に集める日",
        (_, "holidays") => "祝日に当たった日",
        (_, "moved_to") => "移す日",
        (_, "description") => "説明",
        (_, "department") => "所管課",
        (_, "default") => "はじめの設定",
        (_, "weekly_max") => "7日間の上限",
        (_, "color") => "色",
        (_, "put_out_by") => "出す時刻",
        (_, "center") => "処理施設",
        (_, "from") => "はじめの日",
        (_, "to") => "おわりの日",
        (_, "effect") => "休みの日の収集",
        (_, "phone") => "電話番号",
        (_, "date") => "取りやめる日",
        (_, "new_date") => "代わりに集める日",
        (_, "reason") => "理由",
        (_, "question") => "質問",
        (_, "question_easy") => "やさしい日本語の質問",
        (_, "question_en") => "英語の質問",
        (_, "direction") => "登録できる月",
        (_, "kind") => "報告の種別",
        (_, "occasion") => "使う場面",
        (_, "text") => "返信の文",
        (_, "description_easy") => "やさしい日本語の説明",
        (_, "description_en") => "英語の説明",
        (_, "urgent") => "すぐ電話してほしいこと",
        (_, "urgent_easy") => "やさしい日本語の「すぐ電話してほしいこと」",
        (_, "urgent_en") => "英語の「すぐ電話してほしいこと」",
        (_, "urgent_phone") => "すぐかけてもらう電話番号",
        (_, "duplicate_radius_m") => "同じものかもしれない距離（メートル）",
        (_, "due_days") => "対応の目安（日）",
        (_, "closed") => "受付を止めているときの案内",
        (_, "closed_easy") => "やさしい日本語の「受付を止めているときの案内」",
        (_, "closed_en") => "英語の「受付を止めているときの案内」",
        (_, "choices") => "選択肢",
        (_, "choices_easy") => "やさしい日本語の選択肢",
        (_, "choices_en") => "英語の選択肢",
        _ => "内容",
    }
}

/// How a column is filled in.
#[must_use]
pub fn hint(table: TownTable, column: &str) -> Option<&'static str> {
    Some(match (table, column) {
        (_, "id") => {
            "データどうしを結びつける名前です。半角の英小文字・数字・ハイフンで書きます。空のままなら、自動で決めます。あとから変えられません。"
        }
        (_, "reading") => "ひらがなと「ー」だけで書きます。",
        (_, "aliases") => "ほかの呼び方です。いくつもあるときは「|」で区切ります。例：椅子|チェア",
        (_, "how") => "空のままなら、分別の出し方を案内します。",
        (_, "when") => {
            "例：月 木（毎週）、水2 水4（第2・第4）、最終水、隔週火@2026-04-07、3日ごと@2026-04-01、毎日、平日、平日1（月の最初の平日）、毎月15日、毎月末日、水2:4-9（4月から9月まで）"
        }
        (_, "except" | "extra") => "例：2026-12-31 2027-01-01..2027-01-03　毎年なら 12-31..01-03",
        (_, "from" | "to") => "例：2026-12-31　毎年なら、どちらにも年を書かずに 12-31 の形で書きます。",
        (_, "moved_to") => "「別の日に集める」のときだけ書きます。例：2027-01-04　毎年の休みなら 01-04",
        (TownTable::Categories, "department") => "空のままなら、まち全体のものになり、管理者だけが変えられます。",
        (_, "color") => "案内の帯の色です。例：#1B5E9E",
        (_, "put_out_by") => "例：8:30　集めない分別なら空のままにします。",
        (TownTable::Areas, "center") => "ごみを運ぶ処理施設です。施設の休みを使わないなら空のままでかまいません。",
        (TownTable::Closures, "center") => "収集区域に書いた処理施設の名前と、同じに書きます。",
        (_, "phone") => "例：0000-00-0000",
        (_, "areas" | "categories") => "1つも選ばなければ、すべてになります。",
        (_, "new_date") => "代わりの日がないときは、空のままにします。",
        (_, "reason") => "住民に伝えます。例：大雪のため",
        (TownTable::Dates, "name") => "例：犬を飼い始めた月",
        (TownTable::ReportKinds, "name") => "20文字までです。例：街路灯",
        (TownTable::ReportKinds, "description") => {
            "どんなものを報告してもらうかを、200文字までで住民に伝えます。例：道路や公園の灯りが消えている、点滅している"
        }
        (_, "urgent") => {
            "写真や報告を待てないほど危ないことです。書くと、報告のはじめに電話番号といっしょに見せます。例：電線が切れている、柱が倒れそう"
        }
        (_, "urgent_phone") => "「すぐ電話してほしいこと」を書いたときは、かならず書きます。例：0000-00-0000",
        (_, "duplicate_radius_m") => {
            "この距離の中にある同じ種別の報告を、職員に「同じものかもしれません」と見せます。0から2000までです。例：50"
        }
        (_, "due_days") => {
            "届いてから何日で対応するかです。過ぎたものは一覧で分かります。空のままなら、期限を付けません。"
        }
        (_, "closed") => {
            "書いているあいだは、この種別の報告を受け付けず、住民にこの文を見せます。受け付けるときは空にします。"
        }
        (TownTable::ReportQuestions, "question") => "100文字までです。例：電柱の番号が見えますか。",
        (TownTable::ReportAnswers, "name") => "職員が選ぶときの名前です。40文字までです。例：現地を確認しました",
        (TownTable::ReportAnswers, "kind") => {
            "1つの種別だけで使うときに選びます。「すべて」は、管理者だけが変えられます。"
        }
        (_, "text") => {
            "1000文字までです。{number} と書いたところには、受付番号が入ります。名前や電話番号は書かないでください。"
        }
        (_, "choices") => {
            "「|」で区切って10個まで、1つは20文字までです。空のままなら、自由に書いてもらいます。例：消えている|点滅している|割れている"
        }
        (_, "choices_easy" | "choices_en") => {
            "日本語の選択肢と同じ順に、同じ数だけ書きます。空のままなら、日本語の選択肢を見せます。"
        }
        (_, "question") => "住民への質問です。例：犬を飼い始めたのは、いつですか。",
        (_, "weekly_max") => {
            "7日間に何通受け取った住民までに送るかです。空のままなら、まち全体の設定のとおりです。防犯など、かならず届けたいものは大きくします。"
        }
        _ => return None,
    })
}

/// Whether a resident who said nothing hears a topic.
#[must_use]
pub fn default(value: &str) -> &'static str {
    match value {
        "on" => "受け取る",
        "off" => "受け取らない",
        _ => "",
    }
}

/// What becomes of a collection in a closure.
#[must_use]
pub fn effect(value: &str) -> &'static str {
    match value {
        "skip" => "集めない",
        "shift-week" => "1週間あとに集める",
        "move" => "別の日に集める",
        _ => "",
    }
}

/// What becomes of a collection on a national holiday: what the file says, and what staff choose.
pub const ON_HOLIDAY: [(&str, &str); 11] = [
    ("", "祝日も集める"),
    ("skip", "集めない"),
    ("next", "次の日に集める（祝日を除く）"),
    ("previous", "前の日に集める（祝日を除く）"),
    ("月", "次の月曜日に集める（祝日を除く）"),
    ("火", "次の火曜日に集める（祝日を除く）"),
    ("水", "次の水曜日に集める（祝日を除く）"),
    ("木", "次の木曜日に集める（祝日を除く）"),
    ("金", "次の金曜日に集める（祝日を除く）"),
    ("土", "次の土曜日に集める（祝日を除く）"),
    ("日", "次の日曜日に集める（祝日を除く）"),
];

/// What becomes of a collection on a national holiday.
#[must_use]
pub fn on_holiday(value: &str) -> &'static str {
    ON_HOLIDAY.iter().find(|(known, _)| *known == value).map_or("", |(_, label)| label)
}

/// Where the months lie that residents may give.
#[must_use]
pub fn direction(value: &str) -> &'static str {
    match value {
        "past" => "今月まで（過ぎたこと）",
        "future" => "今月から（これからのこと）",
        "any" => "いつの月でも",
        _ => "",
    }
}

/// When a template of an answer is used.
#[must_use]
pub fn occasion(value: &str) -> &'static str {
    match value {
        "" => ALL,
        "work" => "「対応中」にするとき",
        "done" => "「完了」にするとき",
        "decline" => "「対応しない」にするとき",
        "reopen" => "もう一度「確認中」にするとき",
        "answer" => "返事だけを送るとき",
        _ => "",
    }
}

/// Heads how far the town goes.
pub const BOUNDARIES: &str = "区域の境界";
/// What the boundaries are for, and how they are changed.
pub const BOUNDARIES_ABOUT: &str = "報告された場所が市内かどうかと、どの地区かは、区域の境界で調べます。境界は、システムの担当者がまちのファイル（boundaries.geojson）を直して、コマンドで読み込みます。";
/// There are none.
pub const NO_BOUNDARIES: &str = "境界は読み込まれていません。報告の場所は、どこでも受け付けます。";

/// Of how many districts the boundary is known.
#[must_use]
pub fn boundaries(districts: usize, all: usize) -> String {
    format!("{}地区のうち{}地区の境界があります。", count_of(all), count_of(districts))
}

/// The title of the page that adds a record.
#[must_use]
pub fn add_title(of: TownTable) -> String {
    format!("{}を追加する", table(of))
}

/// The title of the page that changes a record.
#[must_use]
pub fn edit_title(label: &str) -> String {
    format!("「{label}」を変更する")
}

/// The question before a removal.
#[must_use]
pub fn remove_question(label: &str) -> String {
    format!("「{label}」を削除しますか")
}

/// The title of the import.
#[must_use]
pub fn import_title(of: TownTable) -> String {
    format!("{}をファイルから取り込む", table(of))
}

/// How many there are.
#[must_use]
pub fn found(count: &str) -> String {
    format!("{count}件")
}

/// A line of the calendar's form.
#[must_use]
pub fn line(number: usize) -> String {
    format!("{LINE}{number}")
}

/// A field of a line of the calendar's form.
#[must_use]
pub fn field_of_line(number: u32, label: &str) -> String {
    format!("{LINE}{number}の{label}")
}

/// Something that refers to something.
#[must_use]
pub fn holder(of: TownTable, label: &str, column_name: &str, missing: &str) -> String {
    format!("{}「{label}」の{}（{missing}）", table(of), column(of, column_name))
}

/// That a list goes on.
#[must_use]
pub fn and_more(count: usize) -> String {
    format!("ほか{}件", count_of(count))
}

/// What was done, in the history.
#[must_use]
pub fn action(action: Action, label: &str) -> String {
    match action {
        Action::EditTown if label.is_empty() => "変更".to_owned(),
        Action::EditTown => format!("「{label}」を変更"),
        Action::ImportTown => "ファイルから取り込み".to_owned(),
        Action::UndoTown if label.is_empty() => "取り消し".to_owned(),
        Action::UndoTown => format!("「{label}」の変更を取り消し"),
        _ => String::new(),
    }
}

/// How much changed.
#[must_use]
pub fn counts(name: &str, added: usize, changed: usize, removed: usize) -> String {
    let parts = [(ADDED, added), (CHANGED, changed), (REMOVED, removed)];
    let said: Vec<_> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{what}{}件", count_of(count)))
        .collect();
    format!("{name}：{}", said.join("、"))
}
