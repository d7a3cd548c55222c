//! LINE's endpoints: each a function from the world and a call to an answer.

mod account;
mod auth;
mod content;
mod messaging;
pub(crate) mod narrowcast;
mod richmenu;
mod richmenu_users;

use crate::{
    answer::{Answer, Call},
    endpoints::Endpoint as E,
    world::World,
};

/// Does the call.
pub(crate) fn dispatch(world: &mut World, call: &Call) -> Answer {
    match call.endpoint {
        E::StatelessToken => auth::stateless(world, call),
        E::ShortLivedToken => auth::short_lived(world, call),
        E::VerifyToken | E::VerifyTokenV21 => auth::verify(world, call),
        E::RevokeToken => auth::revoke(world, call),
        E::Certs => auth::certs(world),
        E::VerifyIdToken => auth::verify_id_token(world, call),
        E::Reply => messaging::reply(world, call),
        E::Push => messaging::push(world, call),
        E::Multicast => messaging::multicast(world, call),
        E::Broadcast => messaging::broadcast(world, call),
        E::ValidateReply | E::ValidatePush | E::ValidateMulticast | E::ValidateNarrowcast | E::ValidateBroadcast => {
            messaging::validate(world, call)
        }
        E::Narrowcast => narrowcast::send(world, call),
        E::NarrowcastProgress => narrowcast::progress(world, call),
        E::Quota => account::quota(world),
        E::QuotaConsumption => account::consumption(world, call),
        E::SentReply => account::sent(world, call, "reply"),
        E::SentPush => account::sent(world, call, "push"),
        E::SentMulticast => account::sent(world, call, "multicast"),
        E::SentBroadcast => account::sent(world, call, "broadcast"),
        E::GetContent => content::get(world, call),
        E::GetPreview => content::preview(world, call),
        E::GetTranscoding => content::transcoding(world, call),
        E::Profile => account::profile(world, call),
        E::Followers => account::followers(world, call),
        E::BotInfo => account::info(world),
        E::Loading => account::loading(world, call),
        E::MarkAsRead => account::mark_as_read(call),
        E::LinkToken => account::link_token(world, call),
        E::GetWebhook => account::get_webhook(world),
        E::SetWebhook => account::set_webhook(world, call),
        // Needs to wait for the webhook: the gate sees to it.
        E::TestWebhook => Answer::empty(),
        E::CreateRichMenu => richmenu::create(world, call),
        E::ValidateRichMenu => richmenu::validate(world, call),
        E::ListRichMenus => richmenu::list(world),
        E::GetRichMenu => richmenu::get(world, call),
        E::DeleteRichMenu => richmenu::delete(world, call),
        E::UploadRichMenuImage => richmenu::upload(world, call),
        E::DownloadRichMenuImage => richmenu::download(world, call),
        E::CreateAlias => richmenu::create_alias(world, call),
        E::ListAliases => richmenu::list_aliases(world),
        E::GetAlias => richmenu::get_alias(world, call),
        E::UpdateAlias => richmenu::update_alias(world, call),
        E::DeleteAlias => richmenu::delete_alias(world, call),
        E::SetDefaultRichMenu => richmenu_users::set_default(world, call),
        E::GetDefaultRichMenu => richmenu_users::get_default(world),
        E::CancelDefaultRichMenu => richmenu_users::cancel_default(world),
        E::LinkRichMenu => richmenu_users::link(world, call),
        E::GetRichMenuOfUser => richmenu_users::get(world, call),
        E::UnlinkRichMenu => richmenu_users::unlink(world, call),
        E::BulkLinkRichMenu => richmenu_users::bulk_link(world, call),
        E::BulkUnlinkRichMenu => richmenu_users::bulk_unlink(world, call),
    }
}
