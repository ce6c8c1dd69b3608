//! Tokens for viewers and for staff in a room.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use showfloor_api_types::auth::{RequestViewerToken, StaffToken, ViewerToken};
use showfloor_domain::event::ShowState;
use showfloor_domain::{ShowId, UtcMs, ViewerId};
use showfloor_http::principal::bearer;
use showfloor_http::token::{
    STAFF_TOKEN_TTL_MS, StaffClaims, VIEWER_RENEWABLE_MS, VIEWER_TOKEN_TTL_MS, ViewerClaims,
};
use showfloor_http::{
    ClientAddress, Json as Body, Path, Problem, Purpose, RateClass, RateKey, RequestOrigin, Result, Staff,
};

use crate::deps::Deps;
use showfloor_http::fields::Fields;

/// The fewest bytes of a device's secret.
pub const DEVICE_SECRET_BYTES_MIN: usize = 20;
/// The most bytes of a device's secret.
pub const DEVICE_SECRET_BYTES_MAX: usize = 96;
/// The most characters of a name in chat.
pub const VIEWER_NAME_CHARS_MAX: usize = 32;

/// Gives a device a token to watch, chat and buy in one show; with the token before, renews it.
#[utoipa::path(post, path = "/v1/shows/{show}/viewer-tokens", operation_id = "create_viewer_token", tag = "watch",
    params(("show" = ShowId, Path),
        ("authorization" = Option<String>, Header, description = "`Bearer` and the token to renew; it may just be over")),
    request_body = RequestViewerToken, security(()), responses((status = 201, body = ViewerToken)))]
pub(crate) async fn viewer(
    State(deps): State<Deps>,
    Path(show_id): Path<ShowId>,
    ClientAddress(address): ClientAddress,
    origin: RequestOrigin,
    headers: HeaderMap,
    Body(body): Body<RequestViewerToken>,
) -> Result<(StatusCode, Json<ViewerToken>)> {
    deps.http.limit(RateClass::ViewerToken, RateKey::Address(address))?;
    let mut fields = Fields::default();
    let secret = URL_SAFE_NO_PAD.decode(body.device_secret.trim_end_matches('=')).unwrap_or_default();
    let bounded = (DEVICE_SECRET_BYTES_MIN..=DEVICE_SECRET_BYTES_MAX).contains(&secret.len());
    fields.require(bounded, "/device_secret", "must be base64url of 20 to 96 bytes");
    let name = fields.optional_line("/name", body.name.as_deref(), VIEWER_NAME_CHARS_MAX);
    fields.check()?;

    let show = deps.shows.find_any(show_id).await?.filter(|show| show.state != ShowState::Draft);
    let show = show.ok_or_else(Problem::not_found)?;
    origin.require(show.shop_id)?;

    let now = deps.http.now();
    let device_hash = deps.http.pepper.hash(Purpose::Device, &secret).0;
    let before =
        bearer(&headers).map(|token| renewable(&deps, token, show_id, &device_hash, now)).transpose()?;
    let (viewer_id, name) = match before {
        Some(claims) => (claims.viewer_id, name.or(claims.name)),
        None => (ViewerId::generate(now, deps.http.entropy.id_bytes()), name),
    };
    let renew_until = first_issued(viewer_id).plus_ms(VIEWER_RENEWABLE_MS);
    let claims = ViewerClaims {
        shop_id: show.shop_id,
        show_id,
        viewer_id,
        name,
        device_hash,
        issued_at: now,
        expires_at: now.plus_ms(VIEWER_TOKEN_TTL_MS),
    };
    let token = ViewerToken {
        token: deps.http.issuer.viewer(&claims),
        expires_at: claims.expires_at.into(),
        viewer_id,
        renew_until: renew_until.into(),
    };
    Ok((StatusCode::CREATED, Json(token)))
}

/// A token is renewed by the device it was given to, in its show, for twelve hours from the first one.
fn renewable(
    deps: &Deps,
    token: &str,
    show_id: ShowId,
    device_hash: &[u8; 32],
    now: UtcMs,
) -> Result<ViewerClaims> {
    let claims = deps.http.verifier.viewer_ignoring_expiry(token, now).map_err(|_| Problem::bad_token())?;
    let same_device =
        showfloor_http::SecretHash(claims.device_hash).matches(&showfloor_http::SecretHash(*device_hash));
    let in_time = now.since(first_issued(claims.viewer_id)) < VIEWER_RENEWABLE_MS;
    if claims.show_id == show_id && same_device && in_time { Ok(claims) } else { Err(Problem::bad_token()) }
}

/// A viewer's id is made with their first token, and a UUIDv7 carries its time (RFC 9562 §5.7).
fn first_issued(viewer_id: ViewerId) -> UtcMs {
    let bytes = viewer_id.uuid().into_bytes();
    let ms = bytes[..6].iter().fold(0_i64, |ms, byte| (ms << 8) | i64::from(*byte));
    UtcMs::new(ms)
}

/// Gives a member of staff a token for a show's room.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/staff-token", operation_id = "create_staff_token", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 201, body = StaffToken)))]
pub(crate) async fn staff(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<(StatusCode, Json<StaffToken>)> {
    let show = deps.show(staff.shop_id, show_id).await?;
    let now = deps.http.now();
    let claims = StaffClaims {
        shop_id: show.shop_id,
        show_id,
        user_id: staff.user_id,
        role: staff.role,
        name: staff.name,
        issued_at: now,
        expires_at: now.plus_ms(STAFF_TOKEN_TTL_MS),
    };
    let token = deps.http.issuer.staff(&claims);
    Ok((StatusCode::CREATED, Json(StaffToken { token, expires_at: claims.expires_at.into(), show_id })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewers_id_tells_when_it_was_made() {
        let now = UtcMs::new(1_795_203_000_042);
        assert_eq!(first_issued(ViewerId::generate(now, [0xFF; 10])), now);
    }
}
