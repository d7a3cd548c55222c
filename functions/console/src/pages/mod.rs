//! The pages, one module per section. Each function takes a [`Call`](crate::web::Call) and gives an answer.

pub mod assets;
pub mod audit;
pub mod broadcasts;
pub mod followers;
pub mod garbage;
pub mod home;
pub mod people;
pub mod questions;
pub mod reminders;
pub mod reports;
pub mod residents;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod town;
pub mod trial;
pub mod watch;
