//! Signing.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use serde::Serialize;

use super::jws::{
    self, AUDIENCE, Algorithm, Header, ServicePayload, StaffPayload, TokenKind, ViewerPayload, ViewerRole,
};
use super::{ServiceClaims, StaffClaims, ViewerClaims};

/// Signs tokens with one key. The edge never has one: it verifies.
pub struct Signer {
    issuer: String,
    kid: String,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("issuer", &self.issuer).field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Signer {
    /// Signs as `issuer` with the Ed25519 key that 32 secret random bytes make (RFC 8032 §5.1.5), which
    /// verifiers know as `kid`.
    #[must_use]
    pub fn new(issuer: impl Into<String>, kid: impl Into<String>, secret: [u8; 32]) -> Self {
        Self { issuer: issuer.into(), kid: kid.into(), key: SigningKey::from_bytes(&secret) }
    }

    /// The id of the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, for [`Verifier::with_key`](super::Verifier::with_key).
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// A viewer's token.
    #[must_use]
    pub fn sign_viewer(&self, claims: &ViewerClaims) -> String {
        let payload = ViewerPayload {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            shop: claims.shop,
            show: claims.show,
            sub: claims.viewer,
            role: ViewerRole::Viewer,
            name: claims.name.clone(),
            dev: claims.device.clone(),
            iat: claims.issued_at.into(),
            exp: claims.expires_at.into(),
            ren: claims.renew_until.into(),
        };
        self.sign(TokenKind::Viewer, &payload)
    }

    /// A staff member's token for a room.
    #[must_use]
    pub fn sign_staff(&self, claims: &StaffClaims) -> String {
        let payload = StaffPayload {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            shop: claims.shop,
            show: claims.show,
            sub: claims.viewer,
            usr: claims.user,
            role: claims.role,
            name: claims.name.clone(),
            iat: claims.issued_at.into(),
            exp: claims.expires_at.into(),
        };
        self.sign(TokenKind::Staff, &payload)
    }

    /// A service's token.
    #[must_use]
    pub fn sign_service(&self, claims: &ServiceClaims) -> String {
        let payload = ServicePayload {
            iss: self.issuer.clone(),
            aud: claims.audience,
            sub: claims.subject.clone(),
            iat: claims.issued_at.into(),
            exp: claims.expires_at.into(),
        };
        self.sign(TokenKind::Service, &payload)
    }

    fn sign<P: Serialize>(&self, typ: TokenKind, payload: &P) -> String {
        let header = Header { alg: Algorithm::EdDsa, kid: self.kid.clone(), typ };
        let mut token = jws::encode(&json(&header));
        token.push('.');
        token.push_str(&jws::encode(&json(payload)));
        let signature = self.key.sign(token.as_bytes()).to_bytes();
        token.push('.');
        token.push_str(&jws::encode(&signature));
        token
    }
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("headers and claims are plain structs of strings and numbers")
}
