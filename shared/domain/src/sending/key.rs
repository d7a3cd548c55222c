//! The retry key of a page, computed: the same ids and words of the same broadcast always meet the same key.

use sha2::{Digest, Sha256};

use super::frozen::PackedId;
use crate::ids::BroadcastId;

/// What a key is computed of.
#[derive(Debug, Clone, Copy)]
pub struct KeyOf<'a> {
    /// The broadcast.
    pub broadcast: &'a BroadcastId,
    /// The part.
    pub part: u16,
    /// The page in the part, counted from 0 through all runs.
    pub page: u16,
    /// How often ids were taken out of the page.
    pub generation: u8,
    /// The ids that are sent, in order.
    pub ids: &'a [PackedId],
    /// The digest of the words, as the plan has it.
    pub words: &'a str,
}

/// The key: the 16 bytes of a UUID of version 8 (RFC 9562, 5.8: its content is ours).
#[must_use]
pub fn retry_key(of: &KeyOf<'_>) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update(b"kairan page 1\0");
    digest.update(of.broadcast.as_str());
    digest.update([0]);
    digest.update(of.part.to_be_bytes());
    digest.update(of.page.to_be_bytes());
    digest.update([of.generation]);
    digest.update(of.words);
    digest.update([0]);
    of.ids.iter().for_each(|id| digest.update(id.0));
    let digest = digest.finalize();
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    key[6] = key[6] & 0x0f | 0x80;
    key[8] = key[8] & 0x3f | 0x80;
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_uuid_and_everything_it_is_made_of_changes_it() {
        let broadcast: BroadcastId = "0199aaaa-0000-7000-8000-000000000001".parse().unwrap();
        let other: BroadcastId = "0199aaaa-0000-7000-8000-000000000002".parse().unwrap();
        let ids = [PackedId([1; 16]), PackedId([2; 16])];
        let of = KeyOf { broadcast: &broadcast, part: 1, page: 2, generation: 0, ids: &ids, words: "ab" };
        let key = retry_key(&of);
        assert_eq!(key, retry_key(&of));
        assert_eq!((key[6] >> 4, key[8] >> 6), (8, 2));
        for changed in [
            KeyOf { broadcast: &other, ..of },
            KeyOf { part: 2, ..of },
            KeyOf { page: 1, ..of },
            KeyOf { generation: 1, ..of },
            KeyOf { ids: &ids[..1], ..of },
            KeyOf { words: "ac", ..of },
        ] {
            assert_ne!(key, retry_key(&changed), "{changed:?}");
        }
    }
}
