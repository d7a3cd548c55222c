//! `rich-menu.yaml` and its pictures, checked against what the platform takes.

use super::RICH_MENU;
use super::settings::is_address;
use crate::town::data::{CommandText, MenuAction, MenuArea, MenuTab};
use crate::town::files::{Files, Need, PICTURE_BYTES_MAX};
use crate::town::phone;
use crate::town::picture;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::excerpt;
use crate::town::yaml::{self, Map, Node};

/// At most this many tabs.
const TABS_MAX: usize = 10;
/// At most this many places to tap on one picture.
const AREAS_MAX: usize = 20;
const ALIAS_CHARS_MAX: usize = 32;
const NAME_CHARS_MAX: usize = 200;
const CHAT_BAR_CHARS_MAX: usize = 14;
const LABEL_CHARS_MAX: usize = 20;
const SAY_CHARS_MAX: usize = 300;
const ADDRESS_CHARS_MAX: usize = 1_000;
/// No picture is larger than this on a side.
const PIXELS_MAX: u16 = 2_500;
const SIZES: [(u16, u16); 2] = [(2_500, 1_686), (2_500, 843)];

/// The commands that a tap may call, for a sentence that says what can be written.
const COMMANDS: &str = "garbage、next-collection、report、settings、district、topics、children、language、help";

pub(super) fn read(files: &Files, report: &mut Report) -> Vec<MenuTab> {
    let Some(node) = yaml::read(files, RICH_MENU, Need::Optional, report) else { return Vec::new() };
    let Some(mut map) = Map::new(RICH_MENU, None, &node, report) else { return Vec::new() };
    let nodes = map.list("tabs", report);
    map.finish(report);
    if let Some(node) = nodes.get(TABS_MAX) {
        report.add(RICH_MENU, node.line, Some("tabs"), Trouble::TooMany { max: TABS_MAX });
    }
    let nodes = &nodes[..nodes.len().min(TABS_MAX)];
    let tabs: Vec<(u32, MenuTab)> =
        nodes.iter().filter_map(|node| Some((node.line, tab(files, node, report)?))).collect();
    for (at, (line, tab)) in tabs.iter().enumerate() {
        if let Some((first_line, _)) = tabs[..at].iter().find(|(_, other)| other.alias == tab.alias) {
            let trouble = Trouble::Duplicate { value: tab.alias.clone(), first_line: *first_line };
            report.add(RICH_MENU, *line, Some("alias"), trouble);
        }
        for area in &tab.areas {
            if let MenuAction::Tab(alias) = &area.action
                && !tabs.iter().any(|(_, other)| other.alias == *alias)
            {
                report.add(RICH_MENU, *line, Some("tab"), Trouble::UnknownTab { found: excerpt(alias) });
            }
        }
    }
    tabs.into_iter().map(|(_, tab)| tab).collect()
}

fn tab(files: &Files, node: &Node, report: &mut Report) -> Option<MenuTab> {
    let mut map = Map::new(RICH_MENU, None, node, report)?;
    let alias = map.text("alias", ALIAS_CHARS_MAX, report);
    let name = map.text("name", NAME_CHARS_MAX, report);
    let chat_bar_text = map.text("chat_bar_text", CHAT_BAR_CHARS_MAX, report);
    let width = map.number("width", PIXELS_MAX, report);
    let height = map.number("height", PIXELS_MAX, report);
    let image = map.text("image", ADDRESS_CHARS_MAX, report);
    let nodes = map.list("areas", report);
    let line = map.line();
    map.finish(report);

    let (alias, width, height, image) = (alias?, width?, height?, image?);
    let is_alias = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    if !alias.chars().all(is_alias) {
        report.add(RICH_MENU, line, Some("alias"), Trouble::InvalidId { found: excerpt(&alias) });
        return None;
    }
    if !SIZES.contains(&(width, height)) {
        report.add(RICH_MENU, line, Some("width"), Trouble::MenuSize);
    }
    check_picture(files, &image, line, (width, height), report);
    if let Some(node) = nodes.get(AREAS_MAX) {
        report.add(RICH_MENU, node.line, Some("areas"), Trouble::TooMany { max: AREAS_MAX });
    }
    let areas = nodes.iter().take(AREAS_MAX).filter_map(|node| area(node, (width, height), report)).collect();
    Some(MenuTab { alias, name: name?, chat_bar_text: chat_bar_text?, width, height, image, areas })
}

