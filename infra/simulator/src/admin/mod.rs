//! The simulator's own API under `/simulator`: residents who act, what arrived, faults, clock, limits.

mod journal;
mod residents;
mod settings;

use axum::{
    Json, Router,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::Shared;

/// All routes.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/simulator", axum::routing::delete(settings::reset))
        .route("/simulator/config", put(settings::set_config).get(settings::get_config))
        .route("/simulator/faults", put(settings::set_faults).get(settings::get_faults))
        .route("/simulator/clock", put(settings::set_clock).get(settings::get_clock))
        .route("/simulator/limits", put(settings::set_limits).get(settings::get_limits))
        .route("/simulator/residents", post(residents::create).get(residents::list))
        .route("/simulator/residents/{user_id}", get(residents::get))
        .route("/simulator/residents/{user_id}/events", post(residents::play))
        .route("/simulator/residents/{user_id}/chat", get(residents::chat))
        .route("/simulator/residents/{user_id}/menu", get(residents::menu).post(residents::switch_menu))
        .route("/simulator/residents/{user_id}/liff", post(residents::open_liff))
        .route("/simulator/events", post(residents::play_many))
        .route("/simulator/endpoints", get(journal::endpoints))
        .route("/simulator/received", get(journal::received))
        .route("/simulator/calls", get(journal::calls))
        .route("/simulator/webhooks", get(journal::webhooks))
        .route("/simulator/stream", get(journal::stream))
        .route("/simulator/content/{message_id}", get(journal::content))
        .route("/simulator/richmenu/{id}/image", get(journal::menu_image))
}

/// A refusal of the admin API: status and message.
#[derive(Debug)]
pub(crate) struct Refusal(StatusCode, String);

impl Refusal {
    fn bad(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }

    fn not_found() -> Self {
        Self(StatusCode::NOT_FOUND, "not found".to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

type Answered<T = Json<Value>> = Result<T, Refusal>;

/// The body as JSON, whatever its content type says; an empty one is an empty object.
fn parse(body: &Bytes) -> Answered<Value> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))
}
