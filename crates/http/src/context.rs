//! What every handler is handed: time, entropy, tokens, sessions, limits, and what the operator configured.

use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;
use showfloor_domain::{ShopId, UserId, UtcMs};

use crate::clock::{Clock, Entropy};
use crate::page::Cursors;
use crate::problem::{Problem, Result};
use crate::rate::{RateClass, RateKey, RateLimits};
use crate::role::Role;
use crate::secret::Pepper;
use crate::token::{TokenIssuer, TokenVerifier};

/// A dashboard session that is valid now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person.
    pub user_id: UserId,
    /// The shop they work in.
    pub shop_id: ShopId,
    /// Their role as it is now.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// When the password was last typed.
    pub password_confirmed_at: UtcMs,
}

/// Finds sessions. Implemented by the accounts of `showfloor-functions-admin`.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// The session with this secret, if it is valid at `now`; it is thereby used, so its idle time begins anew.
    async fn find(&self, secret: &str, now: UtcMs) -> Result<Option<Session>>;
}

/// Knows which shops list a site.
#[async_trait]
pub trait ListedOrigins: Send + Sync + 'static {
    /// The shops that list `origin`.
    async fn shops_listing(&self, origin: &str) -> Result<Vec<ShopId>>;
}

/// What a [`Context`] is made of.
pub struct Services {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Signs tokens.
    pub issuer: Arc<dyn TokenIssuer>,
    /// Verifies tokens.
    pub verifier: Arc<dyn TokenVerifier>,
    /// Finds dashboard sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Knows the shops' sites.
    pub listed_origins: Arc<dyn ListedOrigins>,
    /// Counts.
    pub limits: RateLimits,
    /// Keys what is kept of secrets.
    pub pepper: Pepper,
    /// Our own origins, exactly as a browser writes them: `https://live.example.com`. The first one is what
    /// links in mails start with; never the Host header (abuse case A6).
    pub own_origins: Vec<String>,
    /// How many proxies of our own stand before us and append to `X-Forwarded-For`.
    pub trusted_hops: usize,
}

/// The [`Services`], shared by all handlers.
#[derive(Clone)]
pub struct Context(Arc<Services>);

impl Context {
    /// Shares `services`.
    ///
    /// # Panics
    /// When no origin of our own is given: links could not be written.
    #[must_use]
    pub fn new(services: Services) -> Self {
        assert!(!services.own_origins.is_empty(), "at least one origin of our own is configured");
        Self(Arc::new(services))
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> UtcMs {
        self.clock.now()
    }

    /// The origin that links start with, without a slash at the end.
    #[must_use]
    pub fn public_origin(&self) -> &str {
        &self.own_origins[0]
    }

    /// Whether `origin` is our own.
    #[must_use]
    pub fn is_own_origin(&self, origin: &str) -> bool {
        self.own_origins.iter().any(|own| own == origin)
    }

    /// Whether we are reached over TLS, so that HSTS may be sent.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_origin().starts_with("https://")
    }

    /// Counts one more of `class` for `key`.
    ///
    /// # Errors
    /// 429 when the limit is reached.
    pub fn limit(&self, class: RateClass, key: RateKey<'_>) -> Result<()> {
        self.limits.check(class, key, self.now()).map_err(Problem::from)
    }

    /// Cursors of pages.
    #[must_use]
    pub fn cursors(&self) -> Cursors<'_> {
        Cursors::new(&self.pepper)
    }
}

impl Deref for Context {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
