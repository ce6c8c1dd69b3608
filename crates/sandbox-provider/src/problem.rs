//! How the provider says no: problem details (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::ledger::Refusal;

/// One thing that is wrong with a request's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    /// JSON pointer (RFC 6901) into the body.
    pub pointer: &'static str,
    pub detail: &'static str,
}

/// An answer that says no, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    #[serde(serialize_with = "as_number")]
    status: StatusCode,
    detail: String,
    next: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u32>,
}

fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

/// How soon to come back when the provider has too much to do.
const RETRY_AFTER_S: u32 = 2;

impl Problem {
    fn new(
        status: StatusCode,
        slug: &str,
        title: &'static str,
        detail: impl Into<String>,
        next: &'static str,
    ) -> Self {
        let kind = format!("https://showfloor.dev/problems/sandbox/{slug}");
        Self { kind, title, status, detail: detail.into(), next, errors: Vec::new(), retry_after_s: None }
    }

    pub fn unauthorized() -> Self {
        let detail = "The API key is missing or wrong.";
        let next = "Send it as `Authorization: Bearer <key>`.";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Who are you?", detail, next)
    }

    pub fn not_found() -> Self {
        let detail = "There is no such thing, or the secret is not its own.";
        let next = "Check the id and the client secret.";
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail, next)
    }

    pub fn method_not_allowed() -> Self {
        let detail = "This address knows other methods.";
        let title = "The method is not allowed here";
        let next = "Compare it with the documented requests.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", title, detail, next)
    }

    pub fn not_json() -> Self {
        let detail = "The Content-Type must be application/json.";
        let title = "The body is not JSON";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", title, detail, "Send JSON.")
    }

    pub fn too_large(limit_bytes: usize) -> Self {
        let detail = format!("A body has {limit_bytes} bytes at most.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", detail, "Send less.")
    }

    /// The body is not what is expected. The cause never repeats what was sent: it may be a card number.
    pub fn unreadable() -> Self {
        let detail = "A field is missing, unknown or of the wrong type.";
        let title = "The body cannot be read";
        let next = "Compare it with the documented request.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", title, detail, next)
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(|error| error.detail).collect::<Vec<_>>().join(" ");
        let next = "Correct what `errors` names and send it again.";
        let title = "Something is not valid";
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title, detail, next);
        Self { errors, ..problem }
    }

    pub fn not_kept() -> Self {
        let detail = "The change could not be written down.";
        let next = "Ask for the intent before you try again: the change may have happened.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "not-kept", "The provider failed", detail, next)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        let conflict = |slug, title, next| Self::new(StatusCode::CONFLICT, slug, title, detail.clone(), next);
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::KeyReused => conflict("key-reused", "The idempotency key is taken", "Use a new key."),
            Refusal::WrongState(_) => {
                conflict("wrong-state", "Not in this state", "Ask for the intent and go on from there.")
            }
            Refusal::NoAttemptsLeft => {
                conflict("no-attempts-left", "Too many cards were tried", "Cancel it and make a new intent.")
            }
            Refusal::OtherCurrency => {
                conflict("other-currency", "The currency differs", "Refund in the currency that was paid.")
            }
            Refusal::MoreThanCaptured { .. } => {
                conflict("more-than-captured", "Too much", "Refund what is left, or less.")
            }
            Refusal::TooManyRefunds => {
                conflict("too-many-refunds", "Too many refunds", "Refund the rest by other means.")
            }
            Refusal::TooManyIntents | Refusal::TooManyWebhooks => {
                let next = "Wait and try again.";
                let title = "Too much is going on";
                let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", title, detail, next);
                Self { retry_after_s: Some(RETRY_AFTER_S), ..problem }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("its fields are text and numbers");
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
