//! Verifying.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::de::DeserializeOwned;
use showfloor_domain::{ShopId, ShowId, UtcMs};

use super::jws::{
    self, AUDIENCE, Header, ServicePayload, StaffPayload, TOKEN_BYTES_MAX, TokenKind, ViewerPayload,
};
use super::{
    Participant, SERVICE_LIFE_MS, STAFF_LIFE_MS, Service, ServiceClaims, StaffClaims, VIEWER_LIFE_MS,
    VIEWER_RENEWABLE_MS, ViewerClaims,
};

/// How far the issuer's clock may be ahead of ours. An expiry gets no such grace.
pub const CLOCK_SKEW_MS: i64 = 30_000;

/// Why a token was refused. The answer to all is 401, but for another show's or shop's: 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than [`TOKEN_BYTES_MAX`].
    #[error("the token is too long")]
    TooLong,
    /// Not a token of ours: its form, its header or its claims.
    #[error("the token is malformed")]
    Malformed,
    /// Signed with a key we do not know.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// Of another kind than is asked for here.
    #[error("the token is of another kind")]
    WrongKind,
    /// Not signed by the key it names.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// From another issuer.
    #[error("the token is from another issuer")]
    WrongIssuer,
    /// For another audience.
    #[error("the token is for another audience")]
    WrongAudience,
    /// Issued in our future, or for longer than its kind may live.
    #[error("the token's times are not allowed")]
    BadTimes,
    /// Over: get a new one.
    #[error("the token has expired")]
    Expired,
    /// Another show's, or another shop's.
    #[error("the token is for another show")]
    OutOfScope,
}

impl TokenError {
    /// The HTTP status that says so.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::OutOfScope => 404,
            Self::TooLong
            | Self::Malformed
            | Self::UnknownKey
            | Self::WrongKind
            | Self::BadSignature
            | Self::WrongIssuer
            | Self::WrongAudience
            | Self::BadTimes
            | Self::Expired => 401,
        }
    }
}

/// The bytes were not a public key of Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 public key")]
pub struct BadKey;

/// What a token must be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This show; the shop is checked where the show is known.
    Show(ShowId),
    /// This show of this shop.
    ShopShow(ShopId, ShowId),
    /// Whatever it says: the caller looks up by the token's own shop and show, and by nothing from the request.
    FromToken,
}

impl Scope {
    fn covers(self, shop: ShopId, show: ShowId) -> bool {
        match self {
            Self::Show(expected) => expected == show,
            Self::ShopShow(expected_shop, expected) => expected_shop == shop && expected == show,
            Self::FromToken => true,
        }
    }
}

/// Checks tokens of one issuer against the keys in use; two are valid while keys rotate.
#[derive(Clone, Debug)]
pub struct Verifier {
    issuer: String,
    keys: BTreeMap<String, VerifyingKey>,
}

