//! Chance, from the operating system.

use app::ports::Chance;

/// [`Chance`] of the operating system, by way of the library that does our cryptography.
pub struct SystemChance;

impl Chance for SystemChance {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // It fails only where the operating system has no randomness at all; then nothing here may go on.
        if aws_lc_rs::rand::fill(&mut bytes).is_err() {
            std::process::abort();
        }
        bytes
    }
}
