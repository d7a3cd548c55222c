//! Translate: the LINE Platform. Webhooks into what residents did, replies into LINE's messages, and a thin client of its API.
//!
//! Inwards: [`webhook`] checks a request ([`signature`]) and splits it into letters, [`letter`] opens one for `inbox`.
//! Outwards: [`render`] writes replies as messages ([`message`]), [`compose`] broadcasts; [`messenger`] is the port by which use
//! cases speak to one resident, [`multicaster`] to very many; [`followers`] lists who follows, [`photo_source`] fetches photos;
//! [`login`] says who opened a page in LINE; [`client`] makes the calls with the tokens of `token`. Every limit
//! of LINE stands in [`limits`].

pub mod client;
pub mod compose;
pub mod config;
mod event;
pub mod followers;
pub mod letter;
pub mod limits;
pub mod login;
pub mod message;
pub mod messenger;
pub mod multicaster;
pub mod photo_source;
pub mod render;
pub mod signature;
mod token;
pub mod webhook;
