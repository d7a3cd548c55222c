//! The command line.

use std::path::PathBuf;

use app::personal::Named;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::dates::ClosureEffect;
use domain::ids::{InvalidId, ResidentId};
use domain::staff::{EmailAddress, PersonName, Role};
use uuid::Uuid;

use crate::tables::Tables;

/// Checks a town's data and loads it.
#[derive(Debug, Parser)]
#[command(name = "town", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a folder and print every problem with its file and line; exit code 1 if something could not be taken
    Check(Folder),
    /// Check a folder and load it into the table; loading the same again changes nothing
    Load(Load),
    /// Put the folder's rich menu into LINE; doing it again changes nothing
    Menu(Menu),
    /// Check the LINE channel (token, webhook with LINE's own test of it, rich menu, messages of the month) and say what is
    /// missing; exit code 1 if something is
    Channel(Channel),
    /// Invite somebody to the console, or give more roles to somebody who is there; doing it again changes nothing
    Staff(Staff),
    /// Forget which account somebody signs in with: their next sign-in binds them anew, by their address. For the day on
    /// which the issuer changes, or somebody gets another account there; doing it again changes nothing
    Unbind(Unbind),
    /// Check that nobody has removed or altered an entry of the audit log; exit code 1 if somebody has
    Audit(Audit),
    /// Take out, or erase, all that is kept about one resident who asked for it
    #[command(subcommand)]
    Resident(Resident),
    /// Restore the table from its backup into another one, compare the two, and carry over what must not go back in time
    #[command(subcommand)]
    Table(Tables),
}

/// What to do about one resident.
#[derive(Debug, Subcommand)]
pub(crate) enum Resident {
    /// Print all that is kept about them as JSON, and write the photos of their reports into a folder
    Export(ExportResident),
    /// Erase all that is kept about them; doing it again does what is left
    Erase(EraseResident),
}

/// What to take out, and where to.
#[derive(Debug, Args)]
pub(crate) struct ExportResident {
    #[command(flatten)]
    pub(crate) whom: Whom,
    /// The bucket of the photos (an output of the stack)
    #[arg(long)]
    pub(crate) media: String,
    /// The folder into which the photos are written; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) photos: PathBuf,
}

/// What to erase.
#[derive(Debug, Args)]
pub(crate) struct EraseResident {
    #[command(flatten)]
    pub(crate) whom: Whom,
    /// The queue of photos (an output of the stack): by it the files are erased
    #[arg(long, value_name = "URL")]
    pub(crate) photo_queue: String,
    /// Do not ask whether it shall be done
    #[arg(long)]
    pub(crate) yes: bool,
}

/// About whom it is.
#[derive(Debug, Args)]
#[group(id = "named", required = true, multiple = false, args = ["report", "user"])]
pub(crate) struct Whom {
    /// The table's name (an output of the stack)
    #[arg(long)]
    pub(crate) table: String,
    /// The number of a report of theirs, such as 261122-K7F3QM, or its id
    #[arg(long, value_name = "NUMBER", value_parser = report)]
    pub(crate) report: Option<Named>,
    /// Their LINE user id
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<ResidentId>,
    #[command(flatten)]
    pub(crate) places: Places,
}

impl Whom {
    /// Who is named: one of the two is.
    pub(crate) fn named(&self) -> Option<Named> {
        self.user.clone().map(Named::Resident).or_else(|| self.report.clone())
    }
}

fn report(text: &str) -> Result<Named, String> {
    let unknown = || format!("{text:?} is neither a number of a report, such as 261122-K7F3QM, nor its id");
    if let Ok(number) = text.parse() {
        return Ok(Named::Number(number));
    }
    let id = Uuid::parse_str(text).map_err(|_| unknown())?;
    id.to_string().parse().map(Named::Report).map_err(|_: InvalidId| unknown())
}