impl Verifier {
    /// Knows no key yet, and so refuses everything.
    #[must_use]
    pub fn new(issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), keys: BTreeMap::new() }
    }

    /// Also trusts this Ed25519 public key, under its id.
    ///
    /// # Errors
    /// [`BadKey`] when the bytes are no point of the curve, or a weak one.
    pub fn with_key(mut self, kid: impl Into<String>, public_key: [u8; 32]) -> Result<Self, BadKey> {
        let key = VerifyingKey::from_bytes(&public_key).map_err(|_| BadKey)?;
        if key.is_weak() {
            return Err(BadKey);
        }
        self.keys.insert(kid.into(), key);
        Ok(self)
    }

    /// The claims of a viewer's token.
    ///
    /// # Errors
    /// [`TokenError`], of which any means: no.
    pub fn verify_viewer(&self, token: &str, now: UtcMs, scope: Scope) -> Result<ViewerClaims, TokenError> {
        let claims = self.viewer(token, now, scope)?;
        if now >= claims.expires_at { Err(TokenError::Expired) } else { Ok(claims) }
    }

    /// The claims of a viewer's token that may have expired, but can still be renewed. The caller compares
    /// [`ViewerClaims::device`] with the hash of the secret it was shown, in constant time.
    ///
    /// # Errors
    /// [`TokenError::Expired`] past `renew_until`, and everything else that makes a token bad.
    pub fn verify_renewal(&self, token: &str, now: UtcMs, scope: Scope) -> Result<ViewerClaims, TokenError> {
        let claims = self.viewer(token, now, scope)?;
        if now >= claims.renew_until { Err(TokenError::Expired) } else { Ok(claims) }
    }

    /// The claims of a staff member's token.
    ///
    /// # Errors
    /// [`TokenError`], of which any means: no.
    pub fn verify_staff(&self, token: &str, now: UtcMs, scope: Scope) -> Result<StaffClaims, TokenError> {
        let payload: StaffPayload = self.open(token, TokenKind::Staff)?;
        self.audience(&payload.iss, &payload.aud)?;
        let claims = StaffClaims {
            shop: payload.shop,
            show: payload.show,
            viewer: payload.sub,
            user: payload.usr,
            role: payload.role,
            name: payload.name,
            issued_at: payload.iat.into(),
            expires_at: payload.exp.into(),
        };
        check_life(now, claims.issued_at, claims.expires_at, STAFF_LIFE_MS)?;
        check_scope(scope, claims.shop, claims.show)?;
        if now >= claims.expires_at { Err(TokenError::Expired) } else { Ok(claims) }
    }

    /// Whoever comes to a room, with a viewer's token or a staff member's.
    ///
    /// # Errors
    /// [`TokenError`], of which any means: no.
    pub fn verify_participant(
        &self,
        token: &str,
        now: UtcMs,
        scope: Scope,
    ) -> Result<Participant, TokenError> {
        match self.verify_viewer(token, now, scope) {
            Err(TokenError::WrongKind) => self.verify_staff(token, now, scope).map(Participant::from),
            viewer => viewer.map(Participant::from),
        }
    }

    /// The claims of a service's token for `audience`.
    ///
    /// # Errors
    /// [`TokenError`], of which any means: no.
    pub fn verify_service(
        &self,
        token: &str,
        now: UtcMs,
        audience: Service,
    ) -> Result<ServiceClaims, TokenError> {
        let payload: ServicePayload = self.open(token, TokenKind::Service)?;
        if payload.iss != self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        if payload.aud != audience {
            return Err(TokenError::WrongAudience);
        }
        let claims = ServiceClaims {
            subject: payload.sub,
            audience: payload.aud,
            issued_at: payload.iat.into(),
            expires_at: payload.exp.into(),
        };
        check_life(now, claims.issued_at, claims.expires_at, SERVICE_LIFE_MS)?;
        if now >= claims.expires_at { Err(TokenError::Expired) } else { Ok(claims) }
    }

    fn viewer(&self, token: &str, now: UtcMs, scope: Scope) -> Result<ViewerClaims, TokenError> {
        let payload: ViewerPayload = self.open(token, TokenKind::Viewer)?;
        self.audience(&payload.iss, &payload.aud)?;
        let claims = ViewerClaims {
            shop: payload.shop,
            show: payload.show,
            viewer: payload.sub,
            name: payload.name,
            device: payload.dev,
            issued_at: payload.iat.into(),
            expires_at: payload.exp.into(),
            renew_until: payload.ren.into(),
        };
        check_life(now, claims.issued_at, claims.expires_at, VIEWER_LIFE_MS)?;
        if claims.renew_until.since(claims.issued_at) > VIEWER_RENEWABLE_MS {
            return Err(TokenError::BadTimes);
        }
        check_scope(scope, claims.shop, claims.show)?;
        Ok(claims)
    }

    /// The payload, once the signature over it is proved.
    fn open<P: DeserializeOwned>(&self, token: &str, kind: TokenKind) -> Result<P, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::TooLong);
        }
        let compact = jws::split(token).ok_or(TokenError::Malformed)?;
        let header: Header = serde_json::from_slice(&compact.header).map_err(|_| TokenError::Malformed)?;
        let key = self.keys.get(&header.kid).ok_or(TokenError::UnknownKey)?;
        if header.typ != kind {
            return Err(TokenError::WrongKind);
        }
        // Strict verification: one message, one key, one signature (RFC 8032 §5.1.7 without cofactors).
        key.verify_strict(compact.signed, &Signature::from_bytes(&compact.signature))
            .map_err(|_| TokenError::BadSignature)?;
        serde_json::from_slice(&compact.payload).map_err(|_| TokenError::Malformed)
    }

    fn audience(&self, issuer: &str, audience: &str) -> Result<(), TokenError> {
        if issuer != self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        if audience == AUDIENCE { Ok(()) } else { Err(TokenError::WrongAudience) }
    }
}

fn check_life(now: UtcMs, issued_at: UtcMs, expires_at: UtcMs, life_ms_max: i64) -> Result<(), TokenError> {
    let life_ms = expires_at.since(issued_at);
    let from_the_future = issued_at.since(now) > CLOCK_SKEW_MS;
    if from_the_future || !(1..=life_ms_max).contains(&life_ms) { Err(TokenError::BadTimes) } else { Ok(()) }
}

fn check_scope(scope: Scope, shop: ShopId, show: ShowId) -> Result<(), TokenError> {
    if scope.covers(shop, show) { Ok(()) } else { Err(TokenError::OutOfScope) }
}
