//! The commerce side of a store in which nothing was ever sold: for tests of what stands beside commerce.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{CheckoutId, CueId, Currency, Money, ProductId, ShopId, ShowId, UtcMs, VariantId};
use showfloor_storage::{
    AdjustError, BeginCheckout, CheckoutRecord, Checkouts, EditError, FlashCount, HoldError, LedgerEntry,
    Page, PageRequest, Requote, SalesFigures, ShowSales, StockAdjustment, StockLedger, StoreError, Swept,
};

/// Stock that is only ever put in; no checkout, no order.
#[derive(Debug, Default)]
pub struct NothingSold(Mutex<BTreeMap<VariantId, u32>>);

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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(variant).or_default();
        Ok(())
    }

    async fn adjust(&self, adjustment: StockAdjustment, _: UtcMs) -> Result<StockLevel, AdjustError> {
        let mut levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stocked = levels.get_mut(&adjustment.variant_id).ok_or(StoreError::NotFound)?;
        *stocked = stocked.saturating_add_signed(adjustment.delta);
        Ok(level(*stocked))
    }

    async fn levels(
        &self,
        _: ShopId,
        variants: &[VariantId],
    ) -> Result<Vec<(VariantId, StockLevel)>, StoreError> {
        let levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(variants.iter().filter_map(|id| Some((*id, level(*levels.get(id)?)))).collect())
    }

    async fn ledger(&self, _: ShopId, _: ProductId, _: PageRequest) -> Result<Page<LedgerEntry>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn list_in_show(&self, _: ShowId, _: &[ProductId]) -> Result<(), StoreError> {
        Ok(())
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
