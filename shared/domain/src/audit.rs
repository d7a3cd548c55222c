//! The audit log (操作の記録): who did what, in a chain in which a removed or altered entry is found.
//!
//! Entries are numbered from 1 within a day (in Japan). Each carries the hash of the one before it, across days too, and
//! its own hash over everything in it. Where a day ends is kept beside it ([`DayEnd`]) and names the day that follows, so
//! that entries and days missing at the end are found as well. Against somebody who may rewrite the whole log and computes
//! every hash anew only a hash that was written down elsewhere helps.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{DepartmentId, StaffId};
use crate::text::hex;
use crate::time::date_in_japan;

/// Of a subject this many characters are kept.
pub const SUBJECT_CHARS_MAX: usize = 300;
/// Of how something was, and of how it is now, this many characters are kept.
pub const STATE_CHARS_MAX: usize = 20_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Came in.
    SignIn,
    /// Was vouched for by the issuer, but is not of the staff, or is kept out.
    SignInRefused,
    /// Left.
    SignOut,
    /// Ended their sessions in other browsers.
    SignOutElsewhere,
    /// Asked for something that their roles do not allow.
    Denied,
    /// Invited a person.
    Invite,
    /// Changed a person's name or roles.
    ChangePerson,
    /// Kept a person out.
    DisablePerson,
    /// Let a person in again.
    EnablePerson,
    /// Connected their own phone.
    ConnectPhone,
    /// Disconnected their own phone.
    DisconnectPhone,
    /// Changed the town's data.
    EditTown,
    /// Imported a file of the town's data.
    ImportTown,
    /// Undid a change of the town's data.
    UndoTown,
    /// Asked for a code by which a phone becomes theirs.
    OfferCode,
    /// Had the residents counted.
    CountResidents,
    /// Began, or let go on, the import of the friends from before.
    ImportFollowers,
    /// Sent a trial message to themselves.
    SendTrial,
    /// Wrote or changed a broadcast.
    WriteBroadcast,
    /// Asked for a broadcast to be approved.
    AskApproval,
    /// Approved a broadcast.
    ApproveBroadcast,
    /// Took a broadcast back before it went.
    TakeBackBroadcast,
    /// Stopped a broadcast.
    StopBroadcast,
    /// Let a broadcast that rested go on.
    ResumeBroadcast,
    /// Said something about a broadcast to their colleagues.
    RemarkBroadcast,
    /// Saved a template of broadcasts.
    SaveTemplate,
    /// Removed a template.
    RemoveTemplate,
    /// Kept an audience under a name.
    SaveAudience,
    /// Removed an audience that was kept.
    RemoveAudience,
    /// Wrote or changed a rule that writes broadcasts.
    WriteReminder,
    /// Asked for a rule to be approved.
    AskReminder,
    /// Approved a rule.
    ApproveReminder,
    /// Took a rule back before it was approved.
    TakeBackReminder,
    /// Let a rule rest.
    PauseReminder,
    /// Let a rule that rested go on.
    ResumeReminder,
    /// Ended a rule.
    EndReminder,
    /// Removed a rule that had written nothing.
    RemoveReminder,
    /// Entered a damage report that somebody told.
    EnterReport,
    /// Did something about a damage report: answered, moved it on, assigned it.
    WorkOnReport,
    /// Put a damage report under another one.
    MergeReports,
    /// Let everybody see something of a damage report.
    ReleaseReport,
    /// Let nobody else see a damage report any more.
    HideReport,
    /// Erased, for somebody who asked for it, all that is kept about them.
    EraseResident,
    /// Gave another system a key by which it files reports.
    AddApiKey,
    /// Took such a key away.
    RemoveApiKey,
    /// Said where another system hears of changes.
    AddHook,
    /// Took that away.
    RemoveHook,
    /// Handed back what had failed, or cleared away what of it nobody needs any more.
    Redrive,
    /// Carried into a table that was restored from a backup what must not go back in time with it.
    RestoreTable,
    /// Decided about a question that nothing answered, or took that back.
    HandleQuestion,
    /// Looked at personal data.
    ViewPersonalData,
    /// Took data out of the console as a file.
    Export,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// A member of staff.
    Staff(StaffId),
    /// The loader of the town's data, at somebody's command line.
    CommandLine,
    /// Somebody who is not of the staff.
    Stranger,
}

/// An act, before it has its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// To what, such as `waste-item/kandenchi` or `staff/…`; empty where the action says it.
    pub subject: String,
    /// For which department, if for one.
    pub department: Option<DepartmentId>,
    /// How it was, as JSON or a short text; empty where there was nothing.
    pub before: String,
    /// How it is now.
    pub after: String,
}

