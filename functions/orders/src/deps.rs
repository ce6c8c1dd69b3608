//! What these functions are handed by the root.

use std::sync::Arc;

use axum::extract::FromRef;
use showfloor_http::{Context, Mailer, Result, Staff};
use showfloor_storage::{
    AuditEntry, AuditLog, Discounts, IdempotencyRecords, Orders, PriceBook, Products, Runs,
};

/// The parts that these functions stand on.
#[derive(Clone)]
pub struct Deps {
    /// Time, entropy, sessions, limits.
    pub http: Context,
    /// Orders.
    pub orders: Arc<dyn Orders>,
    /// Discount codes.
    pub discounts: Arc<dyn Discounts>,
    /// Shops' and shows' names.
    pub price_book: Arc<dyn PriceBook>,
    /// Runs of show, for what was on screen when an order was placed.
    pub runs: Arc<dyn Runs>,
    /// The catalogue, for the title of what was on screen.
    pub products: Arc<dyn Products>,
    /// Records of requests that must have their effect once.
    pub idempotency: Arc<dyn IdempotencyRecords>,
    /// The audit log.
    pub audit: Arc<dyn AuditLog>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
}

/// A store that has everything these functions ask for.
pub trait Store:
    Orders + Discounts + PriceBook + Runs + Products + IdempotencyRecords + AuditLog + 'static
{
}

impl<S> Store for S where
    S: Orders + Discounts + PriceBook + Runs + Products + IdempotencyRecords + AuditLog + 'static
{
}

impl Deps {
    /// Everything from one store.
    #[must_use]
    pub fn new<S: Store>(http: Context, store: Arc<S>, mailer: Arc<dyn Mailer>) -> Self {
        Self {
            http,
            orders: store.clone(),
            discounts: store.clone(),
            price_book: store.clone(),
            runs: store.clone(),
            products: store.clone(),
            idempotency: store.clone(),
            audit: store,
            mailer,
        }
    }

    /// Writes an entry into the shop's audit log.
    pub(crate) async fn audit(
        &self,
        staff: &Staff,
        action: &str,
        subject: impl ToString,
        detail: String,
    ) -> Result<()> {
        let entry = AuditEntry {
            shop_id: staff.shop_id,
            at: self.http.now(),
            actor: staff.user_id.to_string(),
            action: action.into(),
            subject: subject.to_string(),
            detail,
        };
        self.audit.append(entry).await?;
        Ok(())
    }
}

impl FromRef<Deps> for Context {
    fn from_ref(deps: &Deps) -> Self {
        deps.http.clone()
    }
}
