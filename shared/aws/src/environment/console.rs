//! What `console` finds in its environment.

use super::{
    EMERGENCY_PARTS_URL, EMERGENCY_RUNS_URL, HOOKS_LOCAL, INBOX_DEAD_LETTERS_URL, INBOX_QUEUE_URL, LINE_API_BASE,
    LINE_DATA_BASE, LINE_SECRET_ID, MAP_TILES, MEDIA_BUCKET, Misconfigured, NOTICE_DEAD_LETTERS_URL, NOTICE_QUEUE_URL,
    PHOTO_DEAD_LETTERS_URL, PHOTO_QUEUE_URL, PICTURES_BASE, PICTURES_BUCKET, RELAY_DEAD_LETTERS_URL, RELAY_QUEUE_URL,
    ROUTINE_PARTS_URL, ROUTINE_RUNS_URL, SENDING_DEAD_LETTERS_URL, TABLE_NAME, of_the_process, optional, parts,
    required, runs,
};
use crate::sending_queues::LaneUrls;
use crate::watch::{QueueUrls, WatchedUrls};

const CONSOLE_ADDRESS: &str = "CONSOLE_ADDRESS";
const STAFF_ISSUER: &str = "STAFF_ISSUER";
const STAFF_CLIENT_ID: &str = "STAFF_CLIENT_ID";
const STAFF_SECRET_ID: &str = "STAFF_SECRET_ID";
const STAFF_EMAIL_TRUST: &str = "STAFF_EMAIL_TRUST";
const STAFF_POOL_ID: &str = "STAFF_POOL_ID";
const STAFF_DISCOVERY: &str = "STAFF_DISCOVERY";

/// What `console` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleEnvironment {
    /// The table.
    pub table_name: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// The bucket of frozen parts and words.
    pub media_bucket: String,
    /// The bucket of the pictures that broadcasts show.
    pub pictures_bucket: String,
    /// Where phones fetch them.
    pub pictures_base: String,
    /// The queues of parts that are to be frozen.
    pub parts: LaneUrls,
    /// The queues of runs that are to be sent.
    pub runs: LaneUrls,
    /// The queue of what reporters are to hear.
    pub notice_queue_url: String,
    /// The queue of what other systems are to hear.
    pub relay_queue_url: String,
    /// All queues, to be watched over.
    pub watched: WatchedUrls,
    /// The staff's OpenID Connect issuer.
    pub staff_issuer: String,
    /// The console's client id there.
    pub staff_client_id: String,
    /// The secret that holds the client's secret, if it has one.
    pub staff_secret_id: Option<String>,
    /// The user pool in which accounts are made, if they are ours to make.
    pub staff_pool_id: Option<String>,
    /// Which addresses are believed.
    pub staff_email_trust: String,
    /// The discovery document's address, if not below the issuer.
    pub staff_discovery: Option<String>,
    /// Where the tiles of maps are; without, there are no maps.
    pub map_tiles: Option<String>,
    /// The console's own address, if it has one.
    pub console_address: Option<String>,
    /// `yes` where other systems may be told on this very machine.
    pub hooks_local: Option<String>,
}

impl ConsoleEnvironment {
    /// The variables that are read; the last six may be missing.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        MEDIA_BUCKET,
        PICTURES_BUCKET,
        PICTURES_BASE,
        EMERGENCY_PARTS_URL,
        ROUTINE_PARTS_URL,
        EMERGENCY_RUNS_URL,
        ROUTINE_RUNS_URL,
        NOTICE_QUEUE_URL,
        RELAY_QUEUE_URL,
        INBOX_QUEUE_URL,
        PHOTO_QUEUE_URL,
        INBOX_DEAD_LETTERS_URL,
        PHOTO_DEAD_LETTERS_URL,
        NOTICE_DEAD_LETTERS_URL,
        RELAY_DEAD_LETTERS_URL,
        SENDING_DEAD_LETTERS_URL,
        STAFF_ISSUER,
        STAFF_CLIENT_ID,
        STAFF_EMAIL_TRUST,
        STAFF_SECRET_ID,
        STAFF_POOL_ID,
        STAFF_DISCOVERY,
        MAP_TILES,
        CONSOLE_ADDRESS,
        HOOKS_LOCAL,
    ];
    /// The variables that must be there.
    pub const REQUIRED: &[&str] = Self::VARIABLES.split_at(Self::VARIABLES.len() - 6).0;

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    pub(super) fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            pictures_bucket: required(&value, PICTURES_BUCKET)?,
            pictures_base: required(&value, PICTURES_BASE)?,
            parts: parts(&value)?,
            runs: runs(&value)?,
            notice_queue_url: required(&value, NOTICE_QUEUE_URL)?,
            relay_queue_url: required(&value, RELAY_QUEUE_URL)?,
            watched: watched(&value)?,
            staff_issuer: required(&value, STAFF_ISSUER)?,
            staff_client_id: required(&value, STAFF_CLIENT_ID)?,
            staff_secret_id: optional(&value, STAFF_SECRET_ID),
            staff_pool_id: optional(&value, STAFF_POOL_ID),
            staff_email_trust: required(&value, STAFF_EMAIL_TRUST)?,
            staff_discovery: optional(&value, STAFF_DISCOVERY),
            map_tiles: optional(&value, MAP_TILES),
            console_address: optional(&value, CONSOLE_ADDRESS),
            hooks_local: optional(&value, HOOKS_LOCAL),
        })
    }
}

fn watched(value: impl Fn(&str) -> Option<String>) -> Result<WatchedUrls, Misconfigured> {
    let pair = |queue, dead_letters| -> Result<QueueUrls, Misconfigured> {
        Ok(QueueUrls { queue: required(&value, queue)?, dead_letters: required(&value, dead_letters)? })
    };
    Ok(WatchedUrls {
        inbox: pair(INBOX_QUEUE_URL, INBOX_DEAD_LETTERS_URL)?,
        photos: pair(PHOTO_QUEUE_URL, PHOTO_DEAD_LETTERS_URL)?,
        notices: pair(NOTICE_QUEUE_URL, NOTICE_DEAD_LETTERS_URL)?,
        changes: pair(RELAY_QUEUE_URL, RELAY_DEAD_LETTERS_URL)?,
        parts: parts(&value)?,
        runs: runs(&value)?,
        sending_dead_letters: required(&value, SENDING_DEAD_LETTERS_URL)?,
    })
}
