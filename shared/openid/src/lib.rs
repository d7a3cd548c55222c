//! Believe: ID tokens of an `OpenID` Connect issuer, by the keys that it publishes. Staff and residents sign in at different ones.
//!
//! [`call`] asks an issuer, [`cache`] keeps what it publishes, [`keys`] finds the key that may have signed a token, and [`token`]
//! checks it. What the claims mean, and whose issuer is trusted, is decided by who calls.

pub mod cache;
pub mod call;
pub mod keys;
pub mod token;
