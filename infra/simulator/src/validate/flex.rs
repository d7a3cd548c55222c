//! Flex messages: structure, known fields and words, sizes.

use serde_json::Value;

use super::{
    Count, Issues, Optional, Required,
    action::{self, Spot},
    field, item, join,
};
use crate::limits::form;

/// Checks the container of a flex message. Places are pointers into it, such as `/body/contents/0/text`.
pub(super) fn check(container: &Value, issues: &mut Issues) {
    match issues.word(field(container, "/", "type"), Required, &["bubble", "carousel"]) {
        Some("bubble") => bubble(container, "/", issues),
        Some(_) => {
            known_fields(container, "/", &["type", "contents"], issues);
            too_large(container, "/", issues.limits.max_flex_carousel_bytes, issues);
            let bubbles = issues.items(field(container, "/", "contents"), Required, 1, issues.limits.max_flex_bubbles);
            for (place, each) in bubbles.iter().enumerate() {
                let at = item("/contents", place);
                if issues.word(field(each, &at, "type"), Required, &["bubble"]).is_some() {
                    bubble(each, &at, issues);
                }
            }
            let mut sizes: Vec<&str> = bubbles.iter().map(|each| each["size"].as_str().unwrap_or("mega")).collect();
            sizes.dedup();
            if sizes.len() > 1 {
                issues.add("/contents", "All bubbles of a carousel must have the same size");
            }
        }
        None => {}
    }
}

fn too_large(container: &Value, at: &str, max: usize, issues: &mut Issues) {
    if container.to_string().len() > max {
        issues.add(at, &format!("Must be at most {} KB", max / 1024));
    }
}

fn bubble(bubble: &Value, at: &str, issues: &mut Issues) {
    too_large(bubble, at, issues.limits.max_flex_bubble_bytes, issues);
    let fields = ["type", "size", "direction", "header", "hero", "body", "footer", "styles", "action"];
    known_fields(bubble, at, &fields, issues);
    let sizes = ["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"];
    issues.word(field(bubble, at, "size"), Optional, &sizes);
    issues.word(field(bubble, at, "direction"), Optional, &["ltr", "rtl"]);
    for (block, allowed) in [
        ("header", &["box"][..]),
        ("hero", &["box", "image", "video"][..]),
        ("body", &["box"][..]),
        ("footer", &["box"][..]),
    ] {
        if !bubble[block].is_null() {
            component(&bubble[block], &join(at, block), allowed, 0, issues);
        }
    }
    let styles = join(at, "styles");
    for block in ["header", "hero", "body", "footer"] {
        let (style, at) = (&bubble["styles"][block], join(&styles, block));
        if !style.is_null() {
            known_fields(style, &at, &["backgroundColor", "separator", "separatorColor"], issues);
            color(style, &at, "backgroundColor", issues);
            color(style, &at, "separatorColor", issues);
            issues.boolean(field(style, &at, "separator"));
        }
    }
    tap(bubble, at, issues);
}

/// Fields that most components share: their place in the box.
const PLACING: &[&str] =
    &["type", "flex", "margin", "position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"];

fn component(component: &Value, at: &str, allowed: &[&str], depth: usize, issues: &mut Issues) {
    if depth > form::FLEX_DEPTH {
        issues.add(at, "Boxes are nested too deeply");
        return;
    }
    let Some(kind) = issues.word(field(component, at, "type"), Required, allowed) else { return };
    match kind {
        "box" => flex_box(component, at, depth, issues),
        "button" => button(component, at, issues),
        "image" => image(component, at, issues),
        "video" => video(component, at, depth, issues),
        "icon" => icon(component, at, issues),
        "text" => text(component, at, issues),
        "span" => span(component, at, issues),
        "separator" => {
            known_fields(component, at, &["type", "margin", "color"], issues);
            color(component, at, "color", issues);
            spacing(component, at, "margin", issues);
        }
        _ => known_fields(component, at, &["type", "flex"], issues),
    }
}

fn placing(component: &Value, at: &str, own: &[&str], issues: &mut Issues) {
    known_fields(component, at, &[PLACING, own].concat(), issues);
    issues.integer(field(component, at, "flex"), Optional, 0, i64::from(i32::MAX));
    issues.word(field(component, at, "position"), Optional, &["relative", "absolute"]);
    for name in ["margin", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"] {
        spacing(component, at, name, issues);
    }
}

