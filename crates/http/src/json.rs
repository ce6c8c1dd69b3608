//! JSON bodies in: bounded, closed, with a pointer to whatever is wrong.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The most bytes of a viewer's JSON body.
pub const JSON_BYTES_MAX: usize = 64 * 1024;

/// The most bytes of a dashboard's JSON body.
pub const ADMIN_JSON_BYTES_MAX: usize = 1024 * 1024;

/// A JSON body of at most `LIMIT` bytes, read into a closed type.
///
/// Request types carry `#[serde(deny_unknown_fields)]`, so an unknown field is a 422 with its pointer.
#[derive(Clone, Debug)]
pub struct Json<T, const LIMIT: usize = JSON_BYTES_MAX>(pub T);

/// A JSON body of the dashboard: of at most [`ADMIN_JSON_BYTES_MAX`].
#[derive(Clone, Debug)]
pub struct AdminJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for AdminJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Json::<T, ADMIN_JSON_BYTES_MAX>::from_request(request, state).await.map(|body| Self(body.0))
    }
}

impl<T: DeserializeOwned, S: Send + Sync, const LIMIT: usize> FromRequest<S> for Json<T, LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        let bytes = read_body(request, LIMIT).await?;
        parse_json(&bytes).map(Self)
    }
}

/// Whether the body is declared to be JSON.
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers);
    media_type.eq_ignore_ascii_case("application/json")
        || media_type.eq_ignore_ascii_case("application/cloudevents+json")
}

/// The Content-Type without its parameters; empty when there is none.
#[must_use]
pub fn media_type(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map_or("", str::trim)
}

/// Reads a whole body of at most `limit_bytes`.
///
/// # Errors
/// 413 when it is, or says it is, larger; 400 when it breaks off.
pub async fn read_body(request: Request, limit_bytes: usize) -> Result<Bytes, Problem> {
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if declared.is_some_and(|bytes| bytes > limit_bytes) {
        return Err(Problem::too_large(limit_bytes));
    }
    axum::body::to_bytes(request.into_body(), limit_bytes).await.map_err(|error| {
        // The limit is the only error with a source of this kind; all else is the connection.
        let limited = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit exceeded"));
        if limited { Problem::too_large(limit_bytes) } else { Problem::bad_request("The body broke off.") }
    })
}

/// Reads JSON into a closed type.
///
/// # Errors
/// 400 when it is not JSON; 422 with a pointer when it is not what is expected.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let cause = error.into_inner();
        if cause.is_data() {
            Problem::invalid_at(pointer, without_position(&cause.to_string()))
        } else {
            Problem::bad_json(format!("Line {}, column {}.", cause.line(), cause.column()))
        }
    })?;
    reader.end().map_err(|_| Problem::bad_json("Something follows the JSON value.".into()))?;
    Ok(value)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn without_position(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text).chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::StatusCode;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[allow(dead_code)]
        quantity: showfloor_domain::Quantity,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lines {
        #[allow(dead_code)]
        lines: Vec<Line>,
    }

    async fn status<const LIMIT: usize>(content_type: &str, body: impl Into<Body>) -> StatusCode {
        let request = Request::post("/").header("content-type", content_type).body(body.into()).unwrap();
        match Json::<Lines, LIMIT>::from_request(request, &()).await {
            Ok(_) => StatusCode::OK,
            Err(problem) => problem.kind().status,
        }
    }

    #[tokio::test]
    async fn bad_bodies_are_told_apart() {
        let json = "application/json; charset=utf-8";
        assert_eq!(status::<100>(json, r#"{"lines":[{"quantity":1}]}"#).await, 200);
        assert_eq!(status::<100>(json, r#"{"lines":"#).await, 400);
        assert_eq!(status::<100>(json, r#"{"lines":[]} {}"#).await, 400);
        assert_eq!(status::<100>(json, r#"{"lines":[],"price":1}"#).await, 422);
        assert_eq!(status::<100>("text/plain", r#"{"lines":[]}"#).await, 415);
    }

    #[tokio::test]
    async fn a_body_at_the_limit_is_read_and_one_byte_more_is_refused() {
        let body = r#"{"lines":[]}"#;
        assert_eq!(status::<12>("application/json", body).await, 200);
        assert_eq!(status::<11>("application/json", body).await, 413);
        let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
        assert_eq!(status::<11>("application/json", Body::from_stream(chunks)).await, 413);
    }

    #[test]
    fn an_error_points_at_the_field() {
        let error = parse_json::<Lines>(br#"{"lines":[{"quantity":1},{"quantity":0}]}"#).unwrap_err();
        assert_eq!(error.details().errors[0].pointer, "/lines/1/quantity");
        let error = parse_json::<Lines>(br#"{"lines":[{"quantity":1,"price":3}]}"#).unwrap_err();
        assert_eq!(error.details().errors[0].pointer, "/lines/0/price");
        assert!(error.details().errors[0].detail.starts_with("unknown field `price`"));
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        let bytes = "[".repeat(60_000);
        assert_eq!(parse_json::<Lines>(bytes.as_bytes()).unwrap_err().kind().status.as_u16() / 100, 4);
    }
}
