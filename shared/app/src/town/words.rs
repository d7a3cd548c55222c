//! The words for staff about the town's data: what its records are called, what is wrong in a file, and what to do.

use domain::dates::{DayOfYear, Expected, TOKENS_MAX, weekday_name};
use domain::language::Language;

use super::edit::SettingsPart;
use super::problem::{PROBLEMS_MAX, Severity, Trouble};
use super::records::RecordKind;

/// The name of a kind of records, the same on every face that staff see.
#[must_use]
pub fn kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Profile => "まちの基本情報",
        RecordKind::Department => "所管課",
        RecordKind::Area => "収集区域",
        RecordKind::District => "地区",
        RecordKind::Topic => "受信トピック",
        RecordKind::DateKind => "登録してもらう月",
        RecordKind::Category => "ごみの分別",
        RecordKind::Calendar => "収集日",
        RecordKind::Closure => "処理施設の休み",
        RecordKind::Change => "収集の変更",
        RecordKind::WasteItem => "品目",
        RecordKind::ReportKind => "報告の種別",
        RecordKind::ReportQuestion => "報告の質問",
        RecordKind::ReportAnswer => "報告への返信のひな形",
        RecordKind::Boundary => "区域の境界",
        RecordKind::RichMenu => "リッチメニュー",
    }
}

/// The name of a part of the settings.
#[must_use]
pub fn settings(part: SettingsPart) -> &'static str {
    match part {
        SettingsPart::Town => "まちの基本情報",
        SettingsPart::Sending => "一斉配信の決まり",
        SettingsPart::Reports => "損傷報告の決まり",
        SettingsPart::Texts(Language::Japanese) => "まちの文章（日本語）",
        SettingsPart::Texts(Language::EasyJapanese) => "まちの文章（やさしい日本語）",
        SettingsPart::Texts(Language::English) => "まちの文章（英語）",
    }
}

/// How bad a problem is.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "注意",
        Severity::Error | Severity::Unreadable => "エラー",
    }
}

