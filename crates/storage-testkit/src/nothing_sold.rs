//! The commerce side of a store in which nothing was ever sold: for tests of what stands beside commerce.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use showfloor_domain::stock::{StockError, StockLevel};
use showfloor_domain::{CheckoutId, CueId, Currency, Money, ProductId, ShopId, ShowId, UtcMs, VariantId};
use showfloor_storage::{
    AdjustError, BeginCheckout, CheckoutRecord, Checkouts, Claim, EditError, FlashCount, HoldError,
    IdempotencyRecords, IdempotencyScope, LedgerEntry, Page, PageRequest, RecordedAnswer, Requote,
    SalesFigures, ShowSales, StockAdjustment, StockLedger, StoreError, Swept,
};

/// Stock that is only ever adjusted; no checkout, no order. Requests are recorded for as long as it lives.
#[derive(Debug, Default)]
pub struct NothingSold {
    stocked: Mutex<BTreeMap<VariantId, u32>>,
    requests: Mutex<HashMap<IdempotencyScope, Recorded>>,
}

/// The body's hash, the seed, and the answer once there is one.
type Recorded = ([u8; 32], [u8; 16], Option<RecordedAnswer>);

fn never() -> StoreError {
    StoreError::Unavailable("nothing is sold here".into())
}

#[async_trait]
impl StockLedger for NothingSold {
    async fn create_item(
        &self,
        _: ShopId,
        _: ProductId,
        variant: VariantId,
        _: UtcMs,
    ) -> Result<(), StoreError> {
        self.stocked.lock().unwrap_or_else(PoisonError::into_inner).entry(variant).or_default();
        Ok(())
    }

    async fn adjust(&self, adjustment: StockAdjustment, _: UtcMs) -> Result<StockLevel, AdjustError> {
        let mut levels = self.stocked.lock().unwrap_or_else(PoisonError::into_inner);
        let stocked = levels.get_mut(&adjustment.variant_id).ok_or(StoreError::NotFound)?;
        let changed = stocked.checked_add_signed(adjustment.delta);
        *stocked = changed.ok_or(StockError::NotEnough { available: *stocked })?;
        Ok(level(*stocked))
    }

    async fn levels(
        &self,
        _: ShopId,
        variants: &[VariantId],
    ) -> Result<Vec<(VariantId, StockLevel)>, StoreError> {
        let levels = self.stocked.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(variants.iter().filter_map(|id| Some((*id, level(*levels.get(id)?)))).collect())
    }

    async fn ledger(&self, _: ShopId, _: ProductId, _: PageRequest) -> Result<Page<LedgerEntry>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }
}

fn level(stocked: u32) -> StockLevel {
    StockLevel { stocked, sold: 0, reserved: 0, leased: 0, version: 1 }
}

#[async_trait]
impl Checkouts for NothingSold {
    async fn begin(&self, _: BeginCheckout) -> Result<CheckoutRecord, HoldError> {
        Err(never().into())
    }

    async fn find(&self, _: ShopId, _: CheckoutId) -> Result<Option<CheckoutRecord>, StoreError> {
        Ok(None)
    }

    async fn requote(&self, _: Requote) -> Result<CheckoutRecord, EditError> {
        Err(never().into())
    }

    async fn cancel(&self, _: CheckoutId, _: UtcMs) -> Result<CheckoutRecord, EditError> {
        Err(never().into())
    }

    async fn expire_due(&self, _: UtcMs, _: u32) -> Result<Swept, StoreError> {
        Err(never())
    }

    async fn flash_counts(&self, _: &[CueId]) -> Result<Vec<FlashCount>, StoreError> {
        Ok(Vec::new())
    }

    async fn flash_sold_out(&self) -> Result<Vec<CueId>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl SalesFigures for NothingSold {
    async fn show_sales(
        &self,
        _: ShopId,
        _: ShowId,
        currency: Currency,
        _: UtcMs,
    ) -> Result<ShowSales, StoreError> {
        Ok(ShowSales {
            orders: 0,
            revenue: Money::zero(currency),
            orders_since: 0,
            revenue_since: Money::zero(currency),
            minutes: Vec::new(),
            products: Vec::new(),
        })
    }
}

#[async_trait]
impl IdempotencyRecords for NothingSold {
    async fn claim(
        &self,
        scope: &IdempotencyScope,
        body_hash: [u8; 32],
        seed: [u8; 16],
        _: UtcMs,
    ) -> Result<Claim, StoreError> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((hash, _, answer)) = requests.get(scope) else {
            requests.insert(scope.clone(), (body_hash, seed, None));
            return Ok(Claim::Begin { seed });
        };
        Ok(match answer {
            _ if *hash != body_hash => Claim::OtherBody,
            Some(answer) => Claim::Replay(answer.clone()),
            None => Claim::InFlight,
        })
    }

    async fn record(&self, scope: &IdempotencyScope, answer: RecordedAnswer) -> Result<(), StoreError> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recorded) = requests.get_mut(scope) {
            recorded.2 = Some(answer);
        }
        Ok(())
    }

    async fn release(&self, scope: &IdempotencyScope) -> Result<(), StoreError> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).remove(scope);
        Ok(())
    }
}
