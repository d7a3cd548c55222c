//! Frozen parts and words in the bucket: objects that are written once.
//!
//! | what | key |
//! | --- | --- |
//! | part | `frozen/<broadcast>/<part in 3 digits>` |
//! | words of one variant | `frozen/<broadcast>/words-<digest>` |

use std::ops::Range;

use app::error::{Error, Kind};
use app::ports::Messages;
use app::ports::broadcasts::FrozenParts;
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use domain::ids::BroadcastId;
use domain::sending::freeze::object::{read_header, read_page};
use domain::sending::frozen::{FrozenPart, HEADER_BYTES, ID_BYTES, PackedId, Page};
use domain::text::hex;
use sha2::{Digest, Sha256};

use crate::clients::Clients;
use crate::failure::{ROUNDS_MAX, failed, pause_before};

const KEEPING: &str = "keep a frozen part";
const READING: &str = "read a frozen part";
const KEEPING_WORDS: &str = "keep a broadcast's words";
const READING_WORDS: &str = "read a broadcast's words";

/// [`FrozenParts`] in S3.
pub struct S3FrozenParts {
    client: Client,
    bucket: String,
}

/// What became of an object that is written once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// It is the first.
    First,
    /// There is one already.
    There,
}

impl S3FrozenParts {
    /// In this bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String) -> Self {
        Self { client: clients.s3(), bucket }
    }

    /// Writes an object, if there is none.
    ///
    /// S3 answers 412 where there is one, and 409 where another is being written or removed at this moment; that is to be tried again
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>, `If-None-Match`), whatever it is called
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html> has `ConditionalRequestConflict` and `OperationAborted`).
    async fn put_once(&self, doing: &'static str, key: &str, bytes: Vec<u8>) -> Result<Kept, Error> {
        let bytes = bytes::Bytes::from(bytes);
        for round in 0..ROUNDS_MAX {
            if round > 0 {
                tokio::time::sleep(pause_before(round)).await;
            }
            let call = self.client.put_object().bucket(&self.bucket).key(key).if_none_match("*");
            let Err(error) = call.body(ByteStream::from(bytes.clone())).send().await else { return Ok(Kept::First) };
            match error.raw_response().map(|answer| answer.status().as_u16()) {
                Some(412) => return Ok(Kept::There),
                Some(409) => {}
                Some(_) | None => return Err(failed(doing, error)),
            }
        }
        Err(Error::new(Kind::Transient, doing, "others were writing the same object again and again"))
    }

    /// Reads an object or some bytes of it; `None` where there is none.
    async fn get(&self, doing: &'static str, key: &str, range: Option<Range<usize>>) -> Result<Option<Vec<u8>>, Error> {
        // The last byte counts in HTTP.
        let range = range.map(|range| format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
        let call = self.client.get_object().bucket(&self.bucket).key(key).set_range(range);
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(failed(doing, error)),
        };
        let bytes = answer.body.collect().await.map_err(|error| Error::new(Kind::Transient, doing, error))?;
        Ok(Some(bytes.to_vec()))
    }
}

#[async_trait]
impl FrozenParts for S3FrozenParts {
    async fn keep(&self, part: &FrozenPart, object: Vec<u8>) -> Result<FrozenPart, Error> {
        match self.put_once(KEEPING, &part_key(&part.broadcast, part.part), object).await? {
            Kept::First => Ok(part.clone()),
            Kept::There => {
                let gone = || Error::new(Kind::Transient, KEEPING, "it was there and is gone");
                self.part(&part.broadcast, part.part).await?.ok_or_else(gone)
            }
        }
    }

    async fn part(&self, broadcast: &BroadcastId, part: u16) -> Result<Option<FrozenPart>, Error> {
        let header = self.get(READING, &part_key(broadcast, part), Some(0..HEADER_BYTES)).await?;
        let Some(header) = header else { return Ok(None) };
        let found = read_header(&header).map_err(|error| Error::new(Kind::Permanent, READING, error))?;
        if found.broadcast != *broadcast || found.part != part {
            return Err(Error::new(Kind::Permanent, READING, "it is another part than its name says"));
        }
        Ok(Some(found))
    }

