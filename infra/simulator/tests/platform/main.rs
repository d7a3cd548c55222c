//! The simulator as its users meet it: driven over HTTP, on free ports, against a webhook that the tests control.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod admin;
mod city;
mod content;
mod faults;
mod liff;
mod menus;
mod messages;
mod scale;
mod sending;
mod tokens;
mod webhooks;
