//! The account by which an invited colleague signs in: made with the invitation, where the town's accounts are ours to make.

use app::error::Chain;
use app::ports::staff::{Accounts, Opened, Reminded};
use app::staff::invite_again;
use domain::staff::{Staff, Standing};
use maud::{Markup, html};

use super::edit::person_of;
use super::path_of;
use crate::kit::{self, ButtonKind, Form};
use crate::web::{Answer, Call, Failure};
use crate::words::people as words;

/// Makes the account of somebody who was just invited; the word for [`super::with_done`]. That it failed undoes nothing: the
/// page says so, and has the button that tries again.
pub(super) async fn open(call: &Call, invited: &Staff) -> &'static str {
    let Some(accounts) = &call.console.accounts else { return "invited" };
    match accounts.open(&invited.email).await {
        Ok(Opened::Mailed) => "invited-mailed",
        Ok(Opened::AlreadyThere) => "invited-known",
        Err(error) => {
            tracing::error!(staff.id = %invited.id, error = %Chain(&error), "no account made");
            "invited-unmailed"
        }
    }
}

/// `POST /people/{id}/mail`: sends the mail with the first password again.
pub async fn mail(call: Call) -> Result<Answer, Failure> {
    let staff = person_of(&call).await?;
    let (Some(accounts), Standing::Invited) = (&call.console.accounts, staff.standing) else {
        return Ok(Answer::SeeOther(path_of(&staff)));
    };
    let done = again(&call, &**accounts, &staff).await?;
    Ok(Answer::SeeOther(format!("{}?done={done}", path_of(&staff))))
}

async fn again(call: &Call, accounts: &dyn Accounts, staff: &Staff) -> Result<&'static str, Failure> {
    let by = &call.person()?.staff.id;
    Ok(match invite_again(accounts, &*call.console.audit, by, staff, call.now).await {
        Ok(Reminded::Mailed) => "mailed",
        Ok(Reminded::HasPassword) => "has-password",
        Err(error) => {
            tracing::error!(staff.id = %staff.id, error = %Chain(&error), "no mail sent");
            "unmailed"
        }
    })
}

/// What an invited colleague must be told.
pub(super) fn tell_them(call: &Call, staff: &Staff) -> Result<Markup, Failure> {
    let address = html! { (words::TELL_ADDRESS) ": " strong { (call.origin) "/" } };
    let email = html! { strong { (staff.email.as_str()) } };
    let mail = format!("{}/mail", path_of(staff));
    let again = Form::post(&mail, &call.person()?.csrf);
    let content = if call.console.accounts.is_some() {
        html! {
            p { (words::MAIL_SENT) (email) }
            ol {
                li { (address) }
                li { (words::TELL_PASSWORD) }
                li { (words::TELL_SPAM) }
            }
            (kit::post_button(ButtonKind::Secondary, words::MAIL_AGAIN, &again, &[]))
        }
    } else {
        html! {
            p { (words::NOTHING_SENT) }
            ol {
                li { (address) }
                li { (words::TELL_ACCOUNT) (email) }
                li { (words::TELL_ISSUER) }
            }
        }
    };
    Ok(kit::card(words::TELL_THEM, &content))
}