/// A hash as 64 hex digits; [`Hash::beginning`] before the first entry ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hash(pub String);

impl Hash {
    /// Stands before the first entry.
    #[must_use]
    pub fn beginning() -> Self {
        Self("0".repeat(64))
    }
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day in whose chain it stands: its own in Japan, or a later one that had begun when it was written.
    pub day: Date,
    /// Its number within the day, from 1.
    pub number: u64,
    /// The act.
    pub act: Act,
    /// The hash of the entry before it.
    pub previous: Hash,
    /// Its own.
    pub hash: Hash,
}

/// Where a day's chain stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayEnd {
    /// The day.
    pub day: Date,
    /// How many entries it has.
    pub entries: u64,
    /// What its first entry follows.
    pub begins_after: Hash,
    /// The hash of its last entry.
    pub last: Hash,
    /// The next day that has entries; `None` for the last day of the log.
    pub next: Option<Date>,
}

/// An entry that is about to be written, and what its writing changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The entry.
    pub entry: Entry,
    /// Where its day stands after it.
    pub end: DayEnd,
    /// The day before it, which ends with this; `None` where the day goes on, and at the beginning of the log.
    pub closed: Option<DayEnd>,
}

/// Where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// An entry is missing, or one is there that should not be; the number that was expected.
    #[error("entry {0} is missing, or another stands in its place")]
    Number(u64),
    /// An entry was altered.
    #[error("entry {0} is not as it was written")]
    Altered(u64),
    /// An entry does not follow the one before it.
    #[error("entry {0} does not follow the one before it")]
    Unlinked(u64),
    /// The day ends elsewhere than it did.
    #[error("the day has other entries than it had")]
    End,
    /// The days before and after do not fit: one is missing, or was altered as a whole.
    #[error("the day does not follow the one before it, or is not followed by the one that was")]
    Days,
}

/// The entry of an act, after the `latest` day that has entries.
///
/// A day that was followed by another one takes no more entries: what came shortly before midnight and is written after
/// somebody else's first act of the new day stands in the new day.
#[must_use]
pub fn next(latest: Option<&DayEnd>, act: Act) -> Next {
    let act = bounded(act);
    let today = latest.map_or(Date::MIN, |end| end.day).max(date_in_japan(act.at));
    let goes_on = latest.filter(|end| end.day == today);
    let number = goes_on.map_or(0, |end| end.entries) + 1;
    let previous = latest.map_or_else(Hash::beginning, |end| end.last.clone());
    let hash = hash(today, number, &act, &previous);
    let begins_after = goes_on.map_or_else(|| previous.clone(), |end| end.begins_after.clone());
    let end = DayEnd { day: today, entries: number, begins_after, last: hash.clone(), next: None };
    let closed = latest.filter(|end| end.day != today).map(|end| DayEnd { next: Some(today), ..end.clone() });
    Next { entry: Entry { day: today, number, act, previous, hash }, end, closed }
}

/// The act, its texts cut where they are longer than what is kept.
fn bounded(mut act: Act) -> Act {
    let texts =
        [(&mut act.subject, SUBJECT_CHARS_MAX), (&mut act.before, STATE_CHARS_MAX), (&mut act.after, STATE_CHARS_MAX)];
    for (text, most) in texts {
        if let Some((cut, _)) = text.char_indices().nth(most) {
            text.truncate(cut);
            text.push('…');
        }
    }
    act
}

/// Every field with its length before it, so that no two entries are written alike.
fn hash(day: Date, number: u64, act: &Act, previous: &Hash) -> Hash {
    let Act { at, actor, action, subject, department, before, after } = act;
    let actor = match actor {
        Actor::Staff(id) => format!("staff/{id}"),
        Actor::CommandLine => "command-line".to_owned(),
        Actor::Stranger => "stranger".to_owned(),
    };
    let department = department.as_ref().map_or("", DepartmentId::as_str);
    let action = action.name();
    let (day, number, at) = (day.to_string(), number.to_string(), at.to_string());
    let fields = [&previous.0, &day, &number, &at, &actor, action, subject, department, before, after];
    let mut digest = Sha256::new();
    for field in fields {
        digest.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(field.as_bytes());
    }
    Hash(hex(&digest.finalize()))
}

/// The check of one day, some entries at a time, in order of their numbers. It can be put aside and gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCheck {
    end: DayEnd,
    checked: u64,
    previous: Hash,
}

impl DayCheck {
    /// Begins where the day is said to begin.
    #[must_use]
    pub fn new(end: DayEnd) -> Self {
        Self { checked: 0, previous: end.begins_after.clone(), end }
    }

