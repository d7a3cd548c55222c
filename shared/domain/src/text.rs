//! Texts as residents type them, brought into one form so that they can be compared; and [how long](count) a text is.

pub mod count;

use unicode_normalization::UnicodeNormalization;

/// Bytes as lower-case hex digits, two for each.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

/// Folds what people write differently and mean alike: full and half width, katakana and hiragana, upper and lower
/// case, white space (all of it goes).
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).map(hiragana).collect()
}

/// The hiragana of a katakana; any other character as it is.
#[must_use]
pub fn hiragana(char: char) -> char {
    match char {
        'ァ'..='ヶ' => char::from_u32(u32::from(char) - 0x60).unwrap_or(char),
        _ => char,
    }
}

/// Fills the blanks `{name}` of a word. What is filled in is not looked at again, whatever braces it has.
#[must_use]
pub fn fill(word: &str, blanks: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(word.len() + 32);
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = blanks.iter().find(|(blank, _)| *blank == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The first kana of the row of the kana table in which a reading begins: か for が, ガ and こ; `None` for no kana.
#[must_use]
pub fn kana_row(reading: &str) -> Option<char> {
    const ROWS: [(char, &str); 10] = [
        ('あ', "ぁあぃいぅうぇえぉおゔ"),
        ('か', "かがきぎくぐけげこごゕゖ"),
        ('さ', "さざしじすずせぜそぞ"),
        ('た', "ただちぢっつづてでとど"),
        ('な', "なにぬねの"),
        ('は', "はばぱひびぴふぶぷへべぺほぼぽ"),
        ('ま', "まみむめも"),
        ('や', "ゃやゅゆょよ"),
        ('ら', "らりるれろ"),
        ('わ', "ゎわゐゑをん"),
    ];
    let first = fold(reading).chars().next()?;
    ROWS.into_iter().find(|(_, kana)| kana.contains(first)).map(|(row, _)| row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_two_digits_each() {
        assert_eq!(hex(&[]), "");
        assert_eq!(hex(&[0x00, 0x0f, 0xa0, 0xff]), "000fa0ff");
    }

    #[test]
    fn different_writings_of_a_word_fold_into_one() {
        for writing in ["かんでんち", "カンデンチ", "ｶﾝﾃﾞﾝﾁ", " かん でんち　", "ｶﾝデンち"]
        {
            assert_eq!(fold(writing), "かんでんち");
        }
        assert_eq!(fold("ＡＢＣ"), "abc");
    }

    #[test]
    fn a_reading_belongs_to_the_row_of_its_first_kana() {
        for (reading, row) in [("がっこう", 'か'), ("ﾎﾟｽﾄ", 'は'), ("っぽい", 'た'), ("んま", 'わ'), ("ヴ", 'あ')]
        {
            assert_eq!(kana_row(reading), Some(row), "{reading}");
        }
        assert_eq!(kana_row("1丁目"), None);
        assert_eq!(kana_row(""), None);
    }
}
