//! Calls to LINE: what becomes of each on its way there, at LINE, and on its way back; and the checks at the moment it begins.

use domain::broadcast::Lane;
use domain::sending::CALL_LIFE;
use domain::sending::delivery::Answer;

use crate::check::Kind;
use crate::fault::Fault;
use crate::line::{Body, KeyFact, Taken};
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::sender::{Op, SenderId};
use crate::world::{CALLS_PER_SECOND, HOUR, MINUTE, Micros, SECOND, micros};

/// What names a call.
pub type CallId = usize;

/// How soon a gate must be obeyed.
const OBEYS_WITHIN: Micros = SECOND;

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub sender: SenderId,
    /// In which lane.
    pub lane: Lane,
    /// For which run and page at work.
    pub number: u32,
    /// Which page of the run.
    pub page: usize,
    /// Which page of the part.
    pub of_part: u16,
    /// Under which key.
    pub key: [u8; 16],
    /// What it says.
    pub body: Body,
    /// What happens to it.
    fate: Fate,
    /// What LINE decided, once it has.
    answer: Option<Answer>,
    /// Whether somebody still waits for it.
    pub waited_for: bool,
    /// Whether its sender stood still between deciding and calling.
    pub is_late: bool,
}

/// What happens to a call besides what LINE decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing.
    Plain,
    /// It never reaches LINE: the client knows that, or does not.
    Unreached,
    Lost,
    /// LINE fails before it decides.
    Fails,
    /// LINE decides, and its answer does not come, or says nothing.
    Silent,
    /// Its answer does not come at all.
    AnswerLost,
    /// Somebody before LINE refuses it.
    Refused,
    /// LINE finds it too fast.
    TooFast,
}

impl Model {
    /// A sender sends a page. A sender that stands still between deciding and sending does so later.
    pub(crate) fn call(&mut self, call: Call, begins_at: Micros) {
        let id = self.calls.len();
        self.calls.push(Call { is_late: self.now < begins_at, ..call });
        if self.now < begins_at {
            self.events.plan(begins_at, Event::CallBegins(id));
        } else {
            self.call_begins(id);
        }
    }

    /// The call of a page, not yet begun.
    pub(crate) fn new_call(
        &mut self,
        (sender, lane): (SenderId, Lane),
        (number, page, of_part): (u32, usize, u16),
        key: [u8; 16],
        body: Body,
    ) -> Call {
        let fate = self.fate();
        Call { sender, lane, number, page, of_part, key, body, fate, answer: None, waited_for: true, is_late: false }
    }

    fn fate(&mut self) -> Fate {
        if self.mix.faults_of_calls() {
            let (from, until) = self.world.outage;
            if self.mix.has(Fault::Outage) && from <= self.now && self.now < until {
                return [Fate::Unreached, Fate::Lost, Fate::Fails][self.random.index(3)];
            }
            let (from, until) = self.world.gateway;
            if self.mix.has(Fault::Gateway) && from <= self.now && self.now < until && self.random.is_one_in(3) {
                return Fate::Refused;
            }
            for (fault, fate) in [
                (Fault::LostBefore, Fate::Lost),
                (Fault::Reset, Fate::Lost),
                (Fault::FailsBefore, Fate::Fails),
                (Fault::FailsAfter, Fate::Silent),
                (Fault::NotJson, Fate::Silent),
                (Fault::LostAfter, Fate::AnswerLost),
                (Fault::TooFast, Fate::TooFast),
            ] {
                if self.goes_wrong(fault) {
                    return fate;
                }
            }
        }
        Fate::Plain
    }

