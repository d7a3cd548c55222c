//! Files that wait between their preview and the decision, in parts that fit into items.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | part of a file, as Base64 | `UPLOAD#<id>` | its number in 4 digits | [`UPLOAD_LIFE`] after it came |
//!
//! Kept in the table and not in a bucket: they are at most 4 MB, rare, gone after a day, and the console needs no right
//! to anything else this way.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::{Clock, KeptUpload, UPLOAD_LIFE, Uploads};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::StaffId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Entity, Key, Table, decode, encode};

/// A part holds so many bytes; in Base64 it is a third larger, and an item has at most 400 KB.
const PART_BYTES: usize = 270_000;
/// So many parts are written at a time: DynamoDB takes 16 MB.
const PARTS_AT_ONCE: usize = 20;

const KEEPING: &str = "keep a file";
const FINDING: &str = "read a kept file";

/// [`Uploads`] in the table.
pub struct TableUploads {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableUploads {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl Uploads for TableUploads {
    async fn keep(&self, upload: &KeptUpload) -> Result<(), Error> {
        let invalid = |error| Error::new(Kind::Permanent, KEEPING, error);
        // An empty file is a file, too.
        let total = upload.bytes.len().div_ceil(PART_BYTES).max(1);
        let mut writes = Vec::with_capacity(total);
        for place in 0..total {
            let rest = upload.bytes.get(place * PART_BYTES..).unwrap_or_default();
            let item = PartItem {
                bytes: STANDARD.encode(&rest[..rest.len().min(PART_BYTES)]),
                total,
                staff: upload.staff.clone(),
                file: upload.kind.clone(),
                file_name: upload.file_name.clone(),
                at: upload.at,
                expires: (upload.at + UPLOAD_LIFE).as_second(),
            };
            let key = Key::new(partition(&upload.id), format!("{place:04}"));
            let put = PutRequest::builder().set_item(Some(encode(KEEPING, &key, &item)?)).build().map_err(invalid)?;
            writes.push(WriteRequest::builder().put_request(put).build());
        }
        for writes in writes.chunks(PARTS_AT_ONCE) {
            self.table.write_batch(KEEPING, writes.to_vec()).await?;
        }
        Ok(())
    }

    async fn find(&self, id: &str) -> Result<Option<KeptUpload>, Error> {
        let now = self.clock.now();
        let items = self.table.partition(FINDING, &partition(id)).await?;
        let (found, mut total, mut upload) = (items.len(), 0, None);
        for item in items {
            let Some(part) = decode::<PartItem>(FINDING, Some(item), now)? else { continue };
            let bytes = STANDARD.decode(&part.bytes).map_err(|error| Error::new(Kind::Permanent, FINDING, error))?;
            total = part.total;
            let upload = upload.get_or_insert_with(|| KeptUpload {
                id: id.to_owned(),
                staff: part.staff,
                kind: part.file,
                file_name: part.file_name,
                at: part.at,
                bytes: Vec::new(),
            });
            upload.bytes.extend(bytes);
        }
        // Half a file, of one that was never kept as a whole, is none.
        Ok(upload.filter(|_| found == total))
    }
}

fn partition(id: &str) -> String {
    format!("UPLOAD#{id}")
}

#[derive(Serialize, Deserialize)]
struct PartItem {
    bytes: String,
    /// Of how many parts this is one.
    total: usize,
    staff: StaffId,
    file: String,
    file_name: String,
    at: Timestamp,
    expires: i64,
}

impl Entity for PartItem {
    const KIND: &'static str = "upload";
    const V: u64 = 1;
}
