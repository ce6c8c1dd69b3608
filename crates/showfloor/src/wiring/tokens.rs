//! Tokens: the functions' traits over the one place that signs and verifies.

use std::sync::Arc;

use anyhow::Result;
use showfloor_domain::{UtcMs, ViewerId};
use showfloor_edge_core::token::{self, Scope, Service, Signer, StaffRole, Verifier};
use showfloor_http::Role;
use showfloor_http::token::{
    ServiceClaims, StaffClaims, TokenIssuer, TokenRejected, TokenVerifier, VIEWER_RENEWABLE_MS, ViewerClaims,
};

use super::clock;
use crate::keys::Secret;

/// Who signs: the issuer of all tokens of this deployment.
const ISSUER: &str = "showfloor";

/// Signs and verifies the tokens of this deployment.
#[derive(Clone)]
pub struct Tokens {
    signer: Arc<Signer>,
    verifier: Verifier,
}

impl Tokens {
    /// Signs with the Ed25519 key of this seed; its id is the start of its public half.
    ///
    /// # Errors
    /// When the seed makes a key that can't verify.
    pub fn new(seed: &Secret) -> Result<Self> {
        let public = Signer::new(ISSUER, "", *seed.expose()).public_key();
        let kid: String = public[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let signer = Signer::new(ISSUER, kid.clone(), *seed.expose());
        let verifier = Verifier::new(ISSUER).with_key(kid, signer.public_key())?;
        Ok(Self { signer: Arc::new(signer), verifier })
    }

    /// What the edge has: public keys only.
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// A token that proves to `audience` that `subject` speaks, good for minutes.
    pub fn service(&self, subject: &str, audience: Service) -> String {
        let issued_at = whole_seconds(clock::now());
        self.signer.sign_service(&token::ServiceClaims {
            subject: subject.into(),
            audience,
            issued_at,
            expires_at: issued_at.plus_ms(token::SERVICE_LIFE_MS),
        })
    }
}

impl TokenIssuer for Tokens {
    fn viewer(&self, claims: &ViewerClaims) -> String {
        self.signer.sign_viewer(&token::ViewerClaims {
            shop: claims.shop_id,
            show: claims.show_id,
            viewer: claims.viewer_id,
            name: claims.name.clone(),
            device: hex(&claims.device_hash),
            issued_at: whole_seconds(claims.issued_at),
            expires_at: whole_seconds(claims.expires_at),
            renew_until: whole_seconds(first_issued_at(claims.viewer_id).plus_ms(VIEWER_RENEWABLE_MS)),
        })
    }

    fn staff(&self, claims: &StaffClaims) -> String {
        self.signer.sign_staff(&token::StaffClaims {
            shop: claims.shop_id,
            show: claims.show_id,
            // A person is the same somebody in every room.
            viewer: ViewerId::from_uuid(claims.user_id.uuid()),
            user: claims.user_id,
            role: match claims.role {
                Role::Owner => StaffRole::Owner,
                Role::Manager => StaffRole::Manager,
                Role::Host => StaffRole::Host,
                Role::Moderator => StaffRole::Moderator,
                Role::Analyst => StaffRole::Analyst,
            },
            name: Some(claims.name.clone()),
            issued_at: whole_seconds(claims.issued_at),
            expires_at: whole_seconds(claims.expires_at),
        })
    }
}

impl TokenVerifier for Tokens {
    fn viewer(&self, token: &str, now: UtcMs) -> Result<ViewerClaims, TokenRejected> {
        // The handler looks up by the token's own shop and show.
        self.verifier.verify_viewer(token, now, Scope::FromToken).map_err(|_| TokenRejected).and_then(claims)
    }

    fn viewer_ignoring_expiry(&self, token: &str, now: UtcMs) -> Result<ViewerClaims, TokenRejected> {
        self.verifier.verify_renewal(token, now, Scope::FromToken).map_err(|_| TokenRejected).and_then(claims)
    }

    fn service(&self, token: &str, now: UtcMs) -> Result<ServiceClaims, TokenRejected> {
        let claims =
            self.verifier.verify_service(token, now, Service::Functions).map_err(|_| TokenRejected)?;
        Ok(ServiceClaims { service: claims.subject, expires_at: claims.expires_at })
    }
}

fn claims(claims: token::ViewerClaims) -> Result<ViewerClaims, TokenRejected> {
    Ok(ViewerClaims {
        shop_id: claims.shop,
        show_id: claims.show,
        viewer_id: claims.viewer,
        name: claims.name,
        device_hash: unhex(&claims.device).ok_or(TokenRejected)?,
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
    })
}

/// A viewer's id is made with their first token and carries its time (UUIDv7, RFC 9562 §5.7).
fn first_issued_at(viewer: ViewerId) -> UtcMs {
    let bytes = viewer.uuid().into_bytes();
    let ms = bytes[..6].iter().fold(0_i64, |ms, byte| (ms << 8) | i64::from(*byte));
    UtcMs::new(ms)
}

const fn whole_seconds(at: UtcMs) -> UtcMs {
    UtcMs::new(at.get() - at.get().rem_euclid(1_000))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use showfloor_domain::{ShopId, ShowId};

    use super::*;

    fn tokens() -> Tokens {
        let folder = tempfile::tempdir().unwrap();
        Tokens::new(&crate::keys::Keys::open(folder.path()).unwrap().token_signing).unwrap()
    }

    #[test]
    fn a_viewer_reads_back_as_issued_and_can_renew_for_twelve_hours() {
        let (tokens, now) = (tokens(), UtcMs::new(1_795_203_000_000));
        let viewer = ViewerClaims {
            shop_id: ShopId::generate(now, [1; 10]),
            show_id: ShowId::generate(now, [2; 10]),
            viewer_id: ViewerId::generate(now, [3; 10]),
            name: Some("ines".into()),
            device_hash: [7; 32],
            issued_at: now,
            expires_at: now.plus_ms(15 * 60_000),
        };
        let token = TokenIssuer::viewer(&tokens, &viewer);
        assert_eq!(TokenVerifier::viewer(&tokens, &token, now), Ok(viewer.clone()));
        let later = now.plus_ms(12 * 3_600_000 - 1);
        assert_eq!(TokenVerifier::viewer(&tokens, &token, later), Err(TokenRejected));
        assert_eq!(tokens.viewer_ignoring_expiry(&token, later), Ok(viewer));
        assert_eq!(tokens.viewer_ignoring_expiry(&token, now.plus_ms(12 * 3_600_000)), Err(TokenRejected));
    }

    #[test]
    fn a_service_token_is_good_for_its_audience_only() {
        let tokens = tokens();
        let for_edge = tokens.service("functions", Service::Edge);
        assert_eq!(TokenVerifier::service(&tokens, &for_edge, clock::now()), Err(TokenRejected));
        let for_functions = tokens.service("edge", Service::Functions);
        assert_eq!(TokenVerifier::service(&tokens, &for_functions, clock::now()).unwrap().service, "edge");
    }
}
