//! One spelling for all the ways to write a word: what residents type and what the town's list says are compared in it.

use unicode_normalization::char::{compose, decompose_compatible};

/// A normalised text is cut after this many characters; no name of a thing is as long.
pub(super) const KEY_CHARS_MAX: usize = 100;

/// The spelling in which texts are compared: [`plain`], with the sounds that people confuse made one and English plurals undone.
pub(super) fn key(text: &str) -> String {
    fold(&plain(text))
}

/// [`key`] of a text that is [`plain`] already.
pub(super) fn fold(plain: &str) -> String {
    singular(fold_sounds(plain))
}

/// Hiragana, half width, lower case, without accents and punctuation; a space stays only between two Latin words.
pub(super) fn plain(text: &str) -> String {
    let mut plain = Plain { text: String::with_capacity(text.len()), ..Plain::default() };
    for char in text.chars() {
        // Most characters of a town's list need no look into Unicode's tables.
        match char {
            '\0'..='\u{7f}' | 'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー' | '一'..='鿿' => plain.push(char),
            _ => decompose_compatible(char, |part| plain.push(part)),
        }
    }
    plain.text
}

/// What a text weighs: a kanji says about as much as two kana or letters.
pub(super) fn weight(key: &str) -> usize {
    key.chars().map(|char| if is_kanji(char) { 2 } else { usize::from(char != ' ') }).sum()
}

