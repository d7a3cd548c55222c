//! The ids of a report and its photos, computed: the same event and the same message always give the same id, however often they
//! are delivered.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::ids::{EventId, PhotoId, ReportId, ResidentId};

/// The id of the report that an event begins.
pub(super) fn report_id(begun: Timestamp, event: &EventId, resident: &ResidentId) -> ReportId {
    ReportId::computed(begun, digest("kairan report 1", &[event.as_str(), resident.as_str()]))
}

/// The id of the photo that a message carries: a UUID of version 8 (RFC 9562, 5.8: its content is ours).
pub(super) fn photo_id(message: &str) -> PhotoId {
    let mut bytes = digest("kairan photo 1", &[message]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    PhotoId::of_uuid(bytes)
}

fn digest(what: &str, of: &[&str]) -> [u8; 16] {
    let mut digest = Sha256::new();
    for part in [what].iter().chain(of) {
        digest.update(part);
        digest.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: &str = "U0123456789abcdef0123456789abcdef";
    const ANOTHER: &str = "Ufedcba9876543210fedcba9876543210";

    #[test]
    fn a_report_has_the_time_of_its_beginning_and_is_another_for_another_event() {
        let at = Timestamp::from_millisecond(0x0199_aabb_ccdd).unwrap();
        let of = |event: &str, resident: &str| {
            report_id(at, &event.parse().unwrap(), &resident.parse().unwrap()).as_str().to_owned()
        };
        let id = of("e1", SOMEBODY);
        assert!(id.starts_with("0199aabb-ccdd-7"), "{id}");
        assert!(["8", "9", "a", "b"].contains(&&id[19..20]), "{id}");
        assert_eq!(id.len(), 36);
        assert_eq!(id, of("e1", SOMEBODY));
        assert_ne!(id[15..], of("e2", SOMEBODY)[15..]);
        assert_ne!(id[15..], of("e1", ANOTHER)[15..]);
    }

    #[test]
    fn a_clock_before_all_clocks_gives_an_id_too() {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let id = report_id(at, &"e1".parse().unwrap(), &SOMEBODY.parse().unwrap());
            assert_eq!(id.as_str().parse(), Ok(id));
        }
    }

    #[test]
    fn a_photo_is_known_by_its_message() {
        let id = photo_id("461230966842064897");
        assert_eq!(id, photo_id("461230966842064897"));
        assert_ne!(id, photo_id("461230966842064898"));
        assert_eq!(&id.as_str()[14..15], "8");
        assert_eq!(id.as_str().parse(), Ok(id));
    }
}
