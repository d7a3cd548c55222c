//! Style and scripts of the pages that need more than the one style sheet, as `build.rs` bundled them: each under a name that changes with its content.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One embedded file.
struct Asset {
    content_type: &'static str,
    text: &'static str,
}

/// Type and text of the file under this path (`/assets/...`).
pub(crate) fn asset(path: &str) -> Option<(&'static str, &'static str)> {
    ASSETS.iter().find(|(known, _)| *known == path).map(|(_, asset)| (asset.content_type, asset.text))
}

/// The script of the pages on which residents report damage, an ECMAScript module.
pub(crate) fn report_script() -> &'static str {
    REPORT_SCRIPT
}

/// Their style.
pub(crate) fn report_style() -> &'static str {
    REPORT_STYLE
}

/// The script of a page that shows released reports on a map: an element with `data-map`, `data-tiles`, `data-closer`, `data-farther`,
/// `data-frame` (two corners with a space between) and `data-list`, the id of a list whose items have `data-point`, `data-standing`,
/// `data-sign` and `data-name`.
pub(crate) fn released_script() -> &'static str {
    RELEASED_SCRIPT
}

/// The style of all maps.
pub(crate) fn map_style() -> &'static str {
    MAP_STYLE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a phone loads for the first page, beside the document itself: 150,000 together with that.
    const FIRST_BYTES_MAX: usize = 122_000;
    /// The same with the map.
    const WITH_MAP_BYTES_MAX: usize = 300_000;

    fn text(path: &str) -> &'static str {
        asset(path).expect(path).1
    }

    /// The size of a script with all that it imports, at once or, if `later`, when it is asked to.
    fn size(path: &str, later: &[&str]) -> usize {
        let mut paths = vec![path.to_owned()];
        let mut at = 0;
        while let Some(path) = paths.get(at).cloned() {
            for (name, _) in ASSETS {
                let file = name.trim_start_matches("/assets/");
                let is_later = text(&path).contains(&format!("import(\"./{file}\")"));
                let is_needed = if is_later {
                    later.iter().any(|later| file.starts_with(later))
                } else {
                    text(&path).contains(&format!("\"./{file}\""))
                };
                if is_needed && !paths.iter().any(|known| known == name) {
                    paths.push((*name).to_owned());
                }
            }
            at += 1;
        }
        paths.iter().map(|path| text(path).len()).sum()
    }

    #[test]
    fn a_phone_loads_little_at_first_and_the_map_when_it_is_asked_for() {
        let own = size(report_script(), &[]) + text(report_style()).len();
        let first = size(report_script(), &["liff-"]) + text(report_style()).len();
        let with_map = size(report_script(), &["liff-", "map-"]) + text(report_style()).len() + text(map_style()).len();
        assert!(own > 10_000 && own + 50_000 < first, "{own} bytes of our own, {first} with LINE's SDK");
        assert!(first < FIRST_BYTES_MAX, "{first} bytes");
        assert!(first + 100_000 < with_map && with_map < WITH_MAP_BYTES_MAX, "{with_map} bytes with the map");
    }

    #[test]
    fn every_path_leads_to_its_file_and_no_other_path_to_any() {
        for (path, content_type) in [
            (report_script(), "text/javascript"),
            (report_style(), "text/css"),
            (map_style(), "text/css"),
            (released_script(), "text/javascript"),
        ] {
            let (said, text) = asset(path).expect(path);
            assert!(said.starts_with(content_type) && !text.is_empty(), "{path}");
        }
        for path in ["", "/assets/", "/assets/report.js", "/assets/../Cargo.toml"] {
            assert_eq!(asset(path), None, "{path}");
        }
    }

    #[test]
    fn our_own_script_makes_no_markup_of_texts() {
        for mark in ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "sourceMappingURL"] {
            assert!(!text(report_script()).contains(mark), "{mark}");
        }
    }
}
