//! An issuer on a free port that says whatever a test wants, with keys that live as long as the test.

use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::oidc::{OpenIdIssuer, Settings, Timeouts};

pub(super) const CLIENT: &str = "kairan-console";

/// A key pair, made when it is needed.
pub(super) enum Key {
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Key {
    pub(super) fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub(super) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    /// The public half, as an issuer publishes it.
    pub(super) fn published(&self, name: &str) -> Value {
        match self {
            Self::Ec(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kid": name, "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y)})
            }
            Self::Rsa(pair) => {
                let key = pair.public_key();
                let (n, e) = (key.modulus(), key.exponent());
                json!({
                    "kid": name, "kty": "RSA",
                    "n": base64(n.big_endian_without_leading_zero()), "e": base64(e.big_endian_without_leading_zero()),
                })
            }
        }
    }

    /// A token signed with this key, whatever its header says.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Ec(pair) => pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Rsa(pair) => {
                let encoding: &'static dyn RsaEncoding =
                    if header["alg"] == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", base64(&signature))
    }
}

/// The signed part of a token.
pub(super) fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()))
}

pub(super) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the issuer answers, changed by tests while it runs.
struct Answers {
    document: Value,
    keys: Vec<Value>,
    token: ResponseTemplate,
}

/// An issuer.
pub(super) struct Fake {
    server: MockServer,
    answers: Arc<Mutex<Answers>>,
}

impl Fake {
    /// An issuer whose only key is `key`, named `k1`.
    pub(super) async fn start(key: &Key) -> Self {
        let server = MockServer::start().await;
        let uri = server.uri();
        let document = json!({
            "issuer": uri,
            "authorization_endpoint": format!("{uri}/authorize?tenant=town"),
            "token_endpoint": format!("{uri}/token"),
            "jwks_uri": format!("{uri}/keys"),
            "end_session_endpoint": format!("{uri}/logout"),
        });
        let token = ResponseTemplate::new(500);
        let answers = Arc::new(Mutex::new(Answers { document, keys: vec![key.published("k1")], token }));
        let fake = Self { server, answers };
        fake.serve("GET", "/.well-known/openid-configuration", |answers| {
            ResponseTemplate::new(200).set_body_json(&answers.document)
        })
        .await;
        fake.serve("GET", "/keys", |answers| ResponseTemplate::new(200).set_body_json(json!({"keys": answers.keys})))
            .await;
        fake.serve("POST", "/token", |answers| answers.token.clone()).await;
        fake
    }

    async fn serve(&self, verb: &str, at: &str, answer: fn(&Answers) -> ResponseTemplate) {
        let answers = Arc::clone(&self.answers);
        let respond = move |_: &Request| answer(&answers.lock().unwrap());
        Mock::given(method(verb)).and(path(at)).respond_with(respond).mount(&self.server).await;
    }

    pub(super) fn uri(&self) -> String {
        self.server.uri()
    }

    /// Settings of a public client of this issuer.
    pub(super) fn settings(&self) -> Settings {
        Settings { issuer: self.uri(), client_id: CLIENT.to_owned(), client_secret: None, discovery_url: None }
    }

    /// Our side, as a public client.
    pub(super) fn issuer(&self) -> OpenIdIssuer {
        OpenIdIssuer::new(self.settings(), Timeouts::default()).unwrap()
    }

    /// Our side, with a secret.
    pub(super) fn issuer_with_secret(&self, secret: &str) -> OpenIdIssuer {
        let settings = Settings { client_secret: Some(SecretString::from(secret)), ..self.settings() };
        OpenIdIssuer::new(settings, Timeouts::default()).unwrap()
    }

    pub(super) fn document(&self, name: &str, value: Value) {
        self.answers.lock().unwrap().document[name] = value;
    }

    pub(super) fn keys(&self, keys: Vec<Value>) {
        self.answers.lock().unwrap().keys = keys;
    }

    /// Makes the token endpoint answer this.
    pub(super) fn answer(&self, answer: ResponseTemplate) {
        self.answers.lock().unwrap().token = answer;
    }

    /// Makes the token endpoint give out this ID token.
    pub(super) fn give(&self, token: &str) {
        let body = json!({"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": token});
        self.answer(ResponseTemplate::new(200).set_body_json(body));
    }

    /// The calls to one path so far.
    pub(super) async fn calls(&self, path: &str) -> Vec<Request> {
        let all = self.server.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == path).collect()
    }
}
