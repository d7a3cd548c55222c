//! The one style sheet, under a name that changes with it.

use std::sync::LazyLock;

use domain::text::hex;
use sha2::{Digest, Sha256};

/// The style sheet.
pub(crate) const STYLE: &str = include_str!("style.css");

static PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/portal-{}.css", &hex(&Sha256::digest(STYLE.as_bytes()))[..12]));

/// Where it is.
pub(crate) fn path() -> &'static str {
    &PATH
}
