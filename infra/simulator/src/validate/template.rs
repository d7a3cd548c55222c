//! Template messages: buttons, confirm, carousel, image carousel.

use serde_json::Value;

use super::{
    Count, Issues, Optional, Required,
    action::{self, Spot},
    field, item, join,
};
use crate::limits::form;

pub(super) fn check(template: &Value, at: &str, issues: &mut Issues) {
    if !template.is_object() {
        issues.add(at, "May not be empty");
        return;
    }
    match issues.word(field(template, at, "type"), Required, &["buttons", "confirm", "carousel", "image_carousel"]) {
        Some("buttons") => {
            picture_style(template, at, issues);
            card(template, at, form::BUTTONS_TEXT, issues);
            actions(template, at, form::BUTTONS_ACTIONS, issues);
        }
        Some("confirm") => {
            issues.string(field(template, at, "text"), Required, form::CONFIRM_TEXT, Count::Graphemes);
            actions(template, at, form::CONFIRM_ACTIONS, issues);
        }
        Some("carousel") => carousel(template, at, issues),
        Some(_) => image_carousel(template, at, issues),
        None => {}
    }
}

fn picture_style(template: &Value, at: &str, issues: &mut Issues) {
    issues.word(field(template, at, "imageAspectRatio"), Optional, &["rectangle", "square"]);
    issues.word(field(template, at, "imageSize"), Optional, &["cover", "contain"]);
}

/// Picture, title and text; the text must be shorter beside a picture or title.
fn card(card: &Value, at: &str, (alone, accompanied): (usize, usize), issues: &mut Issues) {
    issues.https_url(field(card, at, "thumbnailImageUrl"), Optional, form::URL);
    issues.string(field(card, at, "title"), Optional, form::TEMPLATE_TITLE, Count::Graphemes);
    let max = if card["thumbnailImageUrl"].is_null() && card["title"].is_null() { alone } else { accompanied };
    issues.string(field(card, at, "text"), Required, max, Count::Graphemes);
    if !card["defaultAction"].is_null() {
        action::check(&card["defaultAction"], &join(at, "defaultAction"), Spot::Tap, issues);
    }
}

fn actions(holder: &Value, at: &str, (min, max): (usize, usize), issues: &mut Issues) {
    for (place, action) in issues.items(field(holder, at, "actions"), Required, min, max).iter().enumerate() {
        action::check(action, &item(&join(at, "actions"), place), Spot::Template, issues);
    }
}

fn carousel(template: &Value, at: &str, issues: &mut Issues) {
    picture_style(template, at, issues);
    let columns = issues.items(field(template, at, "columns"), Required, 1, issues.limits.max_template_columns);
    for (place, column) in columns.iter().enumerate() {
        let at = item(&join(at, "columns"), place);
        card(column, &at, form::COLUMN_TEXT, issues);
        actions(column, &at, form::COLUMN_ACTIONS, issues);
    }
    // All columns look alike: as many actions, and a picture or a title in all or in none.
    let shapes = columns.iter().map(|column| {
        let actions = column["actions"].as_array().map(Vec::len);
        (actions, column["thumbnailImageUrl"].is_null(), column["title"].is_null())
    });
    let mut shapes: Vec<_> = shapes.collect();
    shapes.dedup();
    if shapes.len() > 1 {
        issues.add(
            &join(at, "columns"),
            "All columns need the same number of actions, and all or none a picture or title",
        );
    }
}

fn image_carousel(template: &Value, at: &str, issues: &mut Issues) {
    let columns = issues.items(field(template, at, "columns"), Required, 1, issues.limits.max_template_columns);
    for (place, column) in columns.iter().enumerate() {
        let at = item(&join(at, "columns"), place);
        issues.https_url(field(column, &at, "imageUrl"), Required, form::URL);
        action::check(&column["action"], &join(&at, "action"), Spot::ImageCarousel, issues);
    }
}
