//! Lines of the log with their time: Lambda believes the level of a line only where a time stands beside it.

use std::io::{self, Write};

use jiff::Timestamp;

/// Writes what it is given, and in front of a JSON object the time, as its first field.
///
/// What logs for the Lambda runtime writes a whole line at once and leaves the time out. A line without one is taken for one of level
/// INFO (<https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>), whereas alarms wait for errors.
pub(crate) struct Stamped<W> {
    /// When the line is written.
    pub(crate) at: Timestamp,
    /// Where it goes.
    pub(crate) to: W,
}

impl<W: Write> Write for Stamped<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(rest) = line.strip_prefix(b"{") {
            let mut stamped = format!("{{\"timestamp\":\"{:.3}\",", self.at).into_bytes();
            stamped.extend_from_slice(rest);
            self.to.write_all(&stamped)?;
        } else {
            self.to.write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn stamped(line: &str) -> Vec<u8> {
        let mut to = Vec::new();
        let at = "2026-11-21T03:20:00.1234Z".parse().unwrap();
        assert_eq!(Stamped { at, to: &mut to }.write(line.as_bytes()).unwrap(), line.len());
        to
    }

    #[test]
    fn a_line_of_json_has_its_time_and_all_that_it_had() {
        let line = "{\"level\":\"ERROR\",\"fields\":{\"message\":\"{a}\"}}\n";
        let written = stamped(line);
        let expected = json!({
            "timestamp": "2026-11-21T03:20:00.123Z",
            "level": "ERROR",
            "fields": { "message": "{a}" },
        });
        assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), expected);
        assert_eq!(written.last(), Some(&b'\n'), "one line is one line");
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        assert_eq!(stamped("page not made\n"), b"page not made\n");
    }
}
