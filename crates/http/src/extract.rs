//! Path and query parameters, with problems instead of plain text when they are wrong.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::{Problem, Result};

/// Path parameters. A malformed id names nothing: the answer is 404, like for one that does not exist.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|path| Self(path.0))
            .map_err(|_| Problem::not_found())
    }
}

/// Query parameters, as a closed type where it denies unknown fields.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|error| Problem::invalid_at("/", without_prefix(&error.body_text())))
    }
}

fn without_prefix(text: &str) -> String {
    text.rsplit("string: ").next().unwrap_or(text).chars().take(200).collect()
}
