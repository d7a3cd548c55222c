//! What holds for the repository as a whole: which crate may know which, and what every file looks like.

#![expect(clippy::expect_used, reason = "a repository that cannot be read fails the test")]

mod arrows;
mod features;
mod files;
mod programs;
mod supply;
mod tree;
