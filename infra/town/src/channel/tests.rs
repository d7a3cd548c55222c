//! Channels in memory, each wrong in one way.

use std::sync::Mutex;

use app::error::Error;
use line::client::error::Refusal;

use super::*;
use crate::menu::publish;
use crate::menu::tests::{Memory, files, tab};

const HERE: &str = "https://here.example/";

/// A channel that is as it must be, but for what a test changes.
struct Fake {
    menus: Memory,
    chat_mode: &'static str,
    endpoint: Mutex<Option<WebhookEndpoint>>,
    test: WebhookTest,
    quota: Quota,
    used: u64,
    error: Option<LineError>,
    tested: Mutex<Vec<String>>,
}

impl Default for Fake {
    fn default() -> Self {
        let test = WebhookTest { success: true, status_code: 200, reason: "OK".to_owned(), detail: "200".to_owned() };
        Self {
            menus: Memory::default(),
            chat_mode: "bot",
            endpoint: Mutex::new(Some(endpoint(HERE))),
            test,
            quota: Quota::Limited(200),
            used: 199,
            error: None,
            tested: Mutex::default(),
        }
    }
}

fn endpoint(url: &str) -> WebhookEndpoint {
    WebhookEndpoint { endpoint: url.to_owned(), active: true }
}

#[async_trait]
impl Channel for Fake {
    fn menus(&self) -> &dyn RichMenus {
        &self.menus
    }

    async fn account(&self) -> Result<BotInfo, LineError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        Ok(BotInfo {
            user_id: "Ubot".to_owned(),
            basic_id: "@town".to_owned(),
            display_name: "こはるの町".to_owned(),
            chat_mode: self.chat_mode.to_owned(),
        })
    }

    async fn endpoint(&self) -> Result<Option<WebhookEndpoint>, LineError> {
        Ok(self.endpoint.lock().unwrap().clone())
    }

    /// Whether it is used stays as it was.
    async fn set_endpoint(&self, url: &str) -> Result<(), LineError> {
        let mut there = self.endpoint.lock().unwrap();
        let active = there.as_ref().is_none_or(|there| there.active);
        *there = Some(WebhookEndpoint { active, ..endpoint(url) });
        Ok(())
    }

    async fn test(&self, url: &str) -> Result<WebhookTest, LineError> {
        self.tested.lock().unwrap().push(url.to_owned());
        Ok(self.test.clone())
    }

    async fn limit(&self) -> Result<Quota, LineError> {
        Ok(self.quota)
    }

    async fn used(&self) -> Result<u64, LineError> {
        Ok(self.used)
    }
}

/// What is found of a channel, with one tab in the town's menu.
async fn found(line: &Fake, then: Then) -> Vec<Finding> {
    let wanted = Wanted { webhook: HERE, tabs: &[tab("top", "メニュー")], files: &files(), then };
    check(line, &wanted).await.unwrap()
}

/// What is missing of it.
async fn missing(line: &Fake) -> Vec<Finding> {
    publish(&line.menus, &[tab("top", "メニュー")], &files()).await.unwrap();
    let found = found(line, Then::OnlySay).await;
    found.into_iter().filter(|finding| finding.standing() == Standing::Missing).collect()
}

#[tokio::test]
async fn nothing_is_missing_of_a_channel_that_is_set_up() {
    let line = Fake::default();
    assert!(missing(&line).await.is_empty());
    let all = found(&line, Then::OnlySay).await;
    let expected = [
        Finding::Account { name: "こはるの町".to_owned(), basic_id: "@town".to_owned() },
        Finding::ChatIsOff,
        Finding::WebhookHere,
        Finding::Tested,
        Finding::Redelivery,
        Finding::OwnAnswers,
        Finding::MenuThere(1),
        Finding::Quota { limit: Some(200), used: 199 },
    ];
    assert_eq!(all, expected);
    assert_eq!(*line.tested.lock().unwrap(), [HERE, HERE], "once in each look");
}

#[tokio::test]
async fn each_thing_that_is_missing_is_said() {
    let elsewhere = || Mutex::new(Some(endpoint("https://elsewhere.example/")));
    let off = Mutex::new(Some(WebhookEndpoint { active: false, ..endpoint("https://here.example") }));
    let failed = WebhookTest {
        success: false,
        status_code: 503,
        reason: "ERROR_STATUS_CODE".to_owned(),
        detail: "503".to_owned(),
    };
    let said = Finding::TestFailed { status: 503, reason: "ERROR_STATUS_CODE".to_owned(), detail: "503".to_owned() };
    for (line, expected) in [
        (Fake { chat_mode: "chat", ..Fake::default() }, Finding::ChatIsOn),
        (Fake { endpoint: Mutex::default(), ..Fake::default() }, Finding::WebhookUnset),
        (
            Fake { endpoint: elsewhere(), ..Fake::default() },
            Finding::WebhookElsewhere("https://elsewhere.example/".to_owned()),
        ),
        (Fake { endpoint: off, ..Fake::default() }, Finding::WebhookOff),
        (Fake { test: failed, ..Fake::default() }, said),
        (Fake { used: 200, ..Fake::default() }, Finding::Quota { limit: Some(200), used: 200 }),
    ] {
        assert_eq!(missing(&line).await, [expected]);
    }
    let free = Fake { quota: Quota::Unlimited, used: 1_000_000, ..Fake::default() };
    assert!(missing(&free).await.is_empty());
}

