//! Reminders, done: what staff do with the rules, and how a rule that is due becomes a broadcast.
//!
//! [`desk`] is the staff's side, [`tick`] the minute's, `garbage` what is said of what goes out. What decides is
//! [`domain::reminder`].

pub mod desk;
mod garbage;
pub mod tick;

#[cfg(test)]
mod tests;
