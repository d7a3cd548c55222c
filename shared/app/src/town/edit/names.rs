//! Ids for new records: from the reading, in Latin letters, else from the English name or the date, else a number.

use domain::ids::SLUG_CHARS_MAX;

use super::Cells;
use super::snapshot::{Snapshot, cell};
use crate::town::table::TownTable;

/// Ids of the same beginning are counted up to here.
const SAME_MAX: u32 = 10_000;
/// So long is an id at most before a number is put behind it.
const STEM_CHARS_MAX: usize = SLUG_CHARS_MAX - 6;

/// Puts an id that nobody has into a new row that has none.
pub(super) fn propose(snapshot: &Snapshot, table: TownTable, rows: &mut [Cells]) {
    let Some(at) = table.columns().iter().position(|column| *column == "id") else { return };
    for row in rows {
        if row.get(at).is_some_and(String::is_empty) {
            row[at] = proposed(snapshot, table, row);
        }
    }
}

fn proposed(snapshot: &Snapshot, table: TownTable, row: &[String]) -> String {
    let stems =
        [romaji(cell(table, row, "reading")), slug(cell(table, row, "name_en")), slug(cell(table, row, "date"))];
    let stem = stems.into_iter().find(|stem| !stem.is_empty()).unwrap_or_default();
    let is_free = |id: &String| snapshot.entry(table, id).is_none();
    if !stem.is_empty() && is_free(&stem) {
        return stem;
    }
    let stem = if stem.is_empty() { table.kind().name().to_owned() } else { stem };
    (2..SAME_MAX).map(|number| format!("{stem}-{number}")).find(is_free).unwrap_or_default()
}

/// Words of an English name, joined by hyphens.
fn slug(name: &str) -> String {
    let words = name.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    joined.chars().take(STEM_CHARS_MAX).collect::<String>().trim_end_matches('-').to_owned()
}

/// Hiragana in Latin letters (Hepburn, long vowels as they are written); what is no hiragana is left out.
fn romaji(reading: &str) -> String {
    let mut latin = String::new();
    let mut doubles = false;
    for sign in reading.chars() {
        let small = match sign {
            'っ' => {
                doubles = true;
                continue;
            }
            'ゃ' => Some('a'),
            'ゅ' => Some('u'),
            'ょ' => Some('o'),
            'ぁ' => Some('A'),
            'ぃ' => Some('I'),
            'ぅ' => Some('U'),
            'ぇ' => Some('E'),
            'ぉ' => Some('O'),
            _ => None,
        };
        if let Some(small) = small {
            contract(&mut latin, small);
            continue;
        }
        let Some(syllable) = syllable(sign) else { continue };
        if std::mem::take(&mut doubles)
            && let Some(first) = syllable.chars().next().filter(|first| !"aiueon".contains(*first))
        {
            latin.push(if first == 'c' { 't' } else { first });
        }
        latin.push_str(syllable);
    }
    latin.chars().take(STEM_CHARS_MAX).collect()
}

/// Joins a small kana to the syllable before it: きゃ is kya, しゃ is sha, てぃ is ti.
fn contract(latin: &mut String, small: char) {
    let vowel = small.to_ascii_lowercase();
    if !latin.ends_with(['a', 'i', 'u', 'e', 'o']) {
        latin.push(vowel);
        return;
    }
    let last = latin.pop();
    let soft = latin.ends_with("sh") || latin.ends_with("ch") || latin.ends_with('j');
    if small.is_ascii_lowercase() && last == Some('i') && !soft {
        latin.push('y');
    } else if small.is_ascii_uppercase() && (latin.is_empty() || latin.ends_with(['a', 'i', 'u', 'e', 'o'])) {
        // うぃ is wi; after any other bare vowel it only sounds longer.
        latin.push(if last == Some('u') { 'w' } else { last.unwrap_or('a') });
    }
    latin.push(vowel);
}

fn syllable(sign: char) -> Option<&'static str> {
    const ROWS: [(&str, &[&str]); 16] = [
        ("あいうえお", &["a", "i", "u", "e", "o"]),
        ("かきくけこ", &["ka", "ki", "ku", "ke", "ko"]),
        ("がぎぐげご", &["ga", "gi", "gu", "ge", "go"]),
        ("さしすせそ", &["sa", "shi", "su", "se", "so"]),
        ("ざじずぜぞ", &["za", "ji", "zu", "ze", "zo"]),
        ("たちつてと", &["ta", "chi", "tsu", "te", "to"]),
        ("だぢづでど", &["da", "ji", "zu", "de", "do"]),
        ("なにぬねの", &["na", "ni", "nu", "ne", "no"]),
        ("はひふへほ", &["ha", "hi", "fu", "he", "ho"]),
        ("ばびぶべぼ", &["ba", "bi", "bu", "be", "bo"]),
        ("ぱぴぷぺぽ", &["pa", "pi", "pu", "pe", "po"]),
        ("まみむめも", &["ma", "mi", "mu", "me", "mo"]),
        ("やゆよゐゑ", &["ya", "yu", "yo", "i", "e"]),
        ("らりるれろ", &["ra", "ri", "ru", "re", "ro"]),
        ("わをんゔ", &["wa", "o", "n", "vu"]),
        ("ゎゕゖ", &["wa", "ka", "ke"]),
    ];
    ROWS.iter().find_map(|(signs, latin)| {
        let at = signs.chars().position(|known| known == sign)?;
        latin.get(at).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_become_latin() {
        for (reading, latin) in [
            ("かんでんち", "kandenchi"),
            ("あいえいちくっきんぐひーたー", "aieichikukkinguhita"),
            ("しゃしん", "shashin"),
            ("きゃたつ", "kyatatsu"),
            ("ちょうちん", "chouchin"),
            ("まっちゃ", "matcha"),
            ("てぃっしゅ", "tisshu"),
            ("ふぁいる", "fairu"),
            ("じょうろ", "jouro"),
            ("うぃんなー", "winna"),
            ("ばっぐ", "baggu"),
            ("漢字", ""),
            ("", ""),
        ] {
            assert_eq!(romaji(reading), latin, "{reading}");
        }
        assert!(romaji(&"かん".repeat(100)).len() <= STEM_CHARS_MAX);
    }

    #[test]
    fn english_names_become_slugs() {
        assert_eq!(slug("Child care & education"), "child-care-education");
        assert_eq!(slug("災害"), "");
        assert!(slug(&"word ".repeat(50)).len() <= STEM_CHARS_MAX);
    }
}
