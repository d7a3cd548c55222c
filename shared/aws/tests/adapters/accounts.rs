//! The staff's accounts in the user pool.

use app::error::Kind;
use app::ports::staff::{Accounts as _, Opened, Reminded};
use aws::accounts::UserPool;
use domain::staff::EmailAddress;
use serde_json::json;

use crate::stub::{Stub, error, ok};

fn pool(stub: &Stub) -> UserPool {
    UserPool::new(&stub.clients(), "ap-northeast-1_Pool".to_owned())
}

fn email() -> EmailAddress {
    "hanako@town.example".parse().unwrap()
}

#[tokio::test]
async fn an_account_is_made_for_an_address_that_is_its_owners_once_they_have_read_the_mail() {
    let stub = Stub::answering([ok(json!({"User": {"Username": "7"}}))]).await;
    assert_eq!(pool(&stub).open(&email()).await.unwrap(), Opened::Mailed);
    let asked = &stub.asked().await[0];
    assert_eq!(asked.operation, "AdminCreateUser");
    let expected = json!({
        "UserPoolId": "ap-northeast-1_Pool",
        "Username": "hanako@town.example",
        "UserAttributes": [
            {"Name": "email", "Value": "hanako@town.example"},
            {"Name": "email_verified", "Value": "true"},
        ],
        "DesiredDeliveryMediums": ["EMAIL"],
    });
    assert_eq!(asked.body, expected, "and Cognito thinks out the password");
}

#[tokio::test]
async fn the_mail_goes_out_again_for_the_same_account() {
    let stub = Stub::answering([ok(json!({"User": {"Username": "7"}}))]).await;
    assert_eq!(pool(&stub).remind(&email()).await.unwrap(), Reminded::Mailed);
    let expected = json!({
        "UserPoolId": "ap-northeast-1_Pool",
        "Username": "hanako@town.example",
        "MessageAction": "RESEND",
        "DesiredDeliveryMediums": ["EMAIL"],
    });
    assert_eq!(stub.asked().await[0].body, expected);
}

#[tokio::test]
async fn what_is_so_already_is_no_error_and_everything_else_is() {
    for (code, opened, reminded) in [
        ("UsernameExistsException", Ok(Opened::AlreadyThere), Err(Kind::Permanent)),
        ("UnsupportedUserStateException", Err(Kind::Permanent), Ok(Reminded::HasPassword)),
        ("CodeDeliveryFailureException", Err(Kind::Permanent), Err(Kind::Permanent)),
        ("LimitExceededException", Err(Kind::Throttled), Err(Kind::Throttled)),
        ("AccessDeniedException", Err(Kind::Transient), Err(Kind::Transient)),
    ] {
        let each_attempt = || std::iter::repeat_with(|| error(400, code)).take(3);
        let stub = Stub::answering(each_attempt()).await;
        assert_eq!(pool(&stub).open(&email()).await.map_err(|error| error.kind), opened, "{code}");
        let stub = Stub::answering(each_attempt()).await;
        assert_eq!(pool(&stub).remind(&email()).await.map_err(|error| error.kind), reminded, "{code}");
    }
}

/// The first answer was lost after the account was made: the attempt that follows finds it.
#[tokio::test]
async fn an_attempt_after_a_lost_answer_finds_the_account() {
    let stub = Stub::answering([error(500, "InternalErrorException"), error(400, "UsernameExistsException")]).await;
    assert_eq!(pool(&stub).open(&email()).await.unwrap(), Opened::AlreadyThere);
    assert_eq!(stub.operations().await, ["AdminCreateUser", "AdminCreateUser"]);
}