fn flex_box(component: &Value, at: &str, depth: usize, issues: &mut Issues) {
    const OWN: &[&str] = &[
        "layout",
        "contents",
        "spacing",
        "backgroundColor",
        "borderColor",
        "borderWidth",
        "cornerRadius",
        "width",
        "maxWidth",
        "height",
        "maxHeight",
        "paddingAll",
        "paddingTop",
        "paddingBottom",
        "paddingStart",
        "paddingEnd",
        "action",
        "justifyContent",
        "alignItems",
        "background",
    ];
    placing(component, at, OWN, issues);
    let layout = issues.word(field(component, at, "layout"), Required, &["horizontal", "vertical", "baseline"]);
    color(component, at, "backgroundColor", issues);
    color(component, at, "borderColor", issues);
    for name in ["spacing", "cornerRadius", "paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"] {
        spacing(component, at, name, issues);
    }
    let spread = ["center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"];
    issues.word(field(component, at, "justifyContent"), Optional, &spread);
    issues.word(field(component, at, "alignItems"), Optional, &spread[..3]);
    tap(component, at, issues);
    let allowed: &[&str] = match layout {
        Some("baseline") => &["icon", "text", "filler"],
        _ => &["box", "button", "image", "text", "separator", "filler"],
    };
    let contents = issues.items(field(component, at, "contents"), Required, 0, usize::MAX);
    for (place, child) in contents.iter().enumerate() {
        self::component(child, &item(&join(at, "contents"), place), allowed, depth + 1, issues);
    }
}

fn button(component: &Value, at: &str, issues: &mut Issues) {
    placing(component, at, &["action", "color", "style", "gravity", "height", "adjustMode", "scaling"], issues);
    action::check(&component["action"], &join(at, "action"), Spot::FlexButton, issues);
    color(component, at, "color", issues);
    issues.word(field(component, at, "style"), Optional, &["primary", "secondary", "link"]);
    issues.word(field(component, at, "height"), Optional, &["sm", "md"]);
    gravity(component, at, issues);
    fitting(component, at, issues);
}

fn image(component: &Value, at: &str, issues: &mut Issues) {
    let own = ["url", "align", "gravity", "size", "aspectRatio", "aspectMode", "backgroundColor", "action", "animated"];
    placing(component, at, &own, issues);
    issues.https_url(field(component, at, "url"), Required, form::URL);
    issues.word(field(component, at, "align"), Optional, &["start", "end", "center"]);
    gravity(component, at, issues);
    issues.word(field(component, at, "aspectMode"), Optional, &["fit", "cover"]);
    aspect_ratio(component, at, issues);
    color(component, at, "backgroundColor", issues);
    sizing(component, at, &["full"], issues);
    issues.boolean(field(component, at, "animated"));
    tap(component, at, issues);
}

fn video(component: &Value, at: &str, depth: usize, issues: &mut Issues) {
    known_fields(component, at, &["type", "url", "previewUrl", "altContent", "aspectRatio", "action"], issues);
    issues.https_url(field(component, at, "url"), Required, form::URL);
    issues.https_url(field(component, at, "previewUrl"), Required, form::URL);
    aspect_ratio(component, at, issues);
    self::component(&component["altContent"], &join(at, "altContent"), &["box", "image"], depth + 1, issues);
    tap(component, at, issues);
}

fn icon(component: &Value, at: &str, issues: &mut Issues) {
    placing(component, at, &["url", "size", "aspectRatio", "scaling"], issues);
    issues.https_url(field(component, at, "url"), Required, form::URL);
    aspect_ratio(component, at, issues);
    sizing(component, at, &[], issues);
}

