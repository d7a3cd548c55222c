//! Ids of damage reports and their photos: UUIDs (RFC 9562). Those of reports are of version 7, so that they stand in the order of time.

use jiff::Timestamp;

use super::{PhotoId, ReportId};
use crate::text::hex;

/// In version 7 so many bytes are the time, in milliseconds.
const TIME_BYTES: usize = 6;
/// Which byte begins with the version, and which with the variant.
const VERSION_AT: usize = 6;
const VARIANT_AT: usize = 8;

impl ReportId {
    /// The id with the bytes of a UUID. The variant is set; the version is the caller's.
    #[must_use]
    pub fn of_uuid(bytes: [u8; 16]) -> Self {
        Self(text_of(bytes))
    }

    /// The first of all ids that can be minted in the millisecond of an instant.
    #[must_use]
    pub fn first_at(at: Timestamp) -> Self {
        Self::computed(at, [0; 16])
    }

    /// The id that is computed and not minted: laid out as version 7 (RFC 9562, 5.7), with a digest where chance would be.
    #[must_use]
    pub fn computed(at: Timestamp, digest: [u8; 16]) -> Self {
        let mut bytes = digest;
        let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0).to_be_bytes();
        bytes[..TIME_BYTES].copy_from_slice(&milliseconds[8 - TIME_BYTES..]);
        bytes[VERSION_AT] = bytes[VERSION_AT] & 0x0f | 0x70;
        Self::of_uuid(bytes)
    }

    /// When it was minted; `None` where it is no UUID of version 7.
    #[must_use]
    pub fn minted_at(&self) -> Option<Timestamp> {
        let milliseconds = self.bits()? >> (8 * (16 - TIME_BYTES));
        Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()
    }

    /// The 128 bits, if they are those of a UUID of version 7.
    pub(crate) fn bits(&self) -> Option<u128> {
        let groups: Vec<&str> = self.0.split('-').collect();
        let is_uuid = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
        let bits = u128::from_str_radix(&groups.concat(), 16).ok().filter(|_| is_uuid)?;
        let bytes = bits.to_be_bytes();
        (bytes[VERSION_AT] >> 4 == 7 && bytes[VARIANT_AT] >> 6 == 0b10).then_some(bits)
    }
}

impl PhotoId {
    /// The id with the bytes of a UUID. The variant is set; the version is the caller's.
    #[must_use]
    pub fn of_uuid(bytes: [u8; 16]) -> Self {
        Self(text_of(bytes))
    }
}

fn text_of(mut bytes: [u8; 16]) -> String {
    bytes[VARIANT_AT] = bytes[VARIANT_AT] & 0x3f | 0x80;
    let hex = hex(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn bytes_become_a_uuid() {
        let bytes = *b"\x01\x7f\x22\xe2\x79\xb0\x7c\xc3\xd8\xc4\xdc\x0c\x0c\x07\x39\x8f";
        // RFC 9562, appendix A.6, but for the variant, which is set.
        let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
        assert_eq!(ReportId::of_uuid(bytes).as_str(), text);
        assert_eq!(PhotoId::of_uuid(bytes).as_str(), text);
        assert_eq!(text.parse(), Ok(ReportId::of_uuid(bytes)), "it is well-formed");
    }

    #[test]
    fn the_example_of_the_rfc_has_its_time() {
        let id: ReportId = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f".parse().unwrap();
        assert_eq!(id.minted_at(), Some(at("2022-02-22T19:22:22Z")));
    }

    #[test]
    fn what_is_no_uuid_of_version_7_has_no_time() {
        for odd in [
            "report-1",
            "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
            "017f22e279b07cc398c4dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398z",
        ] {
            assert_eq!(odd.parse::<ReportId>().unwrap().minted_at(), None, "{odd}");
        }
        // A UUID, and later than all instants.
        assert_eq!("ffffffff-ffff-7000-8000-000000000000".parse::<ReportId>().unwrap().minted_at(), None);
    }

    proptest! {
        #[test]
        fn ids_stand_in_the_order_of_time(one in 0..4_000_000_000_000_i64, other in 0..4_000_000_000_000_i64, mut bytes: [u8; 16]) {
            let of = |millisecond| Timestamp::from_millisecond(millisecond).unwrap();
            let (earlier, later) = (of(one.min(other)), of(one.max(other)));
            bytes[..6].copy_from_slice(&earlier.as_millisecond().to_be_bytes()[2..]);
            bytes[6] = bytes[6] & 0x0f | 0x70;
            let id = ReportId::of_uuid(bytes);
            prop_assert_eq!(id.minted_at(), Some(earlier));
            prop_assert!(ReportId::first_at(earlier) <= id);
            prop_assert!(earlier == later || id < ReportId::first_at(later));
            prop_assert_eq!(ReportId::first_at(later).minted_at(), Some(later));
        }
    }
}
