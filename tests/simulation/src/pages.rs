//! A page on its way out: which residents it has, and under which key it goes.

use domain::sending::frozen::{PackedId, Page};
use domain::sending::key::{KeyOf, retry_key};

use crate::fault::Fault;
use crate::line::Body;
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::sender::{Op, Sender};
use crate::staff::page_of_part;
use crate::world::{MINUTE, SECOND};

impl Model {
    /// A sender sends a page, unless it ends just before or just after.
    pub(crate) fn send_page(
        &mut self,
        sender: &mut Sender,
        place: usize,
        page: usize,
        generation: u8,
        dropped: Vec<u16>,
    ) {
        if self.crashes(Fault::CrashBeforeSend) {
            sender.die();
            return;
        }
        let (number, run, Page { variant, first, count }, first_resident) = sender.at_work(place, page);
        let (cast, part) = (run.cast, run.part);
        let first_resident = match self.mutant {
            Some(Mutant::NotFrozen) => self.first_resident(cast, self.now),
            Some(Mutant::FrozenAgain) => self.table.casts[cast].objects.get(&part).map_or(0, |object| object.first),
            _ => first_resident,
        };
        let body = Body {
            cast,
            part,
            first: first_resident + u64::try_from(first).unwrap_or_default(),
            count: u16::try_from(count).unwrap_or_default(),
            dropped,
            words: variant,
        };
        if body.recipients() == 0 {
            self.events.plan(self.now + 1_000, Event::Sender(sender.id(), Op::NobodyLeft { number, page }));
            return;
        }
        let of_part = page_of_part(run.run, page);
        let key = self.key(&body, of_part, generation);
        let call = self.new_call((sender.id(), sender.lane()), (number, page, of_part), key, body);
        let mut begins_at = self.now;
        if self.goes_wrong(Fault::Frozen) && self.random.is_one_in(20) {
            // Between the decision and the call.
            let span = self.random.between(SECOND, 9 * MINUTE);
            begins_at = sender.stands_still(self.now, span);
            self.events.plan(begins_at, Event::Sender(sender.id(), Op::GoOn));
        }
        self.call(call, begins_at);
        if self.crashes(Fault::CrashAfterSend) {
            sender.die();
        }
    }

    /// The key of a page. Ids that follow each other are said by the first and how many, which says the same.
    fn key(&mut self, body: &Body, page: u16, generation: u8) -> [u8; 16] {
        let mut ids = Vec::with_capacity(1 + body.dropped.len());
        let mut begin = 0;
        for end in body.dropped.iter().copied().chain([body.count]) {
            if begin < end {
                let mut id = [0; 16];
                id[..8].copy_from_slice(&(body.first + u64::from(begin)).to_be_bytes());
                id[8..10].copy_from_slice(&(end - begin).to_be_bytes());
                ids.push(PackedId(id));
            }
            begin = end + 1;
        }
        let broadcast = &self.table.casts[body.cast].broadcast.id;
        let words = if body.words == 0 { "a1" } else { "b2" };
        let mut key = retry_key(&KeyOf { broadcast, part: body.part, page, generation, ids: &ids, words });
        if self.mutant == Some(Mutant::RandomKey) {
            key[..8].copy_from_slice(&self.random.number().to_be_bytes());
        }
        key
    }
}