fn check_picture(files: &Files, image: &str, line: u32, size: (u16, u16), report: &mut Report) {
    let trouble = match files.bytes(image) {
        None => Trouble::PictureMissing { file: excerpt(image) },
        Some(bytes) if bytes.len() > PICTURE_BYTES_MAX => Trouble::PictureTooLarge { bytes_max: PICTURE_BYTES_MAX },
        Some(bytes) => match picture::look(bytes) {
            None => Trouble::PictureFormat,
            Some(seen) if (seen.width, seen.height) == (size.0.into(), size.1.into()) => return,
            Some(seen) => Trouble::PictureSize { width: seen.width, height: seen.height },
        },
    };
    report.add(RICH_MENU, line, Some("image"), trouble);
}

fn area(node: &Node, size: (u16, u16), report: &mut Report) -> Option<MenuArea> {
    let mut map = Map::new(RICH_MENU, Some("areas"), node, report)?;
    let [x, y, width, height] = ["x", "y", "width", "height"].map(|key| map.number(key, PIXELS_MAX, report));
    let label = map.text("label", LABEL_CHARS_MAX, report);
    let action = map.require("action", report).and_then(|node| action(node, report));
    map.finish(report);

    let (x, y, width, height) = (x?, y?, width?, height?);
    // Each is at most PIXELS_MAX, so the sums fit.
    if width == 0 || height == 0 || x + width > size.0 || y + height > size.1 {
        report.add(RICH_MENU, node.line, Some("areas"), Trouble::OutsidePicture);
        return None;
    }
    Some(MenuArea { x, y, width, height, label: label?, action: action? })
}

fn action(node: &Node, report: &mut Report) -> Option<MenuAction> {
    const KINDS: &str = "command、say、open、tab";
    let mut map = Map::new(RICH_MENU, Some("action"), node, report)?;
    let command = map.optional("command", SAY_CHARS_MAX, report);
    let say = map.optional("say", SAY_CHARS_MAX, report);
    let open = map.optional("open", ADDRESS_CHARS_MAX, report);
    let tab = map.optional("tab", ALIAS_CHARS_MAX, report);
    map.finish(report);

    let mut trouble = |key: &str, trouble| {
        report.add(RICH_MENU, node.line, Some(key), trouble);
        None
    };
    match (command, say, open, tab) {
        (Some(command), None, None, None) => match CommandText::try_from(command.clone()) {
            Ok(command) => Some(MenuAction::Command(command)),
            Err(_) => trouble("command", Trouble::NotOneOf { found: excerpt(&command), allowed: COMMANDS }),
        },
        (None, Some(say), None, None) if say.is_empty() => trouble("say", Trouble::Empty),
        (None, Some(say), None, None) => Some(MenuAction::Say(say)),
        (None, None, Some(open), None) => match open.strip_prefix("tel:") {
            Some(number) if phone::dials(number) => Some(MenuAction::Open(open)),
            Some(number) => trouble("open", Trouble::InvalidPhone { found: excerpt(number) }),
            None if is_address(&open) => Some(MenuAction::Open(open)),
            None => trouble("open", Trouble::InvalidAddress { found: excerpt(&open) }),
        },
        (None, None, None, Some(tab)) => Some(MenuAction::Tab(tab)),
        _ => trouble("action", Trouble::NotOneOf { found: String::new(), allowed: KINDS }),
    }
}
