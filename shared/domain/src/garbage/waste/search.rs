//! From a question to items: every way in which a term can answer, ranked.

use super::normal::{fold, is_kana, is_kanji, key, plain, weight, without_long_vowels};
use super::tail::readings;
use super::terms::{HASH_OF_NOTHING, Kind, Term, Terms, hash_on, letters};
use super::{Lookup, WasteItem};

/// A question is cut after this many characters.
const QUESTION_CHARS_MAX: usize = 100;
/// At most this many items are found.
const FOUND_MAX: usize = 10;
/// At most this many items are offered where none is found.
const NEAREST_MAX: usize = 5;

/// A kanji is read by at most so many kana, save a few.
const READING_MAX: usize = 4;
/// A question of this weight hardly stands in a name by chance.
const SURE_WEIGHT: usize = 4;

/// How an item answers a question, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It is called so, written so.
    AsWritten,
    /// It is called so.
    Equal,
    /// It is called so, half in kana and half in kanji: かん電池.
    Mixed,
    /// A part of its name is the question.
    Word,
    /// Its name begins with the question.
    Prefix,
    /// What its name says in brackets is the question.
    Aside,
    /// Its name holds the question, or is the kanji that ends it.
    Holds,
    /// The question holds its name, or is nearly its name; the number is how much of the question that leaves open, in thousandths.
    Alike(usize),
    /// The same, but the name is only a piece of a katakana word of the question: スキー in ウイスキー.
    Torn(usize),
}

/// An item with its rank.
#[derive(Debug, Clone, Copy)]
struct Hit {
    rank: Rank,
    item: u32,
}

/// What may be meant where no item has the asked name.
#[derive(Debug, Default)]
struct Alike {
    found: Vec<Hit>,
    nearest: Vec<Hit>,
}

/// Finds what a resident may mean by `question`.
pub(super) fn find<'a>(items: &'a [WasteItem], terms: &Terms, question: &str) -> Lookup<'a> {
    let cut: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let plain = plain(&cut);
    let (mut about, mut partly) = ("", None);
    for (cuts, reading) in readings(&plain).into_iter().enumerate() {
        let hits = named(items, terms, reading);
        match hits.iter().map(|hit| hit.rank).min() {
            Some(rank) if cuts == 0 || rank <= Rank::Word => return Lookup::Found(best(items, &hits, FOUND_MAX)),
            // テレビの捨て方 asks for テレビ, not for テレビの…: what is left after one more cut may be a name.
            Some(_) => partly = partly.or(Some(hits)),
            None => {}
        }
        about = reading;
    }
    if let Some(hits) = partly {
        return Lookup::Found(best(items, &hits, FOUND_MAX));
    }
    let Alike { found, nearest } = alike(terms, &fold(about), &katakana_words(&cut));
    if !found.is_empty() {
        Lookup::Found(best(items, &found, FOUND_MAX))
    } else if !nearest.is_empty() {
        Lookup::Nearest(best(items, &nearest, NEAREST_MAX))
    } else {
        Lookup::Nothing
    }
}

/// The items of the best hits, each once: by rank, then the shorter name, then the town's order.
fn best<'a>(items: &'a [WasteItem], hits: &[Hit], max: usize) -> Vec<&'a WasteItem> {
    let mut hits: Vec<(Rank, usize, u32)> =
        hits.iter().map(|hit| (hit.rank, items[hit.item as usize].name.chars().count(), hit.item)).collect();
    hits.sort_unstable();
    let mut best: Vec<u32> = Vec::with_capacity(max);
    for (_, _, item) in hits {
        if best.len() == max {
            break;
        }
        if !best.contains(&item) {
            best.push(item);
        }
    }
    best.into_iter().map(|item| &items[item as usize]).collect()
}

/// The items whose name, reading or another word is, begins with or holds what is asked (a plain text).
fn named(items: &[WasteItem], terms: &Terms, asked_plain: &str) -> Vec<Hit> {
    let asked = Asked::new(fold(asked_plain));
    if asked.key.is_empty() {
        return Vec::new();
    }
    let candidates = terms.iter().filter(|term| asked.letters & !term.letters == 0);
    let mut hits: Vec<Hit> = candidates.filter_map(|term| asked.rank(terms, term)).collect();
    for hit in hits.iter_mut().filter(|hit| hit.rank == Rank::Equal) {
        let item = &items[hit.item as usize];
        let mut texts = [&item.name, &item.reading, &item.name_en].into_iter().chain(&item.aliases);
        if texts.any(|text| plain(text) == asked_plain) {
            hit.rank = Rank::AsWritten;
        }
    }
    if hits.iter().all(|hit| Rank::Mixed < hit.rank) {
        hits.extend(mixed(items, terms, &asked));
    } else if asked.weight < SURE_WEIGHT && !asked.key.contains(is_kanji) {
        // 火災報知機 (かさい…) is no second answer to かさ.
        hits.retain(|hit| hit.rank != Rank::Prefix);
    }
    hits
}

