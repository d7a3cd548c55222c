//! How a request becomes an answer: [`guard`] lets it through or not, [`call`] is what a page gets and gives,
//! [`respond`] makes HTTP of it.

pub mod call;
pub mod fields;
pub mod guard;
pub mod respond;
pub mod session;

pub use call::{Answer, Call, Failure, File, Notice, Page, Person};