/// What is wrong and what to do.
#[expect(clippy::too_many_lines, reason = "a dictionary: one entry per kind of trouble")]
pub(super) fn sentence(trouble: &Trouble) -> String {
    match trouble {
        Trouble::MissingFile => "このファイルがありません。見本（sample-town）から写してください。".to_owned(),
        Trouble::UnknownFile => {
            "この名前のファイルは読み込まれません。名前の打ち間違いではないか確かめてください。".to_owned()
        }
        Trouble::FileTooLarge { bytes_max } => {
            format!("ファイルが大きすぎます。{}MBまでにしてください。", bytes_max / 1024 / 1024)
        }
        Trouble::Encoding => {
            "文字として読めないところがあります。UTF-8（CSV UTF-8）で保存し直してください。".to_owned()
        }
        Trouble::TooManyProblems => {
            format!(
                "問題が{PROBLEMS_MAX}件を超えたので、残りは表示していません。ファイルの種類が合っているか確かめてください。"
            )
        }
        Trouble::UnknownReference { value, file } => {
            format!("「{value}」は{file}にありません。先に{file}に書くか、打ち間違いを直してください。")
        }
        Trouble::Duplicate { value, first_line } => {
            format!("「{value}」は{first_line}行目にもあります。どちらか1つにしてください。")
        }
        Trouble::AmbiguousWord { word, other_line } => format!(
            "「{word}」は{other_line}行目の品目のことばでもあります。住民がどちらか迷うので、どちらか1つにしてください。"
        ),
        Trouble::Notation(error) => format!("「{}」を読めません。{}", error.token, expected(error.expected)),
        Trouble::NoHeader => "1行目に列の名前がありません。見本の1行目を写してください。".to_owned(),
        Trouble::UnclosedQuote => {
            "ここで始まる「\"」が閉じられていません。値の終わりに「\"」を書いてください。".to_owned()
        }
        Trouble::MissingColumn => "1行目にこの列がありません。列を足してください。".to_owned(),
        Trouble::UnknownColumn => {
            "この列は読み込まれません。列の名前の打ち間違いではないか確かめてください。".to_owned()
        }
        Trouble::DuplicateColumn => "1行目に同じ名前の列が2つあります。1つにしてください。".to_owned(),
        Trouble::TooManyRows { rows_max } => format!("行が多すぎます。{rows_max}行までにしてください。"),
        Trouble::TooManyCells { expected, found } => format!(
            "値が{found}個あります（列は{expected}個）。値の中にコンマがあるときは、値を「\"」で囲んでください。"
        ),
        Trouble::Yaml { message } => format!(
            "YAMLとして読めません。字下げ（行のはじめの空白）、「:」のあとの空白、引用符を確かめてください。（{message}）"
        ),
        Trouble::UnknownKey => "この項目は知られていません。名前の打ち間違いではないか確かめてください。".to_owned(),
        Trouble::MissingKey => "この項目がありません。書き足してください。".to_owned(),
        Trouble::NotText => "文字を書いてください。数字だけの値は「\"」で囲みます（例：\"0123456789\"）。".to_owned(),
        Trouble::NotNumber { max } => format!("0から{max}までの整数を書いてください。"),
        Trouble::NotList => "「- 」で始まる行を並べて書いてください。".to_owned(),
        Trouble::NotMap => "「名前: 値」の形で書いてください。".to_owned(),
        Trouble::Empty => "空です。書いてください。".to_owned(),
        Trouble::TooLong { found, max } => {
            format!(
                "長すぎます（{found}文字）。{max}文字までにしてください。そのまま読み込むと、はみ出た分は切られます。"
            )
        }
        Trouble::InvalidId { found } => format!(
            "「{found}」は識別名に使えません。半角の英小文字・数字・ハイフンで、英数字から始めて64文字までで書いてください。"
        ),
        Trouble::ReservedId { found } => {
            format!("「{found}」は、お子さんの生まれた月に使う識別名です。別の識別名にしてください。")
        }
        Trouble::NotOneOf { found, allowed } => format!("「{found}」は書けません。{allowed}のどれかにしてください。"),
        Trouble::InvalidColor { found } => {
            format!("「{found}」は色ではありません。「#1B5E9E」のように、#と6桁の16進数で書いてください。")
        }
        Trouble::PaleColor { found, used } => {
            format!("「{found}」は薄く、白い文字が読めません。同じ色合いの濃い色「{used}」で表示します。")
        }
        Trouble::InvalidReading { found } => {
            format!("「{found}」は読みではありません。ひらがなと「ー」だけで書いてください。")
        }
        Trouble::InvalidAddress { found } => {
            format!("「{found}」はアドレスではありません。「https://」から書いてください。")
        }
        Trouble::InvalidTime { found } => {
            format!(
                "「{found}」は時刻ではありません。「8:30」のように、24時間制の時と分を「:」でつないで書いてください。"
            )
        }
        Trouble::InvalidPhone { found } => format!(
            "「{found}」は電話番号ではありません。市外局番から、「-」で区切って書いてください（例：0000-00-0000、119、#7119）。"
        ),
        Trouble::Blank { found } => format!(
            "「{found}」は、住民の名前などには置きかわらず、このまま表示されます。実際に見せることばを書いてください。"
        ),
        Trouble::NoHours => "はじまりとおわりが同じ時刻です。どちらかを変えてください。".to_owned(),
        Trouble::OnlyOneTime => {
            "はじまりとおわりの、片方の時刻しかありません。両方書くか、両方とも空（ファイルではnull）にしてください。"
                .to_owned()
        }
        Trouble::Zero => "0は書けません。制限しないときは、空（ファイルではnull）にしてください。".to_owned(),
        Trouble::InvalidDate { found } => {
            format!("「{found}」は日付ではありません。「2026-12-28」の形で、実際にある日を書いてください。")
        }
        Trouble::EndsBeforeItBegins => {
            "終わりの日が、始まりの日より前です。入れ替わっていないか確かめてください。".to_owned()
        }
        Trouble::NotLater => {
            "代わりの日が、取りやめる日と同じか、それより前です。取りやめる日よりあとの日にしてください。".to_owned()
        }
        Trouble::ExceptAndExtra { days } => {
            format!(
                "{days}が、集めない日（except）と臨時に集める日（extra）の両方にあります。どちらか1つにしてください。"
            )
        }
        Trouble::NotMoved => {
            "移す日は、effectがmoveのときだけ書きます。effectをmoveにするか、移す日を空にしてください。".to_owned()
        }
        Trouble::NoDayToMoveTo { found } => format!(
            "「{found}」には移せません。休みの日を除く、休みから半年以内の日を「2027-01-04」の形で書いてください。毎年の休みなら「01-04」の形で書きます。"
        ),
        Trouble::NoRules => "集める日がありません。when か extra に書いてください。".to_owned(),
        Trouble::UrgentAlone => {
            "すぐ電話してほしいこと（urgent）と電話番号（urgent_phone）は、両方書くか、両方とも空にしてください。"
                .to_owned()
        }
        Trouble::TooManyOf { value, max } => {
            format!("「{value}」の行が多すぎます。1つの「{value}」には{max}行までにしてください。")
        }
        Trouble::OtherCount { expected, found } => {
            format!("選択肢が{found}個あります（日本語は{expected}個）。同じ順に同じ数だけ書くか、空にしてください。")
        }
        Trouble::Twice { value } => format!("「{value}」が2つあります。1つにしてください。"),
        Trouble::Json { message } => {
            format!("GeoJSON（JSON）として読めません。地図のソフトから書き出し直してください。（{message}）")
        }
        Trouble::NoFeatures => {
            "GeoJSONの「FeatureCollection」ではありません。地図のソフトから、GeoJSONの形で書き出し直してください。"
                .to_owned()
        }
        Trouble::NoPolygon => {
            "面（PolygonかMultiPolygon）として読めません。点は[経度, 緯度]、輪は点の並び、面は輪の並びで書きます。"
                .to_owned()
        }
        Trouble::ShortRing => "輪の点が足りません。最初の点に戻るまで、4つ以上の点を書いてください。".to_owned(),
        Trouble::OpenRing => "輪が閉じていません。最後の点を最初の点と同じにしてください。".to_owned(),
        Trouble::Swapped { found } => {
            format!("「{found}」は緯度と経度が逆です。GeoJSONでは、経度、緯度の順に書きます（例：139.69, 35.68）。")
        }
        Trouble::OutsideJapan { found } => format!(
            "「{found}」は日本の中ではありません。経度と緯度を度で書いてください（世界測地系。平面直角座標系は使えません）。"
        ),
        Trouble::TooManyPoints { max } => {
            format!("境界の点が、全部で{max}個を超えています。地図のソフトで形を簡単にして（間引いて）ください。")
        }
        Trouble::TooMany { max } => format!("多すぎます。{max}個までにしてください。"),
        Trouble::MenuSize => "画像の大きさは2500×1686か2500×843（画素）にしてください。".to_owned(),
        Trouble::OutsidePicture => "押せる場所が画像からはみ出しているか、幅か高さが0です。".to_owned(),
        Trouble::UnknownTab { found } => format!("「{found}」というaliasのタブがありません。"),
        Trouble::PictureMissing { file } => format!("画像「{file}」がありません。"),
        Trouble::PictureTooLarge { bytes_max } => {
            format!("画像が大きすぎます。{}MBまでにしてください。", bytes_max / 1024 / 1024)
        }
        Trouble::PictureFormat => "画像はPNGかJPEGにしてください。".to_owned(),
        Trouble::PictureSize { width, height } => {
            format!("画像は{width}×{height}画素で、width・heightと違います。どちらかを直してください。")
        }
        Trouble::NoDescription { label, lines } => format!(
            "「{label}」（{lines}行）の説明がdescription.csvにありません。名前だけの種類として読み込みます。打ち間違いではないか確かめてください。"
        ),
        Trouble::Repeated { value, first_line } => {
            format!("「{value}」は{first_line}行目と同じ内容です。1つとして読み込みます。")
        }
        Trouble::UnknownRemark { id } => {
            format!("注意事項「*{id}」がremarks.csvにありません。この注意事項なしで読み込みます。")
        }
        Trouble::FirstDayElsewhere { named, actual } => format!(
            "{named}曜日とありますが、日付は{actual}曜日です。5374と同じく、日付から数えて{actual}曜日として読み込みます。"
        ),
        Trouble::NeverCollected => "集める日が書かれていません。集めない種類なら、このままで構いません。".to_owned(),
    }
}