    async fn ids(&self, part: &FrozenPart, range: Range<usize>) -> Result<Vec<PackedId>, Error> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let bytes = HEADER_BYTES + range.start * ID_BYTES..HEADER_BYTES + range.end * ID_BYTES;
        let wanted = bytes.len();
        let found = self.get(READING, &part_key(&part.broadcast, part.part), Some(bytes)).await?;
        let found = found.ok_or_else(|| Error::new(Kind::Permanent, READING, "the part is not frozen"))?;
        if found.len() != wanted {
            let cause = format!("{} bytes came instead of {wanted}", found.len());
            return Err(Error::new(Kind::Transient, READING, cause));
        }
        let mut ids = Vec::with_capacity(range.len());
        for piece in pieces(part, &range) {
            let start = (piece.first - range.start) * ID_BYTES;
            let bytes = found.get(start..start + piece.count * ID_BYTES).unwrap_or_default();
            ids.extend(read_page(&piece, bytes).map_err(|error| Error::new(Kind::Permanent, READING, error))?);
        }
        if ids.len() == range.len() {
            Ok(ids)
        } else {
            Err(Error::new(Kind::Permanent, READING, "the part has no such ids"))
        }
    }

    async fn keep_words(&self, broadcast: &BroadcastId, digest: &str, words: &Messages) -> Result<(), Error> {
        let bytes = words.0.clone().into_bytes();
        self.put_once(KEEPING_WORDS, &words_key(broadcast, digest), bytes).await.map(drop)
    }

    async fn words(&self, broadcast: &BroadcastId, digest: &str) -> Result<Messages, Error> {
        let wrong = |what: &'static str| Error::new(Kind::Permanent, READING_WORDS, what);
        let words = self.get(READING_WORDS, &words_key(broadcast, digest), None).await?;
        let words = words.ok_or_else(|| wrong("there are none of this digest"))?;
        if hex(&Sha256::digest(&words)) != digest {
            return Err(wrong("they have another digest than their name says"));
        }
        String::from_utf8(words).map(Messages).map_err(|_| wrong("they are no text"))
    }
}

/// A range of ids, cut where one section ends and the next begins: within each piece they ascend.
fn pieces(part: &FrozenPart, range: &Range<usize>) -> Vec<Page> {
    let mut begin = 0;
    let sections = part.sections.iter().enumerate().filter_map(|(variant, section)| {
        let end = begin + usize::try_from(*section).unwrap_or_default();
        let (first, last) = (begin.max(range.start), end.min(range.end));
        begin = end;
        (first < last).then(|| Page { variant, first, count: last - first })
    });
    sections.collect()
}

fn part_key(broadcast: &BroadcastId, part: u16) -> String {
    format!("frozen/{broadcast}/{part:03}")
}

fn words_key(broadcast: &BroadcastId, digest: &str) -> String {
    format!("frozen/{broadcast}/words-{digest}")
}

#[cfg(test)]
mod tests {
    use domain::sending::frozen::LeftOut;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_range_is_cut_where_sections_meet() {
        let part = FrozenPart {
            broadcast: "b".parse().unwrap(),
            part: 0,
            frozen_at: Timestamp::UNIX_EPOCH,
            sections: vec![3, 0, 4],
            left_out: LeftOut::default(),
            digest: String::new(),
        };
        let cut =
            |range| pieces(&part, &range).into_iter().map(|page| (page.variant, page.first, page.count)).collect();
        let cut = |range: Range<usize>| -> Vec<(usize, usize, usize)> { cut(range) };
        assert_eq!(cut(0..7), [(0, 0, 3), (2, 3, 4)]);
        assert_eq!(cut(1..2), [(0, 1, 1)]);
        assert_eq!(cut(2..5), [(0, 2, 1), (2, 3, 2)]);
        assert_eq!(cut(3..99), [(2, 3, 4)]);
        assert_eq!(cut(7..9), []);
    }
}
