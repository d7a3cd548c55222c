//! What a resident sends beside words while they report: photos and places, in any order and at any step; and what they take back.

use super::Drafting;
use super::drafting::{Came, Told};
use super::ids::photo_id;
use crate::conversation::{Effect, Talk, fill};
use crate::report::draft::{DraftPhoto, Step};
use crate::report::photo::PHOTOS_MAX;
use crate::report::place::{PLACE_CHARS_MAX, Place, PlaceSource, Point};

impl Talk<'_> {
    /// Takes a photo. `set`: which photos it was sent together with, and how many they are.
    pub(in crate::conversation) fn hear_photo(&mut self, message: &str, index: Option<u8>, set: Option<(&str, u8)>) {
        let at = self.stamp.at;
        // What was sent before the report was begun belongs to nothing, whenever it comes.
        let Some(drafting) = self.drafting.as_mut().filter(|drafting| drafting.begun <= at) else {
            // Of those that were sent together one is answered.
            if index.is_none_or(|index| index == 1) {
                self.answer_lonely_photo();
            }
            return;
        };
        let photo = photo_id(message);
        let came = drafting.take_photo(DraftPhoto { id: photo.clone(), at, index }, set);
        if came.is_new {
            let report = drafting.draft.id.clone();
            self.effects.push(Effect::FilePhoto { report, photo, message: message.to_owned() });
        }
        self.about_report = true;
        if came.speak {
            self.answer_photo(came);
        }
    }

    fn answer_photo(&mut self, came: Came) {
        let words = &self.words.report;
        let count = self.drafting.as_ref().map_or(0, |drafting| drafting.draft.photos.len()).to_string();
        let is_asked = self.step() == Some(Step::Photos);
        let mut lines = vec![fill(if is_asked { words.photos_got } else { words.photos_added }, &[("count", &count)])];
        if came.left_out {
            lines.push(fill(words.photos_full, &[("max", &PHOTOS_MAX.to_string())]));
        }
        self.say(lines.join("\n"));
        if is_asked { self.offer_photos() } else { self.ask() }
    }

    fn answer_lonely_photo(&mut self) {
        let words = if self.takes_reports() { self.words.report.photo_alone } else { self.words.got_photo };
        self.say(words.to_owned());
        self.offer_menu();
    }

    pub(super) fn clear_photos(&mut self) {
        let photos = self.drafting.as_mut().map(Drafting::clear_photos).unwrap_or_default();
        self.effects.extend(photos.into_iter().map(Effect::WithdrawPhoto));
        self.say(self.words.report.photos_cleared.to_owned());
        self.ask();
    }

    /// Takes a place that was sent from the map.
    pub(in crate::conversation) fn hear_place(&mut self, point: Point, title: &str, address: &str) {
        let at = self.stamp.at;
        if self.drafting.as_ref().is_none_or(|drafting| at < drafting.begun) {
            let words = if self.takes_reports() { self.words.report.place_alone } else { self.words.got_place };
            return self.say_with_menu(words.to_owned());
        }
        self.settle_place(point, place_text(title, address), PlaceSource::Chat);
    }

    /// Takes a place that was typed as numbers.
    pub(super) fn type_place(&mut self, text: &str) {
        if let Ok(point) = Point::parse(text) {
            return self.settle_place(point, String::new(), PlaceSource::Map);
        }
        self.say(self.words.report.place_unclear.to_owned());
        self.offer_place();
    }

    /// Takes the place that stood in a photo, where that was offered.
    pub(super) fn take_photo_place(&mut self) {
        match self.photo_place.filter(|_| self.step() == Some(Step::Place)) {
            Some(point) => self.settle_place(point, String::new(), PlaceSource::Photo),
            None => self.ask(),
        }
    }

    fn settle_place(&mut self, point: Point, text: String, source: PlaceSource) {
        self.about_report = true;
        let is_asked = self.step() == Some(Step::Place);
        let message = self.message.clone();
        let Ok(district) = self.town.takes_reports_at(point) else {
            self.say(fill(self.words.report.place_outside, &[("town", &self.town.profile.name)]));
            return if is_asked { self.offer_place() } else { self.ask() };
        };
        let Some(drafting) = &mut self.drafting else { return };
        if self.is_late && drafting.draft.place.is_some() {
            return self.ask();
        }
        drafting.draft.place = Some(Place { point, accuracy_m: None, text, source, district });
        drafting.told(Told::Place, message.as_deref());
        if is_asked && !self.is_late {
            return self.go_on();
        }
        self.say(self.words.report.place_got.to_owned());
        self.ask();
    }

    /// Takes back what a message told: a photo wherever it is by now, and other things as long as the report is not filed.
    pub(in crate::conversation) fn take_back(&mut self, message: &str) {
        let photo = photo_id(message);
        if let Some(drafting) = &mut self.drafting {
            drafting.take_back(message, &photo);
        }
        self.effects.push(Effect::WithdrawPhoto(photo));
        self.about_report = true;
    }
}

/// What the platform says of a place, in one line: its name and its address, unless one says the other.
fn place_text(title: &str, address: &str) -> String {
    let (title, address) = (title.trim(), address.trim());
    let text = if title.is_empty() || address.contains(title) {
        address.to_owned()
    } else if title.contains(address) {
        title.to_owned()
    } else {
        format!("{title} {address}")
    };
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(PLACE_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_place_is_one_short_line_that_says_nothing_twice() {
        for (title, address, text) in [
            ("", "", ""),
            ("役場", "", "役場"),
            ("", "本町1-2-3", "本町1-2-3"),
            ("役場", "本町1-2-3", "役場 本町1-2-3"),
            ("本町1-2-3", "本町1-2-3", "本町1-2-3"),
            ("本町1-2-3 役場", "本町1-2-3", "本町1-2-3 役場"),
            (" 役場\n", "\t", "役場"),
            ("改\n行", "", "改 行"),
        ] {
            assert_eq!(place_text(title, address), text);
        }
        assert_eq!(place_text(&"長".repeat(300), "短").chars().count(), PLACE_CHARS_MAX);
    }
}
