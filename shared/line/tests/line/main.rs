//! The crate from outside: the client against a stand-in for LINE, and every request and message against LINE's OpenAPI files.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod broadcasts;
mod calls;
mod city;
mod followers;
mod former;
mod messages;
mod messenger;
mod multicaster;
mod oracle;
mod oracle_can_fail;
mod photo_source;
mod refusals;
mod tokens;
