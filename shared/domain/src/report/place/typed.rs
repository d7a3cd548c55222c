//! Coordinates as people type and paste them.

use unicode_normalization::UnicodeNormalization as _;

use super::Point;

/// A longer text is no pair of coordinates.
const CHARS_MAX: usize = 100;
/// A number with more signs is none that anybody means.
const NUMBER_CHARS_MAX: usize = 20;

/// A word that stands for a shorter one, in capitals; longer ones before those that they begin with.
const WORDS: [(&str, &str); 14] = [
    ("LATITUDE", "N"),
    ("LONGITUDE", "E"),
    ("LAT", "N"),
    ("LNG", "E"),
    ("LON", "E"),
    ("北緯", "N"),
    ("緯度", "N"),
    ("南緯", "S"),
    ("東経", "E"),
    ("経度", "E"),
    ("西経", "W"),
    ("度", "°"),
    ("分", "'"),
    ("秒", "\""),
];

/// A part of what was typed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    /// Which of the two it is, and on which side of zero.
    Mark { axis: Axis, side: f64 },
    /// A number without its sign.
    Number { size: f64, sign: Sign, form: Form },
    /// `°`
    Degrees,
    /// `'`
    Minutes,
    /// `"`
    Seconds,
    /// What stands between the two.
    Comma,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Lat,
    Lon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Plus,
    Minus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Pointed,
}

/// One of the two.
struct Angle {
    axis: Option<Axis>,
    degrees: f64,
}

/// Reads two angles and nothing else.
pub(super) fn read(text: &str) -> Option<Point> {
    let tokens = tokens(&plain(text)?)?;
    // 35.1 E139.1 has its marks before the numbers, 35.1N 139.1E behind them: then one is the last.
    let is_behind = matches!(tokens.last(), Some(Token::Mark { .. }));
    let (first, rest) = angle(&tokens, is_behind)?;
    let rest = if let [Token::Comma, rest @ ..] = rest { rest } else { rest };
    let (second, rest) = angle(rest, is_behind)?;
    if !rest.is_empty() {
        return None;
    }
    let crossed = match (first.axis, second.axis) {
        (Some(Axis::Lat), None | Some(Axis::Lon)) | (None, Some(Axis::Lon)) => false,
        (Some(Axis::Lon), None | Some(Axis::Lat)) | (None, Some(Axis::Lat)) => true,
        // No latitude is beyond 90 degrees: whoever writes 139 first writes the longitude first.
        (None, None) => first.degrees.abs() > 90.0,
        (Some(Axis::Lat), Some(Axis::Lat)) | (Some(Axis::Lon), Some(Axis::Lon)) => return None,
    };
    let (lat, lon) = if crossed { (second, first) } else { (first, second) };
    Point::new(lat.degrees, lon.degrees).ok()
}

/// The text in capitals and half width, with one sign for each thing that has several.
fn plain(text: &str) -> Option<String> {
    if text.chars().count() > CHARS_MAX {
        return None;
    }
    // Two of these come apart, or into a letter, when widths are folded.
    let text: String = text.replace('″', "\"").replace('º', "°").nfkc().flat_map(char::to_uppercase).collect();
    let text = text.trim_end_matches(|end: char| end.is_whitespace() || end == '.' || end == '。');
    Some(WORDS.iter().fold(text.to_owned(), |text, (word, short)| text.replace(word, short)))
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        tokens.push(match sign {
            sign if sign.is_whitespace() => continue,
            '(' | ')' | ':' | '=' => continue,
            'N' => Token::Mark { axis: Axis::Lat, side: 1.0 },
            'S' => Token::Mark { axis: Axis::Lat, side: -1.0 },
            'E' => Token::Mark { axis: Axis::Lon, side: 1.0 },
            'W' => Token::Mark { axis: Axis::Lon, side: -1.0 },
            '°' => Token::Degrees,
            '\'' | '’' | '′' => Token::Minutes,
            '"' | '”' => Token::Seconds,
            ',' | '、' | '/' | ';' => Token::Comma,
            '+' | '-' | '−' | '0'..='9' => {
                let mut number = String::from(sign).replace('−', "-");
                while let Some(next) = signs.next_if(|next| next.is_ascii_digit() || *next == '.') {
                    number.push(next);
                }
                self::number(&number)?
            }
            _ => return None,
        });
    }
    Some(tokens)
}

fn number(text: &str) -> Option<Token> {
    let (sign, digits) = match text.chars().next()? {
        '+' => (Sign::Plus, &text[1..]),
        '-' => (Sign::Minus, &text[1..]),
        _ => (Sign::None, text),
    };
    let form = if digits.contains('.') { Form::Pointed } else { Form::Whole };
    let fits = digits.len() <= NUMBER_CHARS_MAX && digits.starts_with(|sign: char| sign.is_ascii_digit());
    let size = digits.parse().ok().filter(|_| fits)?;
    Some(Token::Number { size, sign, form })
}

/// One angle at the beginning, and what follows it.
fn angle(tokens: &[Token], is_behind: bool) -> Option<(Angle, &[Token])> {
    let (before, rest) = mark(tokens);
    let [Token::Number { size, sign, form }, rest @ ..] = rest else { return None };
    let (degrees, said, rest) = match rest {
        [Token::Degrees, Token::Number { size: m, sign: Sign::None, .. }, Token::Minutes, rest @ ..] => {
            let (seconds, rest) = match rest {
                [Token::Number { size, sign: Sign::None, .. }, Token::Seconds, rest @ ..] => (*size, rest),
                rest => (0.0, rest),
            };
            if *form != Form::Whole || *m >= 60.0 || seconds >= 60.0 {
                return None;
            }
            (size + m / 60.0 + seconds / 3600.0, true, rest)
        }
        [Token::Degrees, rest @ ..] => (*size, true, rest),
        rest => (*size, *form == Form::Pointed, rest),
    };
    let (mark, rest) = if before.is_none() && is_behind { mark(rest) } else { (before, rest) };
    // 3 and 4 may be anything; 3° and N3 are angles.
    if !said && mark.is_none() {
        return None;
    }
    let side = match (sign, mark) {
        (Sign::None | Sign::Plus, Some((_, side))) => side,
        (Sign::Minus, Some((_, side))) if side > 0.0 => -1.0,
        // Minus and west: nobody knows which of both is meant.
        (Sign::Minus, Some(_)) => return None,
        (Sign::None | Sign::Plus, None) => 1.0,
        (Sign::Minus, None) => -1.0,
    };
    Some((Angle { axis: mark.map(|(axis, _)| axis), degrees: side * degrees }, rest))
}

fn mark(tokens: &[Token]) -> (Option<(Axis, f64)>, &[Token]) {
    match tokens {
        [Token::Mark { axis, side }, rest @ ..] => (Some((*axis, *side)), rest),
        rest => (None, rest),
    }
}
