//! Which pages may read an answer. Credentials never, the origin `null` never (abuse cases P2, A6).
//!
//! There are three policies, one per group of routes: [`public`] for the catalogue, [`listed_origins`] for
//! what buys, and none at all for the dashboard, which is same-origin.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use showfloor_domain::ShopId;

use crate::Context;
use crate::problem::{Problem, Result};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE");
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, idempotency-key, showfloor-cart, showfloor-order");
const EXPOSED_HEADERS: HeaderValue =
    HeaderValue::from_static("etag, ratelimit, ratelimit-policy, retry-after, location");
const PREFLIGHT_MAX_AGE_S: HeaderValue = HeaderValue::from_static("600");

/// The foreign page that a request comes from, and the shops that list it.
#[derive(Clone, Debug)]
pub struct RequestOrigin {
    own: bool,
    shops: Vec<ShopId>,
}

impl RequestOrigin {
    /// Refuses a page that this shop does not list. Our own pages, and clients that are no pages, pass.
    ///
    /// # Errors
    /// 403 when the page is not on the shop's list.
    pub fn require(&self, shop_id: ShopId) -> Result<()> {
        if self.own || self.shops.contains(&shop_id) { Ok(()) } else { Err(Problem::origin_not_listed()) }
    }
}

/// A client that sends no `Origin` is no browser page: nothing to check.
impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self { own: true, shops: Vec::new() }))
    }
}

/// Any page may read: `Access-Control-Allow-Origin: *`. For `axum::middleware::from_fn`.
pub async fn public(request: Request, next: Next) -> Response {
    let preflight = is_preflight(&request);
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    write_common(headers, preflight);
    response
}

/// Only pages that a shop lists may ask; whether it is *this* shop is checked where the shop is known
/// ([`RequestOrigin::require`], [`crate::Viewer`]). For `axum::middleware::from_fn_with_state`.
pub async fn listed_origins(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        let mut response = next.run(request).await;
        response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
        return response;
    };
    let preflight = is_preflight(&request);
    let allowed = match admit(&context, &origin).await {
        Ok(allowed) => allowed,
        Err(problem) => {
            let mut response = problem.into_response();
            response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
            return response;
        }
    };
    let mut response = if preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        request.extensions_mut().insert(allowed);
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    write_common(headers, preflight);
    response
}

async fn admit(context: &Context, origin: &HeaderValue) -> Result<RequestOrigin> {
    let origin = origin.to_str().map_err(|_| Problem::origin_not_listed())?;
    if context.is_own_origin(origin) {
        return Ok(RequestOrigin { own: true, shops: Vec::new() });
    }
    if origin == "null" {
        return Err(Problem::origin_not_listed());
    }
    let shops = context.listed_origins.shops_listing(origin).await?;
    if shops.is_empty() {
        return Err(Problem::origin_not_listed());
    }
    Ok(RequestOrigin { own: false, shops })
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn write_common(headers: &mut HeaderMap, preflight: bool) {
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_S);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}

/// Whether `text` is an origin that a shop may list: scheme, host and port, nothing else.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let host = authority.host();
    let plain = format!("{scheme}://{authority}") == text && !authority.as_str().contains('@');
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    plain
        && text == text.to_ascii_lowercase()
        && !host.is_empty()
        && !host.contains('*')
        && (scheme == "https" || (scheme == "http" && local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_origin_is_a_whole_origin_and_nothing_more() {
        for accepted in ["https://shop.example", "https://shop.example:8443", "http://localhost:5173"] {
            assert!(is_origin(accepted), "{accepted}");
        }
        for refused in [
            "null",
            "*",
            "https://*.example",
            "https://shop.example/",
            "http://shop.example",
            "https://u@shop.example",
            "//shop.example",
            "javascript:alert(1)",
            "https://Shop.example",
            "",
        ] {
            assert!(!is_origin(refused), "{refused}");
        }
    }
}
