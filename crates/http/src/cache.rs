//! What may be kept by a cache: nothing, unless the answer's type says that it is public (abuse case D7).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// An answer that is the same for everybody, and may be kept for `max_age_s` seconds.
///
/// A handler that returns this says so in its signature; a test reads all others back as `no-store`.
#[derive(Clone, Copy, Debug)]
pub struct Public<T> {
    /// How long a cache may keep it.
    pub max_age_s: u32,
    /// The answer.
    pub body: T,
}

#[derive(Clone, Copy, Debug)]
struct IsPublic;

impl<T: IntoResponse> IntoResponse for Public<T> {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let value = format!("public, max-age={}", self.max_age_s);
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            HeaderValue::from_str(&value).expect("digits and ASCII letters make a header"),
        );
        response.extensions_mut().insert(IsPublic);
        response
    }
}

/// Middleware: whatever is not [`Public`] is `no-store`; what is public sets no cookie.
pub async fn no_store_unless_public(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let public = response.extensions().get::<IsPublic>().is_some() && response.status().is_success();
    let headers = response.headers_mut();
    if public {
        headers.remove(header::SET_COOKIE);
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
