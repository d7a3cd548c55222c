//! The configuration that a function finds in its environment: read once, at the start, here and nowhere else.
//!
//! | variable | read by | meaning |
//! | --- | --- | --- |
//! | `LINE_SECRET_ID` | webhook, inbox, console | the secret (name or ARN) that holds the LINE channel, see [`crate::secrets`] |
//! | `INBOX_QUEUE_URL` | webhook | the FIFO queue of residents' events |
//! | `INBOX_DEAD_LETTERS_URL` | inbox | where those go that fail for good: the dead-letter queue of that queue |
//! | `TABLE_NAME` | inbox, console | the table |
//! | `LINE_API_BASE` | inbox, console | where LINE's API answers: `https://api.line.me`, or a simulator |
//! | `LINE_DATA_BASE` | inbox, console | where LINE hands out contents: `https://api-data.line.me`, or a simulator |
//!
//! | `STAFF_ISSUER` | console | the OpenID Connect issuer of the staff, exactly as in its tokens |
//! | `STAFF_CLIENT_ID` | console | the console's client id there |
//! | `STAFF_SECRET_ID` | console | the secret that holds the client's secret; empty where it has none |
//! | `STAFF_EMAIL_TRUST` | console | `verified` or `unsaid`: which addresses are believed |
//! | `STAFF_DISCOVERY` | console | the discovery document's address; empty for below the issuer |
//! | `CONSOLE_ADDRESS` | console | the console's own address; empty for the one that browsers ask for |
//!
//! Where it is not said what an empty one means, none has a default: a missing one stops the function at its start. Beside them the AWS SDK reads its own
//! (`AWS_REGION`, credentials, `AWS_ENDPOINT_URL` in the local city), and the Lambda runtime its own.

/// A variable that a function cannot start without.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} is missing or empty")]
pub struct Missing {
    /// Its name.
    pub name: &'static str,
}

const TABLE_NAME: &str = "TABLE_NAME";
const LINE_SECRET_ID: &str = "LINE_SECRET_ID";
const INBOX_QUEUE_URL: &str = "INBOX_QUEUE_URL";
const INBOX_DEAD_LETTERS_URL: &str = "INBOX_DEAD_LETTERS_URL";
const LINE_API_BASE: &str = "LINE_API_BASE";
const LINE_DATA_BASE: &str = "LINE_DATA_BASE";
const STAFF_ISSUER: &str = "STAFF_ISSUER";
const STAFF_CLIENT_ID: &str = "STAFF_CLIENT_ID";
const STAFF_SECRET_ID: &str = "STAFF_SECRET_ID";
const STAFF_EMAIL_TRUST: &str = "STAFF_EMAIL_TRUST";
const STAFF_DISCOVERY: &str = "STAFF_DISCOVERY";
const CONSOLE_ADDRESS: &str = "CONSOLE_ADDRESS";

/// What `webhook` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEnvironment {
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// The FIFO queue of residents' events.
    pub inbox_queue_url: String,
}

impl WebhookEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[LINE_SECRET_ID, INBOX_QUEUE_URL];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Missing> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Missing> {
        Ok(Self {
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            inbox_queue_url: required(&value, INBOX_QUEUE_URL)?,
        })
    }
}

/// What `inbox` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEnvironment {
    /// The table.
    pub table_name: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// Where events go that fail for good.
    pub inbox_dead_letters_url: String,
}

impl InboxEnvironment {
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[TABLE_NAME, LINE_SECRET_ID, LINE_API_BASE, LINE_DATA_BASE, INBOX_DEAD_LETTERS_URL];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Missing> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Missing> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            inbox_dead_letters_url: required(&value, INBOX_DEAD_LETTERS_URL)?,
        })
    }
}

/// What `console` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleEnvironment {
    /// The table.
    pub table_name: String,
    /// The secret that holds the LINE channel.
    pub line_secret_id: String,
    /// Where LINE's API answers.
    pub line_api_base: String,
    /// Where LINE hands out contents.
    pub line_data_base: String,
    /// The staff's OpenID Connect issuer.
    pub staff_issuer: String,
    /// The console's client id there.
    pub staff_client_id: String,
    /// The secret that holds the client's secret, if it has one.
    pub staff_secret_id: Option<String>,
    /// Which addresses are believed.
    pub staff_email_trust: String,
    /// The discovery document's address, if not below the issuer.
    pub staff_discovery: Option<String>,
    /// The console's own address, if it has one.
    pub console_address: Option<String>,
}