/// That a value is taken by a record that is there already.
pub(super) fn taken(value: &str, name: &str) -> String {
    format!("「{value}」は、登録されている「{name}」が使っています。別のものにしてください。")
}

/// That a word names a waste item that is there already.
pub(super) fn ambiguous(word: &str, name: &str) -> String {
    format!(
        "「{word}」は、登録されている品目「{name}」のことばでもあります。住民がどちらか迷うので、どちらか1つにしてください。"
    )
}

/// That an area and a category have their collection days already.
pub(super) fn already_listed(name: &str) -> String {
    format!("「{name}」の収集日は、もう登録されています。一覧から選んで変更してください。")
}

/// What staff call the collection days of a category in an area.
pub(super) fn calendar_label(area: &str, category: &str) -> String {
    format!("{area}の{category}")
}

/// What staff call a closure of a treatment centre.
pub(super) fn closure_label(center: &str, from: &str, to: &str) -> String {
    let every = if from.parse::<DayOfYear>().is_ok() { "毎年" } else { "" };
    if from == to {
        format!("{center}（{every}{from}）")
    } else {
        format!("{center}（{every}{from}から{to}まで）")
    }
}

/// What staff call a change of the collections of a day; of nothing named, all are meant.
pub(super) fn change_label(date: &str, areas: &[&str], categories: &[&str]) -> String {
    let areas = match areas {
        [] => "すべての区域".to_owned(),
        [one] => (*one).to_owned(),
        [first, others @ ..] => format!("{first}ほか{}区域", others.len()),
    };
    let categories = match categories {
        [] => "すべての分別".to_owned(),
        [one] => (*one).to_owned(),
        [first, others @ ..] => format!("{first}ほか{}分別", others.len()),
    };
    format!("{date}の{areas}・{categories}")
}

