//! Problem details (RFC 9457): what went wrong, and what to do next.

use std::borrow::Cow;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use showfloor_api_types::problem::{FieldError, ProblemDetails};
use showfloor_storage::StoreError;

use crate::rate::Exceeded;

/// What every handler answers with when it cannot do what was asked.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// Where the types of problems are documented; a slug follows.
pub const TYPE_BASE: &str = "https://showfloor.dev/problems/";

/// One kind of problem: its slug never changes once published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemType {
    /// The last part of the type's URI.
    pub slug: &'static str,
    /// The kind in a few words, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status it is answered with.
    pub status: StatusCode,
}

/// An answer that says no: which kind of problem, what happened here, and what to do next.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    kind: ProblemType,
    detail: Cow<'static, str>,
    next: Cow<'static, str>,
    errors: Vec<FieldError>,
    exceeded: Option<Exceeded>,
    retry_after_s: Option<u32>,
}

/// The slug of the problem that a response carries, for the request log.
#[derive(Clone, Copy, Debug)]
pub struct ProblemSlug(pub &'static str);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $slug:literal, $title:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: ProblemType =
            ProblemType { slug: $slug, title: $title, status: StatusCode::$status };
    )*};
}

kinds! {
    /// The body is not JSON.
    BAD_JSON = BAD_REQUEST, "bad-json", "The body is not JSON";
    /// Something about the request's form is wrong.
    BAD_REQUEST = BAD_REQUEST, "bad-request", "The request cannot be understood";
    /// Nobody is signed in.
    NOT_SIGNED_IN = UNAUTHORIZED, "not-signed-in", "Nobody is signed in";
    /// The token is missing, forged or over.
    BAD_TOKEN = UNAUTHORIZED, "bad-token", "The token is not accepted";
    /// The role does not include this.
    NOT_ALLOWED = FORBIDDEN, "not-allowed", "Your role does not include this";
    /// A write did not come from the dashboard.
    FOREIGN_ORIGIN = FORBIDDEN, "foreign-origin", "The request comes from another site";
    /// The page is not on the shop's list.
    ORIGIN_NOT_LISTED = FORBIDDEN, "origin-not-listed", "This site is not on the shop's list";
    /// The password was last typed too long ago.
    CONFIRM_PASSWORD = FORBIDDEN, "confirm-password", "Confirm your password";
    /// It does not exist, or not for you.
    NOT_FOUND = NOT_FOUND, "not-found", "Not found";
    /// The path knows other methods.
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "method-not-allowed", "The method is not allowed here";
    /// What is asked contradicts the present state.
    CONFLICT = CONFLICT, "conflict", "That is not possible now";
    /// Somebody else edited it since it was read.
    STALE = PRECONDITION_FAILED, "stale", "Somebody changed this meanwhile";
    /// The body is larger than this route takes.
    TOO_LARGE = PAYLOAD_TOO_LARGE, "too-large", "The body is too large";
    /// The body is of a type that this route does not take.
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body's type is not taken";
    /// A field is wrong.
    INVALID = UNPROCESSABLE_ENTITY, "invalid", "Some fields are not valid";
    /// The edit did not say which version it is of.
    PRECONDITION_REQUIRED = PRECONDITION_REQUIRED, "precondition-required", "Say which version you edit";
    /// A limit is reached.
    TOO_MANY_REQUESTS = TOO_MANY_REQUESTS, "too-many-requests", "Too many requests";
    /// We failed.
    INTERNAL = INTERNAL_SERVER_ERROR, "internal", "Something failed on our side";
    /// For the moment this cannot be answered.
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "Not available for the moment";
}

