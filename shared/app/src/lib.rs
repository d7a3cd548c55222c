//! Do: the use cases, and the ports through which they reach the world. No vendor, table, URL or status code in it.

pub mod audit;
pub mod broadcast;
pub mod checkup;
pub mod error;
pub mod followers;
mod images;
pub mod inbox;
pub mod personal;
pub mod pictures;
pub mod ports;
pub mod questions;
pub mod reminder;
pub mod report;
pub mod residents;
pub mod spreadsheet;
pub mod staff;
pub mod town;
pub mod trial;
pub mod watch;
