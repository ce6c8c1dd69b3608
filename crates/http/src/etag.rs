//! Versions of what is edited: `ETag` out, `If-Match` in (RFC 9110 §8.8.3, §13.1.1).

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, header};

use crate::problem::{Problem, Result};

/// The version that an edit is based on. 428 when the header is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let value = parts.headers.get(header::IF_MATCH).ok_or_else(Problem::precondition_required)?;
        // A tag that we never issued matches nothing; `*` would be an edit that read nothing.
        let version = value
            .to_str()
            .ok()
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'))
            .and_then(|text| text.parse().ok());
        version.map(Self).ok_or_else(Problem::stale)
    }
}

/// An answer with its version as `ETag`.
#[derive(Clone, Copy, Debug)]
pub struct Versioned<T> {
    /// The version.
    pub version: u64,
    /// The answer.
    pub body: T,
}

impl<T: IntoResponse> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let value = format!("\"{}\"", self.version);
        response
            .headers_mut()
            .insert(header::ETAG, HeaderValue::from_str(&value).expect("digits and quotes make a header"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn version(value: Option<&str>) -> Result<u64, u16> {
        let mut request = http::Request::patch("/");
        if let Some(value) = value {
            request = request.header("if-match", value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map(|v| v.0).map_err(|p| p.kind().status.as_u16())
    }

    #[tokio::test]
    async fn an_edit_names_the_version_it_changes() {
        assert_eq!(version(Some("\"7\"")).await, Ok(7));
        assert_eq!(version(None).await, Err(428));
        assert_eq!(version(Some("*")).await, Err(412));
        assert_eq!(version(Some("W/\"7\"")).await, Err(412));
    }
}
