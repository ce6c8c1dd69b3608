//! What these functions are handed by the root.

use std::sync::Arc;

use axum::extract::FromRef;
use showfloor_domain::shipping::{FlatRates, ShippingRates};
use showfloor_domain::tax::{DestinationVat, TaxRules};
use showfloor_http::Context;
use showfloor_storage::{Carts, Checkouts, Discounts, IdempotencyRecords, PriceBook, StockLedger};

use crate::Watchers;

/// The parts that these functions stand on.
#[derive(Clone)]
pub struct Deps {
    /// Time, entropy, tokens, limits.
    pub http: Context,
    /// Carts.
    pub carts: Arc<dyn Carts>,
    /// Checkouts.
    pub checkouts: Arc<dyn Checkouts>,
    /// Codes.
    pub discounts: Arc<dyn Discounts>,
    /// Prices, and who sells.
    pub price_book: Arc<dyn PriceBook>,
    /// Stock, as a hint.
    pub stock: Arc<dyn StockLedger>,
    /// Records of requests that must have their effect once.
    pub idempotency: Arc<dyn IdempotencyRecords>,
    /// What sending costs.
    pub shipping: Arc<dyn ShippingRates>,
    /// What tax is in it.
    pub tax: Arc<dyn TaxRules>,
    /// Those who wait for a checkout.
    pub watchers: Watchers,
}

/// A store that has everything these functions ask for.
pub trait Store:
    Carts + Checkouts + Discounts + PriceBook + StockLedger + IdempotencyRecords + 'static
{
}

impl<S: Carts + Checkouts + Discounts + PriceBook + StockLedger + IdempotencyRecords + 'static> Store for S {}

impl Deps {
    /// Everything from one store, with flat shipping rates and the destination's value added tax.
    #[must_use]
    pub fn new<S: Store>(http: Context, store: Arc<S>) -> Self {
        Self {
            http,
            carts: store.clone(),
            checkouts: store.clone(),
            discounts: store.clone(),
            price_book: store.clone(),
            stock: store.clone(),
            idempotency: store,
            shipping: Arc::new(FlatRates),
            tax: Arc::new(DestinationVat),
            watchers: Watchers::default(),
        }
    }
}

impl FromRef<Deps> for Context {
    fn from_ref(deps: &Deps) -> Self {
        deps.http.clone()
    }
}