    /// Where the day is said to end.
    #[must_use]
    pub fn end(&self) -> &DayEnd {
        &self.end
    }

    /// So many entries were found to be as they were written.
    #[must_use]
    pub fn checked(&self) -> u64 {
        self.checked
    }

    /// Checks the next entries.
    pub fn entries(&mut self, entries: &[Entry]) -> Result<(), Broken> {
        for entry in entries {
            let expected = self.checked + 1;
            if entry.number != expected || entry.day != self.end.day {
                return Err(Broken::Number(expected));
            }
            if entry.previous != self.previous {
                return Err(Broken::Unlinked(expected));
            }
            if entry.hash != hash(entry.day, entry.number, &entry.act, &entry.previous) {
                return Err(Broken::Altered(expected));
            }
            self.checked = expected;
            self.previous = entry.hash.clone();
        }
        Ok(())
    }

    /// Ends the check: there are no more entries.
    pub fn finish(self) -> Result<(), Broken> {
        if self.checked == self.end.entries && self.previous == self.end.last { Ok(()) } else { Err(Broken::End) }
    }
}

/// Checks all of a day's entries, in order of their numbers, against where the day is said to begin and to end.
pub fn check(entries: &[Entry], end: &DayEnd) -> Result<(), Broken> {
    let mut check = DayCheck::new(end.clone());
    check.entries(entries)?;
    check.finish()
}

/// Checks that two days follow each other: `None` stands before the first day and after the last one.
pub fn check_days(earlier: Option<&DayEnd>, later: Option<&DayEnd>) -> Result<(), Broken> {
    let fits = match (earlier, later) {
        (Some(earlier), Some(later)) => earlier.next == Some(later.day) && earlier.last == later.begins_after,
        (None, Some(first)) => first.begins_after == Hash::beginning(),
        (Some(last), None) => last.next.is_none(),
        (None, None) => true,
    };
    if fits { Ok(()) } else { Err(Broken::Days) }
}

impl Action {
    /// Its name in the log, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignInRefused => "sign-in-refused",
            Self::SignOut => "sign-out",
            Self::SignOutElsewhere => "sign-out-elsewhere",
            Self::Denied => "denied",
            Self::Invite => "invite",
            Self::ChangePerson => "change-person",
            Self::DisablePerson => "disable-person",
            Self::EnablePerson => "enable-person",
            Self::ConnectPhone => "connect-phone",
            Self::DisconnectPhone => "disconnect-phone",
            Self::EditTown => "edit-town",
            Self::ImportTown => "import-town",
            Self::UndoTown => "undo-town",
            Self::OfferCode => "offer-code",
            Self::CountResidents => "count-residents",
            Self::ImportFollowers => "import-followers",
            Self::SendTrial => "send-trial",
            Self::WriteBroadcast => "write-broadcast",
            Self::AskApproval => "ask-approval",
            Self::ApproveBroadcast => "approve-broadcast",
            Self::TakeBackBroadcast => "take-back-broadcast",
            Self::StopBroadcast => "stop-broadcast",
            Self::ResumeBroadcast => "resume-broadcast",
            Self::RemarkBroadcast => "remark-broadcast",
            Self::SaveTemplate => "save-template",
            Self::RemoveTemplate => "remove-template",
            Self::SaveAudience => "save-audience",
            Self::RemoveAudience => "remove-audience",
            Self::WriteReminder => "write-reminder",
            Self::AskReminder => "ask-reminder",
            Self::ApproveReminder => "approve-reminder",
            Self::TakeBackReminder => "take-back-reminder",
            Self::PauseReminder => "pause-reminder",
            Self::ResumeReminder => "resume-reminder",
            Self::EndReminder => "end-reminder",
            Self::RemoveReminder => "remove-reminder",
            Self::EnterReport => "enter-report",
            Self::WorkOnReport => "work-on-report",
            Self::MergeReports => "merge-reports",
            Self::ReleaseReport => "release-report",
            Self::HideReport => "hide-report",
            Self::EraseResident => "erase-resident",
            Self::AddApiKey => "add-api-key",
            Self::RemoveApiKey => "remove-api-key",
            Self::AddHook => "add-hook",
            Self::RemoveHook => "remove-hook",
            Self::Redrive => "redrive",
            Self::RestoreTable => "restore-table",
            Self::HandleQuestion => "handle-question",
            Self::ViewPersonalData => "view-personal-data",
            Self::Export => "export",
        }
    }
}

#[cfg(test)]
mod tests;
