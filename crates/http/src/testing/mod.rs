//! Doubles for tests. Nothing here is compiled into a product.

pub mod walk;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};

use crate::Context;
use crate::clock::{Clock, Entropy};
use crate::context::{ListedOrigins, Services, Session, Sessions};
use crate::mail::{Mail, MailError, Mailer};
use crate::problem::Result;
use crate::rate::RateLimits;
use crate::role::Role;
use crate::secret::Pepper;
use crate::token::{ServiceClaims, StaffClaims, TokenIssuer, TokenRejected, TokenVerifier, ViewerClaims};

/// The origin that [`context`] calls its own.
pub const OWN_ORIGIN: &str = "https://showfloor.test";

/// The instant at which a [`ManualClock`] starts: 2026-11-20T19:30:00Z.
pub const START: UtcMs = UtcMs::new(1_795_203_000_000);

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.get()))
    }
}

impl ManualClock {
    /// Moves on.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UtcMs {
        UtcMs::new(self.0.load(Ordering::SeqCst))
    }
}

/// Entropy that counts: never the same twice, the same in every run.
#[derive(Debug, Default)]
pub struct CountingEntropy(AtomicU64);

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64 over a counter.
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst).wrapping_add(1);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let block = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Tokens that are their claims, readable by anyone: for tests of what stands behind the tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenTokens;

#[derive(Serialize, Deserialize)]
#[serde(tag = "typ")]
enum Token {
    Viewer {
        shop: ShopId,
        show: ShowId,
        sub: ViewerId,
        name: Option<String>,
        dev: [u8; 32],
        iat: UtcMs,
        exp: UtcMs,
    },
    Staff {
        shop: ShopId,
        show: ShowId,
        usr: UserId,
        role: Role,
        name: String,
        exp: UtcMs,
    },
    Service {
        service: String,
        aud: String,
        exp: UtcMs,
    },
}

impl Token {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).expect("claims are plain values"))
    }

    fn read(text: &str) -> Result<Self, TokenRejected> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRejected)?;
        serde_json::from_slice(&bytes).map_err(|_| TokenRejected)
    }
}

impl OpenTokens {
    /// A service's token for `audience`.
    #[must_use]
    pub fn service(self, service: &str, audience: &str, expires_at: UtcMs) -> String {
        Token::Service { service: service.into(), aud: audience.into(), exp: expires_at }.write()
    }
}

impl TokenIssuer for OpenTokens {
    fn viewer(&self, claims: &ViewerClaims) -> String {
        Token::Viewer {
            shop: claims.shop_id,
            show: claims.show_id,
            sub: claims.viewer_id,
            name: claims.name.clone(),
            dev: claims.device_hash,
            iat: claims.issued_at,
            exp: claims.expires_at,
        }
        .write()
    }

    fn staff(&self, claims: &StaffClaims) -> String {
        Token::Staff {
            shop: claims.shop_id,
            show: claims.show_id,
            usr: claims.user_id,
            role: claims.role,
            name: claims.name.clone(),
            exp: claims.expires_at,
        }
        .write()
    }
}

impl TokenVerifier for OpenTokens {
    fn viewer(&self, token: &str, now: UtcMs) -> Result<ViewerClaims, TokenRejected> {
        let claims = self.viewer_ignoring_expiry(token, now)?;
        if now < claims.expires_at { Ok(claims) } else { Err(TokenRejected) }
    }

    fn viewer_ignoring_expiry(&self, token: &str, _: UtcMs) -> Result<ViewerClaims, TokenRejected> {
        match Token::read(token)? {
            Token::Viewer { shop, show, sub, name, dev, iat, exp } => Ok(ViewerClaims {
                shop_id: shop,
                show_id: show,
                viewer_id: sub,
                name,
                device_hash: dev,
                issued_at: iat,
                expires_at: exp,
            }),
            Token::Staff { .. } | Token::Service { .. } => Err(TokenRejected),
        }
    }

    fn service(&self, token: &str, now: UtcMs) -> Result<ServiceClaims, TokenRejected> {
        match Token::read(token)? {
            Token::Service { service, aud, exp } if aud == "functions" && now < exp => {
                Ok(ServiceClaims { service, expires_at: exp })
            }
            Token::Service { .. } | Token::Viewer { .. } | Token::Staff { .. } => Err(TokenRejected),
        }
    }
}

/// Sessions by secret, as a test puts them.
#[derive(Debug, Default)]
pub struct FixedSessions(Mutex<HashMap<String, Session>>);

impl FixedSessions {
    /// Puts a session.
    pub fn put(&self, secret: &str, session: Session) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.into(), session);
    }
}

#[async_trait]
impl Sessions for FixedSessions {
    async fn find(&self, secret: &str, _: UtcMs) -> Result<Option<Session>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(secret).cloned())
    }
}

/// Sites by shop, as a test puts them.
#[derive(Debug, Default)]
pub struct FixedOrigins(Mutex<Vec<(String, ShopId)>>);

impl FixedOrigins {
    /// Lists `origin` for a shop.
    pub fn put(&self, origin: &str, shop_id: ShopId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((origin.into(), shop_id));
    }
}

#[async_trait]
impl ListedOrigins for FixedOrigins {
    async fn shops_listing(&self, origin: &str) -> Result<Vec<ShopId>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.iter().filter(|(listed, _)| listed == origin).map(|(_, shop)| *shop).collect())
    }
}

/// Mails that were sent, for a test to read.
#[derive(Debug, Default)]
pub struct KeptMails(Mutex<Vec<Mail>>);

impl KeptMails {
    /// All of them, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mailer for KeptMails {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        Ok(())
    }
}

/// A context of doubles around the given sessions and sites.
#[must_use]
pub fn context(
    clock: Arc<ManualClock>,
    sessions: Arc<dyn Sessions>,
    listed_origins: Arc<dyn ListedOrigins>,
) -> Context {
    let pepper = Pepper::new([42; 32]);
    Context::new(Services {
        clock,
        entropy: Arc::new(CountingEntropy::default()),
        issuer: Arc::new(OpenTokens),
        verifier: Arc::new(OpenTokens),
        sessions,
        listed_origins,
        limits: RateLimits::new(pepper.clone()),
        pepper,
        own_origins: vec![OWN_ORIGIN.into()],
        trusted_hops: 0,
    })
}
