//! Media and pictures: whole objects, fetched once, kept while they are asked for, served in ranges.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use moka::future::Cache;
use showfloor_edge_core::media::{self, Representation, RequestConditions, Route, Selection};
use showfloor_http::problem::Problem;

/// How many bytes of objects are kept in memory.
pub const CACHE_BYTES: u64 = 128 * 1024 * 1024;
/// The largest object that is served. A segment of ten seconds at 20 Mb/s is 25 MB.
pub const OBJECT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// One stored object.
#[derive(Clone, Debug)]
pub struct Object {
    /// All of it.
    pub bytes: Bytes,
    /// Its entity tag, with quotes (RFC 9110 §8.8.3).
    pub etag: String,
}

/// The store could not say what it has. Whoever runs the store must act; the client may try again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the object store does not answer: {0}")]
pub struct StoreUnavailable(pub String);

/// Where objects come from.
#[async_trait]
pub trait Objects: Send + Sync {
    /// The object that a media or picture route names, if there is one.
    async fn get(&self, route: &Route) -> Result<Option<Object>, StoreUnavailable>;
}

/// Serves objects from a store through a cache in memory.
///
/// Only what is there is cached: a part asked for before it exists is found as soon as it does (abuse case M11).
#[derive(Clone)]
pub struct ObjectServer {
    store: Arc<dyn Objects>,
    cache: Cache<String, Object>,
}

enum Miss {
    Absent,
    Unavailable(StoreUnavailable),
}

impl ObjectServer {
    /// Serves from `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Objects>) -> Self {
        let weigh = |key: &String, object: &Object| {
            u32::try_from(key.len() + object.etag.len() + object.bytes.len()).unwrap_or(u32::MAX)
        };
        Self { store, cache: Cache::builder().weigher(weigh).max_capacity(CACHE_BYTES).build() }
    }

    /// Answers a request for a stored route.
    pub async fn serve(&self, route: &Route, method: &Method, headers: &HeaderMap) -> Response {
        let Some(key) = route.object_key() else { return Problem::not_found().into_response() };
        match self.object(&key, route).await {
            Ok(object) => respond(route, method, headers, &object),
            Err(Miss::Absent) => not_found(route),
            Err(Miss::Unavailable(error)) => {
                tracing::warn!(%error, key, "an object could not be fetched");
                Problem::unavailable().into_response()
            }
        }
    }

    async fn object(&self, key: &str, route: &Route) -> Result<Object, Miss> {
        if let Some(object) = self.cache.get(key).await {
            return Ok(object);
        }
        // However many ask at once, the store is asked once.
        let fetched = self.cache.try_get_with_by_ref(key, async {
            match self.store.get(route).await {
                Ok(Some(object)) => Ok(object),
                Ok(None) => Err(Miss::Absent),
                Err(error) => Err(Miss::Unavailable(error)),
            }
        });
        fetched.await.map_err(|miss| match &*miss {
            Miss::Absent => Miss::Absent,
            Miss::Unavailable(error) => Miss::Unavailable(error.clone()),
        })
    }
}

fn not_found(route: &Route) -> Response {
    let mut response = Problem::not_found().into_response();
    write_policy(route, StatusCode::NOT_FOUND, response.headers_mut());
    response
}

fn respond(route: &Route, method: &Method, headers: &HeaderMap, object: &Object) -> Response {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let conditions = RequestConditions {
        range: text(header::RANGE),
        if_range: text(header::IF_RANGE),
        if_none_match: text(header::IF_NONE_MATCH),
        if_match: text(header::IF_MATCH),
    };
    let size_bytes = object.bytes.len() as u64;
    let stored = Representation { etag: &object.etag, size_bytes };
    let is_head = method == Method::HEAD;
    let asked = if is_head { media::Method::Head } else { media::Method::Get };
    let selection = conditions.select(asked, &stored);
    let status = StatusCode::from_u16(selection.status()).expect("selections have statuses of RFC 9110");
    let mut response = Response::new(if is_head { Body::empty() } else { body(selection, &object.bytes) });
    *response.status_mut() = status;
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(route.content_type()));
    answered.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answered.insert(header::CONTENT_LENGTH, selection.content_length(size_bytes).into());
    if let Ok(etag) = HeaderValue::from_str(&object.etag) {
        answered.insert(header::ETAG, etag);
    }
    if let Some(range) = selection.content_range(size_bytes) {
        answered.insert(header::CONTENT_RANGE, range.parse().expect("a range is digits and punctuation"));
    }
    if selection == Selection::NotModified {
        answered.remove(header::CONTENT_LENGTH);
    }
    write_policy(route, status, answered);
    response
}

fn body(selection: Selection, bytes: &Bytes) -> Body {
    match selection {
        Selection::Full => Body::from(bytes.clone()),
        Selection::Partial { first, last } => {
            let index = |at: u64| usize::try_from(at).expect("positions lie inside bytes held in memory");
            Body::from(bytes.slice(index(first)..=index(last)))
        }
        Selection::NotModified | Selection::PreconditionFailed | Selection::Unsatisfiable => Body::empty(),
    }
}

/// Caching and cross-origin headers of a route, as the core decides them.
pub fn write_policy(route: &Route, status: StatusCode, headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(route.cache_control(status.as_u16())));
    for (name, value) in route.cors() {
        headers.insert(
            header::HeaderName::from_bytes(name.as_bytes()).expect("the table holds header names"),
            HeaderValue::from_static(value),
        );
    }
}