/// What is asked for.
struct Asked {
    key: String,
    chars: usize,
    weight: usize,
    letters: u64,
}

impl Asked {
    fn new(key: String) -> Self {
        Self { chars: key.chars().count(), weight: weight(&key), letters: letters(&key), key }
    }

    fn rank(&self, terms: &Terms, term: &Term) -> Option<Hit> {
        let text = terms.text(term);
        let rank = if text == self.key {
            match term.kind {
                Kind::Whole => Rank::Equal,
                Kind::Word => Rank::Word,
                Kind::Aside => Rank::Aside,
            }
        } else if self.weight < 2 {
            // One kana or letter begins and ends too much.
            return None;
        } else if term.kind != Kind::Aside && text.starts_with(&self.key) {
            Rank::Prefix
        } else if text.match_indices(&self.key).any(|(at, _)| self.stands_out(text, at)) {
            Rank::Holds
        } else {
            return None;
        };
        Some(Hit { rank, item: term.item })
    }

    /// Whether the place is more than chance: いす stands in アイスクリーム too. The end of a Japanese name says what a thing is.
    fn stands_out(&self, text: &str, at: usize) -> bool {
        let heavy = SURE_WEIGHT <= self.weight || text.len() == at + self.key.len();
        heavy && is_word_start(text, at)
    }
}

/// Whether no Latin word is torn at a place of a key.
fn is_word_start(key: &str, at: usize) -> bool {
    let is_latin = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    !(is_latin(key[..at].chars().next_back()) && is_latin(key[at..].chars().next()))
}

/// The items of which what is asked is half name, half reading: かん電池, 乾でんち.
fn mixed(items: &[WasteItem], terms: &Terms, asked: &Asked) -> Vec<Hit> {
    let kanji: String = asked.key.chars().filter(|char| is_kanji(*char)).collect();
    if kanji.is_empty() || !asked.key.starts_with(is_kana) && !asked.key.ends_with(is_kana) {
        return Vec::new();
    }
    let kanji_letters = letters(&kanji);
    let ends = |text: &str| (text.chars().next(), text.chars().next_back());
    let (first, last) = ends(&asked.key);
    // Comparing is dear: first the names that have all the kanji, a length between, and an end in common.
    let is_candidate = |term: &&Term| {
        let chars = usize::from(term.chars);
        let fits = kanji_letters & !term.letters == 0
            && term.kind != Kind::Aside
            && (chars..=READING_MAX * chars).contains(&asked.chars);
        fits && {
            let name = terms.text(term);
            (ends(name).0 == first || ends(name).1 == last) && kanji.chars().all(|kanji| name.contains(kanji))
        }
    };
    let candidates = terms.iter().filter(is_candidate);
    let answers = candidates.filter(|term| {
        let reading = head(&items[term.item as usize].reading);
        asked.chars <= reading.chars().count() && is_mixture(&asked.key, terms.text(term), &key(reading))
    });
    answers.map(|term| Hit { rank: Rank::Mixed, item: term.item }).collect()
}

/// A name without what stands in brackets after it.
fn head(name: &str) -> &str {
    name.split(['(', '（']).next().unwrap_or(name)
}

/// Whether one half of what is asked is from the reading and the other from the name.
fn is_mixture(asked: &str, name: &str, reading: &str) -> bool {
    let mut halves = asked.char_indices().skip(1).map(|(at, _)| asked.split_at(at));
    halves.any(|(front, back)| {
        reading.starts_with(front) && name.ends_with(back) || name.starts_with(front) && reading.ends_with(back)
    })
}

/// The items whose name stands in the question, or is nearly the question.
fn alike(terms: &Terms, asked: &str, words: &[String]) -> Alike {
    let mut alike = Alike::default();
    if asked.is_empty() {
        return alike;
    }
    held(terms, asked, words, &mut alike);
    misspelt(terms, &Asked::new(asked.to_owned()), &mut alike);
    alike
}

/// A place of the question where terms stand.
struct Span<'a> {
    from: usize,
    to: usize,
    chars: usize,
    terms: Vec<&'a Term>,
}

impl Span<'_> {
    /// Whether it is only a piece of one of these words of the question.
    fn is_torn_from(&self, words: &[String], asked: &str) -> bool {
        let holds = |(at, word): (usize, &str)| {
            at <= self.from && self.to <= at + word.len() && self.to - self.from < word.len()
        };
        words.iter().any(|word| asked.match_indices(word.as_str()).any(holds))
    }
}

/// The katakana words of a question, as keys. Nothing says where the parts of such a word begin: ウイスキー, スキーウエア.
fn katakana_words(question: &str) -> Vec<String> {
    let is_katakana = |char: char| matches!(char, 'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾟ');
    question.split(|char| !is_katakana(char)).map(key).filter(|word| !word.is_empty()).collect()
}