impl Problem {
    /// A problem of `kind`: `detail` says what happened here, `next` what to do.
    pub fn new(
        kind: ProblemType,
        detail: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            detail: detail.into(),
            next: next.into(),
            errors: Vec::new(),
            exceeded: None,
            retry_after_s: None,
        }))
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> ProblemType {
        self.0.kind
    }

    /// With one more field at fault: `pointer` is a JSON pointer (RFC 6901) into the body.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.0.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Whether fields were named.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.0.errors.is_empty()
    }

    /// With a time after which another try makes sense.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// It does not exist, or belongs to someone else: the answer is the same (abuse cases A1, C10).
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            NOT_FOUND,
            "There is nothing here for you.",
            "Check the address and who you are signed in as.",
        )
    }

    /// The body's JSON does not parse.
    #[must_use]
    pub fn bad_json(detail: String) -> Self {
        Self::new(BAD_JSON, detail, "Send one JSON value, encoded as UTF-8.")
    }

    /// A path segment, query or header is malformed.
    #[must_use]
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(BAD_REQUEST, detail, "Compare the request with the API's description.")
    }

    /// Fields are wrong; name them with [`Problem::at`].
    #[must_use]
    pub fn invalid() -> Self {
        Self::new(
            INVALID,
            "The request was read, but not accepted.",
            "Correct the fields under `errors` and send it again.",
        )
    }

    /// One field is wrong.
    #[must_use]
    pub fn invalid_at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid().at(pointer, detail)
    }

    /// The body is over `limit_bytes`.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        Self::new(TOO_LARGE, format!("At most {limit_bytes} bytes are taken here."), "Send less.")
    }

    /// The body's type is not `expected`.
    #[must_use]
    pub fn unsupported_media_type(expected: &'static str) -> Self {
        Self::new(
            UNSUPPORTED_MEDIA_TYPE,
            format!("This takes {expected}."),
            "Set the Content-Type header to what you send.",
        )
    }

    /// No session, or one that is over.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(NOT_SIGNED_IN, "There is no session, or it is over.", "Sign in and try again.")
    }

    /// A bearer token that is missing, forged, over, or for something else; which of these is not said.
    #[must_use]
    pub fn bad_token() -> Self {
        Self::new(BAD_TOKEN, "The bearer token is missing or not accepted.", "Get a new token and try again.")
    }

    /// The role does not include the operation.
    #[must_use]
    pub fn not_allowed() -> Self {
        Self::new(
            NOT_ALLOWED,
            "Your role in this shop does not include this.",
            "Ask an owner or manager of the shop.",
        )
    }

    /// A cookie came with an origin that is not ours, or none (abuse case A6).
    #[must_use]
    pub fn foreign_origin() -> Self {
        Self::new(
            FOREIGN_ORIGIN,
            "Changes are taken only from the dashboard's own pages, as JSON.",
            "Open the dashboard at its own address.",
        )
    }

    /// The page's origin is not on the shop's list (abuse case P2).
    #[must_use]
    pub fn origin_not_listed() -> Self {
        Self::new(
            ORIGIN_NOT_LISTED,
            "The shop does not sell on this site.",
            "The shop's owner adds the site under Settings, Sites.",
        )
    }

    /// The password must have been typed within the last ten minutes.
    #[must_use]
    pub fn confirm_password() -> Self {
        Self::new(
            CONFIRM_PASSWORD,
            "This needs a password typed within the last 10 minutes.",
            "POST the password to /v1/auth/confirm-password, then try again.",
        )
    }

    /// What is asked contradicts the present state.
    #[must_use]
    pub fn conflict(detail: impl Into<Cow<'static, str>>, next: impl Into<Cow<'static, str>>) -> Self {
        Self::new(CONFLICT, detail, next)
    }

    /// The version in If-Match is not the present one.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            STALE,
            "It was changed since you read it.",
            "Read it again and repeat your change on the new version.",
        )
    }

    /// If-Match is missing.
    #[must_use]
    pub fn precondition_required() -> Self {
        Self::new(
            PRECONDITION_REQUIRED,
            "An edit must say which version it changes.",
            "Send the ETag you read as If-Match.",
        )
    }

    /// A rate limit is reached.
    #[must_use]
    pub fn too_many_requests(exceeded: Exceeded) -> Self {
        let seconds = exceeded.retry_after_s();
        let mut problem = Self::new(
            TOO_MANY_REQUESTS,
            format!("At most {} in {} s.", exceeded.limit, exceeded.window_s),
            format!("Wait {seconds} s and try again."),
        );
        problem.0.exceeded = Some(exceeded);
        problem.0.retry_after_s = Some(seconds);
        problem
    }

    /// We failed; the cause is in the log, not here.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            INTERNAL,
            "The request failed on our side.",
            "Try again; if it stays, tell the operator the time.",
        )
    }

    /// For the moment this cannot be answered.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(UNAVAILABLE, "A part of the system does not answer.", "Try again in a few seconds.")
            .retry_after_s(2)
    }

    /// As it is sent.
    #[must_use]
    pub fn details(&self) -> ProblemDetails {
        let inner = &self.0;
        ProblemDetails {
            kind: format!("{TYPE_BASE}{}", inner.kind.slug),
            title: inner.kind.title.into(),
            status: inner.kind.status.as_u16(),
            detail: inner.detail.clone().into_owned(),
            next: inner.next.clone().into_owned(),
            errors: inner.errors.clone(),
            retry_after_s: inner.retry_after_s,
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({} {}: {})", self.0.kind.status.as_u16(), self.0.kind.slug, self.0.detail)?;
        for error in &self.0.errors {
            write!(f, " [{}: {}]", error.pointer, error.detail)?;
        }
        Ok(())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body =
            serde_json::to_vec(&self.details()).expect("problem details are plain strings and numbers");
        let mut response = (self.0.kind.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(exceeded) = &self.0.exceeded {
            exceeded.write_headers(headers);
        }
        response.extensions_mut().insert(ProblemSlug(self.0.kind.slug));
        response
    }
}

/// A store's refusal as an answer. What only the operator can mend goes to the log, not to the client.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Stale => Self::stale(),
            StoreError::Taken(what) => {
                Self::conflict(format!("This {what} is already taken."), "Choose another one.")
            }
            StoreError::Busy => Self::unavailable(),
            StoreError::Unavailable(cause) => {
                tracing::error!(%cause, "the store is unavailable");
                Self::unavailable()
            }
            StoreError::Corrupt(cause) => {
                tracing::error!(%cause, "the store holds something unreadable");
                Self::internal()
            }
        }
    }
}

impl From<Exceeded> for Problem {
    fn from(exceeded: Exceeded) -> Self {
        Self::too_many_requests(exceeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_happened_and_what_to_do_next() {
        let details = serde_json::to_value(Problem::invalid_at("/title", "is empty").details()).unwrap();
        assert_eq!(details["type"], "https://showfloor.dev/problems/invalid");
        assert_eq!(details["status"], 422);
        assert_eq!(details["errors"][0]["pointer"], "/title");
        assert!(details["next"].as_str().unwrap().contains("errors"));
        assert!(details.get("retry_after_s").is_none());
    }

    #[test]
    fn a_reached_limit_says_when_to_come_back() {
        let exceeded = Exceeded { limit: 10, window_s: 900, retry_after_ms: 1_500 };
        let response = Problem::from(exceeded).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()["retry-after"], "2");
        assert_eq!(response.headers()["ratelimit"], "\"default\";r=0;t=2");
    }
}
