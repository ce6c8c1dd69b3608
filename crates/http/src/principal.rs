//! Who asks: extractors that answer for a handler before it runs.
//!
//! A dashboard route names its operation when it is added ([`operation`]); [`Staff`] refuses a route that
//! named none. So a forgotten check is a refusal, not a hole.

use axum::Extension;
use axum::extract::{FromRef, FromRequestParts};
use axum::routing::MethodRouter;
use http::request::Parts;
use http::{HeaderMap, header};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};

use crate::Context;
use crate::cors::RequestOrigin;
use crate::json::{is_json, media_type};
use crate::log::Actor;
use crate::problem::{Problem, Result};
use crate::rate::{RateClass, RateKey};
use crate::role::{Operation, Role};
use crate::token::ViewerClaims;

/// The dashboard session's cookie. The prefix binds it to one host, the root path and TLS (RFC 6265bis §4.1.3).
pub const SESSION_COOKIE: &str = "__Host-showfloor";

/// How long a typed password counts as fresh.
pub const PASSWORD_FRESH_MS: i64 = 10 * 60 * 1_000;

/// Adds the operation that the role table is asked about to a route.
pub fn operation<S>(operation: Operation, route: MethodRouter<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    route.route_layer(Extension(operation))
}

/// A person of the shop, signed in to the dashboard, whose role allows this route's operation.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The person.
    pub user_id: UserId,
    /// The shop they work in; every lookup is keyed by it.
    pub shop_id: ShopId,
    /// Their role now.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// When the password was last typed.
    pub password_confirmed_at: UtcMs,
    /// The session's secret, to end or refresh it.
    pub session_secret: crate::secret::Secret,
}

impl<S> FromRequestParts<S> for Staff
where
    Context: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let context = Context::from_ref(state);
        let secret = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(Problem::not_signed_in)?;
        let write = !parts.method.is_safe();
        if write {
            check_write(&context, &parts.headers)?;
        }
        let now = context.now();
        let session = context.sessions.find(secret, now).await?.ok_or_else(Problem::not_signed_in)?;
        Actor::set(parts, session.user_id.to_string());

        let operation = parts.extensions.get::<Operation>().copied().ok_or_else(Problem::not_allowed)?;
        if !operation.allows(session.role) {
            return Err(Problem::not_allowed());
        }
        let class = if write { RateClass::AdminWrite } else { RateClass::AdminRead };
        context.limit(class, RateKey::Name(secret))?;
        if operation.is_sensitive() {
            if now.since(session.password_confirmed_at) >= PASSWORD_FRESH_MS {
                return Err(Problem::confirm_password());
            }
            context.limit(RateClass::AdminSensitive, RateKey::Name(secret))?;
        }
        Ok(Self {
            user_id: session.user_id,
            shop_id: session.shop_id,
            role: session.role,
            name: session.name,
            password_confirmed_at: session.password_confirmed_at,
            session_secret: secret.to_owned().into(),
        })
    }
}

/// A write from one of the dashboard's own pages, before anybody is signed in: sign-in, set-up, reset.
#[derive(Clone, Copy, Debug)]
pub struct DashboardWrite;

impl<S> FromRequestParts<S> for DashboardWrite
where
    Context: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        check_write(&Context::from_ref(state), &parts.headers).map(|()| Self)
    }
}

/// A write needs our exact origin, and a body that a foreign page's form cannot send.
fn check_write(context: &Context, headers: &HeaderMap) -> Result<()> {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    if !origin.is_some_and(|origin| context.is_own_origin(origin)) {
        return Err(Problem::foreign_origin());
    }
    let declared = headers.contains_key(header::CONTENT_TYPE);
    let has_body = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0")
        || headers.contains_key(header::TRANSFER_ENCODING);
    let unforgeable = is_json(headers) || media_type(headers).starts_with("image/");
    if (declared || has_body) && !unforgeable {
        return Err(Problem::foreign_origin());
    }
    Ok(())
}

/// A viewer of one show, from a valid viewer token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The viewer.
    pub viewer_id: ViewerId,
    /// The name they chose for the chat.
    pub name: Option<String>,
    /// Hash of their device's secret.
    pub device_hash: [u8; 32],
}

impl From<ViewerClaims> for Viewer {
    fn from(claims: ViewerClaims) -> Self {
        Self {
            shop_id: claims.shop_id,
            show_id: claims.show_id,
            viewer_id: claims.viewer_id,
            name: claims.name,
            device_hash: claims.device_hash,
        }
    }
}

impl<S> FromRequestParts<S> for Viewer
where
    Context: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let context = Context::from_ref(state);
        let token = bearer(&parts.headers).ok_or_else(Problem::bad_token)?;
        let claims = context.verifier.viewer(token, context.now()).map_err(|_| Problem::bad_token())?;
        if let Some(origin) = parts.extensions.get::<RequestOrigin>() {
            origin.require(claims.shop_id)?;
        }
        Actor::set(parts, claims.viewer_id.to_string());
        Ok(claims.into())
    }
}

/// One of our own services, from a valid service token for these functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Which: `origin`, `edge`, `functions`.
    pub service: String,
}

impl<S> FromRequestParts<S> for Service
where
    Context: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let context = Context::from_ref(state);
        let token = bearer(&parts.headers).ok_or_else(Problem::bad_token)?;
        let claims = context.verifier.service(token, context.now()).map_err(|_| Problem::bad_token())?;
        Actor::set(parts, claims.service.clone());
        Ok(Self { service: claims.service })
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750 §2.1).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of one cookie.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The `Set-Cookie` that begins a session, or ends it when `secret` is empty.
#[must_use]
pub fn session_cookie(secret: &str, max_age_s: u32) -> String {
    format!("{SESSION_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age_s}")
}