/// What staff call a record that no table holds.
pub(super) fn kind_label(kind: &str, id: &str) -> String {
    match kind {
        "profile" => "まちの基本情報".to_owned(),
        "rich-menu" => format!("リッチメニュー（{id}）"),
        "boundary" => format!("区域の境界（{id}）"),
        _ => id.to_owned(),
    }
}

/// A part of the boundaries. Whether two are the same is seen by the digest.
pub(super) fn boundary_part((part, of): (usize, usize), districts: usize, points: usize, digest: &str) -> String {
    format!("{districts}地区、{points}点（{of}つに分けたうちの{part}つめ、内容の記号 {digest}）")
}

fn expected(expected: Expected) -> String {
    match expected {
        Expected::Rule => {
            "「月」「水2」「水2:4-9」「最終水」「隔週火@2026-04-07」「3日ごと@2026-04-01」「毎日」「平日」「平日1」「平日末」「毎月15日」「毎月末日」「2026-12-28」のように書いてください。"
                .to_owned()
        }
        Expected::Nth => "曜日のあとの数字は1から5までです（第1から第5）。".to_owned(),
        Expected::NthWorkingDay => {
            "「平日」のあとの数字は1から23までです（月の何番目の平日か）。月の最後の平日なら「平日末」と書いてください。".to_owned()
        }
        Expected::Step => "「日ごと」の前の数字は1から366までです。".to_owned(),
        Expected::Months => "「:」のあとは月です。「4-9」か「4,5,8」のように、1から12までで書いてください。".to_owned(),
        Expected::Date => "日付は「2026-12-28」の形で、実際にある日を書いてください。".to_owned(),
        Expected::DayOfMonth => "その日がある月がありません。月の終わりなら「毎月末日」と書いてください。".to_owned(),
        Expected::StartOn(weekday) => {
            format!("その日付は{}曜日です。曜日か日付を直してください。", weekday_name(weekday))
        }
        Expected::DayOfYear => "毎年の日は「01-04」の形で、実際にある日を書いてください。".to_owned(),
        Expected::OnHoliday => {
            "空のままにするか、skip（集めない）、next（次の日に）、previous（前の日に）、または「土」のような曜日を書いてください。".to_owned()
        }
        Expected::Range => "続く日は「2026-12-29..2027-01-03」のように、早い日から書いてください。".to_owned(),
        Expected::Fewer => format!("1つのますに書けるのは{TOKENS_MAX}個までです。行を分けてください。"),
    }
}
