//! All words of the residents' pages, in each language; those of the garbage calendar stand in [`calendar`], those of the
//! released damage reports in [`public`].

pub(crate) mod calendar;
pub(crate) mod public;
pub(crate) mod report;

use domain::dates::weekday_name;
use domain::language::Language;
use domain::time::in_japan;
use jiff::Timestamp;

/// What a page says that only says one thing.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const NOT_FOUND: Said =
    Said { title: "ページが見つかりません", text: "アドレスが正しいか、ご確認ください。" };
pub(crate) const BROKEN: Said = Said {
    title: "ただいま表示できません",
    text: "しばらくしてから、もう一度お試しください。LINEでのお知らせは、ふだんどおり届きます。",
};

/// The words of one language. `{town}`, `{page}` and `{pages}` are filled in.
pub(crate) struct Words {
    /// Its own name.
    pub(crate) name: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) news: &'static str,
    lead: &'static str,
    pub(crate) none: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) newer: &'static str,
    pub(crate) older: &'static str,
    page: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) rest: &'static str,
    pub(crate) feed: &'static str,
}

const JAPANESE: Words = Words {
    name: "日本語",
    languages: "言語",
    news: "お知らせ",
    lead: "{town}のLINE公式アカウントから、みなさまにお送りしたお知らせです。",
    none: "お知らせは、まだありません。",
    picture: "お知らせの画像",
    newer: "新しいお知らせ",
    older: "以前のお知らせ",
    page: "{pages}ページ中{page}ページ",
    pages: "ページの移動",
    rest: "これより前のお知らせは、掲載していません。",
    feed: "フィード（Atom）",
};

const EASY: Words = Words {
    name: "やさしい日本語",
    languages: "ことば",
    news: "お知らせ",
    lead: "{town}が LINEで みなさんに 送った お知らせです。",
    none: "お知らせは まだ ありません。",
    picture: "お知らせの 絵や 写真",
    newer: "新しい お知らせ",
    older: "前の お知らせ",
    page: "{page}ページ（ぜんぶで {pages}ページ）",
    pages: "ページを かえる",
    rest: "これより 前の お知らせは ここには ありません。",
    feed: "フィード（Atom）",
};

const ENGLISH: Words = Words {
    name: "English",
    languages: "Language",
    news: "News",
    lead: "What the official LINE account of {town} has sent to everybody.",
    none: "There is no news yet.",
    picture: "Picture",
    newer: "Newer",
    older: "Older",
    page: "Page {page} of {pages}",
    pages: "Pages",
    rest: "Older news is not shown here.",
    feed: "Feed (Atom)",
};

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Japanese => &JAPANESE,
        Language::EasyJapanese => &EASY,
        Language::English => &ENGLISH,
    }
}

impl Words {
    /// Whose news this is.
    pub(crate) fn lead(&self, town: &str) -> String {
        self.lead.replace("{town}", town)
    }

    /// Which page of how many.
    pub(crate) fn page(&self, page: usize, pages: usize) -> String {
        self.page.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string())
    }

    /// The title of the page and its feed.
    pub(crate) fn title(&self, town: &str) -> String {
        titled(self.news, town)
    }
}

/// What a page or feed of a town is called.
pub(crate) fn titled(what: &str, town: &str) -> String {
    if town.is_empty() { what.to_owned() } else { format!("{what}｜{town}") }
}

/// A moment in Japan: `2026年11月21日（土）9:05`, in English `21 November 2026 (Sat) 9:05`.
pub(crate) fn moment(at: Timestamp, language: Language) -> String {
    let local = in_japan(at);
    match language {
        Language::Japanese | Language::EasyJapanese => {
            let weekday = weekday_name(local.weekday());
            let (year, month, day) = (local.year(), local.month(), local.day());
            format!("{year}年{month}月{day}日（{weekday}）{}:{:02}", local.hour(), local.minute())
        }
        Language::English => local.strftime("%-d %B %Y (%a) %-H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_japans_in_the_readers_words() {
        let at: Timestamp = "2026-01-31T15:04:59Z".parse().unwrap();
        assert_eq!(moment(at, Language::Japanese), "2026年2月1日（日）0:04");
        assert_eq!(moment(at, Language::EasyJapanese), "2026年2月1日（日）0:04");
        assert_eq!(moment(at, Language::English), "1 February 2026 (Sun) 0:04");
    }

    #[test]
    fn no_blank_stays_empty() {
        for language in Language::ALL {
            let words = words(language);
            for said in [words.lead("みどり市"), words.page(2, 3)] {
                assert!(!said.contains(['{', '}']), "{said}");
            }
            assert!(words.lead("みどり市").contains("みどり市"));
        }
    }
}
