//! The configuration that a function finds in its environment: read once, at the start, here and nowhere else.
//!
//! | variable | read by | meaning |
//! | --- | --- | --- |
//! | `LINE_SECRET_ID` | webhook, inbox, console, photo, sender, janitor, notice | the secret (name or ARN) that holds the LINE channel, see [`crate::secrets`] |
//! | `INBOX_QUEUE_URL` | webhook, console | the FIFO queue of residents' events |
//! | `INBOX_DEAD_LETTERS_URL` | inbox, console | where those go that fail for good: the dead-letter queue of that queue |
//! | `TABLE_NAME` | all but webhook | the table |
//! | `LINE_API_BASE` | inbox, console, photo, sender, janitor, notice, portal | where LINE's API answers: `https://api.line.me`, or a simulator |
//! | `LINE_DATA_BASE` | inbox, console, photo, sender, janitor, notice | where LINE hands out contents: `https://api-data.line.me`, or a simulator |
//! | `MEDIA_BUCKET` | console, planner, sender, janitor, reminder, photo, portal | the bucket of frozen parts and words, and of photos |
//! | `PICTURES_BUCKET` | console, photo | the bucket of the pictures that broadcasts show, and of what everybody sees of reports |
//! | `PICTURES_BASE` | console, portal, reminder | where phones and browsers fetch them, without a slash at the end |
//! | `EMERGENCY_PARTS_URL`, `ROUTINE_PARTS_URL` | console, planner, janitor; reminder the latter | the queues of parts that are to be frozen |
//! | `EMERGENCY_RUNS_URL`, `ROUTINE_RUNS_URL` | console, planner, sender, janitor | the queues of runs that are to be sent |
//! | `PHOTO_QUEUE_URL` | inbox, console, janitor, portal | the queue of photos that are to be fetched or taken over, or whose files are to be erased |
//! | `RELAY_QUEUE_URL` | inbox, console, portal, relay | the queue of what other systems are to hear |
//! | `NOTICE_QUEUE_URL` | console | the queue of what reporters are to hear |
//! | `SENDING_DEAD_LETTERS_URL` | console, planner, sender | where those go that fail for good: the dead-letter queue of all four |
//! | `PHOTO_DEAD_LETTERS_URL` | console, photo | where photos go that fail for good: the dead-letter queue of the queue that it works off |
//! | `NOTICE_DEAD_LETTERS_URL` | console, notice | where notices go that fail for good: the dead-letter queue of the queue that it works off |
//! | `RELAY_DEAD_LETTERS_URL` | console, relay | where changes go that fail for good: the dead-letter queue of the queue that it works off |
//! | `HOOKS_LOCAL` | console, relay | `yes` where other systems may be told on this very machine; empty everywhere but in the local city |
//! | `EMERGENCY_CALLS_PER_SECOND`, `ROUTINE_CALLS_PER_SECOND` | sender | the lane's share of LINE's 200 calls a second |
//! | `EMERGENCY_SENDERS`, `ROUTINE_SENDERS` | sender | how many senders its queue wakes at most |
//! | `STAFF_ISSUER` | console | the OpenID Connect issuer of the staff, exactly as in its tokens |
//! | `STAFF_CLIENT_ID` | console | the console's client id there |
//! | `STAFF_SECRET_ID` | console | the secret that holds the client's secret; empty where it has none |
//! | `STAFF_POOL_ID` | console | the user pool in which the console makes the staff's accounts; empty for another issuer |
//! | `STAFF_EMAIL_TRUST` | console | `verified` or `unsaid`: which addresses are believed |
//! | `STAFF_DISCOVERY` | console | the discovery document's address; empty for below the issuer |
//! | `LIFF_ID` | inbox, notice, portal | the LIFF app of the residents' pages of reports, several with commas between, the first of which links name; empty where there is none, and then neither those pages nor links to them |
//! | `MAP_TILES` | console, portal | where the tiles of maps are, with `{z}`, `{x}` and `{y}`; empty for no maps |
//! | `LIFF_SCRIPT` | portal | from where those pages load the LIFF SDK; empty: from the portal |
//! | `CONSOLE_ADDRESS` | console | the console's own address; empty for the one that browsers ask for |
//!
//! Where it is not said what an empty one means, none has a default: a missing one stops the function at its start. Beside them the AWS SDK reads its own
//! (`AWS_REGION`, credentials, `AWS_ENDPOINT_URL` in the local city), and the Lambda runtime its own.

mod console;
mod portal;
mod relay;

use app::broadcast::sender::{Paces, Share};

use crate::sending_queues::LaneUrls;

pub use console::ConsoleEnvironment;
pub use portal::PortalEnvironment;
pub use relay::RelayEnvironment;

