//! Staff, in the console: approve, take back, stop, mend what a broadcast rests for and let it go on.

use domain::broadcast::{Broadcast, Reach, Refusal, State, UNDO};
use domain::ids::StaffId;
use domain::sending::RUN_PAGES;

use crate::fault::Fault;
use crate::model::{Event, Model, plan};
use crate::mutant::Mutant;
use crate::planner::Part;
use crate::table::Run;
use crate::world::{Micros, micros};

/// What somebody does.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// Approves a broadcast.
    Approve(usize),
    /// Takes it back.
    TakeBack(usize),
    /// Stops it.
    Stop(usize),
    /// Has mended what it rests for, and lets it go on.
    Resume(usize),
    /// LINE does not take our token any more.
    TokenRevoked,
}

impl Model {
    /// Somebody does something.
    pub(crate) fn staff_does(&mut self, deed: Deed) {
        self.say(|| format!("staff: {deed:?}"));
        match deed {
            Deed::Approve(cast) => self.approve(cast),
            Deed::TakeBack(cast) => {
                let Some(somebody) = person("somebody") else { return };
                let done = if self.mutant == Some(Mutant::UndoIgnored) {
                    matches!(self.table.casts[cast].broadcast.state, State::Approved { .. })
                } else {
                    self.change(cast, |broadcast| broadcast.take_back(&somebody))
                };
                if done {
                    self.gates[cast].taken_back = Some(self.now);
                }
            }
            Deed::Stop(cast) => {
                let clock = self.clock(0);
                let Some(somebody) = person("somebody") else { return };
                if !self.change(cast, |broadcast| broadcast.stop(&somebody, clock)) {
                    let state = &self.table.casts[cast].broadcast.state;
                    if matches!(state, State::Sending { .. } | State::Approved { .. }) {
                        // A transaction was in the way: pressed again.
                        let at = self.soon(500_000, 3_000_000);
                        self.events.plan(at, Event::Staff(deed));
                    }
                }
            }
            Deed::Resume(cast) => self.resume(cast),
            Deed::TokenRevoked => self.line.revoked = true,
        }
    }

    fn approve(&mut self, cast: usize) {
        if self.gates[cast].taken_back.is_some() {
            // The same form again, from before.
            return;
        }
        let clock = self.clock(0);
        let parts = self.world.casts[cast].parts.len();
        let (Some(author), Some(other)) = (person("author"), person("other")) else { return };
        let reach = Reach { reached: 1_000, capped: 0, followers: 1_000 };
        let approved = self.change(cast, |broadcast: &mut Broadcast| -> Result<(), Refusal> {
            broadcast.ask(&author, reach, clock)?;
            broadcast.approve(&other, plan(parts), clock, clock)
        });
        if !approved {
            let untouched = matches!(self.table.casts[cast].broadcast.state, State::Draft);
            if untouched && self.gates[cast].taken_back.is_none() {
                let at = self.soon(500_000, 3_000_000);
                self.events.plan(at, Event::Staff(Deed::Approve(cast)));
            }
            return;
        }
        let delay: Micros = match self.table.casts[cast].broadcast.lane {
            domain::broadcast::Lane::Emergency => micros(UNDO),
            domain::broadcast::Lane::Routine => 0,
        };
        if self.crashes(Fault::CrashInConsole) {
            return;
        }
        for part in 0..parts {
            self.ask_to_freeze(Part { cast, part: u16::try_from(part).unwrap_or_default() }, delay);
        }
    }

    /// The quota is raised, the token is new; what is not done goes into the queue again.
    fn resume(&mut self, cast: usize) {
        self.line.quota = None;
        self.line.revoked = false;
        if !self.change(cast, Broadcast::resume) {
            let rests = matches!(self.table.casts[cast].broadcast.state, State::Sending { pause: Some(_), .. });
            if rests {
                let at = self.soon(500_000, 3_000_000);
                self.events.plan(at, Event::Staff(Deed::Resume(cast)));
            }
            return;
        }
        if self.crashes(Fault::CrashInConsole) {
            return;
        }
        let kept = &self.table.casts[cast];
        let runs = kept.parts.iter().flat_map(|(part, frozen)| (0..frozen.runs()).map(|run| (*part, run)));
        let open = runs.filter(|run| kept.ledgers.get(run).is_none_or(|ledger| !ledger.is_done()));
        let open: Vec<Run> = open.map(|(part, run)| Run { cast, part, run }).collect();
        for run in open {
            self.ask_to_send(run, 0);
        }
    }

    /// Somebody sees that a broadcast rests; and after a while has mended why.
    pub(crate) fn rests(&mut self, cast: usize) {
        let takes = self.world.staff_takes;
        let at = self.now + takes + self.random.between(0, takes / 4);
        self.events.plan(at, Event::Staff(Deed::Resume(cast)));
    }
}

/// The most pages a run has, as a number of a part's pages.
pub(crate) fn page_of_part(run: u16, page: usize) -> u16 {
    u16::try_from(usize::from(run) * RUN_PAGES + page).unwrap_or(u16::MAX)
}

fn person(name: &str) -> Option<StaffId> {
    name.parse().ok()
}