    /// A call begins: what must hold at this moment is checked, and its way is planned.
    pub(crate) fn call_begins(&mut self, id: CallId) {
        self.totals.calls += 1;
        self.check_key(id);
        self.check_rate();
        self.check_gates(id);
        let slow = self.goes_wrong(Fault::Slow);
        let (least, most) = if slow { (2 * SECOND, 30 * SECOND) } else { self.world.latency };
        let latency = self.random.between(least, most);
        let arrives = self.now + self.random.between(1_000, latency / 2);
        let (call, now) = (&self.calls[id], self.now);
        let (sender, number, page) = (call.sender, call.number, call.page);
        let (body, key, fate) = (&call.body, call.key, call.fate);
        if let Some(trace) = &mut self.trace {
            trace.push(format!(
                "{:>6}.{:06} sender {sender}: call {id} part {} residents {}+{} without {:?} key {:02x}{:02x} {fate:?}",
                now / SECOND,
                now % SECOND,
                body.part,
                body.first,
                body.count,
                body.dropped,
                key[0],
                key[1]
            ));
        }
        let gives_up = now + micros(CALL_LIFE);
        let answered = match fate {
            Fate::Unreached => now + 20_000,
            Fate::Lost | Fate::AnswerLost => gives_up,
            Fate::Plain | Fate::Fails | Fate::Silent | Fate::Refused | Fate::TooFast => (now + latency).min(gives_up),
        };
        match fate {
            Fate::Unreached | Fate::Lost => {}
            Fate::Plain | Fate::Silent | Fate::AnswerLost => self.events.plan(arrives, Event::CallArrives(id)),
            Fate::Fails => self.calls[id].answer = Some(Answer::Unclear),
            Fate::Refused => self.calls[id].answer = Some(Answer::Refused(403)),
            Fate::TooFast => self.calls[id].answer = Some(Answer::TooFast),
        }
        self.events.plan(answered, Event::Sender(sender, Op::Answered { number, page, call: id }));
    }

    /// A call reaches LINE.
    pub(crate) fn call_arrives(&mut self, id: CallId) {
        let (key, body, of_part) = (self.calls[id].key, self.calls[id].body.clone(), self.calls[id].of_part);
        let bad = self.bad_ids(&body);
        let taken = if self.is_refused_page(&body) {
            Taken::Not(Answer::Refused(400))
        } else {
            self.line.take(key, &body, &bad, self.now)
        };
        let answer = match taken {
            Taken::Now { twice } => {
                if twice != 0 {
                    self.violation(Kind::Twice, || {
                        format!("{twice} residents of page {of_part} of {body:?} have it twice")
                    });
                }
                Answer::Accepted { request: Some(String::from("r")) }
            }
            Taken::Before => {
                self.totals.conflicts += 1;
                if self.mutant == Some(Mutant::ConflictRefused) {
                    Answer::Refused(409)
                } else {
                    let request = (!self.mix.has(Fault::ConflictWithoutId)).then(|| String::from("r"));
                    Answer::Accepted { request }
                }
            }
            Taken::Not(answer) => answer,
        };
        self.say(|| format!("call {id} at LINE: {answer:?}"));
        let call = &mut self.calls[id];
        call.answer = Some(if call.fate == Fate::Silent { Answer::Unclear } else { answer });
    }

    /// What a sender is told of a call: what LINE decided, if that came in time.
    pub(crate) fn answer(&mut self, id: CallId) -> Answer {
        let Some(call) = self.calls.get_mut(id) else { return Answer::Unreached };
        call.waited_for = false;
        let answer = match call.fate {
            Fate::Unreached => Answer::Unreached,
            Fate::Lost | Fate::AnswerLost => Answer::Unclear,
            Fate::Plain | Fate::Fails | Fate::Silent | Fate::Refused | Fate::TooFast => {
                call.answer.take().unwrap_or(Answer::Unclear)
            }
        };
        match (self.mutant, answer) {
            (Some(Mutant::SilenceMeansNo), Answer::Unclear) => Answer::Unreached,
            (_, answer) => answer,
        }
    }

    /// The indices of a page that LINE does not take at this moment.
    fn bad_ids(&mut self, body: &Body) -> Vec<u16> {
        let flaps = self.mix.has(Fault::BadIdsFlap);
        if !flaps && !self.mix.has(Fault::BadIds) {
            return Vec::new();
        }
        let often = self.mix.per_million(Fault::BadIds).max(self.mix.per_million(Fault::BadIdsFlap)) * 4;
        let random = &mut self.random;
        let bad = self.bad_ids.entry((body.cast, body.part, body.first)).or_insert_with(|| {
            let some = if random.happens(often) { 1 + random.index(3) } else { 0 };
            let mut bad: Vec<u16> =
                (0..some).map(|_| u16::try_from(random.below(u64::from(body.count))).unwrap_or_default()).collect();
            bad.sort_unstable();
            bad.dedup();
            bad
        });
        let phase = usize::try_from(self.now / (20 * SECOND)).unwrap_or_default();
        let is_bad_now =
            |index: &u16| !flaps || self.world.calm_at < self.now || (usize::from(*index) + phase) % 2 == 0;
        bad.iter().copied().filter(is_bad_now).collect()
    }

