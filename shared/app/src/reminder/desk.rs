//! What staff do with rules: write, preview, try on their own phone, ask for approval, approve, pause, let go on, end, begin again, remove.
//!
//! As with broadcasts, what a person decides about what a rule says is about the version that they saw; what only holds it up, or
//! lets it go on, is done whatever version there is.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::broadcast::Broadcast;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::garbage::reminder::{EVENING_DEFAULT, Side, Slot};
use domain::ids::{RuleId, StaffId};
use domain::language::Language;
use domain::reminder::{Draft, Problem, Refusal, Rule, State};
use domain::staff::Staff;
use jiff::{SignedDuration, Timestamp};

use super::garbage;
use super::tick::{broadcast_id, take_back, written_until};
use crate::audit::changed;
use crate::broadcast::desk::{self, BroadcastDesk};
use crate::broadcast::fix::ready;
use crate::broadcast::reach::Counting;
use crate::error::Error;
use crate::ports::reminders::Reminders;
use crate::ports::staff::Written;
use crate::ports::{Messages, Versioned};
use crate::trial::{self, Trial, TrialId};

/// A change that meets others is tried at most this often.
const TRIES_MAX: usize = 8;
/// Of garbage reminders no more days are looked through for a preview.
const GARBAGE_LOOKS_AHEAD: SignedDuration = SignedDuration::from_hours(60 * 24);
/// The time at which whoever said nothing is reminded.
const USUAL: Slot = Slot { side: Side::Evening, at: EVENING_DEFAULT };
/// The field by which rules are called.
const NAME: &str = "name";

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct ReminderDesk {
    /// The rules.
    pub rules: Arc<dyn Reminders>,
    /// Where broadcasts are checked and counted.
    pub broadcasts: BroadcastDesk,
}

/// What became of something that staff wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the rule as it is now, or as it was when it was removed.
    Done(Box<Versioned<Rule>>),
    /// There is no such rule (any more).
    Nowhere,
    /// Somebody else changed it since it was read: this is what it is now. Nothing was written.
    Changed(Box<Versioned<Rule>>),
    /// Where it stands this cannot be done.
    Refused(Refusal),
    /// What it would write cannot be sent.
    Unfit(Box<Unfit>),
    /// Whom it reaches is still being counted: so many of [`domain::sending::PARTITIONS`] are. Nothing was written.
    Counting {
        /// Counted.
        done: u16,
    },
}

/// Why a rule cannot write broadcasts as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unfit {
    /// What is wrong with when it is due.
    pub dates: Vec<Problem>,
    /// What is wrong with its next broadcast.
    pub broadcast: desk::Unfit,
}

/// A time to come at which a rule is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// When.
    pub due: Timestamp,
    /// The broadcast that it would write as things are, with every placeholder filled in. Of garbage reminders its wordings name all
    /// that goes out anywhere.
    pub broadcast: Broadcast,
}

/// What became of a test send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// What the phone's platform says.
    Sent(trial::Outcome),
    /// What it would write cannot be sent.
    Unfit(Box<Unfit>),
}

impl ReminderDesk {
    /// Rules, the latest begun first, before one. That of the garbage reminders comes before all others.
    pub async fn list(&self, before: Option<&RuleId>, limit: usize) -> Result<Vec<Versioned<Rule>>, Error> {
        self.rules.list(before, limit).await
    }

    /// A rule.
    pub async fn look(&self, id: &RuleId) -> Result<Option<Versioned<Rule>>, Error> {
        self.rules.find(id).await
    }

