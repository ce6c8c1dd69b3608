//! What these functions are handed by the root.

use std::sync::Arc;

use axum::extract::FromRef;
use showfloor_domain::CheckoutId;
use showfloor_http::Context;
use showfloor_storage::{Carts, Checkouts, IdempotencyRecords, Payments, PriceBook};
use tokio::sync::Notify;

use crate::provider::ProviderAccounts;

/// Hears that a checkout changed, so that whoever waits for it can look again. A closure will do.
pub trait CheckoutChanged: Send + Sync + 'static {
    /// The checkout changed.
    fn changed(&self, checkout_id: CheckoutId);
}

impl<F: Fn(CheckoutId) + Send + Sync + 'static> CheckoutChanged for F {
    fn changed(&self, checkout_id: CheckoutId) {
        self(checkout_id);
    }
}

/// The parts that these functions stand on.
#[derive(Clone)]
pub struct Deps {
    /// Time, entropy, tokens, limits.
    pub http: Context,
    /// Payments.
    pub payments: Arc<dyn Payments>,
    /// Checkouts, to find the cart that a payment belongs to.
    pub checkouts: Arc<dyn Checkouts>,
    /// Carts, for their secrets.
    pub carts: Arc<dyn Carts>,
    /// The shops' modes.
    pub price_book: Arc<dyn PriceBook>,
    /// Records of requests that must have their effect once.
    pub idempotency: Arc<dyn IdempotencyRecords>,
    /// The shops' accounts at providers.
    pub accounts: Arc<dyn ProviderAccounts>,
    /// Hears of checkouts that changed.
    pub changed: Arc<dyn CheckoutChanged>,
    /// Wakes [`crate::run`] before its next turn: a refund was written down, or a provider knows more of one.
    pub refunds: Arc<Notify>,
}

/// A store that has everything these functions ask for.
pub trait Store: Payments + Checkouts + Carts + PriceBook + IdempotencyRecords + 'static {}

impl<S: Payments + Checkouts + Carts + PriceBook + IdempotencyRecords + 'static> Store for S {}

impl Deps {
    /// Everything from one store.
    #[must_use]
    pub fn new<S: Store>(
        http: Context,
        store: Arc<S>,
        accounts: Arc<dyn ProviderAccounts>,
        changed: Arc<dyn CheckoutChanged>,
    ) -> Self {
        Self {
            http,
            payments: store.clone(),
            checkouts: store.clone(),
            carts: store.clone(),
            price_book: store.clone(),
            idempotency: store,
            accounts,
            changed,
            refunds: Arc::new(Notify::new()),
        }
    }
}

impl FromRef<Deps> for Context {
    fn from_ref(deps: &Deps) -> Self {
        deps.http.clone()
    }
}
