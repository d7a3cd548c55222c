//! Every limit of the LINE Platform that this crate minds, in one place, and the limits of our own beside them.
//!
//! LINE changes its limits with a few weeks' notice. Unless a line says otherwise, the source is the Messaging API reference
//! (<https://developers.line.biz/en/reference/messaging-api/>) as of 2026-08-07.

use std::time::Duration;

/// Messages in one call ("send reply message", request body).
pub const MESSAGES_MAX: usize = 5;
/// Recipients of one multicast call ("send multicast message").
pub const RECIPIENTS_MAX: usize = 500;
/// Residents in one bulk link or unlink of rich menus ("link rich menu to multiple users").
pub const BULK_LINK_MAX: usize = 500;
/// User ids on one page of followers ("get a list of users who added your account").
pub const FOLLOWERS_PAGE_MAX: u16 = 1_000;

/// UTF-16 units of a text message ("text message").
pub const TEXT_UNITS_MAX: usize = 5_000;
/// UTF-16 units of the alternative text of flex and template messages ("flex message"; it was 400 before 2025).
pub const ALT_TEXT_UNITS_MAX: usize = 1_500;
/// Quick reply buttons ("quick reply").
pub const QUICK_REPLIES_MAX: usize = 13;
/// Graphemes of an action's label ("action objects").
pub const LABEL_GRAPHEMES_MAX: usize = 20;
/// Graphemes of an action's label inside a flex message ("action objects").
pub const FLEX_LABEL_GRAPHEMES_MAX: usize = 40;
/// UTF-16 units of a postback's data ("postback action").
pub const POSTBACK_DATA_UNITS_MAX: usize = 300;
/// Graphemes of a postback's display text ("postback action").
pub const DISPLAY_TEXT_GRAPHEMES_MAX: usize = 300;
/// UTF-16 units of an address in an action ("URI action").
pub const URI_UNITS_MAX: usize = 1_000;
/// UTF-16 units of an image's address ("image message").
pub const IMAGE_URL_UNITS_MAX: usize = 2_000;
/// Graphemes of the text of a buttons template without a title ("buttons template").
pub const BUTTONS_TEXT_GRAPHEMES_MAX: usize = 160;
/// Graphemes of the text of a buttons template with a title ("buttons template").
pub const BUTTONS_TITLED_TEXT_GRAPHEMES_MAX: usize = 60;
/// Graphemes of the title of a buttons template ("buttons template").
pub const BUTTONS_TITLE_GRAPHEMES_MAX: usize = 40;
/// Buttons of a buttons template ("buttons template").
pub const BUTTONS_MAX: usize = 4;
/// Graphemes of the text of a confirm template ("confirm template").
pub const CONFIRM_TEXT_GRAPHEMES_MAX: usize = 240;
/// Bytes of the JSON of a flex bubble ("bubble": 30 KB, here the lesser of the two readings).
pub const BUBBLE_BYTES_MAX: usize = 30_000;
/// Bytes of the JSON of a flex carousel ("carousel": 50 KB, likewise).
pub const CAROUSEL_BYTES_MAX: usize = 50_000;
/// Bubbles of a flex carousel ("carousel").
pub const BUBBLES_MAX: usize = 12;

/// Bytes of a rich menu's image ("upload rich menu image").
pub const RICH_MENU_IMAGE_BYTES_MAX: usize = 1_024 * 1_024;
/// The loading animation lasts from this many seconds on, in steps of as many ("display a loading animation").
pub const LOADING_SECONDS_STEP: u8 = 5;
/// The loading animation lasts at most this many seconds ("display a loading animation").
pub const LOADING_SECONDS_MAX: u8 = 60;

/// Bytes of a webhook's body that we take. LINE publishes no limit; a body of 100 events has some 50 KB.
pub const WEBHOOK_BYTES_MAX: usize = 1_024 * 1_024;
/// Bytes of an error's body that we read.
pub const ERROR_BYTES_MAX: usize = 64 * 1_024;
/// Bytes of an answer's body that we read; the longest is a list of 1,000 rich menus.
pub const ANSWER_BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// A stateless channel token is renewed this long before its end. It lives 15 minutes ("issue stateless channel access token").
pub const TOKEN_MARGIN: Duration = Duration::from_mins(3);
/// A token is not used any more when it ends this soon: the call has to arrive before.
pub const TOKEN_LAST_USE: Duration = Duration::from_secs(10);
/// After a renewal ahead of time has failed, the next is tried this much later.
pub const TOKEN_RENEWAL_PAUSE: Duration = Duration::from_secs(10);
