//! What the command says of tables, for the one person in charge.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::error::{Chain, Error};
use aws::restoring::{Carried, Survey, Tally};
use domain::ids::ResidentId;

use super::Refusal;

/// That AWS has begun.
pub(crate) fn restoring(from: &str, to: &str) {
    println!(
        "表「{from}」のバックアップを、表「{to}」に取り出しています。表の大きさによって、数分から数時間かかります。"
    );
    println!("途中で止めても、取り出しは続きます。あとで同じコマンドをもう一度実行してください。");
}

/// That the name is taken.
pub(crate) fn is_there(from: &str, to: &str) {
    println!(
        "表「{to}」は、もうあります。表「{from}」のその時点から取り出したものではありません。何もしませんでした。"
    );
    println!("使っている表を上書きしないように、別の名前にしてください。");
}

/// That AWS does not take yet what a new table needs, and how long it is asked again.
pub(crate) fn not_ready(error: &Error, within: Duration) {
    println!(
        "表のバックアップなどを、まだ設定できません。{}分まで、くりかえし試します。権限が足りないときは、止めて、権限を直してください。",
        within.as_secs() / 60
    );
    println!("  {}", Chain(error));
}

/// That it is done, and what comes next.
pub(crate) fn restored(from: &str, to: &str) {
    println!("表「{to}」に取り出しました。期限での削除、バックアップ、削除の防止も設定しました。");
    println!("使っている表は、まだ「{from}」のままです。次は town table compare で中身を確かめてください。");
}

/// Prints both tables by kind; whether they hold the same.
pub(crate) fn compared((one, ours): (&str, &Survey), (other, theirs): (&str, &Survey)) -> bool {
    println!("「{one}」と「{other}」の件数（期限の過ぎたものは数えません）");
    let (first, second) = (by_kind(ours), by_kind(theirs));
    let kinds: BTreeSet<&str> = first.keys().chain(second.keys()).copied().collect();
    for kind in &kinds {
        let count = |counts: &BTreeMap<&str, u64>| counts.get(kind).copied().unwrap_or_default();
        let differs = differing(ours, theirs, kind);
        let said = match differs {
            0 => "同じ".to_owned(),
            1 => "ちがう".to_owned(),
            parts => format!("ちがう（{parts}区分）"),
        };
        println!("  {}（{kind}）: {}件、{}件 {said}", name(kind), count(&first), count(&second));
    }
    let same = kinds.iter().all(|kind| differing(ours, theirs, kind) == 0);
    if same {
        println!("二つの表の中身は同じです。");
    } else {
        println!(
            "中身にちがいがあります。取り出した時点よりあとに書かれたものと、数えているあいだに書かれたものも、ちがいになります。"
        );
    }
    same
}

/// That the two are named the wrong way round, or one of them is another.
pub(crate) fn is_not_restored_from(from: &str, to: &str) {
    println!("表「{to}」は、表「{from}」から town table restore で取り出したものではありません。何もしませんでした。");
    println!("--from には使っていた表、--to には取り出した表を書いてください。");
}

/// That the switch is not where the command says it is.
pub(crate) fn refused(refusal: Refusal, from: &str, to: &str) {
    match refusal {
        Refusal::InUse => {
            println!(
                "表「{to}」は、もう使われています。切りかえる前のように移すと、切りかえたあとの内容が前の内容にもどるため、何もしませんでした。"
            );
            println!("切りかえたあとに移すときは --switch done を付けてください。");
        }
        Refusal::Late => {
            println!(
                "表「{from}」は、1日より前から使われていません。そのあとに消した住民などがもどるおそれがあるため、何もしませんでした。"
            );
        }
    }
}

/// Who would be back after the switch; nothing where nobody would.
pub(crate) fn back_again(ids: &[ResidentId], many: usize) {
    if many == 0 {
        return;
    }
    println!(
        "注意: 使っている表にいない住民が{many}人、取り出した表にいます（求められて消した人、ブロックから日数がたった人、こわれて消えた人）。"
    );
    println!(
        "住民のデータがこわれたのでなければ、切りかえたあと、一人ずつ town resident erase --user で消してください。"
    );
    for id in ids {
        println!("  {}", id.as_str());
    }
    if ids.len() < many {
        println!("  ほか{}人", many - ids.len());
    }
}

/// What comes next.
pub(crate) fn next(to: &str) {
    println!("次は、パラメーター TableInUse を「{to}」にして配備します。");
}

/// What was carried.
pub(crate) fn carried(carried: &Carried) {
    let Carried { written, left, under_way } = carried;
    println!("{written}件を移しました。");
    if 0 < *left {
        println!("注意: 両方の表で変わっていた{left}件は、取り出した表のままにしました。");
    }
    if 0 < *under_way {
        println!(
            "注意: 送信中の配信が{under_way}件あります。終わるか、管理画面で止めてから、もう一度実行してください。"
        );
    }
}

/// Items by kind, residents together.
fn by_kind(survey: &Survey) -> BTreeMap<&str, u64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (place, Tally { items, .. }) in &survey.0 {
        *counts.entry(kind_of(place)).or_default() += items;
    }
    counts
}

/// In how many places a kind differs: residents have 256.
fn differing(ours: &Survey, theirs: &Survey, kind: &str) -> usize {
    let places: BTreeSet<&String> = ours.0.keys().chain(theirs.0.keys()).collect();
    places.into_iter().filter(|place| kind_of(place) == kind && ours.0.get(*place) != theirs.0.get(*place)).count()
}

fn kind_of(place: &str) -> &str {
    place.split('#').next().unwrap_or(place)
}

fn name(kind: &str) -> &'static str {
    match kind {
        "RESIDENT" => "住民",
        "CHAT" => "会話",
        "EVENT" => "返事をしたメッセージ",
        "QUESTION" => "答えられなかった質問",
        "BROADCAST" | "SENDING" => "一斉配信",
        "REPORT" => "損傷報告",
        "PHOTO" => "報告の写真",
        "REPORTER" | "NEAR" | "CLOSED" | "RELEASED" => "報告の索引",
        "STAFF" | "ROSTER" => "職員",
        "AUDIT" => "操作の記録",
        "TOWN" | "TOWN-HISTORY" | "TOWN-JOURNAL" => "まちのデータ",
        "TEMPLATE" | "TEMPLATES" => "ひな形",
        "AUDIENCES" => "配信対象",
        "REMINDERS" => "お知らせ予約",
        "SESSION" | "RESIDENT-SESSION" => "ログイン",
        _ => "そのほか",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(items: &[(&str, u64)]) -> Survey {
        let tally = |items| {
            let mut tally = Tally::default();
            tally.items = items;
            tally
        };
        Survey(items.iter().map(|(place, items)| ((*place).to_owned(), tally(*items))).collect())
    }

    #[test]
    fn residents_are_counted_together_and_differ_by_partition() {
        let ours = survey(&[("RESIDENT#00", 1), ("RESIDENT#01", 2), ("RESIDENT#02", 5), ("STAFF", 4)]);
        let theirs = survey(&[("RESIDENT#00", 1), ("RESIDENT#01", 3), ("STAFF", 4), ("REPORT", 1)]);
        assert_eq!(by_kind(&ours), BTreeMap::from([("RESIDENT", 8), ("STAFF", 4)]));
        let kinds = ["RESIDENT", "STAFF", "REPORT"].map(|kind| differing(&ours, &theirs, kind));
        assert_eq!(kinds, [2, 0, 1]);
        assert!(compared(("a", &ours), ("b", &ours)));
        assert!(!compared(("a", &ours), ("b", &theirs)), "also where one of them has nothing of a kind");
    }
}
