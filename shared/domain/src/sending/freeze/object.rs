//! The bytes of a frozen part: written once, and distrusted when read.

use super::digest;
use crate::sending::frozen::{FrozenPart, HEADER_BYTES, ID_BYTES, PackedId, Page};

/// Why bytes are not what was frozen, or cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadObject {
    /// The header does not fit into its bytes.
    #[error("the header of a frozen part does not fit into {HEADER_BYTES} bytes")]
    HeaderTooLong,
    /// The header is none.
    #[error("the header of a frozen part cannot be read")]
    Header,
    /// There are more or fewer bytes than ids were frozen.
    #[error("a frozen part, or a page of it, has another length than was frozen")]
    Length,
    /// The ids do not ascend.
    #[error("the ids of a frozen part do not ascend")]
    Order,
    /// They are not the ids that were frozen.
    #[error("the ids of a frozen part have another digest than was frozen")]
    Digest,
}

/// The object of a part: the header and the ids of its sections.
pub fn encode(part: &FrozenPart, sections: &[Vec<PackedId>]) -> Result<Vec<u8>, BadObject> {
    let mut bytes = serde_json::to_vec(part).map_err(|_| BadObject::Header)?;
    if HEADER_BYTES < bytes.len() {
        return Err(BadObject::HeaderTooLong);
    }
    bytes.resize(HEADER_BYTES, b' ');
    bytes.reserve_exact(ID_BYTES * sections.iter().map(Vec::len).sum::<usize>());
    sections.iter().flatten().for_each(|id| bytes.extend_from_slice(&id.0));
    Ok(bytes)
}

/// Reads the header: the first [`HEADER_BYTES`] of the object.
pub fn read_header(bytes: &[u8]) -> Result<FrozenPart, BadObject> {
    let header = bytes.get(..HEADER_BYTES).ok_or(BadObject::Length)?;
    serde_json::from_slice(header).map_err(|_| BadObject::Header)
}

/// Reads a whole object: its header, and its ids, section after section.
pub fn read(bytes: &[u8]) -> Result<(FrozenPart, Vec<PackedId>), BadObject> {
    let part = read_header(bytes)?;
    let ids = unpack(&bytes[HEADER_BYTES..])?;
    if u64::try_from(ids.len()) != Ok(part.count()) {
        return Err(BadObject::Length);
    }
    if digest(ids.iter()) != part.digest {
        return Err(BadObject::Digest);
    }
    let mut rest = ids.as_slice();
    for section in &part.sections {
        let (section, others) =
            rest.split_at_checked(usize::try_from(*section).unwrap_or_default()).unwrap_or_default();
        ascending(section)?;
        rest = others;
    }
    Ok((part, ids))
}

/// Reads the ids of one page: the bytes that [`Page::bytes`] names.
///
/// The digest is one of all ids, so a page cannot be held against it; that its object is the one that was frozen is known by its
/// name and its immutability.
pub fn read_page(page: &Page, bytes: &[u8]) -> Result<Vec<PackedId>, BadObject> {
    let ids = unpack(bytes)?;
    if ids.len() != page.count {
        return Err(BadObject::Length);
    }
    ascending(&ids)?;
    Ok(ids)
}

fn unpack(bytes: &[u8]) -> Result<Vec<PackedId>, BadObject> {
    let (ids, rest) = bytes.as_chunks::<ID_BYTES>();
    if rest.is_empty() { Ok(ids.iter().copied().map(PackedId).collect()) } else { Err(BadObject::Length) }
}

fn ascending(ids: &[PackedId]) -> Result<(), BadObject> {
    if ids.is_sorted_by(|one, next| one < next) { Ok(()) } else { Err(BadObject::Order) }
}
