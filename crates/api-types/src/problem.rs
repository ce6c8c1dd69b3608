//! Problem details (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or `/` and the name of a query parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What went wrong, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails {
    /// The kind: a URI that never changes. Programs branch on it.
    #[serde(rename = "type")]
    #[schema(example = "https://showfloor.dev/problems/sold-out")]
    pub kind: String,
    /// The kind in a few words, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// What to do about it.
    pub next: String,
    /// The fields at fault, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}
