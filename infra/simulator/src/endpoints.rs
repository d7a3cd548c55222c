//! The table of LINE's endpoints that are served: method, path, and what each is called in faults and limits.

use axum::http::Method;

use crate::liff;

/// An endpoint of LINE's, named as in its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Endpoint {
    StatelessToken,
    ShortLivedToken,
    VerifyToken,
    VerifyTokenV21,
    RevokeToken,
    Certs,
    VerifyIdToken,
    Reply,
    Push,
    Multicast,
    Narrowcast,
    NarrowcastProgress,
    Broadcast,
    ValidateReply,
    ValidatePush,
    ValidateMulticast,
    ValidateNarrowcast,
    ValidateBroadcast,
    Quota,
    QuotaConsumption,
    SentReply,
    SentPush,
    SentMulticast,
    SentBroadcast,
    GetContent,
    GetPreview,
    GetTranscoding,
    Profile,
    Followers,
    BotInfo,
    Loading,
    MarkAsRead,
    LinkToken,
    GetWebhook,
    SetWebhook,
    TestWebhook,
    CreateRichMenu,
    ValidateRichMenu,
    ListRichMenus,
    GetRichMenu,
    DeleteRichMenu,
    UploadRichMenuImage,
    DownloadRichMenuImage,
    CreateAlias,
    ListAliases,
    GetAlias,
    UpdateAlias,
    DeleteAlias,
    SetDefaultRichMenu,
    GetDefaultRichMenu,
    CancelDefaultRichMenu,
    LinkRichMenu,
    GetRichMenuOfUser,
    UnlinkRichMenu,
    BulkLinkRichMenu,
    BulkUnlinkRichMenu,
}

use Endpoint as E;

type Row = (Method, &'static str, Endpoint, &'static str);