/// A variable that a function cannot start without, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misconfigured {
    /// It is not there.
    #[error("the environment variable {0} is missing or empty")]
    Missing(&'static str),
    /// It says something else.
    #[error("the environment variable {0} is no whole number above 0")]
    NoNumber(&'static str),
}

const TABLE_NAME: &str = "TABLE_NAME";
const LINE_SECRET_ID: &str = "LINE_SECRET_ID";
const INBOX_QUEUE_URL: &str = "INBOX_QUEUE_URL";
const INBOX_DEAD_LETTERS_URL: &str = "INBOX_DEAD_LETTERS_URL";
const MEDIA_BUCKET: &str = "MEDIA_BUCKET";
const PICTURES_BUCKET: &str = "PICTURES_BUCKET";
const PICTURES_BASE: &str = "PICTURES_BASE";
const EMERGENCY_PARTS_URL: &str = "EMERGENCY_PARTS_URL";
const ROUTINE_PARTS_URL: &str = "ROUTINE_PARTS_URL";
const EMERGENCY_RUNS_URL: &str = "EMERGENCY_RUNS_URL";
const ROUTINE_RUNS_URL: &str = "ROUTINE_RUNS_URL";
const PHOTO_QUEUE_URL: &str = "PHOTO_QUEUE_URL";
const NOTICE_QUEUE_URL: &str = "NOTICE_QUEUE_URL";
const RELAY_QUEUE_URL: &str = "RELAY_QUEUE_URL";
const NOTICE_DEAD_LETTERS_URL: &str = "NOTICE_DEAD_LETTERS_URL";
const SENDING_DEAD_LETTERS_URL: &str = "SENDING_DEAD_LETTERS_URL";
const EMERGENCY_CALLS_PER_SECOND: &str = "EMERGENCY_CALLS_PER_SECOND";
const EMERGENCY_SENDERS: &str = "EMERGENCY_SENDERS";
const ROUTINE_CALLS_PER_SECOND: &str = "ROUTINE_CALLS_PER_SECOND";
const ROUTINE_SENDERS: &str = "ROUTINE_SENDERS";
const PHOTO_DEAD_LETTERS_URL: &str = "PHOTO_DEAD_LETTERS_URL";
const RELAY_DEAD_LETTERS_URL: &str = "RELAY_DEAD_LETTERS_URL";
const LINE_API_BASE: &str = "LINE_API_BASE";
const LINE_DATA_BASE: &str = "LINE_DATA_BASE";
const LIFF_ID: &str = "LIFF_ID";
const MAP_TILES: &str = "MAP_TILES";
const HOOKS_LOCAL: &str = "HOOKS_LOCAL";

/// What `webhook` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEnvironment {
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// The FIFO queue of residents' events.
    pub inbox_queue_url: String,
}

impl WebhookEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[LINE_SECRET_ID, INBOX_QUEUE_URL];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            inbox_queue_url: required(&value, INBOX_QUEUE_URL)?,
        })
    }
}

/// What `inbox` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEnvironment {
    /// The table.
    pub table_name: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// Where events go that fail for good.
    pub inbox_dead_letters_url: String,
    /// The queue of photos that are to be fetched.
    pub photo_queue_url: String,
    /// The queue of what other systems are to hear.
    pub relay_queue_url: String,
    /// The LIFF apps of the residents' pages, if there are such.
    pub liff_id: Option<String>,
}

impl InboxEnvironment {
    /// The variables that must be there.
    pub const REQUIRED: &[&str] = &[
        TABLE_NAME,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        INBOX_DEAD_LETTERS_URL,
        PHOTO_QUEUE_URL,
        RELAY_QUEUE_URL,
    ];
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        INBOX_DEAD_LETTERS_URL,
        PHOTO_QUEUE_URL,
        RELAY_QUEUE_URL,
        LIFF_ID,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            inbox_dead_letters_url: required(&value, INBOX_DEAD_LETTERS_URL)?,
            photo_queue_url: required(&value, PHOTO_QUEUE_URL)?,
            relay_queue_url: required(&value, RELAY_QUEUE_URL)?,
            liff_id: optional(&value, LIFF_ID),
        })
    }
}

/// What `planner` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannerEnvironment {
    /// The table.
    pub table_name: String,
    /// The bucket of frozen parts.
    pub media_bucket: String,
    /// The queues of parts that are to be frozen.
    pub parts: LaneUrls,
    /// The queues of runs that are to be sent.
    pub runs: LaneUrls,
    /// Where messages go that fail for good.
    pub sending_dead_letters_url: String,
}

impl PlannerEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        MEDIA_BUCKET,
        EMERGENCY_PARTS_URL,
        ROUTINE_PARTS_URL,
        EMERGENCY_RUNS_URL,
        ROUTINE_RUNS_URL,
        SENDING_DEAD_LETTERS_URL,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            parts: parts(&value)?,
            runs: runs(&value)?,
            sending_dead_letters_url: required(&value, SENDING_DEAD_LETTERS_URL)?,
        })
    }
}

/// What `sender` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderEnvironment {
    /// The table.
    pub table_name: String,
    /// The bucket of frozen parts and words.
    pub media_bucket: String,
    /// The queues of runs that are to be sent.
    pub runs: LaneUrls,
    /// Where messages go that fail for good.
    pub sending_dead_letters_url: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// How fast the lanes go.
    pub paces: Paces,
}

