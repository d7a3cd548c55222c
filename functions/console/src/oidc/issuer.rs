//! The real [`Issuer`]: any that speaks `OpenID` Connect.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use openid::cache::Cache;
use openid::call::{CallError, Http, Timeouts, json};
use openid::keys::{IssuerKeys, PUBLISHED_MAX_AGE};
use openid::token::Claimed;
use reqwest::Url;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::address::Reach;
use super::error::{InvalidSettings, SignInError};
use super::id_token::{ALGORITHMS, AUTHENTICATION_AGE_SECONDS_MAX, Expected, check};
use super::provider::{self, Provider};
use super::{Begin, Claims, Issuer, Pending, Seeds, Settings};

/// The longest code that is redeemed. Entra ID's have some 1,500 bytes.
const CODE_BYTES_MAX: usize = 8 * 1024;
/// What we ask to know: the person's id, mail address and name.
const SCOPES: &str = "openid email profile";
const REDEEMING: &str = "redeem the code";

/// An issuer that speaks `OpenID` Connect. Make one per process: it holds the connections, the document and the keys.
pub struct OpenIdIssuer {
    settings: Settings,
    discovery: Url,
    reach: Reach,
    http: Http,
    provider: Cache<Provider>,
    keys: IssuerKeys,
}

/// The answer to a redeemed code. The other tokens in it are of no use to us, and dropped unread.
#[derive(Deserialize)]
struct Redeemed {
    id_token: Option<String>,
}

impl OpenIdIssuer {
    /// The issuer that the settings name. Asks it nothing yet.
    pub fn new(settings: Settings, timeouts: Timeouts) -> Result<Self, InvalidSettings> {
        if settings.issuer.is_empty() || settings.client_id.is_empty() {
            return Err(InvalidSettings::Missing);
        }
        let standard = || format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let discovery = settings.discovery_url.clone().unwrap_or_else(standard);
        let discovery = Url::parse(&discovery).map_err(|_| InvalidSettings::Address)?;
        let reach = Reach::of(&discovery).ok_or(InvalidSettings::Address)?;
        let http = Http::new(timeouts).map_err(|_| InvalidSettings::Client)?;
        Ok(Self { settings, discovery, reach, http, provider: Cache::new(), keys: IssuerKeys::default() })
    }

    async fn provider(&self, now: Timestamp) -> Result<Arc<Provider>, CallError> {
        let fetch = async {
            let document = json(self.http.get(self.discovery.clone()), provider::DOING).await?;
            Provider::read(&document, &self.settings.issuer, self.reach)
        };
        self.provider.get(now, PUBLISHED_MAX_AGE, fetch).await
    }

    async fn key(&self, claimed: &Claimed, now: Timestamp) -> Result<DecodingKey, SignInError> {
        let ask = || async { Ok(self.http.get(self.provider(now).await?.keys.clone())) };
        self.keys.find(claimed, now, ask).await?.map_err(SignInError::Untrusted)
    }

    /// Exchanges a code for an ID token.
    async fn redeem(&self, code: &str, verifier: &str, callback: &str, now: Timestamp) -> Result<String, SignInError> {
        let url = self.provider(now).await?.token.clone();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", callback),
            ("code_verifier", verifier),
        ];
        let mut request = self.http.post(url);
        let client_id = &self.settings.client_id;
        if let Some(secret) = &self.settings.client_secret {
            request = request.basic_auth(form_encoded(client_id), Some(form_encoded(secret.expose_secret())));
        } else {
            form.push(("client_id", client_id));
        }
        match json::<Redeemed>(request.form(&form), REDEEMING).await {
            Ok(Redeemed { id_token: Some(token) }) => Ok(token),
            Ok(Redeemed { id_token: None }) => {
                Err(CallError::Unusable { doing: REDEEMING, why: "there is no ID token in it" }.into())
            }
            Err(CallError::Refused { code: Some(code), status: 400..=499, .. }) if code == "invalid_grant" => {
                Err(SignInError::Expired)
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[async_trait]
impl Issuer for OpenIdIssuer {
    async fn begin(&self, callback: &str, seeds: Seeds, now: Timestamp) -> Result<Begin, SignInError> {
        let [state, nonce, verifier] = seeds.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let mut url = self.provider(now).await?.authorize.clone();
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", callback),
            ("scope", SCOPES),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            // Our sessions end by silence; the issuer's own must not begin them again without the person.
            ("prompt", "login"),
            // The prompt may get lost on the way through the browser. An age makes the issuer say in the signed token when it
            // saw the person (OpenID Connect Core 1.0, sections 2 and 3.1.2.1).
            ("max_age", &AUTHENTICATION_AGE_SECONDS_MAX.to_string()),
        ]);
        Ok(Begin { authorize_url: url.into(), pending: Pending { state, nonce, verifier } })
    }

    async fn finish(
        &self,
        code: &str,
        pending: &Pending,
        callback: &str,
        now: Timestamp,
    ) -> Result<Claims, SignInError> {
        if !(1..=CODE_BYTES_MAX).contains(&code.len()) {
            return Err(SignInError::Expired);
        }
        let token = self.redeem(code, &pending.verifier, callback, now).await?;
        let claimed = Claimed::of(&token, &ALGORITHMS).map_err(SignInError::Untrusted)?;
        let key = self.key(&claimed, now).await?;
        let Settings { issuer, client_id, .. } = &self.settings;
        check(&token, &claimed, &key, &Expected { issuer, client_id, nonce: &pending.nonce, now })
    }

    async fn sign_out_url(&self, return_to: &str, now: Timestamp) -> Option<String> {
        let mut url = self.provider(now).await.ok()?.end_session.clone()?;
        // No `id_token_hint`: an ID token in an address would stay in histories and logs.
        url.query_pairs_mut().extend_pairs([
            ("client_id", self.settings.client_id.as_str()),
            // Cognito's word for the standard's.
            ("logout_uri", return_to),
            ("post_logout_redirect_uri", return_to),
        ]);
        Some(url.into())
    }
}

impl fmt::Debug for OpenIdIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenIdIssuer").field("issuer", &self.settings.issuer).finish_non_exhaustive()
    }
}

/// As OAuth wants both halves of the `Authorization` header (RFC 6749, section 2.3.1).
fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