/// `{}` stands for one segment. Fixed segments come before open ones.
const TABLE: &[Row] = &[
    (Method::POST, "/oauth2/v3/token", E::StatelessToken, "token"),
    (Method::POST, "/v2/oauth/accessToken", E::ShortLivedToken, "token"),
    (Method::POST, "/v2/oauth/verify", E::VerifyToken, "token"),
    (Method::GET, "/oauth2/v2.1/verify", E::VerifyTokenV21, "token"),
    (Method::POST, "/v2/oauth/revoke", E::RevokeToken, "token"),
    (Method::GET, "/oauth2/v2.1/certs", E::Certs, "certs"),
    (Method::POST, "/oauth2/v2.1/verify", E::VerifyIdToken, "verifyIdToken"),
    (Method::POST, "/v2/bot/message/reply", E::Reply, "reply"),
    (Method::POST, "/v2/bot/message/push", E::Push, "push"),
    (Method::POST, "/v2/bot/message/multicast", E::Multicast, "multicast"),
    (Method::POST, "/v2/bot/message/narrowcast", E::Narrowcast, "narrowcast"),
    (Method::GET, "/v2/bot/message/progress/narrowcast", E::NarrowcastProgress, "progress"),
    (Method::POST, "/v2/bot/message/broadcast", E::Broadcast, "broadcast"),
    (Method::POST, "/v2/bot/message/validate/reply", E::ValidateReply, "validate"),
    (Method::POST, "/v2/bot/message/validate/push", E::ValidatePush, "validate"),
    (Method::POST, "/v2/bot/message/validate/multicast", E::ValidateMulticast, "validate"),
    (Method::POST, "/v2/bot/message/validate/narrowcast", E::ValidateNarrowcast, "validate"),
    (Method::POST, "/v2/bot/message/validate/broadcast", E::ValidateBroadcast, "validate"),
    (Method::GET, "/v2/bot/message/quota", E::Quota, "quota"),
    (Method::GET, "/v2/bot/message/quota/consumption", E::QuotaConsumption, "quota"),
    (Method::GET, "/v2/bot/message/delivery/reply", E::SentReply, "delivery"),
    (Method::GET, "/v2/bot/message/delivery/push", E::SentPush, "delivery"),
    (Method::GET, "/v2/bot/message/delivery/multicast", E::SentMulticast, "delivery"),
    (Method::GET, "/v2/bot/message/delivery/broadcast", E::SentBroadcast, "delivery"),
    (Method::GET, "/v2/bot/message/{}/content", E::GetContent, "content"),
    (Method::GET, "/v2/bot/message/{}/content/preview", E::GetPreview, "content"),
    (Method::GET, "/v2/bot/message/{}/content/transcoding", E::GetTranscoding, "content"),
    (Method::GET, "/v2/bot/profile/{}", E::Profile, "profile"),
    (Method::GET, "/v2/bot/followers/ids", E::Followers, "followers"),
    (Method::GET, "/v2/bot/info", E::BotInfo, "info"),
    (Method::POST, "/v2/bot/chat/loading/start", E::Loading, "loading"),
    (Method::POST, "/v2/bot/chat/markAsRead", E::MarkAsRead, "markAsRead"),
    (Method::GET, "/v2/bot/channel/webhook/endpoint", E::GetWebhook, "webhookEndpoint"),
    (Method::PUT, "/v2/bot/channel/webhook/endpoint", E::SetWebhook, "webhookEndpoint"),
    (Method::POST, "/v2/bot/channel/webhook/test", E::TestWebhook, "webhookEndpoint"),
    (Method::POST, "/v2/bot/richmenu", E::CreateRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/validate", E::ValidateRichMenu, "richmenu"),
    (Method::GET, "/v2/bot/richmenu/list", E::ListRichMenus, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/bulk/link", E::BulkLinkRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/bulk/unlink", E::BulkUnlinkRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/alias", E::CreateAlias, "richmenu"),
    (Method::GET, "/v2/bot/richmenu/alias/list", E::ListAliases, "richmenu"),
    (Method::GET, "/v2/bot/richmenu/alias/{}", E::GetAlias, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/alias/{}", E::UpdateAlias, "richmenu"),
    (Method::DELETE, "/v2/bot/richmenu/alias/{}", E::DeleteAlias, "richmenu"),
    (Method::GET, "/v2/bot/richmenu/{}", E::GetRichMenu, "richmenu"),
    (Method::DELETE, "/v2/bot/richmenu/{}", E::DeleteRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/richmenu/{}/content", E::UploadRichMenuImage, "richmenu"),
    (Method::GET, "/v2/bot/richmenu/{}/content", E::DownloadRichMenuImage, "richmenu"),
    (Method::GET, "/v2/bot/user/all/richmenu", E::GetDefaultRichMenu, "richmenu"),
    (Method::DELETE, "/v2/bot/user/all/richmenu", E::CancelDefaultRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/user/all/richmenu/{}", E::SetDefaultRichMenu, "richmenu"),
    (Method::GET, "/v2/bot/user/{}/richmenu", E::GetRichMenuOfUser, "richmenu"),
    (Method::DELETE, "/v2/bot/user/{}/richmenu", E::UnlinkRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/user/{}/richmenu/{}", E::LinkRichMenu, "richmenu"),
    (Method::POST, "/v2/bot/user/{}/linkToken", E::LinkToken, "linkToken"),
];

/// LINE's hosts; each knows nothing of the other's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// `api.line.me`.
    Api,
    /// `api-data.line.me`: contents and the images of rich menus.
    Data,
}

impl Host {
    /// LINE's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Api => "api.line.me",
            Self::Data => "api-data.line.me",
        }
    }
}

/// Every endpoint that is served: host, method and path, with `{}` for an open segment.
pub(crate) fn served() -> impl Iterator<Item = (Host, &'static str, &'static str)> {
    TABLE.iter().map(|(method, path, endpoint, _)| (endpoint.host(), method.as_str(), *path))
}

/// Whether rules for faults may name it.
pub(crate) fn is_group(name: &str) -> bool {
    name == liff::GROUP || TABLE.iter().any(|(_, _, _, group)| *group == name)
}

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// An endpoint, its name for faults, and the open segments of its path.
    To(Endpoint, &'static str, Vec<String>),
    /// The path is served, but not for this method.
    OtherMethod,
    /// The path is served, but by the other host; LINE answers as if it were served nowhere.
    OtherHost,
    Nowhere,
}

/// Finds the endpoint. A path must match exactly: LINE takes no slash too many.
pub(crate) fn route(host: Host, method: &Method, path: &str) -> Route {
    let mut found = Route::Nowhere;
    for (row_method, pattern, endpoint, group) in TABLE {
        let Some(open) = matching(pattern, path) else { continue };
        if endpoint.host() != host {
            found = if found == Route::Nowhere { Route::OtherHost } else { found };
            continue;
        }
        if row_method == method {
            return Route::To(*endpoint, group, open);
        }
        found = Route::OtherMethod;
    }
    found
}

fn matching(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut open = Vec::new();
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        match given.next()? {
            "" if wanted == "{}" => return None,
            segment if wanted == "{}" => open.push(segment.to_owned()),
            segment if segment == wanted => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(open)
}

impl Endpoint {
    /// The host that serves it.
    pub(crate) fn host(self) -> Host {
        match self {
            E::GetContent | E::GetPreview | E::GetTranscoding | E::UploadRichMenuImage | E::DownloadRichMenuImage => {
                Host::Data
            }
            _ => Host::Api,
        }
    }

    /// Sends whose repetition can be recognised by `X-Line-Retry-Key`; every other endpoint refuses the header.
    pub(crate) fn takes_retry_key(self) -> bool {
        matches!(self, E::Push | E::Multicast | E::Narrowcast | E::Broadcast)
    }

    /// Endpoints of the token service and of LINE Login need no channel access token.
    pub(crate) fn needs_token(self) -> bool {
        !matches!(
            self,
            E::StatelessToken
                | E::ShortLivedToken
                | E::VerifyToken
                | E::VerifyTokenV21
                | E::RevokeToken
                | E::Certs
                | E::VerifyIdToken
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_strictly() {
        let to = |method: Method, path: &str| route(Host::Api, &method, path);
        assert_eq!(to(Method::POST, "/v2/bot/message/push"), Route::To(E::Push, "push", vec![]));
        assert_eq!(to(Method::GET, "/v2/bot/message/push"), Route::OtherMethod);
        for path in ["/v2/bot/message/push/", "/v2//bot/message/push", "/v2/bot/message", "/v2/bot/profile/", "/"] {
            assert_eq!(to(Method::POST, path), Route::Nowhere, "{path}");
        }
        assert_eq!(
            to(Method::POST, "/v2/bot/user/U1/richmenu/richmenu-2"),
            Route::To(E::LinkRichMenu, "richmenu", vec!["U1".into(), "richmenu-2".into()])
        );
        assert_eq!(
            to(Method::POST, "/v2/bot/user/all/richmenu/richmenu-2"),
            Route::To(E::SetDefaultRichMenu, "richmenu", vec!["richmenu-2".into()])
        );
        assert_eq!(to(Method::GET, "/v2/bot/richmenu/alias/list"), Route::To(E::ListAliases, "richmenu", vec![]));
    }

    #[test]
    fn a_host_knows_its_own_paths_only() {
        let content = |host| route(host, &Method::GET, "/v2/bot/message/1/content");
        assert_eq!(content(Host::Data), Route::To(E::GetContent, "content", vec!["1".into()]));
        assert_eq!(content(Host::Api), Route::OtherHost);
        assert_eq!(route(Host::Data, &Method::POST, "/v2/bot/message/push"), Route::OtherHost);
        assert_eq!(route(Host::Data, &Method::POST, "/v2/bot/message/1/content"), Route::OtherMethod);
    }
}
