//! The audit log as it is written for long things, and looked at: back from the latest entry, and whether it is as it was written.

mod changed;
mod check;
mod kinds;
mod search;

pub(crate) use changed::changed;
pub use check::{BrokenDay, Check, Checks, Doubts, Extent, NAMED_MAX, PAGE, PAGES_MAX, STEP, begin, go_on};
pub use kinds::{is_plain, kind_of};
pub use search::{DAYS_MAX, Filter, Place, Stretch, Taken, look_back};
