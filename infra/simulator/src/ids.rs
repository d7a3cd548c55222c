//! Identifiers as LINE writes them: user ids, ULIDs, tokens.

use std::fmt;

use rand::random;

/// A LINE user id (`U` and 32 hex digits), kept as 16 bytes because there may be two million of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UserId(pub(crate) [u8; 16]);

impl UserId {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('U').filter(|hex| hex.len() == 32)?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The two halves as numbers, for hashing.
    pub(crate) fn halves(self) -> (u64, u64) {
        let number = u128::from_be_bytes(self.0);
        #[expect(clippy::cast_possible_truncation, reason = "the halves of the number are wanted")]
        ((number >> 64) as u64, number as u64)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U{:032x}", u128::from_be_bytes(self.0))
    }
}

/// LINE's ids have lower-case digits only.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// A ULID of that millisecond: 26 digits of Crockford's base 32.
pub(crate) fn ulid(at_ms: i64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let time = u128::from(at_ms.max(0).unsigned_abs()) & 0xffff_ffff_ffff;
    let number = time << 80 | random::<u128>() >> 48;
    (0..26).rev().map(|place| char::from(DIGITS[usize::try_from(number >> (place * 5) & 31).unwrap_or(0)])).collect()
}

/// 32 hex digits nobody can guess: reply tokens, rich menu ids.
pub(crate) fn hex32() -> String {
    format!("{:032x}", random::<u128>())
}

/// A request id as LINE puts it into `x-line-request-id`.
pub(crate) fn request_id() -> String {
    uuid::Builder::from_random_bytes(random()).into_uuid().to_string()
}

/// A long opaque token: channel access tokens, quote tokens, link tokens.
pub(crate) fn opaque_token() -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(random::<[u8; 48]>())
}

/// One step of `SplitMix64`: a bijection, so different inputs never give the same output.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a word, the same on every machine and in every run.
pub(crate) fn number_of(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_read_strictly_and_written_back() {
        let text = "U0123456789abcdef0123456789abcdef";
        assert_eq!(UserId::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        for bad in [
            "",
            "U",
            "u0123456789abcdef0123456789abcdef",
            "U0123456789ABCDEF0123456789ABCDEF",
            "U0123",
            "Ué23456789abcdef0123456789abcdef",
        ] {
            assert_eq!(UserId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ulids_sort_by_time() {
        let (earlier, later) = (ulid(1_700_000_000_000), ulid(1_700_000_000_001));
        assert!(earlier < later && earlier.len() == 26);
        assert!(ulid(1_700_000_000_000).starts_with(&earlier[..10]));
    }
}