    /// Whether an id of a page was ever bad.
    pub(crate) fn was_bad(&self, place: (usize, u16, u64), index: u16) -> bool {
        self.bad_ids.get(&place).is_some_and(|bad| bad.contains(&index))
    }

    /// Whether LINE never takes this page.
    pub(crate) fn is_refused_page(&self, body: &Body) -> bool {
        let chosen = (body.first / 7 + u64::from(body.part)) % 17 == 3;
        self.mix.has(Fault::RefusedPages) && chosen
    }

    /// No key after its day, always the same body, and not twice at a time.
    fn check_key(&mut self, id: CallId) {
        let Call { key, ref body, .. } = self.calls[id];
        let now = self.now;
        let fact = self.line.keys.entry(key).or_insert_with(|| KeyFact::new(now, body.clone()));
        let (age, same) = (now - fact.first_used, fact.body == *body);
        if 24 * HOUR <= age {
            self.violation(Kind::OldKey, || format!("call {id} uses a key for {} hours", age / HOUR));
        }
        if !same {
            self.violation(Kind::KeyReused, || format!("call {id} uses a key for another body"));
        }
        let overrun = [Fault::Skew, Fault::StepBack, Fault::Frozen].into_iter().any(|fault| self.mix.has(fault));
        if let Some(other) = self.in_flight.insert(key, id)
            && !overrun
            && self.calls[other].waited_for
            && self.senders.get(self.calls[other].sender).is_some_and(Option::is_some)
        {
            self.violation(Kind::SameTime, || format!("calls {other} and {id} under one key at a time"));
        }
    }

    /// Never more calls in a second than LINE allows; a sender that came back from the dead is not counted on.
    fn check_rate(&mut self) {
        self.begun.push_back(self.now);
        while self.begun.front().is_some_and(|at| *at <= self.now - SECOND) {
            self.begun.pop_front();
        }
        if CALLS_PER_SECOND < self.begun.len() && self.haunted_until < self.now {
            let calls = self.begun.len();
            self.violation(Kind::TooFast, || format!("{calls} calls in a second"));
        }
    }

    /// Nothing begins after a stop, while a broadcast rests, before it goes, or in the way of an emergency.
    fn check_gates(&mut self, id: CallId) {
        let Call { lane, is_late, ref body, .. } = self.calls[id];
        let cast = body.cast;
        let facts = self.gates[cast];
        if facts.taken_back.is_some() {
            self.violation(Kind::TakenBack, || format!("call {id} for a broadcast that was taken back"));
        }
        if is_late {
            return;
        }
        if let Some(since) = facts.shut_since.filter(|since| since + OBEYS_WITHIN < self.now) {
            let late = self.now - since;
            self.violation(Kind::AfterStop, || format!("call {id} begins {late} µs after the gate was shut"));
        }
        if lane == Lane::Routine
            && let Some(since) = self.emergency_since.filter(|since| since + OBEYS_WITHIN < self.now)
        {
            let late = self.now - since;
            self.violation(Kind::InTheWay, || format!("call {id} begins {late} µs after an emergency"));
        }
    }

    /// Notes since when the gates are as they are.
    pub(crate) fn note_gates(&mut self, cast: usize) {
        use domain::sending::delivery::Order;
        let shut = matches!(self.table.order(cast), Order::Stop | Order::Rest);
        let facts = &mut self.gates[cast];
        facts.shut_since = if shut { facts.shut_since.or(Some(self.now)) } else { None };
        let emergency = !self.table.emergencies.is_empty();
        self.emergency_since = if emergency { self.emergency_since.or(Some(self.now)) } else { None };
    }

    /// A sender came back from the dead: its slot may be another's, so that there is one sender too many for a while.
    pub(crate) fn haunt(&mut self) {
        self.haunted_until = self.haunted_until.max(self.now + 2 * MINUTE);
    }
}
