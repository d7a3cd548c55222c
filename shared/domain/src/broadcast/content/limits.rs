//! How long and how many: what a broadcast's messages may have. The platform's own limits stand with their sources in `line`,
//! where the compiler sees to it that none of these passes them.

use crate::reply;

/// Messages of one wording: the platform takes five in one call.
pub const MESSAGES_MAX: usize = reply::REPLIES_MAX;
/// UTF-16 units of a text.
pub const TEXT_UNITS_MAX: usize = reply::TEXT_UNITS_MAX;
/// Buttons of one message: a fifth would be below the edge of a small phone.
pub const BUTTONS_MAX: usize = 4;
/// UTF-16 units of the title above buttons: three lines of a phone.
pub const TITLE_UNITS_MAX: usize = 60;
/// UTF-16 units of the text above buttons; longer ones are read better as a message of their own.
pub const BUTTONS_TEXT_UNITS_MAX: usize = 1_500;
/// Graphemes of a button's label: one line of a phone with large letters.
pub const LABEL_GRAPHEMES_MAX: usize = reply::LABEL_GRAPHEMES_MAX;
/// UTF-16 units of a button's label: a grapheme may be piled up of many.
pub const LABEL_UNITS_MAX: usize = 300;
/// UTF-16 units of what a button opens.
pub const ADDRESS_UNITS_MAX: usize = 1_000;
/// UTF-16 units of what a button says in the resident's name.
pub const SAID_UNITS_MAX: usize = 300;
/// UTF-16 units of what is read where a flex message cannot be shown.
pub const ALT_UNITS_MAX: usize = 1_500;
/// Graphemes of a label inside a flex message.
pub const FLEX_LABEL_GRAPHEMES_MAX: usize = 40;
/// UTF-16 units of the address of a picture inside a flex message.
pub const FLEX_PICTURE_UNITS_MAX: usize = 2_000;
/// Bubbles of a flex carousel.
pub const BUBBLES_MAX: usize = 12;
/// Bytes of a flex bubble, as JSON without white space.
pub const BUBBLE_BYTES_MAX: usize = 30_000;
/// Bytes of a flex carousel, likewise.
pub const CAROUSEL_BYTES_MAX: usize = 50_000;
/// Bytes of a content as JSON, all wordings together: a broadcast is kept as one item of the table, with its remarks.
pub const CONTENT_BYTES_MAX: usize = 225_000;
