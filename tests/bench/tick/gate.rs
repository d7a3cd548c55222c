//! A gate before the city's AWS, by which the calls of one function go, and where they are watched.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use tokio::net::TcpListener;

use crate::Failure;
use crate::watch::Watch;

/// The open gate.
pub(crate) struct Gate {
    pub(crate) address: String,
    pub(crate) watch: Arc<Watch>,
}

/// What is behind it.
struct Behind {
    url: String,
    client: reqwest::Client,
}

impl Gate {
    /// Opens it on a free port.
    pub(crate) async fn open(url: &str, client: &reqwest::Client) -> Result<Self, Failure> {
        let watch = Arc::new(Watch::default());
        let behind = Arc::new(Behind { url: url.to_owned(), client: client.clone() });
        let app = watch.before(Router::new().fallback(forward).with_state(behind));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, watch })
    }
}

async fn forward(State(behind): State<Arc<Behind>>, request: Request) -> Response {
    let answer = handed_on(&behind, request).await;
    answer.unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response())
}

async fn handed_on(behind: &Behind, request: Request) -> Result<Response, Box<dyn Error + Send + Sync>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let call = behind.client.request(head.method, format!("{}{}", behind.url, head.uri));
    let answer = call.headers(end_to_end(head.headers)).body(body).send().await?;
    let (status, headers) = (answer.status(), end_to_end(answer.headers().clone()));
    Ok((status, headers, answer.bytes().await?).into_response())
}

/// Headers without those that are about one connection only. The host stays the gate's: the function's signature says it.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [header::CONTENT_LENGTH, header::CONNECTION, header::TRANSFER_ENCODING, header::EXPECT] {
        headers.remove(name);
    }
    headers
}