/// The terms that stand in the question. Of two that overlap only the longer counts: 電池 says no more than 乾電池.
fn held(terms: &Terms, asked: &str, words: &[String], alike: &mut Alike) {
    let mut spans = spans(terms, asked);
    spans.sort_by_key(|span| (std::cmp::Reverse(span.chars), span.from));
    let asked_chars = asked.chars().count();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for span in spans {
        if taken.iter().any(|(from, to)| span.from < *to && *from < span.to) {
            continue;
        }
        let name = &asked[span.from..span.to];
        let weight = weight(name);
        let hits = |rank: Rank| span.terms.iter().map(move |term| Hit { rank, item: term.item });
        let is_most = 2 <= span.chars && asked_chars < 2 * span.chars;
        if 3 <= weight || is_most {
            taken.push((span.from, span.to));
            let open = open(span.chars, asked_chars);
            alike.found.extend(hits(if span.is_torn_from(words, asked) {
                Rank::Torn(open)
            } else {
                Rank::Alike(open)
            }));
        } else if span.to == asked.len() && name.chars().all(is_kanji) {
            // The end of a name says what a thing is, but a kanji alone says it loosely.
            alike.nearest.extend(hits(Rank::Holds));
        }
    }
}

/// Every place of the question where whole names or words stand.
fn spans<'a>(terms: &'a Terms, asked: &str) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let is_end = |to: usize| to == asked.len() || is_word_start(asked, to);
    for from in asked.char_indices().map(|(from, _)| from).filter(|from| is_word_start(asked, *from)) {
        let mut hash = HASH_OF_NOTHING;
        for (count, (at, char)) in asked[from..].char_indices().take(terms.longest()).enumerate() {
            let to = from + at + char.len_utf8();
            hash = asked.as_bytes()[from + at..to].iter().fold(hash, |hash, byte| hash_on(hash, *byte));
            if !is_end(to) {
                continue;
            }
            let equal: Vec<&Term> =
                terms.equal(&asked[from..to], hash).filter(|term| term.kind != Kind::Aside).collect();
            if !equal.is_empty() {
                spans.push(Span { from, to, chars: count + 1, terms: equal });
            }
        }
    }
    spans
}

/// The terms that a few slips of the finger turn into the question.
fn misspelt(terms: &Terms, asked: &Asked, alike: &mut Alike) {
    let edits_max = near_edits(asked.chars);
    if edits_max == 0 {
        return;
    }
    // ビニール傘 is no slip for ビニール袋 where 傘 is a thing of its own.
    let names_another = !alike.nearest.is_empty();
    let is_candidate = |term: &&Term| {
        let differing = |one: u64, other: u64| (one & !other).count_ones() as usize;
        term.kind != Kind::Aside
            && usize::from(term.chars).abs_diff(asked.chars) <= edits_max
            && differing(asked.letters, term.letters) <= edits_max
            && differing(term.letters, asked.letters) <= edits_max
    };
    let asked_short = without_long_vowels(&asked.key);
    for term in terms.iter().filter(is_candidate) {
        let text = terms.text(term);
        let close = close_edits(asked.weight.min(weight(text)));
        let mut edits = distance(&asked.key, text);
        if close < edits {
            // However many long vowels are left out, it is one slip.
            edits = edits.min(1 + distance(&asked_short, &without_long_vowels(text)));
        }
        let longer = asked.chars.max(usize::from(term.chars));
        let hit = Hit { rank: Rank::Alike(open(longer.saturating_sub(edits), longer)), item: term.item };
        if edits <= close && !names_another {
            alike.found.push(hit);
        } else if edits <= edits_max.min(near_edits(usize::from(term.chars))) {
            alike.nearest.push(hit);
        }
    }
}

/// How many letters must be changed, left out, put in or swapped with their neighbour to make one text the other.
fn distance(one: &str, other: &str) -> usize {
    // What both begin and end with changes nothing, and is most of what candidates are made of: （プラスチック製）.
    let begin: usize =
        one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(char, _)| char.len_utf8()).sum();
    let (one, other) = (&one[begin..], &other[begin..]);
    let end: usize =
        one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).map(|(char, _)| char.len_utf8()).sum();
    strsim::osa_distance(&one[..one.len() - end], &other[..other.len() - end])
}

/// The slips after which a name of this weight is still surely meant.
fn close_edits(weight: usize) -> usize {
    ((weight + 1) / 5).min(3)
}

/// The slips after which a name of this many characters may still be meant.
fn near_edits(chars: usize) -> usize {
    if chars < 3 { 0 } else { ((chars + 1) / 3).min(4) }
}

/// What is left open of a whole, in thousandths.
fn open(answered: usize, whole: usize) -> usize {
    1_000 - 1_000 * answered / whole.max(1)
}
