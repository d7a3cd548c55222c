//! The style, the scripts and the mark, as `build.rs` bundled them: each under a name that changes with its content.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One embedded file; its name carries a hash of its content, so it may be cached for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub text: &'static str,
}

/// The path of the stylesheet of every page, as `/assets/console-HASH.css`.
#[must_use]
pub fn stylesheet() -> &'static str {
    STYLESHEET
}

/// The path of the script of every page, an ECMAScript module, as `/assets/console-HASH.js`.
#[must_use]
pub fn script() -> &'static str {
    SCRIPT
}

/// The path of the stylesheet of pages with a map.
#[must_use]
pub fn map_stylesheet() -> &'static str {
    MAP_STYLESHEET
}

/// The path of the script of pages with a map.
#[must_use]
pub fn map_script() -> &'static str {
    MAP_SCRIPT
}

/// The path of the console's mark (SVG), also its favicon.
#[must_use]
pub fn mark() -> &'static str {
    MARK
}

/// The file under this path (`/assets/...`); `None` for any other, also for the hash of an earlier build.
#[must_use]
pub fn find(path: &str) -> Option<Asset> {
    ASSETS.iter().find(|(known, _)| *known == path).map(|(_, asset)| *asset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_to_its_file() {
        for (path, content_type) in [
            (stylesheet(), "text/css; charset=utf-8"),
            (script(), "text/javascript; charset=utf-8"),
            (map_stylesheet(), "text/css; charset=utf-8"),
            (map_script(), "text/javascript; charset=utf-8"),
            (mark(), "image/svg+xml"),
        ] {
            let asset = find(path).expect(path);
            assert_eq!(asset.content_type, content_type);
            assert!(!asset.text.is_empty());
        }
    }

    #[test]
    fn a_name_carries_a_hash() {
        let name = stylesheet().strip_prefix("/assets/console-").and_then(|name| name.strip_suffix(".css"));
        let hash = name.expect("console-HASH.css");
        assert!(hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{hash}");
    }

    #[test]
    fn what_is_not_embedded_is_not_found() {
        for path in ["", "/", "/assets/", "/assets/console.css", "/assets/../Cargo.toml", "console-AAAAAAAA.css"] {
            assert_eq!(find(path), None, "{path}");
        }
    }

    #[test]
    fn the_bundles_stay_small() {
        let size = |path| find(path).map_or(0, |asset| asset.text.len());
        assert!((1_000..40_000).contains(&size(stylesheet())), "{} bytes of style", size(stylesheet()));
        assert!((500..20_000).contains(&size(script())), "{} bytes of script", size(script()));
        assert!((1_000..20_000).contains(&size(map_stylesheet())), "{} bytes of style", size(map_stylesheet()));
        assert!((500..170_000).contains(&size(map_script())), "{} bytes of script", size(map_script()));
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        for path in [stylesheet(), script()] {
            let text = find(path).expect(path).text;
            for mark in ["http:", "https:", "url(//", "eval(", "innerHTML", "sourceMappingURL"] {
                assert!(!text.contains(mark), "{path} holds {mark}");
            }
        }
    }
}
