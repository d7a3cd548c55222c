//! What was sent to whom, compactly: each text once, each send as a list of residents.

use std::collections::{BTreeMap, HashMap};

use crate::people::Index;

/// What is remembered of sends takes at most about a gigabyte; later ones are not counted, and the histogram says so.
const MAX_BYTES: usize = 1024 * 1024 * 1024;

/// Who received a send.
#[derive(Debug)]
pub(crate) enum Recipients {
    /// One entry per delivery; a resident named twice received it twice.
    Listed(Vec<Index>),
    /// One bit per resident: for broadcasts, which may reach two million.
    Bits(Vec<u64>),
}

#[derive(Debug)]
struct Send {
    letter: usize,
    recipients: Recipients,
}

/// All accepted sends (push, multicast, narrowcast, broadcast; not replies).
#[derive(Debug, Default)]
pub(crate) struct Sends {
    letters: Vec<String>,
    known: HashMap<String, usize>,
    list: Vec<Send>,
    bytes: usize,
    overflowed: bool,
}

impl Sends {
    /// Records a send of these messages (the JSON of the array).
    pub(crate) fn add(&mut self, messages: String, recipients: Recipients) {
        self.bytes += match &recipients {
            Recipients::Listed(list) => size_of_val(list.as_slice()),
            Recipients::Bits(bits) => size_of_val(bits.as_slice()),
        };
        if !self.known.contains_key(&messages) {
            self.bytes += 2 * messages.len();
        }
        if self.bytes > MAX_BYTES {
            self.overflowed = true;
            return;
        }
        let next = self.letters.len();
        let letter = *self.known.entry(messages).or_insert_with_key(|messages| {
            self.letters.push(messages.clone());
            next
        });
        self.list.push(Send { letter, recipients });
    }

    /// Whether every send is counted.
    pub(crate) fn is_complete(&self) -> bool {
        !self.overflowed
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// How many of `residents` received a send containing `text` how often.
    pub(crate) fn histogram(&self, text: &str, residents: usize) -> BTreeMap<u32, u64> {
        let matching: Vec<bool> = self.letters.iter().map(|letter| letter.contains(text)).collect();
        let mut received = vec![0_u32; residents];
        for send in self.list.iter().filter(|send| matching[send.letter]) {
            match &send.recipients {
                Recipients::Listed(list) => {
                    for &index in list {
                        received[index as usize] += 1;
                    }
                }
                Recipients::Bits(bits) => {
                    for (position, count) in received.iter_mut().enumerate() {
                        *count +=
                            u32::from(bits.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1));
                    }
                }
            }
        }
        let mut histogram = BTreeMap::from([(0, 0)]);
        for count in received {
            *histogram.entry(count).or_default() += 1;
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_histogram_counts_each_resident_by_how_often_they_got_the_text() {
        let mut sends = Sends::default();
        sends.add(r#"[{"text":"flood 1"}]"#.into(), Recipients::Listed(vec![0, 1, 1]));
        sends.add(r#"[{"text":"flood 1"}]"#.into(), Recipients::Listed(vec![0]));
        sends.add(r#"[{"text":"festival"}]"#.into(), Recipients::Bits(vec![0b111]));
        assert_eq!(sends.histogram("flood 1", 70), BTreeMap::from([(0, 68), (2, 2)]));
        assert_eq!(sends.histogram("festival", 70), BTreeMap::from([(0, 67), (1, 3)]));
        assert_eq!(sends.histogram("nothing", 70), BTreeMap::from([(0, 70)]));
        assert_eq!(sends.letters.len(), 2, "a text is kept once");
    }
}
