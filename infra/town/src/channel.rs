//! Looks whether the LINE channel is set up as this stack needs it, and says what is missing; sets the webhook if it is asked to.

#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;
use std::time::Duration;

use app::error::{Chain, Kind};
use app::town::Files;
use app::town::data::MenuTab;
use async_trait::async_trait;
use aws::clock::SystemClock;
use aws::secrets::StoredChannelSecrets;
use line::client::error::LineError;
use line::client::{BotInfo, LineClient, Quota, WebhookEndpoint, WebhookTest};
use line::config::{Endpoints, Timeouts};

use crate::arguments::Channel as Arguments;
use crate::menu::{self, Difference, RichMenus};
use crate::run::{Fallible, Outcome, clients, look, refusal, worst};

/// How long LINE's test of the webhook may take: LINE waits for the function's first start within it.
const TEST: Duration = Duration::from_secs(30);

/// What `chatMode` says where the account's own chat is off
/// (<https://developers.line.biz/en/reference/messaging-api/#get-bot-info>).
const CHAT_IS_OFF: &str = "bot";

/// Whether a webhook that is set to another address is set to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Nothing is changed.
    OnlySay,
    /// It is.
    Mend,
}

/// How the channel is to be.
struct Wanted<'a> {
    /// The stack's output `WebhookUrl`.
    webhook: &'a str,
    /// The tabs of the town's rich menu.
    tabs: &'a [MenuTab],
    /// The town's files, with the tabs' pictures.
    files: &'a Files,
    then: Then,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// The secret cannot be used, for this reason.
    SecretUnusable(String),
    /// LINE does not take the channel's id and secret, or the token made of them: the HTTP status.
    Refused(u16),
    /// The token works; the account's name and basic id.
    Account { name: String, basic_id: String },
    /// The account's own chat is on.
    ChatIsOn,
    /// The account's own chat is off.
    ChatIsOff,
    /// No webhook is set.
    WebhookUnset,
    /// The webhook goes to another address, which is this.
    WebhookElsewhere(String),
    /// The webhook goes here.
    WebhookHere,
    /// The webhook went elsewhere, or nowhere, and goes here since.
    WebhookMended,
    /// LINE delivers nothing: the use of the webhook is off.
    WebhookOff,
    /// LINE called the webhook, which took it.
    Tested,
    /// LINE could not call the webhook, or it did not take it.
    TestFailed { status: i32, reason: String, detail: String },
    /// Whether LINE delivers again what was not taken: no call tells.
    Redelivery,
    /// Whether the account's own greeting and replies are off: no call tells.
    OwnAnswers,
    /// The town has no rich menu.
    MenuUnwanted,
    /// As many tabs are there as the town has.
    MenuThere(usize),
    /// Tabs that are not there, or not as the town has them.
    MenuMissing(Vec<String>),
    /// The tabs are there, but the menu that opens is another, or none.
    MenuNotFirst,
    /// How many messages may be sent this month, `None` for as many as one likes; how many have been.
    Quota { limit: Option<u64>, used: u64 },
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// As it must be.
    Well,
    /// Something has to be done.
    Missing,
    /// A person has to look.
    Unknown,
}

impl Finding {
    fn standing(&self) -> Standing {
        match self {
            Self::Account { .. }
            | Self::ChatIsOff
            | Self::WebhookHere
            | Self::WebhookMended
            | Self::Tested
            | Self::MenuUnwanted
            | Self::MenuThere(_) => Standing::Well,
            Self::SecretUnusable(_)
            | Self::Refused(_)
            | Self::ChatIsOn
            | Self::WebhookUnset
            | Self::WebhookElsewhere(_)
            | Self::WebhookOff
            | Self::TestFailed { .. }
            | Self::MenuMissing(_)
            | Self::MenuNotFirst => Standing::Missing,
            Self::Redelivery | Self::OwnAnswers => Standing::Unknown,
            Self::Quota { limit, used } => {
                if limit.is_some_and(|limit| limit <= *used) {
                    Standing::Missing
                } else {
                    Standing::Well
                }
            }
        }
    }
}

/// The calls to LINE that this takes.
#[async_trait]
trait Channel: Sync {
    fn menus(&self) -> &dyn RichMenus;
    async fn account(&self) -> Result<BotInfo, LineError>;
    async fn endpoint(&self) -> Result<Option<WebhookEndpoint>, LineError>;
    async fn set_endpoint(&self, endpoint: &str) -> Result<(), LineError>;
    async fn test(&self, endpoint: &str) -> Result<WebhookTest, LineError>;
    async fn limit(&self) -> Result<Quota, LineError>;
    async fn used(&self) -> Result<u64, LineError>;
}

#[async_trait]
impl Channel for LineClient {
    fn menus(&self) -> &dyn RichMenus {
        self
    }

    async fn account(&self) -> Result<BotInfo, LineError> {
        self.bot_info().await
    }

    async fn endpoint(&self) -> Result<Option<WebhookEndpoint>, LineError> {
        self.webhook_endpoint().await
    }