#[tokio::test]
async fn a_menu_that_is_not_there_is_missing() {
    let line = Fake::default();
    assert!(found(&line, Then::Mend).await.contains(&Finding::MenuMissing(vec!["上".to_owned()])));
    let wanted = Wanted { webhook: HERE, tabs: &[], files: &files(), then: Then::OnlySay };
    assert!(check(&line, &wanted).await.unwrap().contains(&Finding::MenuUnwanted));
}

#[tokio::test]
async fn only_who_asks_for_it_has_the_webhook_set() {
    let line = Fake { endpoint: Mutex::new(Some(endpoint("https://elsewhere.example/"))), ..Fake::default() };
    found(&line, Then::OnlySay).await;
    assert_eq!(*line.endpoint.lock().unwrap(), Some(endpoint("https://elsewhere.example/")));
    assert!(found(&line, Then::Mend).await.contains(&Finding::WebhookMended));
    assert_eq!(*line.endpoint.lock().unwrap(), Some(endpoint(HERE)));
    assert!(found(&line, Then::Mend).await.contains(&Finding::WebhookHere), "once");
}

#[tokio::test]
async fn a_webhook_that_is_set_and_not_used_is_said_to_be_off() {
    let off = WebhookEndpoint { active: false, ..endpoint("https://elsewhere.example/") };
    let line = Fake { endpoint: Mutex::new(Some(off)), ..Fake::default() };
    let all = found(&line, Then::Mend).await;
    assert!(all.contains(&Finding::WebhookMended) && all.contains(&Finding::WebhookOff), "{all:?}");
}

#[tokio::test]
async fn a_menu_that_does_not_open_first_is_missing() {
    let line = Fake::default();
    let tabs = [tab("top", "メニュー"), tab("more", "くらし")];
    publish(&line.menus, &tabs, &files()).await.unwrap();
    let turned = [tabs[1].clone(), tabs[0].clone()];
    let wanted = Wanted { webhook: HERE, tabs: &turned, files: &files(), then: Then::OnlySay };
    assert!(check(&line, &wanted).await.unwrap().contains(&Finding::MenuNotFirst));
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_is_told_from_trouble() {
    let credentials = |kind| LineError::Credentials(Arc::new(Error::new(kind, "read the secret", "it holds FILL_IN")));
    let without_token = |why| LineError::NoToken(Box::new(why));
    let refused = |status: u16, kind| {
        LineError::from(Refusal {
            doing: "ask for a token",
            status,
            kind,
            message: None,
            details: Vec::new(),
            body: None,
            request_id: None,
        })
    };
    let wanted = Wanted { webhook: HERE, tabs: &[], files: &files(), then: Then::OnlySay };
    let unfilled = Finding::SecretUnusable("could not read the secret: it holds FILL_IN".to_owned());
    for (error, expected) in [
        (without_token(credentials(Kind::Permanent)), Some(unfilled)),
        (without_token(credentials(Kind::Transient)), None),
        (without_token(refused(400, Kind::Permanent)), Some(Finding::Refused(400))),
        (refused(401, Kind::Permanent), Some(Finding::Refused(401))),
        (refused(500, Kind::Transient), None),
    ] {
        let line = Fake { error: Some(error), ..Fake::default() };
        assert_eq!(check(&line, &wanted).await.ok(), expected.map(|finding| vec![finding]));
    }
}

#[test]
fn words_name_what_is_wrong_and_where_to_set_it() {
    let failed = |status| Finding::TestFailed { status, reason: "SOME".to_owned(), detail: "any".to_owned() };
    for (finding, words) in [
        (Finding::WebhookElsewhere("https://elsewhere.example/".to_owned()), "https://elsewhere.example/"),
        (Finding::WebhookUnset, "--mend"),
        (failed(0), "WebhookUrl"),
        (failed(401), "シークレット"),
        (Finding::MenuMissing(vec!["くらし".to_owned(), "設定".to_owned()]), "「くらし」「設定」"),
        (Finding::Quota { limit: Some(200), used: 150 }, "残り50通"),
        (Finding::Redelivery, "再送"),
        (Finding::OwnAnswers, "あいさつメッセージ"),
    ] {
        let said = words::say(&finding);
        assert!(said.contains(words), "{said}");
    }
}
