//! Rich menu objects.

use serde_json::Value;

use super::{
    Count, Issues, Required,
    action::{self, Spot},
    field, item, join,
};
use crate::limits::form;

/// Checks a rich menu object; LINE wants all five properties.
pub(crate) fn check(menu: &Value, issues: &mut Issues) {
    let size = &menu["size"];
    let width = issues.integer(field(size, "size", "width"), Required, form::MENU_WIDTHS.0, form::MENU_WIDTHS.1);
    let height = issues.integer(field(size, "size", "height"), Required, form::MENU_MIN_HEIGHT, i64::from(i32::MAX));
    // An aspect ratio of at least 1.45, in whole numbers.
    if let (Some(width), Some(height)) = (width, height)
        && width * 100 < height * form::MENU_MIN_RATIO
    {
        issues.add("size", "The aspect ratio (width / height) must be at least 1.45");
    }
    if !menu["selected"].is_boolean() {
        issues.add("selected", "Must be true or false");
    }
    issues.string(field(menu, "", "name"), Required, form::MENU_NAME, Count::Graphemes);
    issues.string(field(menu, "", "chatBarText"), Required, form::MENU_BAR_TEXT, Count::Graphemes);
    let areas = issues.items(field(menu, "", "areas"), Required, 0, issues.limits.max_rich_menu_areas);
    for (number, area) in areas.iter().enumerate() {
        let at = item("areas", number);
        let bounds = join(&at, "bounds");
        let edge = |name| field(&area["bounds"], &bounds, name);
        let left = issues.integer(edge("x"), Required, 0, i64::from(i32::MAX));
        let top = issues.integer(edge("y"), Required, 0, i64::from(i32::MAX));
        let right =
            issues.integer(edge("width"), Required, 1, i64::from(i32::MAX)).zip(left).map(|(long, left)| long + left);
        let bottom =
            issues.integer(edge("height"), Required, 1, i64::from(i32::MAX)).zip(top).map(|(long, top)| long + top);
        if right > width.or(right) || bottom > height.or(bottom) {
            issues.add(&bounds, "The area reaches beyond the menu");
        }
        action::check(&area["action"], &join(&at, "action"), Spot::RichMenu, issues);
    }
}
