//! A point in the words of others: map pages, and the Open Location Code.

use super::{LAT_MAX, LON_MAX, Point};

/// The digits of an Open Location Code.
const DIGITS: [char; 20] =
    ['2', '3', '4', '5', '6', '7', '8', '9', 'C', 'F', 'G', 'H', 'J', 'M', 'P', 'Q', 'R', 'V', 'W', 'X'];
/// So many digits stand for each of latitude and longitude.
const PAIRS: u32 = 5;
/// The sign that tells a code from a word stands behind so many pairs.
const PAIRS_BEFORE_SIGN: u32 = 4;
/// The last pair stands for squares of 1/8,000 degree: two of them are 25 units of a [`Point`].
const SQUARE: (i64, i64) = (2, 25);

impl Point {
    /// The plus code (Open Location Code, ten digits, about 14 m): what a crew types into a map or says by radio.
    ///
    /// After <https://github.com/google/open-location-code/blob/main/Documentation/Specification/specification.md>: degrees from the south
    /// pole and from the far side of Greenwich, in base 20, first digits first, a digit of each in turn.
    #[must_use]
    pub fn plus_code(self) -> String {
        let (lat, lon) = self.to_units();
        let squares = |units: i32| i64::from(units) * SQUARE.0 / SQUARE.1;
        // The pole itself belongs to the last square before it, and 180 degrees east to those west.
        let north = squares(lat + LAT_MAX).min(squares(2 * LAT_MAX) - 1);
        let east = squares((lon + LON_MAX).rem_euclid(2 * LON_MAX));
        let digit = |number: i64, pair: u32| {
            let digit = number / 20_i64.pow(PAIRS - 1 - pair) % 20;
            usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(DIGITS[0])
        };
        let mut code = String::with_capacity(11);
        for pair in 0..PAIRS {
            if pair == PAIRS_BEFORE_SIGN {
                code.push('+');
            }
            code.extend([digit(north, pair), digit(east, pair)]);
        }
        code
    }

    /// The point on Google Maps (<https://developers.google.com/maps/documentation/urls/get-started>).
    #[must_use]
    pub fn google_maps_url(self) -> String {
        format!("https://www.google.com/maps/search/?api=1&query={:.5}%2C{:.5}", self.lat(), self.lon())
    }

    /// The point on the map of the Geospatial Information Authority of Japan (地理院地図), near enough to see houses.
    #[must_use]
    pub fn gsi_map_url(self) -> String {
        format!("https://maps.gsi.go.jp/#18/{:.5}/{:.5}/", self.lat(), self.lon())
    }
}
