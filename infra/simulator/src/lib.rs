//! A LINE platform for one machine: LINE's Messaging API with its limits and faults, LIFF, residents who act, and a phone to be one.
//!
//! It knows nothing of the other crates of this project, so that it can judge them. Times pass by its own clock, chance comes
//! from seeds. LINE's two hosts are two ports; beside the first are the simulator's own API (`/simulator`) and the phone page
//! (`/phone/`).

mod admin;
mod answer;
mod api;
mod buckets;
mod chat;
mod clock;
mod config;
mod contents;
mod deliver;
mod endpoints;
mod events;
mod faults;
mod gate;
mod ids;
mod journal;
mod liff;
mod limits;
mod login;
mod menus;
mod people;
mod phone;
mod save;
mod sends;
mod server;
mod tokens;
mod usage;
mod validate;
mod words;
mod world;

pub use config::Options;
pub use server::{Simulator, serve};

/// The platform as every task holds it.
type Shared = std::sync::Arc<world::Platform>;