    /// Keeps a first draft. The same again, as by a double click, is the same rule.
    pub async fn create(&self, id: RuleId, draft: Draft, by: &StaffId) -> Result<Outcome, Error> {
        let rule = Rule::new(id, draft, by.clone());
        let act = self.act(by, Action::WriteReminder, None, Some(&rule));
        match self.rules.put(&rule, None, Some(&act)).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: rule, version: 1 }))),
            Written::Raced => match self.rules.find(&rule.id).await? {
                Some(there) if there.value == rule => Ok(Outcome::Done(Box::new(there))),
                Some(there) => Ok(Outcome::Changed(Box::new(there))),
                None => Ok(Outcome::Nowhere),
            },
        }
    }

    /// Changes a rule. An approval before that is void, unless only its name is another one.
    pub async fn edit(&self, id: &RuleId, seen: u64, draft: Draft, by: &StaffId) -> Result<Outcome, Error> {
        let edit = move |rule: &mut Rule| rule.edit(draft.clone(), by);
        self.decide(id, seen, by, Action::WriteReminder, edit).await
    }

    /// Makes a rule that has ended a draft again.
    pub async fn begin_again(&self, id: &RuleId, seen: u64, draft: Draft, by: &StaffId) -> Result<Outcome, Error> {
        let begin = move |rule: &mut Rule| rule.begin_again(draft.clone(), by);
        self.decide(id, seen, by, Action::WriteReminder, begin).await
    }

    /// Counts whom its next broadcast would reach if it went now; `None` where there is no next one.
    pub async fn count(&self, rule: &Rule) -> Result<Option<Counting>, Error> {
        match rule.sketch(self.now()) {
            Some(sketch) => self.broadcasts.count(&sketch).await.map(Some),
            None => Ok(None),
        }
    }

    /// How far that counting has come, if there is one.
    pub async fn counting(&self, rule: &Rule) -> Result<Option<Counting>, Error> {
        match rule.sketch(self.now()) {
            Some(sketch) => self.broadcasts.counting(&sketch).await,
            None => Ok(None),
        }
    }

    /// Goes on with that counting, if it is under way.
    pub async fn count_on(&self, rule: &Rule) -> Result<Option<Counting>, Error> {
        match rule.sketch(self.now()) {
            Some(sketch) => self.broadcasts.count_on(&sketch).await,
            None => Ok(None),
        }
    }

    /// Asks for approval: what it would write next is checked, by the platform too, and counted. Nobody has to be reached yet.
    pub async fn ask(&self, id: &RuleId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.rules.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let sketch = match self.fit(&there.value).await? {
            Ok(sketch) => sketch,
            Err(unfit) => return Ok(Outcome::Unfit(unfit)),
        };
        let reach = match self.broadcasts.counted_lately(&sketch).await? {
            Counting::Going { done } => return Ok(Outcome::Counting { done }),
            Counting::Done(counted) => counted.reach,
        };
        let now = self.now();
        self.decide(id, seen, by, Action::AskReminder, move |rule| rule.ask(by, reach, now)).await
    }

    /// Approves a rule: from now on it writes broadcasts.
    pub async fn approve(&self, id: &RuleId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.rules.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        if !matches!(there.value.state, State::Awaiting { .. }) {
            return Ok(Outcome::Refused(Refusal::WrongState));
        }
        // The town's data may have changed since somebody asked.
        if let Err(unfit) = self.fit(&there.value).await? {
            return Ok(Outcome::Unfit(unfit));
        }
        let now = self.now();
        self.decide(id, seen, by, Action::ApproveReminder, move |rule| rule.approve(by, now)).await
    }

    /// Takes it back to a draft: not approved after all.
    pub async fn take_back(&self, id: &RuleId, by: &StaffId) -> Result<Outcome, Error> {
        self.decide_anyway(id, by, Action::TakeBackReminder, Rule::take_back).await
    }

    /// Lets it rest.
    pub async fn pause(&self, id: &RuleId, by: &StaffId) -> Result<Outcome, Error> {
        let now = self.now();
        self.decide_anyway(id, by, Action::PauseReminder, move |rule| rule.pause(by, now)).await
    }

    /// Lets it go on. What was due meanwhile is not made up for.
    pub async fn go_on(&self, id: &RuleId, by: &StaffId) -> Result<Outcome, Error> {
        let now = self.now();
        self.decide_anyway(id, by, Action::ResumeReminder, move |rule| rule.go_on(now)).await
    }

    /// Ends it.
    pub async fn end(&self, id: &RuleId, by: &StaffId) -> Result<Outcome, Error> {
        let now = self.now();
        self.decide_anyway(id, by, Action::EndReminder, move |rule| rule.end(now)).await
    }

    /// Removes a draft of which nothing came.
    pub async fn remove(&self, id: &RuleId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.rules.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        if !there.value.is_removable() {
            return Ok(Outcome::Refused(Refusal::WrongState));
        }
        let act = self.act(by, Action::RemoveReminder, Some(&there.value), None);
        match self.rules.remove(&there.value, seen, &act).await? {
            Written::Done => Ok(Outcome::Done(Box::new(there))),
            Written::Raced => self.raced(id).await,
        }
    }

    /// The next times at which it is due after now, at most so many, with what it would write. It need not be kept yet. Of garbage
    /// reminders: the next evenings, at the time at which whoever said nothing is reminded.
    pub async fn preview(&self, rule: &Rule, times: usize) -> Result<Vec<Coming>, Error> {
        let town = self.broadcasts.audiences.towns.current().await?;
        let now = self.now();
        let mut coming = Vec::new();
        // There may be no collection to come at all.
        for due in rule.coming(now).take_while(|due| !rule.kind.is_garbage() || *due < now + GARBAGE_LOOKS_AHEAD) {
            let Some(mut broadcast) = rule.broadcast(broadcast_id(rule, due)?, due) else { break };
            broadcast.content = if let Audience::GarbageDay { day, slot } = broadcast.audience {
                if slot == USUAL { garbage::summary(&town, slot, day) } else { Content::default() }
            } else {
                ready(&broadcast, &town)
            };
            if broadcast.content.wordings.is_empty() {
                // What says nothing on one of its dates says nothing on any, and those of a rule have no end.
                if rule.kind.is_garbage() {
                    continue;
                }
                break;
            }
            coming.push(Coming { due, broadcast });
            if coming.len() == times {
                break;
            }
        }
        Ok(coming)
    }

    /// Sends the wording of a language of its next broadcast to the person's own phone.
    pub async fn try_out(
        &self,
        rule: &Rule,
        language: Language,
        trial: &Trial,
        staff: &Staff,
        id: TrialId,
    ) -> Result<Tried, Error> {
        if let Err(unfit) = self.fit(rule).await? {
            return Ok(Tried::Unfit(unfit));
        }
        let next = self.preview(rule, 1).await?.pop().map(|coming| coming.broadcast.content);
        let Some(words) = next.map(|content| self.words(&content, language)).transpose()?.flatten() else {
            let dates = vec![Problem::NoDates];
            return Ok(Tried::Unfit(Box::new(Unfit { dates, ..Unfit::default() })));
        };
        trial.send_composed(staff, id, &words).await.map(Tried::Sent)
    }

    /// The wording of a language in the platform's words, or the Japanese one.
    fn words(&self, content: &Content, language: Language) -> Result<Option<Messages>, Error> {
        let pictures = &self.broadcasts.pictures;
        let composed = self.broadcasts.messages.compose_content(content, &|picture| pictures.urls(picture))?;
        let place = composed.iter().position(|(own, _)| *own == language).unwrap_or_default();
        Ok(composed.into_iter().nth(place).map(|(_, words)| words))
    }

    /// A broadcast such as it would write next, if that can be sent.
    async fn fit(&self, rule: &Rule) -> Result<Result<Broadcast, Box<Unfit>>, Error> {
        let now = self.now();
        let dates = rule.check(now).err().unwrap_or_default();
        let Some(mut sketch) = rule.sketch(now).filter(|_| dates.is_empty()) else {
            let dates = if dates.is_empty() { vec![Problem::TooManyMonths] } else { dates };
            return Ok(Err(Box::new(Unfit { dates, ..Unfit::default() })));
        };
        if rule.kind.is_garbage() {
            // What it says is ours, and differs from day to day: any text stands for it.
            sketch.content = some_text();
        }
        Ok(match self.broadcasts.unfit(&sketch).await? {
            Some(broadcast) => Err(Box::new(Unfit { broadcast, ..Unfit::default() })),
            None => Ok(sketch),
        })
    }

    fn now(&self) -> Timestamp {
        self.broadcasts.clock.now()
    }

    /// Changes the version that was seen.
    async fn decide<F>(&self, id: &RuleId, seen: u64, by: &StaffId, action: Action, change: F) -> Result<Outcome, Error>
    where
        F: Fn(&mut Rule) -> Result<(), Refusal> + Send + Sync,
    {
        let Some(there) = self.rules.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        self.write(there, by, action, &change).await
    }

    /// Changes whatever version there is.
    async fn decide_anyway<F>(&self, id: &RuleId, by: &StaffId, action: Action, change: F) -> Result<Outcome, Error>
    where
        F: Fn(&mut Rule) -> Result<(), Refusal> + Send + Sync,
    {
        let mut outcome = Outcome::Nowhere;
        for _ in 0..TRIES_MAX {
            let Some(there) = self.rules.find(id).await? else { return Ok(Outcome::Nowhere) };
            outcome = self.write(there, by, action, &change).await?;
            if !matches!(outcome, Outcome::Changed(_)) {
                break;
            }
        }
        Ok(outcome)
    }

    async fn write<F>(&self, there: Versioned<Rule>, by: &StaffId, action: Action, change: &F) -> Result<Outcome, Error>
    where
        F: Fn(&mut Rule) -> Result<(), Refusal> + Send + Sync,
    {
        let Versioned { value: before, version } = there;
        let mut after = before.clone();
        if let Err(refusal) = change(&mut after) {
            return Ok(Outcome::Refused(refusal));
        }
        let act = self.act(by, action, Some(&before), Some(&after));
        match self.rules.put(&after, Some(version), Some(&act)).await? {
            Written::Done => {
                if after.due().is_none() {
                    // What it has written and has not gone, such as at night, is not to go any more.
                    let waiting = written_until(&before, self.now());
                    take_back(&*self.broadcasts.history.broadcasts, waiting).await?;
                }
                Ok(Outcome::Done(Box::new(Versioned { value: after, version: version + 1 })))
            }
            Written::Raced => self.raced(&after.id).await,
        }
    }

    /// Somebody else was faster.
    async fn raced(&self, id: &RuleId) -> Result<Outcome, Error> {
        let there = self.rules.find(id).await?;
        Ok(there.map_or(Outcome::Nowhere, |there| Outcome::Changed(Box::new(there))))
    }

    /// The entry in the audit log: what it was, and what it is now.
    fn act(&self, by: &StaffId, action: Action, before: Option<&Rule>, after: Option<&Rule>) -> Act {
        let (at, actor) = (self.now(), Actor::Staff(by.clone()));
        let of = after.or(before);
        let subject = of.map(|rule| format!("reminder/{}", rule.id)).unwrap_or_default();
        let department = of.map(|rule| rule.department.clone());
        let [before, after] = changed(before, after, NAME);
        Act { at, actor, action, subject, department, before, after }
    }
}

fn some_text() -> Content {
    let wording = Wording { messages: vec![Message::Text("…".to_owned())] };
    Content { wordings: [(Language::Japanese, wording)].into() }
}
