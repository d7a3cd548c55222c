//! Colours that white text stands on.

/// The contrast that white text needs (WCAG 2 level AA, for text of any size).
const CONTRAST_MIN: f64 = 4.5;
/// Black at the latest after so many steps of darkening.
const STEPS_MAX: u8 = 40;

/// A colour as three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Color([u8; 3]);

impl Color {
    /// Reads `#RRGGBB`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |at: usize| {
            let two = digits.get(at..at + 2).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u8::from_str_radix(two, 16).ok()
        };
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// The same hue, as dark as white text needs it.
    pub(super) fn under_white(self) -> Self {
        let mut color = self;
        for _ in 0..STEPS_MAX {
            if color.contrast_with_white() >= CONTRAST_MIN {
                break;
            }
            color = Self(color.0.map(|part| part - part.div_ceil(20)));
        }
        color
    }

    fn contrast_with_white(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_or_refused() {
        assert_eq!(Color::parse("#1b5E9e").unwrap().to_string(), "#1B5E9E");
        for bad in ["", "#", "1B5E9E", "#1B5E9", "#1B5E9E0", "#1B5E9G", "#+1+1+1", "#日本"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_pale_color_is_darkened_until_white_text_can_be_read() {
        let dark = Color::parse("#1B5E9E").unwrap();
        assert_eq!(dark.under_white(), dark);
        for pale in ["#FFFFFF", "#77AE1F", "#FFFF00", "#767778"] {
            let pale = Color::parse(pale).unwrap();
            assert!(pale.contrast_with_white() < CONTRAST_MIN);
            assert!(pale.under_white().contrast_with_white() >= CONTRAST_MIN, "{pale}");
        }
    }
}
