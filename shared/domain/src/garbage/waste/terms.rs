//! Everything by which the waste items can be found, normalised, in one arena.

use super::WasteItem;
use super::normal::key;

/// How a term belongs to its item, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A whole name, reading or alias.
    Whole,
    /// A part of one: 乾電池 of 乾電池（筒型）, or an English word.
    Word,
    /// What stands in brackets: 筒型 of 乾電池（筒型）.
    Aside,
}

/// A text by which an item can be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    hash: u32,
    start: u32,
    /// The item's place in the town's list.
    pub(super) item: u32,
    bytes: u16,
    /// Its length in characters, at most [`super::normal::KEY_CHARS_MAX`].
    pub(super) chars: u8,
    /// How it belongs to its item.
    pub(super) kind: Kind,
    /// Which characters it has, see [`letters`].
    pub(super) letters: u64,
}

/// The terms of all items, in the order of their hashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    arena: String,
    entries: Vec<Term>,
    longest: usize,
}

impl Terms {
    /// The terms of the items.
    pub(super) fn new(items: &[WasteItem]) -> Self {
        let mut terms = Self::default();
        for (place, item) in items.iter().enumerate() {
            let texts = [&item.name, &item.reading, &item.name_en].into_iter().chain(&item.aliases);
            texts.for_each(|text| terms.add_text(small(place), text));
        }
        let Self { arena, mut entries, longest } = terms;
        let text = |term: &Term| &arena[term.start as usize..][..usize::from(term.bytes)];
        entries.sort_unstable_by_key(|term| (term.hash, term.item, term.kind, term.start));
        entries.dedup_by(|later, first| first.item == later.item && text(first) == text(later));
        entries.shrink_to_fit();
        Self { arena, entries, longest }
    }

    fn add_text(&mut self, item: u32, text: &str) {
        let whole = key(text);
        let parts = parts(text);
        self.add(item, &whole, Kind::Whole);
        if parts.is_empty() {
            self.add_english_words(item, &whole, Kind::Word);
        }
        for part in parts {
            let part_key = key(part.text);
            self.add(item, &part_key, part.kind);
            self.add_english_words(item, &part_key, part.kind);
        }
    }

    fn add_english_words(&mut self, item: u32, key: &str, kind: Kind) {
        if key.contains(' ') {
            let words = key.split(' ').filter(|word| !LITTLE_WORDS.contains(word));
            words.for_each(|word| self.add(item, word, kind));
        }
    }

    fn add(&mut self, item: u32, key: &str, kind: Kind) {
        // A key has at most 100 characters of four bytes, so that its lengths fit.
        if let (Ok(bytes @ 1..), Ok(chars)) = (u16::try_from(key.len()), u8::try_from(key.chars().count())) {
            let (start, hash) = (small(self.arena.len()), key.bytes().fold(HASH_OF_NOTHING, hash_on));
            self.arena.push_str(key);
            self.longest = self.longest.max(usize::from(chars));
            self.entries.push(Term { hash, start, item, bytes, chars, kind, letters: letters(key) });
        }
    }

    /// Every term.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Term> {
        self.entries.iter()
    }

    /// The characters of the longest term.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The text of a term.
    pub(super) fn text(&self, term: &Term) -> &str {
        &self.arena[term.start as usize..][..usize::from(term.bytes)]
    }

    /// The terms whose text is `key`, given its hash.
    pub(super) fn equal<'a>(&'a self, key: &str, hash: u32) -> impl Iterator<Item = &'a Term> {
        let from = self.entries.partition_point(|term| term.hash < hash);
        self.entries[from..].iter().take_while(move |term| term.hash == hash).filter(move |term| self.text(term) == key)
    }
}

/// A part of a text.
struct Part<'a> {
    text: &'a str,
    kind: Kind,
}

/// The parts of a text between its brackets, commas and middle dots; nothing if it has none.
fn parts(text: &str) -> Vec<Part<'_>> {
    let kind = |depth: usize| if depth == 0 { Kind::Word } else { Kind::Aside };
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    for (at, char) in text.char_indices() {
        let Some(mark) = mark(char) else { continue };
        parts.push(Part { text: &text[from..at], kind: kind(depth) });
        from = at + char.len_utf8();
        depth = match mark {
            Mark::Opening => depth + 1,
            Mark::Closing => depth.saturating_sub(1),
            Mark::Between => depth,
        };
    }
    if from != 0 {
        parts.push(Part { text: &text[from..], kind: kind(depth) });
    }
    parts
}

/// What stands between the parts of a text.
enum Mark {
    Opening,
    Closing,
    Between,
}

fn mark(char: char) -> Option<Mark> {
    match char {
        '(' | '（' | '[' | '［' | '「' | '『' | '【' | '〔' | '〈' | '《' | '<' | '＜' => Some(Mark::Opening),
        ')' | '）' | ']' | '］' | '」' | '』' | '】' | '〕' | '〉' | '》' | '>' | '＞' => Some(Mark::Closing),
        '・' | '･' | '、' | '､' | ',' | '，' | '/' | '／' | ';' | '；' | ':' | '：' | '。' => {
            Some(Mark::Between)
        }
        _ => None,
    }
}

/// English words that say nothing of a thing.
const LITTLE_WORDS: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "etc", "for", "from", "in", "made", "of", "on", "or", "other", "s", "the",
    "to", "with",
];

/// Which characters a text has, as a set of 64 bits: a text that holds another has all of its bits, and one edit changes at most one.
pub(super) fn letters(key: &str) -> u64 {
    key.chars().fold(0, |letters, char| letters | 1 << (u32::from(char) % 64))
}

/// The hash of an empty text.
pub(super) const HASH_OF_NOTHING: u32 = 0x811c_9dc5;

/// The hash of a text that is longer by a byte (FNV-1a).
pub(super) fn hash_on(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The index is bounded far below what 32 bits can count: 20,000 items with a hundred terms of 400 bytes would just fill it.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Kind)]) {
        let mut terms = Terms::default();
        terms.add_text(0, text);
        let terms: Vec<(&str, Kind)> = terms.entries.iter().map(|term| (terms.text(term), term.kind)).collect();
        assert_eq!(terms, expected, "{text}");
    }

    #[test]
    fn a_text_gives_itself_its_parts_and_its_english_words() {
        use Kind::{Aside, Whole, Word};
        check("", &[]);
        check("（）", &[]);
        check("乾電池", &[("乾電池", Whole)]);
        check("乾電池（筒型）", &[("乾電池筒型", Whole), ("乾電池", Word), ("筒型", Aside)]);
        check("カメラ・レンズ", &[("かめられんず", Whole), ("かめら", Word), ("れんず", Word)]);
        check("Dry batteries", &[("dry battery", Whole), ("dry", Word), ("battery", Word)]);
        check("皿(紙", &[("皿紙", Whole), ("皿", Word), ("紙", Aside)]);
        check("皿)紙", &[("皿紙", Whole), ("皿", Word), ("紙", Word)]);
    }

    #[test]
    fn a_text_is_found_by_its_hash() {
        let mut terms = Terms::default();
        terms.add_text(7, "電池");
        let hash = "電池".bytes().fold(HASH_OF_NOTHING, hash_on);
        assert_eq!(terms.equal("電池", hash).map(|term| term.item).collect::<Vec<_>>(), [7]);
        assert_eq!(terms.equal("電地", hash).count(), 0);
    }
}
