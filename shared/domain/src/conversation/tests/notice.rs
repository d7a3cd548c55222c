//! The messages on garbage days, word for word.

use jiff::civil::date;

use super::*;
use crate::garbage::reminder::Side;

#[test]
fn a_reminder_says_what_to_do_and_by_when() {
    let wednesday = date(2026, 11, 25);
    let groups = [("8:30", vec!["燃やさないごみ", "古紙"])];
    assert_eq!(
        garbage_reminder(Language::Japanese, Side::Evening, wednesday, &groups),
        "【ごみの日】あした 11月25日(水)の朝 8:30 までに、次のごみを出してください。\n・燃やさないごみ\n・古紙\n\n\
         変えるとき、止めるときは「ごみの日のお知らせ」と送ってください。"
    );
    assert_eq!(
        garbage_reminder(Language::EasyJapanese, Side::Morning, wednesday, &groups),
        "【ごみの日】きょう 11月25日(水曜日)の あさ 8:30 までに、この ごみを 出してください。\n・燃やさないごみ\n・古紙\n\n\
         変えるとき、止めるときは「ごみの日のお知らせ」と 送ってください。"
    );
    assert_eq!(
        garbage_reminder(Language::English, Side::Evening, wednesday, &[("8:30", vec!["Paper"])]),
        "[Garbage day] Tomorrow, Wed 25 November: please put this out by 8:30 am.\n- Paper\n\n\
         To change or stop this, send \"garbage reminders\"."
    );
}

#[test]
fn two_times_make_two_groups_of_one_message_and_no_time_none() {
    let wednesday = date(2026, 11, 25);
    let groups = [("8:30", vec!["燃やさないごみ"]), ("9:00", vec![]), ("13:00", vec!["プラスチック資源"])];
    assert_eq!(
        garbage_reminder(Language::Japanese, Side::Morning, wednesday, &groups),
        "【ごみの日】きょう 11月25日(水)に、次のごみを出してください。\n朝 8:30 までに\n・燃やさないごみ\n13:00 までに\n\
         ・プラスチック資源\n\n変えるとき、止めるときは「ごみの日のお知らせ」と送ってください。"
    );
    let told = garbage_reminder(Language::Japanese, Side::Evening, wednesday, &[("", vec!["古紙"])]);
    assert!(told.starts_with("【ごみの日】あした 11月25日(水)に、次のごみを出してください。\n・古紙\n"), "{told}");
}

#[test]
fn a_collection_that_falls_out_is_told_with_the_new_day() {
    let (day, new) = (date(2026, 11, 25), Some(date(2026, 11, 27)));
    assert_eq!(
        garbage_day_cancelled(Language::Japanese, day, &["燃やさないごみ"], new, "大雪のため"),
        "【ごみの収集の変更】11月25日(水)は、大雪のため次のごみを収集しません。出さないようにお願いします。\n\
         ・燃やさないごみ\nかわりに11月27日(金)に収集します。"
    );
    assert_eq!(
        garbage_day_cancelled(Language::EasyJapanese, day, &["もやさない ごみ"], None, ""),
        "【ごみの日が 変わります】11月25日(水曜日)は この ごみを 集めません。出さないでください。\n\
         ・もやさない ごみ\nかわりの 日は ありません。"
    );
    assert_eq!(
        garbage_day_cancelled(Language::English, day, &["Paper", "Plastics"], new, "heavy snow"),
        "[Garbage collection changed] On Wed 25 November the following is not collected (heavy snow). \
         Please do not put it out.\n- Paper\n- Plastics\nIt is collected on Fri 27 November instead."
    );
}

#[test]
fn the_sentence_that_a_reminder_names_works() {
    for (language, sentence) in [
        (Language::Japanese, "ごみの日のお知らせ"),
        (Language::EasyJapanese, "ごみの日のお知らせ"),
        (Language::English, "garbage reminders"),
    ] {
        let told = garbage_reminder(language, Side::Evening, date(2026, 11, 25), &[("8:30", vec!["x"])]);
        assert!(told.contains(sentence), "{told}");
        let turn = Chat::of_minami().hear(&garbage_town(), 1, said(sentence));
        assert!(offered(&turn).contains(&Command::RemindersOff), "{sentence}: {}", spoken(&turn));
    }
}
