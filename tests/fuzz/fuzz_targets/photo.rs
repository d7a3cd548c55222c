//! Any bytes as a photo become two small clean JPEG files, or a fact; and what was cleaned once is a photo still.

#![no_main]

use app::report::photo::{LARGE_SIDE, SMALL_SIDE, clean};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(photo) = clean(bytes) else { return };
    assert!((1..=LARGE_SIDE).contains(&photo.width) && (1..=LARGE_SIDE).contains(&photo.height));
    for (file, side) in [(&photo.large, LARGE_SIDE), (&photo.small, SMALL_SIDE)] {
        let again = clean(file).expect("what was cleaned is a photo");
        assert!(again.width.max(again.height) <= side);
        assert!(again.gps.is_none());
    }
});