    async fn set_endpoint(&self, endpoint: &str) -> Result<(), LineError> {
        self.set_webhook_endpoint(endpoint).await
    }

    async fn test(&self, endpoint: &str) -> Result<WebhookTest, LineError> {
        self.test_webhook_endpoint(endpoint).await
    }

    async fn limit(&self) -> Result<Quota, LineError> {
        self.quota().await
    }

    async fn used(&self) -> Result<u64, LineError> {
        self.quota_consumption().await
    }
}

/// Looks, and says what was found.
pub(crate) async fn run(arguments: Arguments) -> Fallible<Outcome> {
    let Arguments { folder, line_secret, webhook, mend, places } = arguments;
    let (files, reading) = look(&folder)?;
    if let Some(say_why) = refusal(worst(&reading), true) {
        say_why();
        return Ok(Outcome::Problems);
    }
    let clock = Arc::new(SystemClock);
    let secrets = Arc::new(StoredChannelSecrets::new(&clients(&places).await, line_secret, clock.clone()));
    let endpoints = Endpoints::new(&places.line_api_base, &places.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts { call: TEST, ..Timeouts::default() }, secrets, clock)?;
    let then = if mend { Then::Mend } else { Then::OnlySay };
    let wanted = Wanted { webhook: &webhook, tabs: &reading.data.menu, files: &files, then };
    let findings = check(&line, &wanted).await?;
    words::print(&findings);
    let is_missing = findings.iter().any(|finding| finding.standing() == Standing::Missing);
    Ok(if is_missing { Outcome::Problems } else { Outcome::Well })
}

async fn check(line: &dyn Channel, wanted: &Wanted<'_>) -> Fallible<Vec<Finding>> {
    let account = match line.account().await {
        Ok(account) => account,
        // Without a token nothing else can be asked for.
        Err(error) => return Ok(vec![unusable(error)?]),
    };
    let chat = if account.chat_mode == CHAT_IS_OFF { Finding::ChatIsOff } else { Finding::ChatIsOn };
    let mut findings = vec![Finding::Account { name: account.display_name, basic_id: account.basic_id }, chat];
    findings.extend(check_webhook(line, wanted).await?);
    findings.extend([Finding::Redelivery, Finding::OwnAnswers]);
    findings.extend([check_menu(line, wanted).await?, check_quota(line).await?]);
    Ok(findings)
}

/// What an error means of which staff can mend the cause; any other comes back.
fn unusable(error: LineError) -> Result<Finding, LineError> {
    if let LineError::NoToken(why) = &error
        && let LineError::Credentials(why) = &**why
        && why.kind == Kind::Permanent
    {
        return Ok(Finding::SecretUnusable(Chain(&**why).to_string()));
    }
    match error.refusal().filter(|refusal| refusal.kind == Kind::Permanent).map(|refusal| refusal.status) {
        Some(status) => Ok(Finding::Refused(status)),
        None => Err(error),
    }
}

async fn check_webhook(line: &dyn Channel, wanted: &Wanted<'_>) -> Result<Vec<Finding>, LineError> {
    let (first, found) = match (line.endpoint().await?, wanted.then) {
        (Some(found), Then::OnlySay | Then::Mend) if is_same(&found.endpoint, wanted.webhook) => {
            (Finding::WebhookHere, Some(found))
        }
        (_, Then::Mend) => {
            line.set_endpoint(wanted.webhook).await?;
            (Finding::WebhookMended, line.endpoint().await?)
        }
        (Some(found), Then::OnlySay) => (Finding::WebhookElsewhere(found.endpoint.clone()), Some(found)),
        (None, Then::OnlySay) => (Finding::WebhookUnset, None),
    };
    let mut findings = vec![first];
    if found.is_some_and(|found| !found.active) {
        findings.push(Finding::WebhookOff);
    }
    // By its address: what was set a moment ago LINE may not know everywhere.
    let WebhookTest { success, status_code: status, reason, detail } = line.test(wanted.webhook).await?;
    findings.push(if success { Finding::Tested } else { Finding::TestFailed { status, reason, detail } });
    Ok(findings)
}

/// Whether two addresses are the same; a slash at the end of a host is the same path.
fn is_same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

async fn check_menu(line: &dyn Channel, wanted: &Wanted<'_>) -> Fallible<Finding> {
    if wanted.tabs.is_empty() {
        return Ok(Finding::MenuUnwanted);
    }
    let Difference { missing, opens_another } = menu::compare(line.menus(), wanted.tabs, wanted.files).await?;
    Ok(if !missing.is_empty() {
        Finding::MenuMissing(missing)
    } else if opens_another {
        Finding::MenuNotFirst
    } else {
        Finding::MenuThere(wanted.tabs.len())
    })
}

async fn check_quota(line: &dyn Channel) -> Result<Finding, LineError> {
    let limit = match line.limit().await? {
        Quota::Unlimited => None,
        Quota::Limited(limit) => Some(limit),
    };
    Ok(Finding::Quota { limit, used: line.used().await? })
}
