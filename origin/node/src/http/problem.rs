//! Problem details (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

const TYPE_BASE: &str = "https://showfloor.dev/problems/";

/// An answer that says no, and what to do next.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    #[serde(serialize_with = "status_code")]
    status: StatusCode,
    detail: String,
    next: &'static str,
    #[serde(skip)]
    retry_after_s: Option<u32>,
}

fn status_code<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    fn new(
        status: StatusCode,
        slug: &str,
        title: &'static str,
        detail: impl Into<String>,
        next: &'static str,
    ) -> Self {
        Self {
            kind: format!("{TYPE_BASE}{slug}"),
            title,
            status,
            detail: detail.into(),
            next,
            retry_after_s: None,
        }
    }

    fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }

    pub(crate) fn not_found() -> Self {
        let detail = "There is nothing at this address.";
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail, "Check the address.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        let detail = "This address is for reading only.";
        let title = "The method is not allowed here";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", title, detail, "Use GET.")
    }

    pub(crate) fn not_on_air() -> Self {
        let detail = "Nobody is publishing to this show, or its first part is not stored yet.";
        Self::new(
            StatusCode::NOT_FOUND,
            "not-on-air",
            "The show is not on air",
            detail,
            "Ask again when it is live.",
        )
        .retry_after(1)
    }

    pub(crate) fn bad_token() -> Self {
        let detail = "This address is for services, and the bearer token is missing or not valid.";
        let next = "Send a service token whose audience is the origin.";
        Self::new(StatusCode::UNAUTHORIZED, "bad-token", "The token is not accepted", detail, next)
    }

    pub(crate) fn bad_query(detail: impl Into<String>) -> Self {
        let title = "The delivery directives cannot be followed";
        let next = "Reload the playlist without _HLS_ parameters.";
        Self::new(StatusCode::BAD_REQUEST, "bad-playlist-query", title, detail, next)
    }

    pub(crate) fn took_too_long() -> Self {
        let detail = "The part that was asked for did not come within three target durations.";
        let next = "Show the last playlist there is, and ask again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "part-not-ready", "The part is not ready", detail, next)
            .retry_after(1)
    }

    pub(crate) fn too_many_held() -> Self {
        let detail = "Too many requests are waiting for parts.";
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-held",
            "Too many requests wait",
            detail,
            "Ask again.",
        )
        .retry_after(1)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).expect("strings and a number are always JSON");
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
