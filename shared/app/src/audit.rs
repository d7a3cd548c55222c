//! The audit log as it is looked at: back from the latest entry, and whether it is as it was written.

mod check;
mod search;

pub use check::{BrokenDay, Check, Checks, Extent, NAMED_MAX, PAGE, PAGES_MAX, STEP, begin, go_on};
pub use search::{DAYS_MAX, Filter, Place, Stretch, Taken, look_back};