/// Whom to invite.
#[derive(Debug, Args)]
pub(crate) struct Staff {
    /// The table's name (an output of the stack)
    #[arg(long)]
    pub(crate) table: String,
    /// The person's name, as colleagues see it
    #[arg(long)]
    pub(crate) name: PersonName,
    /// The person's address, as the issuer says it at the sign-in
    #[arg(long)]
    pub(crate) email: EmailAddress,
    /// administrator, or approver:DEPARTMENT, editor:DEPARTMENT, reader:DEPARTMENT; more than once for several roles
    #[arg(long = "role", required = true, value_parser = role)]
    pub(crate) roles: Vec<Role>,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// Whose accounts to forget.
#[derive(Debug, Args)]
pub(crate) struct Unbind {
    /// The table's name (an output of the stack)
    #[arg(long)]
    pub(crate) table: String,
    /// The person's address, as it stands in the console; more than once for several people
    #[arg(long = "email", required = true)]
    pub(crate) emails: Vec<EmailAddress>,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// What to check of the audit log.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// The table's name (an output of the stack)
    #[arg(long)]
    pub(crate) table: String,
    /// How many of the latest days; all of them if left out
    #[arg(long)]
    pub(crate) days: Option<usize>,
    #[command(flatten)]
    pub(crate) places: Places,
}

fn role(text: &str) -> Result<Role, String> {
    let unknown = || format!("{text:?} is none of administrator, approver:…, editor:…, reader:…");
    if text == "administrator" {
        return Ok(Role::Administrator);
    }
    let (role, department) = text.split_once(':').ok_or_else(unknown)?;
    let department = department.parse().map_err(|error| format!("{department:?}: {error}"))?;
    match role {
        "approver" => Ok(Role::Approver(department)),
        "editor" => Ok(Role::Editor(department)),
        "reader" => Ok(Role::Reader(department)),
        _ => Err(unknown()),
    }
}

/// A folder with a town's data.
#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// The folder
    pub(crate) dir: PathBuf,
    /// Its format; 5374 if it holds an `area_days.csv`, kairan otherwise
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// 5374 only: what becomes of a collection while the centre is closed (`WeekShift` in its `setting.js`)
    #[arg(long, default_value = "skip")]
    pub(crate) closures: Closures,
}

/// A format of town data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// That of infra/sample-town
    Kairan,
    /// The widespread one
    #[value(name = "5374")]
    Five374,
}

/// What becomes of a collection in a closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Closures {
    /// It falls out
    Skip,
    /// It moves by a week
    ShiftWeek,
}

impl From<Closures> for ClosureEffect {
    fn from(closures: Closures) -> Self {
        match closures {
            Closures::Skip => Self::Skip,
            Closures::ShiftWeek => Self::ShiftWeek,
        }
    }
}

