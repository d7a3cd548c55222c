//! The document of all pages of damage reports. It is the same for everybody: who is here, the browser finds out, and what is theirs comes
//! after that.

use app::report::photo::FILE_BYTES_MAX;
use domain::language::Language;
use domain::report::TEXT_CHARS_MAX;
use domain::report::kind::{Question, ReportKind};
use domain::report::photo::PHOTOS_MAX;
use domain::report::place::{PLACE_CHARS_MAX, Point};
use domain::town::Town;
use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::Shown;
use crate::assets;
use crate::frame::{Link, document, languages};
use crate::public::credit;
use crate::query::address;
use crate::words::report::{Words, words};
use crate::words::titled;

/// New reports, and the resident's own.
const NEW: &str = "/report";
const MINE: &str = "/report/mine";

/// What the script is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    town: &'a str,
    liff_id: &'a str,
    liff_script: Option<&'a str>,
    tiles: Option<&'a str>,
    map_style: &'static str,
    frame: Option<[[f64; 2]; 2]>,
    language: &'static str,
    kinds: Vec<Kind<'a>>,
    photos_max: usize,
    photo_bytes_max: u64,
    text_max: usize,
    place_text_max: usize,
    words: &'static Words,
}

#[derive(Serialize)]
struct Kind<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    urgent: &'a str,
    phone: &'a str,
    closed: &'a str,
    questions: Vec<Asked<'a>>,
}

#[derive(Serialize)]
struct Asked<'a> {
    id: &'a str,
    question: &'a str,
    choices: Vec<Choice<'a>>,
}

/// An answer, as staff read it and as the resident does.
#[derive(Serialize)]
struct Choice<'a> {
    value: &'a str,
    label: &'a str,
}

/// The page at one of their addresses.
pub(crate) fn page(shown: &Shown<'_>) -> Markup {
    let (town, language) = (shown.town, shown.language);
    let words = words(language);
    let content = html! {
        link rel="stylesheet" href=(assets::report_style());
        header {
            nav aria-label=(words.report) {
                ul.languages {
                    li { a.inside href=(address(NEW, language, None)) { (words.new_title) } }
                    li { a.inside href=(address(MINE, language, None)) { (words.mine_title) } }
                }
            }
            (languages(town, language, |language| address(shown.path, language, None)))
        }
        @if let Some(tiles) = &shown.settings.map_tiles { div id="map-credit" hidden { (credit(language, tiles)) } }
        main { noscript { p { (words.noscript) } } }
        script type="application/json" id="page-data" { (PreEscaped(json(&data(shown, words)))) }
        script type="module" src=(assets::report_script()) {}
    };
    document(language, &titled(words.report, &town.profile.name), &Link::None, &content)
}

fn data<'a>(shown: &Shown<'a>, words: &'static Words) -> Data<'a> {
    let (town, language, settings) = (shown.town, shown.language, shown.settings);
    Data {
        town: &town.profile.name,
        liff_id: &settings.liff_id,
        liff_script: settings.liff_script.as_deref(),
        tiles: settings.map_tiles.as_deref(),
        map_style: assets::map_style(),
        frame: frame(town),
        language: language.tag(),
        kinds: town.report_kinds.iter().map(|of| kind(of, language)).collect(),
        photos_max: PHOTOS_MAX,
        photo_bytes_max: FILE_BYTES_MAX,
        text_max: TEXT_CHARS_MAX,
        place_text_max: PLACE_CHARS_MAX,
        words,
    }
}

fn kind(kind: &ReportKind, language: Language) -> Kind<'_> {
    Kind {
        id: kind.id.as_str(),
        name: kind.name.in_language(language),
        description: kind.description.in_language(language),
        urgent: kind.urgent.in_language(language),
        phone: &kind.urgent_phone,
        closed: kind.closed.in_language(language),
        questions: kind.questions.iter().map(|question| asked(question, language)).collect(),
    }
}

fn asked(question: &Question, language: Language) -> Asked<'_> {
    let choices = question.choices.iter();
    Asked {
        id: question.id.as_str(),
        question: question.question.in_language(language),
        choices: choices.map(|choice| Choice { value: &choice.ja, label: choice.in_language(language) }).collect(),
    }
}

/// Where the town lies: the south-western corner and the north-eastern one.
fn frame(town: &Town) -> Option<[[f64; 2]; 2]> {
    let corner = |point: Point| [point.lat(), point.lon()];
    town.boundaries.frame().map(|(south_west, north_east)| [corner(south_west), corner(north_east)])
}

/// JSON in which nothing ends the element around it.
fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_the_town_ends_the_element_that_it_stands_in() {
        let text = "</script><!--<script>";
        let written = json(&text);
        assert!(!written.contains('<'), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
