//! The staff's accounts in the stack's own Cognito user pool.
//!
//! The console may make them and nothing else: it cannot change, disable or remove one, nor set the password of anybody who
//! has chosen their own.

use app::error::{Error, Kind};
use app::ports::staff::{Accounts, Opened, Reminded};
use async_trait::async_trait;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::operation::admin_create_user::AdminCreateUserError;
use aws_sdk_cognitoidentityprovider::operation::admin_create_user::builders::AdminCreateUserFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, DeliveryMediumType, MessageActionType};
use domain::staff::EmailAddress;

use crate::clients::Clients;
use crate::failure::failed;

const OPENING: &str = "make an account for somebody of the staff";
const REMINDING: &str = "send somebody's first password again";

/// [`Accounts`] in a user pool whose people sign in with their e-mail address.
pub struct UserPool {
    client: Client,
    pool_id: String,
}

impl UserPool {
    /// The pool of this id.
    #[must_use]
    pub fn new(clients: &Clients, pool_id: String) -> Self {
        Self { client: clients.user_pools(), pool_id }
    }

    fn create(&self, email: &EmailAddress) -> AdminCreateUserFluentBuilder {
        let call = self.client.admin_create_user().user_pool_id(&self.pool_id).username(email.as_str());
        call.desired_delivery_mediums(DeliveryMediumType::Email)
    }
}

#[async_trait]
impl Accounts for UserPool {
    async fn open(&self, email: &EmailAddress) -> Result<Opened, Error> {
        // Whoever has the first password has read the mail: nobody else is let in by this address.
        let call = self.create(email).user_attributes(attribute("email", email.as_str())?);
        match call.user_attributes(attribute("email_verified", "true")?).send().await {
            Ok(_) => Ok(Opened::Mailed),
            Err(error) => match error.as_service_error() {
                Some(AdminCreateUserError::UsernameExistsException(_)) => Ok(Opened::AlreadyThere),
                Some(_) | None => Err(failed(OPENING, error)),
            },
        }
    }

    async fn remind(&self, email: &EmailAddress) -> Result<Reminded, Error> {
        match self.create(email).message_action(MessageActionType::Resend).send().await {
            Ok(_) => Ok(Reminded::Mailed),
            Err(error) => match error.as_service_error() {
                Some(AdminCreateUserError::UnsupportedUserStateException(_)) => Ok(Reminded::HasPassword),
                Some(_) | None => Err(failed(REMINDING, error)),
            },
        }
    }
}

fn attribute(name: &str, value: &str) -> Result<AttributeType, Error> {
    let built = AttributeType::builder().name(name).value(value).build();
    built.map_err(|error| Error::new(Kind::Permanent, OPENING, error))
}