impl SenderEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        MEDIA_BUCKET,
        EMERGENCY_RUNS_URL,
        ROUTINE_RUNS_URL,
        SENDING_DEAD_LETTERS_URL,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        EMERGENCY_CALLS_PER_SECOND,
        EMERGENCY_SENDERS,
        ROUTINE_CALLS_PER_SECOND,
        ROUTINE_SENDERS,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            runs: runs(&value)?,
            sending_dead_letters_url: required(&value, SENDING_DEAD_LETTERS_URL)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            paces: Paces::of(
                share(&value, EMERGENCY_CALLS_PER_SECOND, EMERGENCY_SENDERS)?,
                share(&value, ROUTINE_CALLS_PER_SECOND, ROUTINE_SENDERS)?,
            ),
        })
    }
}

/// What `janitor` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JanitorEnvironment {
    /// The table.
    pub table_name: String,
    /// The bucket of frozen parts.
    pub media_bucket: String,
    /// The queues of parts that are to be frozen.
    pub parts: LaneUrls,
    /// The queues of runs that are to be sent.
    pub runs: LaneUrls,
    /// The queue of photos whose files are to be erased.
    pub photo_queue_url: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
}

impl JanitorEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        MEDIA_BUCKET,
        EMERGENCY_PARTS_URL,
        ROUTINE_PARTS_URL,
        EMERGENCY_RUNS_URL,
        ROUTINE_RUNS_URL,
        PHOTO_QUEUE_URL,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            parts: parts(&value)?,
            runs: runs(&value)?,
            photo_queue_url: required(&value, PHOTO_QUEUE_URL)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
        })
    }
}

/// What `photo` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoEnvironment {
    /// The table.
    pub table_name: String,
    /// The bucket of photos.
    pub media_bucket: String,
    /// The bucket of what everybody saw of them.
    pub pictures_bucket: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// Where messages go that fail for good.
    pub photo_dead_letters_url: String,
}

impl PhotoEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        MEDIA_BUCKET,
        PICTURES_BUCKET,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        PHOTO_DEAD_LETTERS_URL,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            pictures_bucket: required(&value, PICTURES_BUCKET)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            photo_dead_letters_url: required(&value, PHOTO_DEAD_LETTERS_URL)?,
        })
    }
}

/// What `reminder` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderEnvironment {
    /// The table.
    pub table_name: String,
    /// The bucket of words.
    pub media_bucket: String,
    /// Where phones fetch the pictures that broadcasts show.
    pub pictures_base: String,
    /// The queue of parts of routine broadcasts: a rule writes no others.
    pub routine_parts_url: String,
}

impl ReminderEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[TABLE_NAME, MEDIA_BUCKET, PICTURES_BASE, ROUTINE_PARTS_URL];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            pictures_base: required(&value, PICTURES_BASE)?,
            routine_parts_url: required(&value, ROUTINE_PARTS_URL)?,
        })
    }
}

/// What `notice` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeEnvironment {
    /// The table.
    pub table_name: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// Where messages go that fail for good.
    pub notice_dead_letters_url: String,
    /// The LIFF apps of the residents' pages, if there are such.
    pub liff_id: Option<String>,
}

impl NoticeEnvironment {
    /// The variables that must be there.
    pub const REQUIRED: &[&str] = &[TABLE_NAME, LINE_SECRET_ID, LINE_API_BASE, LINE_DATA_BASE, NOTICE_DEAD_LETTERS_URL];
    /// The variables that are read.
    pub const VARIABLES: &[&str] =
        &[TABLE_NAME, LINE_SECRET_ID, LINE_API_BASE, LINE_DATA_BASE, NOTICE_DEAD_LETTERS_URL, LIFF_ID];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            notice_dead_letters_url: required(&value, NOTICE_DEAD_LETTERS_URL)?,
            liff_id: optional(&value, LIFF_ID),
        })
    }
}

fn parts(value: impl Fn(&str) -> Option<String>) -> Result<LaneUrls, Misconfigured> {
    let (emergency, routine) = (required(&value, EMERGENCY_PARTS_URL)?, required(&value, ROUTINE_PARTS_URL)?);
    Ok(LaneUrls { emergency, routine })
}

fn runs(value: impl Fn(&str) -> Option<String>) -> Result<LaneUrls, Misconfigured> {
    let (emergency, routine) = (required(&value, EMERGENCY_RUNS_URL)?, required(&value, ROUTINE_RUNS_URL)?);
    Ok(LaneUrls { emergency, routine })
}

fn share(
    value: impl Fn(&str) -> Option<String>,
    calls_per_second: &'static str,
    senders: &'static str,
) -> Result<Share, Misconfigured> {
    let number = |name| -> Result<u32, Misconfigured> {
        let number = required(&value, name)?.parse().ok().filter(|number| 0 < *number);
        number.ok_or(Misconfigured::NoNumber(name))
    };
    Ok(Share { calls_per_second: number(calls_per_second)?, senders: number(senders)? })
}

fn required(value: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<String, Misconfigured> {
    optional(value, name).ok_or(Misconfigured::Missing(name))
}

fn optional(value: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    value(name).filter(|text| !text.trim().is_empty())
}

#[expect(clippy::disallowed_methods, reason = "this is the environment reader")]
fn of_the_process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests;