fn text(component: &Value, at: &str, issues: &mut Issues) {
    const OWN: &[&str] = &[
        "text",
        "contents",
        "size",
        "align",
        "gravity",
        "color",
        "weight",
        "style",
        "decoration",
        "wrap",
        "lineSpacing",
        "action",
        "maxLines",
        "adjustMode",
        "scaling",
    ];
    placing(component, at, OWN, issues);
    let spans = issues.items(field(component, at, "contents"), Optional, 0, usize::MAX);
    if spans.is_empty() && component["text"].as_str().is_none_or(str::is_empty) {
        issues.add(&join(at, "text"), "must be non-empty text");
    }
    for (place, span) in spans.iter().enumerate() {
        self::component(span, &item(&join(at, "contents"), place), &["span"], 0, issues);
    }
    issues.word(field(component, at, "align"), Optional, &["start", "end", "center"]);
    gravity(component, at, issues);
    letters(component, at, issues);
    issues.boolean(field(component, at, "wrap"));
    issues.integer(field(component, at, "maxLines"), Optional, 0, i64::from(i32::MAX));
    fitting(component, at, issues);
    tap(component, at, issues);
}

fn span(component: &Value, at: &str, issues: &mut Issues) {
    known_fields(component, at, &["type", "text", "size", "color", "weight", "style", "decoration"], issues);
    if component["text"].as_str().is_none_or(str::is_empty) {
        issues.add(&join(at, "text"), "must be non-empty text");
    }
    letters(component, at, issues);
}

fn letters(component: &Value, at: &str, issues: &mut Issues) {
    color(component, at, "color", issues);
    sizing(component, at, &[], issues);
    issues.word(field(component, at, "weight"), Optional, &["regular", "bold"]);
    issues.word(field(component, at, "style"), Optional, &["normal", "italic"]);
    issues.word(field(component, at, "decoration"), Optional, &["none", "underline", "line-through"]);
}

fn gravity(component: &Value, at: &str, issues: &mut Issues) {
    issues.word(field(component, at, "gravity"), Optional, &["top", "bottom", "center"]);
}

fn fitting(component: &Value, at: &str, issues: &mut Issues) {
    issues.word(field(component, at, "adjustMode"), Optional, &["shrink-to-fit"]);
    issues.boolean(field(component, at, "scaling"));
}

fn tap(component: &Value, at: &str, issues: &mut Issues) {
    if !component["action"].is_null() {
        action::check(&component["action"], &join(at, "action"), Spot::Tap, issues);
    }
}

fn known_fields(object: &Value, at: &str, known: &[&str], issues: &mut Issues) {
    for name in object.as_object().into_iter().flat_map(|object| object.keys()) {
        if !known.contains(&name.as_str()) {
            issues.add(&join(at, name), "unknown field");
        }
    }
}

/// `#RRGGBB` or `#RRGGBBAA`.
fn color(object: &Value, at: &str, name: &str, issues: &mut Issues) {
    let value = &object[name];
    let hex = value.as_str().and_then(|value| value.strip_prefix('#')).unwrap_or_default();
    let right = matches!(hex.len(), 6 | 8) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !value.is_null() && !right {
        issues.add(&join(at, name), "invalid color");
    }
}

/// A keyword, pixels or per cent.
fn spacing(object: &Value, at: &str, name: &str, issues: &mut Issues) {
    measure(object, at, name, &["none", "xs", "sm", "md", "lg", "xl", "xxl"], issues);
}

fn sizing(object: &Value, at: &str, more: &[&str], issues: &mut Issues) {
    let words = ["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"];
    measure(object, at, "size", &[&words[..], more].concat(), issues);
}

fn measure(object: &Value, at: &str, name: &str, words: &[&str], issues: &mut Issues) {
    let value = &object[name];
    let right = value.as_str().is_some_and(|value| {
        let number = value.strip_suffix("px").or_else(|| value.strip_suffix('%'));
        words.contains(&value) || number.is_some_and(|number| number.parse::<f64>().is_ok())
    });
    if !value.is_null() && !right {
        issues.add(&join(at, name), "invalid property");
    }
}

/// `width:height`, each up to 100,000, the height at most three times the width.
fn aspect_ratio(object: &Value, at: &str, issues: &mut Issues) {
    let Some(ratio) = issues.string(field(object, at, "aspectRatio"), Optional, form::FLEX_RATIO, Count::Utf16) else {
        return;
    };
    let side = |text: &str| text.parse::<f64>().ok().filter(|side| (1.0..=100_000.0).contains(side));
    let sides = ratio.split_once(':').and_then(|(width, height)| side(width).zip(side(height)));
    if !sides.is_some_and(|(width, height)| height <= width * 3.0) {
        issues.add(&join(at, "aspectRatio"), "invalid property");
    }
}