/// How to load.
#[derive(Debug, Args)]
pub(crate) struct Load {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// The table's name (an output of the stack)
    #[arg(long)]
    pub(crate) table: String,
    /// Load the rest although something could not be taken (not where a whole file is unreadable)
    #[arg(long)]
    pub(crate) accept_problems: bool,
    /// Also put the rich menu into LINE, with the channel in this secret (name or ARN)
    #[arg(long, value_name = "SECRET_ID")]
    pub(crate) line_secret: Option<String>,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// How to put the rich menu into LINE.
#[derive(Debug, Args)]
pub(crate) struct Menu {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// The secret (name or ARN) that holds the LINE channel
    #[arg(long, value_name = "SECRET_ID")]
    pub(crate) line_secret: String,
    /// Use the rest although something could not be taken (not where a whole file is unreadable)
    #[arg(long)]
    pub(crate) accept_problems: bool,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// How the LINE channel is to be.
#[derive(Debug, Args)]
pub(crate) struct Channel {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// The secret (name or ARN) that holds the LINE channel
    #[arg(long, value_name = "SECRET_ID")]
    pub(crate) line_secret: String,
    /// Where LINE is to deliver (the output `WebhookUrl` of the stack)
    #[arg(long, value_name = "URL")]
    pub(crate) webhook: String,
    /// Set the webhook if LINE delivers elsewhere or nowhere
    #[arg(long)]
    pub(crate) mend: bool,
    #[command(flatten)]
    pub(crate) places: Places,
}

/// Where AWS and LINE are.
#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Where AWS answers, if not where the environment says (`AWS_ENDPOINT_URL`)
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Where LINE's API answers
    #[arg(long, value_name = "URL", env = "LINE_API_BASE", default_value = line::config::API)]
    pub(crate) line_api_base: String,
    /// Where LINE takes pictures
    #[arg(long, value_name = "URL", env = "LINE_DATA_BASE", default_value = line::config::API_DATA)]
    pub(crate) line_data_base: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn roles_are_written_with_their_department() {
        let line = |roles: &[&str]| {
            let fixed = ["town", "staff", "--table", "t", "--name", "佐藤 花子", "--email", "Hanako@city.example"];
            let roles = roles.iter().flat_map(|role| ["--role", role]);
            Arguments::try_parse_from(fixed.into_iter().chain(roles))
        };
        let Command::Staff(staff) = line(&["administrator", "editor:roads"]).unwrap().command else {
            panic!("not staff")
        };
        assert_eq!(staff.roles, [Role::Administrator, Role::Editor("roads".parse().unwrap())]);
        for wrong in [&[][..], &["editor"], &["mayor"], &["mayor:roads"], &["editor:Roads"]] {
            assert!(line(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn several_people_are_unbound_at_once_but_nobody_by_accident() {
        let line = |emails: &[&str]| {
            let emails = emails.iter().flat_map(|email| ["--email", email]);
            Arguments::try_parse_from(["town", "unbind", "--table", "t"].into_iter().chain(emails))
        };
        let Command::Unbind(unbind) = line(&["A@city.example", "b@city.example"]).unwrap().command else {
            panic!("not unbind")
        };
        assert_eq!(unbind.emails, ["a@city.example", "b@city.example"].map(|email| email.parse().unwrap()));
        assert!(line(&[]).is_err() && line(&["everybody"]).is_err());
    }

    #[test]
    fn one_resident_is_named_in_one_way() {
        let line = |arguments: &str| {
            let fixed = ["town", "resident", "export", "--table", "t", "--media", "m", "--photos", "p"];
            match Arguments::try_parse_from(fixed.into_iter().chain(arguments.split_whitespace())).ok()?.command {
                Command::Resident(Resident::Export(export)) => export.whom.named(),
                _ => panic!("not an export"),
            }
        };
        let (user, id) = ("U0123456789abcdef0123456789abcdef", "0199cccc-0000-7000-8000-000000000001");
        assert_eq!(line(&format!("--user {user}")), Some(Named::Resident(user.parse().unwrap())));
        let number = Named::Number("261122-K7F3QM".parse().unwrap());
        assert_eq!(line("--report 261122-k7f3qm"), Some(number));
        assert_eq!(line(&format!("--report {id}")), Some(Named::Report(id.parse().unwrap())));
        for wrong in ["", "--user everybody", "--report 261122-K7F3Q", "--report all"] {
            assert_eq!(line(wrong), None, "{wrong:?}");
        }
        assert_eq!(line(&format!("--user {user} --report 261122-K7F3QM")), None);
    }

    #[test]
    fn nobody_is_erased_by_accident() {
        let line = |arguments: &[&str]| {
            let user = ["town", "resident", "erase", "--table", "t", "--user", "U0123456789abcdef0123456789abcdef"];
            Arguments::try_parse_from(user.iter().chain(arguments))
        };
        assert!(line(&[]).is_err(), "without the queue that erases photos");
        let Command::Resident(Resident::Erase(erase)) = line(&["--photo-queue", "q"]).unwrap().command else {
            panic!("not erase")
        };
        assert!(!erase.yes);
    }

    #[test]
    fn a_look_at_the_channel_changes_nothing_unless_asked_to() {
        let line = |more: &[&str]| {
            let fixed = ["town", "channel", "my-town", "--line-secret", "line"];
            Arguments::try_parse_from(fixed.iter().chain(more))
        };
        assert!(line(&[]).is_err(), "without the address at which LINE is to deliver");
        for (more, mends) in [(&["--webhook", "w"][..], false), (&["--webhook", "w", "--mend"][..], true)] {
            let Command::Channel(channel) = line(more).unwrap().command else { panic!("not channel") };
            assert_eq!(channel.mend, mends, "{more:?}");
        }
    }

    #[test]
    fn a_city_needs_one_command() {
        let line = ["town", "load", "my-town", "--table", "kairan", "--line-secret", "line", "--format", "5374"];
        let Command::Load(load) = Arguments::try_parse_from(line).unwrap().command else { panic!("not load") };
        assert_eq!((load.folder.format, load.line_secret.as_deref()), (Some(Format::Five374), Some("line")));
        assert_eq!(load.places.line_api_base, "https://api.line.me");
        assert!(Arguments::try_parse_from(["town", "load", "my-town"]).is_err(), "without a table");
    }
}
