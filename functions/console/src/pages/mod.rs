//! The pages, one module per section. Each function takes a [`Call`](crate::web::Call) and gives an answer.

pub mod assets;
pub mod audit;
pub mod broadcasts;
pub(crate) mod csv;
pub mod followers;
pub mod home;
pub mod people;
pub mod questions;
pub mod residents;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod town;
pub mod trial;
