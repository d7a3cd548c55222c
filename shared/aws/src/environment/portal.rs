//! What `portal` finds in its environment.

use super::{
    LIFF_ID, LINE_API_BASE, MAP_TILES, MEDIA_BUCKET, Misconfigured, PHOTO_QUEUE_URL, PICTURES_BASE, RELAY_QUEUE_URL,
    TABLE_NAME, of_the_process, optional, required,
};

const LIFF_SCRIPT: &str = "LIFF_SCRIPT";

/// What `portal` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalEnvironment {
    /// The table.
    pub table_name: String,
    /// Where browsers fetch the pictures that broadcasts show.
    pub pictures_base: String,
    /// The bucket into which browsers put photos, and where they find them.
    pub media_bucket: String,
    /// The queue of photos that are to be taken over.
    pub photo_queue_url: String,
    /// The queue of what other systems are to hear.
    pub relay_queue_url: String,
    /// Where LINE says with which keys it signs.
    pub line_api_base: String,
    /// The LIFF apps that lead to the portal, separated by commas; without, residents file no reports there.
    pub liff_id: Option<String>,
    /// From where the pages load the LIFF SDK, if not from the portal.
    pub liff_script: Option<String>,
    /// Where the tiles of maps are; without, there are no maps.
    pub map_tiles: Option<String>,
}

impl PortalEnvironment {
    /// The variables that must be there.
    pub const REQUIRED: &[&str] =
        &[TABLE_NAME, PICTURES_BASE, MEDIA_BUCKET, PHOTO_QUEUE_URL, RELAY_QUEUE_URL, LINE_API_BASE];
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        PICTURES_BASE,
        MEDIA_BUCKET,
        PHOTO_QUEUE_URL,
        RELAY_QUEUE_URL,
        LINE_API_BASE,
        LIFF_ID,
        LIFF_SCRIPT,
        MAP_TILES,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Misconfigured> {
        Self::read(of_the_process)
    }

    pub(super) fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            pictures_base: required(&value, PICTURES_BASE)?,
            media_bucket: required(&value, MEDIA_BUCKET)?,
            photo_queue_url: required(&value, PHOTO_QUEUE_URL)?,
            relay_queue_url: required(&value, RELAY_QUEUE_URL)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            liff_id: optional(&value, LIFF_ID),
            liff_script: optional(&value, LIFF_SCRIPT),
            map_tiles: optional(&value, MAP_TILES),
        })
    }
}