impl ConsoleEnvironment {
    /// The variables that must be there.
    pub const REQUIRED: &[&str] =
        &[TABLE_NAME, LINE_SECRET_ID, LINE_API_BASE, LINE_DATA_BASE, STAFF_ISSUER, STAFF_CLIENT_ID, STAFF_EMAIL_TRUST];
    /// The variables that are read.
    pub const VARIABLES: &[&str] = &[
        TABLE_NAME,
        LINE_SECRET_ID,
        LINE_API_BASE,
        LINE_DATA_BASE,
        STAFF_ISSUER,
        STAFF_CLIENT_ID,
        STAFF_EMAIL_TRUST,
        STAFF_SECRET_ID,
        STAFF_DISCOVERY,
        CONSOLE_ADDRESS,
    ];

    /// Reads the environment of the process.
    pub fn load() -> Result<Self, Missing> {
        Self::read(of_the_process)
    }

    fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Missing> {
        Ok(Self {
            table_name: required(&value, TABLE_NAME)?,
            line_secret_id: required(&value, LINE_SECRET_ID)?,
            line_api_base: required(&value, LINE_API_BASE)?,
            line_data_base: required(&value, LINE_DATA_BASE)?,
            staff_issuer: required(&value, STAFF_ISSUER)?,
            staff_client_id: required(&value, STAFF_CLIENT_ID)?,
            staff_secret_id: optional(&value, STAFF_SECRET_ID),
            staff_email_trust: required(&value, STAFF_EMAIL_TRUST)?,
            staff_discovery: optional(&value, STAFF_DISCOVERY),
            console_address: optional(&value, CONSOLE_ADDRESS),
        })
    }
}

fn required(value: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<String, Missing> {
    optional(value, name).ok_or(Missing { name })
}

fn optional(value: impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    value(name).filter(|text| !text.trim().is_empty())
}

#[expect(clippy::disallowed_methods, reason = "this is the environment reader")]
fn of_the_process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// Checks that exactly the listed variables are read, and that each is missed by its name.
    fn check<T: Debug>(
        variables: &[&'static str],
        read: impl Fn(&dyn Fn(&str) -> Option<String>) -> Result<T, Missing>,
    ) {
        let listed = |name: &str| variables.contains(&name).then(|| format!("the {name}"));
        read(&listed).expect("the listed variables are enough");
        for missing in variables {
            for empty in [None, Some(String::new()), Some("  ".to_owned())] {
                let value = |name: &str| if name == *missing { empty.clone() } else { listed(name) };
                let error = read(&value).expect_err(missing);
                assert_eq!(error, Missing { name: missing });
                assert!(error.to_string().contains(missing));
            }
        }
    }

    #[test]
    fn every_variable_is_required_and_missed_by_name() {
        check(WebhookEnvironment::VARIABLES, |value| WebhookEnvironment::read(value));
        check(InboxEnvironment::VARIABLES, |value| InboxEnvironment::read(value));
        check(ConsoleEnvironment::REQUIRED, |value| ConsoleEnvironment::read(value));
    }

    #[test]
    fn each_variable_lands_in_its_own_field() {
        let echo = |name: &str| Some(name.to_owned());
        let webhook = WebhookEnvironment::read(echo).unwrap();
        assert_eq!([webhook.line_secret_id, webhook.inbox_queue_url], ["LINE_SECRET_ID", "INBOX_QUEUE_URL"]);
        let console = ConsoleEnvironment::read(echo).unwrap();
        assert_eq!([console.staff_issuer, console.staff_client_id], ["STAFF_ISSUER", "STAFF_CLIENT_ID"]);
        let may_be_empty = [console.staff_secret_id, console.staff_discovery, console.console_address];
        assert_eq!(may_be_empty.map(Option::unwrap), ["STAFF_SECRET_ID", "STAFF_DISCOVERY", "CONSOLE_ADDRESS"]);
        let inbox = InboxEnvironment::read(echo).unwrap();
        assert_eq!(
            [inbox.table_name, inbox.line_secret_id, inbox.line_api_base, inbox.line_data_base],
            ["TABLE_NAME", "LINE_SECRET_ID", "LINE_API_BASE", "LINE_DATA_BASE"]
        );
        assert_eq!(inbox.inbox_dead_letters_url, "INBOX_DEAD_LETTERS_URL");
    }
}