/// Whether a character is a kanji.
pub(super) fn is_kanji(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '一'..='鿿' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character is hiragana or the long vowel mark.
pub(super) fn is_kana(char: char) -> bool {
    matches!(char, 'ぁ'..='ゖ' | 'ー')
}

/// A plain text in the making.
#[derive(Default)]
struct Plain {
    text: String,
    chars: usize,
    gap: bool,
}

impl Plain {
    fn push(&mut self, char: char) {
        let last = self.text.chars().next_back();
        match char {
            'ぁ'..='ゖ' | '一'..='鿿' => self.append(char),
            // Half-width kana carry their voicing as a mark of its own.
            '\u{3099}' | '\u{309a}' => {
                if let Some(voiced) = last.and_then(|last| compose(last, char)) {
                    self.text.pop();
                    self.text.push(voiced);
                }
            }
            'ゝ' | 'ヽ' => last.filter(|last| is_kana(*last)).into_iter().for_each(|last| self.append(last)),
            '々' | '〻' => last.filter(|last| is_kanji(*last)).into_iter().for_each(|last| self.append(last)),
            // Many a keyboard writes a dash where a long vowel is meant.
            'ー' | '-' | '‐' | '–' | '—' | '―' | '−' | '─' => match last {
                Some(last) if is_kana(last) => self.append('ー'),
                _ => self.gap = true,
            },
            'ァ'..='ヶ' => self.append(char::from_u32(u32::from(char) - 0x60).unwrap_or(char)),
            _ if char.is_ascii() && char.is_alphanumeric() => self.append(char.to_ascii_lowercase()),
            _ if char.is_alphanumeric() => char.to_lowercase().for_each(|lower| self.append(lower)),
            _ => self.gap = true,
        }
    }

    fn append(&mut self, char: char) {
        let is_latin = |char: char| char.is_ascii_alphanumeric();
        let space = self.gap && is_latin(char) && self.text.chars().next_back().is_some_and(is_latin);
        self.gap = false;
        if KEY_CHARS_MAX < self.chars + 1 + usize::from(space) {
            return;
        }
        if space {
            self.text.push(' ');
        }
        self.text.push(char);
        self.chars += 1 + usize::from(space);
    }
}

/// コーヒー, こーひい, コオヒイ; ぼうし, ぼーし; プラスティック, プラスチック; ヴァイオリン, バイオリン; かんづめ, かんずめ.
fn fold_sounds(plain: &str) -> String {
    let mut folded = String::with_capacity(plain.len());
    let mut chars = plain.chars().peekable();
    let mut last_vowel = None;
    while let Some(char) = chars.next() {
        let char = match (char, chars.peek().copied().map(large)) {
            ('て', Some('い')) if chars.peek() == Some(&'ぃ') => chars.next().map_or(char, |_| 'ち'),
            ('ゔ', Some('あ')) => chars.next().map_or(char, |_| 'ば'),
            ('ゔ', Some('い')) => chars.next().map_or(char, |_| 'び'),
            ('ゔ', Some('え')) => chars.next().map_or(char, |_| 'べ'),
            ('ゔ', Some('お')) => chars.next().map_or(char, |_| 'ぼ'),
            ('ゔ', _) => 'ぶ',
            ('ー', _) => match last_vowel {
                Some(vowel) => vowel,
                None => continue,
            },
            _ => match (large(char), last_vowel) {
                ('う', Some('お')) => 'お',
                (char, _) => char,
            },
        };
        last_vowel = vowel(char);
        folded.push(char);
    }
    folded
}

/// A key without its long vowels, the part of a word that is left out most easily: コーヒメーカ.
pub(super) fn without_long_vowels(key: &str) -> String {
    let mut last_vowel = None;
    let is_short = |char: &char| {
        let is_long = vowel(*char) == Some(*char) && last_vowel == Some(*char);
        last_vowel = vowel(*char);
        !is_long
    };
    key.chars().filter(is_short).collect()
}

/// Small kana as large ones, and one of each pair that sounds alike.
fn large(char: char) -> char {
    match char {
        'ぁ' => 'あ',
        'ぃ' | 'ゐ' => 'い',
        'ぅ' => 'う',
        'ぇ' | 'ゑ' => 'え',
        'ぉ' | 'を' => 'お',
        'ゕ' => 'か',
        'ゖ' => 'け',
        'っ' => 'つ',
        'ゃ' => 'や',
        'ゅ' => 'ゆ',
        'ょ' => 'よ',
        'ゎ' => 'わ',
        'ぢ' => 'じ',
        'づ' => 'ず',
        _ => char,
    }
}

/// The vowel in which a (large) kana ends.
fn vowel(kana: char) -> Option<char> {
    match kana {
        'あ' | 'か' | 'が' | 'さ' | 'ざ' | 'た' | 'だ' | 'な' | 'は' | 'ば' | 'ぱ' | 'ま' | 'や' | 'ら' | 'わ' => {
            Some('あ')
        }
        'い' | 'き' | 'ぎ' | 'し' | 'じ' | 'ち' | 'に' | 'ひ' | 'び' | 'ぴ' | 'み' | 'り' => Some('い'),
        'う' | 'く' | 'ぐ' | 'す' | 'ず' | 'つ' | 'ぬ' | 'ふ' | 'ぶ' | 'ぷ' | 'む' | 'ゆ' | 'る' => {
            Some('う')
        }
        'え' | 'け' | 'げ' | 'せ' | 'ぜ' | 'て' | 'で' | 'ね' | 'へ' | 'べ' | 'ぺ' | 'め' | 'れ' => {
            Some('え')
        }
        'お' | 'こ' | 'ご' | 'そ' | 'ぞ' | 'と' | 'ど' | 'の' | 'ほ' | 'ぼ' | 'ぽ' | 'も' | 'よ' | 'ろ' => {
            Some('お')
        }
        _ => None,
    }
}

/// Undoes the plural of English words: batteries, boxes, cans.
fn singular(key: String) -> String {
    if !key.ends_with('s') && !key.contains("s ") {
        return key;
    }
    let mut singular = String::with_capacity(key.len());
    for word in key.split(' ') {
        let (stem, ending) = singular_word(word);
        if !singular.is_empty() {
            singular.push(' ');
        }
        singular.push_str(stem);
        singular.push_str(ending);
    }
    singular
}

/// The stem of an English word and what its singular adds to it.
fn singular_word(word: &str) -> (&str, &str) {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return (word, "");
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return (stem, "y");
    }
    let is_es = ["sses", "xes", "ches", "shes"].iter().any(|ending| word.ends_with(ending));
    let is_no_plural = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(stem) if is_es => (&stem[..stem.len() - 1], ""),
        Some(stem) if !is_no_plural => (stem, ""),
        _ => (word, ""),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for (left, right) in [
            ("ﾃﾞﾝﾁ", "でんち"),
            ("ﾍﾟｯﾄﾎﾞﾄﾙ", "ペットボトル"),
            ("か゛らす", "ガラス"),
            ("ＬＥＤ電球", "led電球"),
            ("ＬＥＤ　電球", "LED電球"),
            ("コーヒー", "こおひい"),
            ("コ-ヒ-", "コーヒー"),
            ("コーヒ―", "コーヒー"),
            ("ぼうし", "ぼーし"),
            ("ウィスキー", "ウイスキー"),
            ("ヴァイオリン", "バイオリン"),
            ("プラスティック", "プラスチック"),
            ("かんづめ", "カンズメ"),
            ("すゞり", "すずり"),
            ("人々", "人人"),
            ("Ｔシャツ", "tしやつ"),
            ("Café  au-lait", "cafe au lait"),
            ("Batteries", "battery"),
            ("BOXES", "box"),
            ("glasses", "glass"),
            ("㎝", "cm"),
        ] {
            assert_eq!(key(left), key(right), "{left} {right}");
        }
    }

    #[test]
    fn different_words_stay_different() {
        for (left, right) in [
            ("コート", "こと"),
            ("スキー", "すき"),
            ("ビール", "ビル"),
            ("ケーキ", "けいき"),
            ("glass", "glas"),
            ("bus", "bu"),
        ] {
            assert_ne!(key(left), key(right), "{left} {right}");
        }
    }

    #[test]
    fn long_vowels_are_left_out() {
        for (long, short) in [
            ("コーヒーメーカー", "コヒメカ"),
            ("発泡スチロール", "発泡スチロル"),
            ("いす", "いす"),
            ("かい", "かい"),
            ("", ""),
        ] {
            assert_eq!(without_long_vowels(&key(long)), key(short), "{long}");
        }
    }

    #[test]
    fn what_says_nothing_becomes_nothing() {
        for empty in ["", " ", "　", "？！", "🔋", "ー", "々", "ゝ", "\u{3099}", "\0"] {
            assert_eq!(key(empty), "", "{empty:?}");
        }
    }

    #[test]
    fn a_key_is_bounded_even_where_one_character_becomes_many() {
        assert_eq!(plain(&"\u{fdfa}".repeat(100)).chars().count(), KEY_CHARS_MAX);
        assert_eq!(plain(&"a ".repeat(100)).chars().count(), KEY_CHARS_MAX - 1);
    }

    #[test]
    fn every_character_alone_is_normalised_once_and_for_all() {
        for char in '\0'..=char::MAX {
            let once = key(&char.to_string());
            assert_eq!(key(&once), once, "{char:?}");
        }
    }

    proptest! {
        #[test]
        fn normalising_again_changes_nothing(text in "\\PC{0,120}") {
            prop_assert_eq!(plain(&plain(&text)), plain(&text));
            prop_assert_eq!(key(&key(&text)), key(&text));
        }

        #[test]
        fn normalising_kana_again_changes_nothing(text in "[ぁ-ゖァ-ヺｦ-ﾟーゝゞヽヾ゛゜\u{3099}\u{309a}々一-三a-c s-]{0,120}") {
            prop_assert_eq!(plain(&plain(&text)), plain(&text));
            prop_assert_eq!(key(&key(&text)), key(&text));
        }
    }
}
