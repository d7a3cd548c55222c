//! Town data: read from files ([`read()`] the project's own format, [`five374`] the widespread one), checked to the line,
//! turned into records and compared with what is stored ([`records`]), loaded ([`load()`]) and served ([`cache`]).

pub mod cache;
mod color;
pub mod data;
pub mod edit;
pub mod files;
pub mod five374;
pub mod load;
mod phone;
pub mod picture;
pub mod problem;
pub mod read;
pub mod records;
mod sheet;
pub mod table;
#[cfg(test)]
pub(crate) mod testing;
pub mod words;
mod yaml;

pub use cache::CachedTowns;
pub use data::TownData;
pub use files::Files;
pub use load::load;
pub use problem::{Problem, Severity};
pub use read::{Reading, read};
