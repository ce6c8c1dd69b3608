//! What these functions are handed by the root.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::FromRef;
use showfloor_api_types::show::Ingest;
use showfloor_domain::event::CloudEvent;
use showfloor_domain::{ShopId, ShowId, UtcMs};
use showfloor_http::{
    Context, ListedOrigins, Mailer, Pepper, Problem, Purpose, Result, Session, Sessions, Staff,
};
use showfloor_storage::{
    Accounts, AuditEntry, AuditLog, Checkouts, Images, ModerationLog, Presence, Products, Runs, SalesFigures,
    ShopRecord, Shops, ShowRecord, Shows, StockLedger, StreamKeys,
};

use crate::passwords::Passwords;
use crate::setup::SetupCode;

/// Asks the origin what an encoder sends. Implemented by the root over the origin's HTTP API.
#[async_trait]
pub trait IngestHealth: Send + Sync + 'static {
    /// What the encoder of this show sends; none when nobody publishes.
    ///
    /// # Errors
    /// [`Problem::unavailable`] when the origin does not answer.
    async fn ingest(&self, show_id: ShowId) -> Result<Option<Ingest>>;
}

/// Hears of events that came in over `POST /v1/internal/events`, at least once, in order per subject.
#[async_trait]
pub trait EventSubscriber: Send + Sync + 'static {
    /// Takes one event. A repeat must change nothing.
    ///
    /// # Errors
    /// When it was not taken; it will come again.
    async fn receive(&self, event: &CloudEvent) -> Result<()>;
}

/// The parts that these functions stand on.
#[derive(Clone)]
pub struct Deps {
    /// Time, entropy, tokens, sessions, limits.
    pub http: Context,
    /// People and sessions.
    pub accounts: Arc<dyn Accounts>,
    /// Shops.
    pub shops: Arc<dyn Shops>,
    /// Shows.
    pub shows: Arc<dyn Shows>,
    /// Stream keys.
    pub stream_keys: Arc<dyn StreamKeys>,
    /// Runs of show.
    pub runs: Arc<dyn Runs>,
    /// The catalogue.
    pub products: Arc<dyn Products>,
    /// Pictures.
    pub images: Arc<dyn Images>,
    /// Stock, for what cues show.
    pub stock: Arc<dyn StockLedger>,
    /// Flash sales' counts, for what cues show.
    pub checkouts: Arc<dyn Checkouts>,
    /// Sales, for figures.
    pub sales: Arc<dyn SalesFigures>,
    /// How many watch.
    pub presence: Arc<dyn Presence>,
    /// What moderators did.
    pub moderation: Arc<dyn ModerationLog>,
    /// The audit log.
    pub audit: Arc<dyn AuditLog>,
    /// What encoders send.
    pub ingest: Arc<dyn IngestHealth>,
    /// Sends reset links.
    pub mailer: Arc<dyn Mailer>,
    /// Who else hears of events.
    pub subscribers: Vec<Arc<dyn EventSubscriber>>,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The console's one-time code.
    pub setup_code: Arc<SetupCode>,
    /// Where encoders publish to: `rtmp://live.example.com/live`.
    pub rtmp_url: String,
}

/// A store that has everything these functions ask for.
pub trait Store:
    Accounts
    + Shops
    + Shows
    + StreamKeys
    + Runs
    + Products
    + Images
    + StockLedger
    + Checkouts
    + SalesFigures
    + Presence
    + ModerationLog
    + AuditLog
    + 'static
{
}

impl<S> Store for S where
    S: Accounts
        + Shops
        + Shows
        + StreamKeys
        + Runs
        + Products
        + Images
        + StockLedger
        + Checkouts
        + SalesFigures
        + Presence
        + ModerationLog
        + AuditLog
        + 'static
{
}

impl Deps {
    /// Everything from one store.
    #[must_use]
    pub fn new<S: Store>(
        http: Context,
        store: Arc<S>,
        ingest: Arc<dyn IngestHealth>,
        mailer: Arc<dyn Mailer>,
        setup_code: SetupCode,
        rtmp_url: String,
    ) -> Self {
        let passwords = Passwords::new(http.entropy.as_ref());
        Self {
            accounts: store.clone(),
            shops: store.clone(),
            shows: store.clone(),
            stream_keys: store.clone(),
            runs: store.clone(),
            products: store.clone(),
            images: store.clone(),
            stock: store.clone(),
            checkouts: store.clone(),
            sales: store.clone(),
            presence: store.clone(),
            moderation: store.clone(),
            audit: store,
            http,
            ingest,
            mailer,
            subscribers: Vec::new(),
            passwords,
            setup_code: Arc::new(setup_code),
            rtmp_url,
        }
    }

    /// The show of this shop.
    pub(crate) async fn show(&self, shop_id: ShopId, show_id: ShowId) -> Result<ShowRecord> {
        self.shows.find(shop_id, show_id).await?.ok_or_else(Problem::not_found)
    }

    /// The shop that somebody is signed in to.
    pub(crate) async fn shop(&self, shop_id: ShopId) -> Result<ShopRecord> {
        self.shops.find(shop_id).await?.ok_or_else(Problem::not_found)
    }

    /// Writes an entry into the shop's audit log.
    pub(crate) async fn audit(
        &self,
        staff: &Staff,
        action: &str,
        subject: impl ToString,
        detail: &str,
    ) -> Result<()> {
        self.audit_as(staff.shop_id, staff.user_id.to_string(), action, subject.to_string(), detail).await
    }

    /// The same for an actor that has no session yet.
    pub(crate) async fn audit_as(
        &self,
        shop_id: ShopId,
        actor: String,
        action: &str,
        subject: String,
        detail: &str,
    ) -> Result<()> {
        let at = self.http.now();
        let entry = AuditEntry { shop_id, at, actor, action: action.into(), subject, detail: detail.into() };
        self.audit.append(entry).await?;
        Ok(())
    }
}

impl FromRef<Deps> for Context {
    fn from_ref(deps: &Deps) -> Self {
        deps.http.clone()
    }
}

/// Sessions as these accounts keep them. The root hands it to the [`Context`].
#[derive(Clone)]
pub struct StoredSessions {
    accounts: Arc<dyn Accounts>,
    pepper: Pepper,
}

impl StoredSessions {
    /// Sessions of `accounts`, whose secrets are kept under `pepper`.
    #[must_use]
    pub fn new(accounts: Arc<dyn Accounts>, pepper: Pepper) -> Self {
        Self { accounts, pepper }
    }
}

#[async_trait]
impl Sessions for StoredSessions {
    async fn find(&self, secret: &str, now: UtcMs) -> Result<Option<Session>> {
        let hash = self.pepper.hash(Purpose::Session, secret.as_bytes()).0;
        let found = self.accounts.use_session(hash, now).await?;
        Ok(found.map(|(session, user)| Session {
            user_id: user.id,
            shop_id: user.shop_id,
            role: user.role,
            name: user.name,
            password_confirmed_at: session.confirmed_at,
        }))
    }
}

/// Sites as the shops list them. The root hands it to the [`Context`].
#[derive(Clone)]
pub struct StoredOrigins(pub Arc<dyn Shops>);

#[async_trait]
impl ListedOrigins for StoredOrigins {
    async fn shops_listing(&self, origin: &str) -> Result<Vec<ShopId>> {
        Ok(self.0.listing(origin).await?)
    }
}
