//! What one plane tells another: CloudEvents 1.0 in structured JSON mode (CloudEvents JSON format §3), and the
//! payload of each type.
//!
//! A type is `com.showfloor.<aggregate>.<past-tense>.v1`. Consumers drop what they have seen, by
//! `(source, id)`. A payload grows by optional fields only; anything else is a new version of the type.

use serde::{Deserialize, Serialize};

use crate::{
    BroadcastId, CueId, EventId, Money, OrderId, ProductId, RefundId, Rfc3339, ShopId, ShowId, UtcMs,
    VariantId, ViewerId,
};

/// One event with its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudEvent {
    /// Always `"1.0"`.
    pub specversion: SpecVersion,
    /// Unique within the source.
    pub id: EventId,
    /// Who tells, a URI reference: `/functions/orders`, `/origin`.
    pub source: String,
    /// What it is about: the aggregate's id. Events of one subject are delivered in order.
    pub subject: String,
    /// When it happened.
    pub time: Rfc3339,
    /// The shop it belongs to (extension attribute).
    pub shopid: ShopId,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// The version of CloudEvents that is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpecVersion {
    /// CloudEvents 1.0.
    #[default]
    #[serde(rename = "1.0")]
    V1,
}

/// What happened, with its payload as `data`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    /// A publisher's first frames are watchable.
    #[serde(rename = "com.showfloor.broadcast.started.v1")]
    BroadcastStarted(BroadcastChanged),
    /// A publisher was lost; it may come back within the grace time.
    #[serde(rename = "com.showfloor.broadcast.interrupted.v1")]
    BroadcastInterrupted(BroadcastChanged),
    /// The publisher came back within the grace time.
    #[serde(rename = "com.showfloor.broadcast.resumed.v1")]
    BroadcastResumed(BroadcastChanged),
    /// The broadcast is over and its replay is stored.
    #[serde(rename = "com.showfloor.broadcast.ended.v1")]
    BroadcastEnded(BroadcastChanged),
    /// A show moved on: scheduled, live, paused, ended.
    #[serde(rename = "com.showfloor.show.state-changed.v1")]
    ShowStateChanged(ShowStateChanged),
    /// What a show lists, or how it is presented, was edited: snapshots of it are stale.
    #[serde(rename = "com.showfloor.show.changed.v1")]
    ShowChanged(ShowChanged),
    /// The host holds a product up.
    #[serde(rename = "com.showfloor.show.product-pinned.v1")]
    ProductPinned(ProductPinned),
    /// The host put the product away.
    #[serde(rename = "com.showfloor.show.product-unpinned.v1")]
    ProductUnpinned(ProductUnpinned),
    /// The host's line over the picture was set, or taken away.
    #[serde(rename = "com.showfloor.show.banner-changed.v1")]
    BannerChanged(BannerChanged),
    /// A flash sale began.
    #[serde(rename = "com.showfloor.show.flash-sale-started.v1")]
    FlashSaleStarted(FlashSaleStarted),
    /// A flash sale is over.
    #[serde(rename = "com.showfloor.show.flash-sale-ended.v1")]
    FlashSaleEnded(FlashSaleEnded),
    /// A product's words, pictures or prices changed: snapshots of it are stale.
    #[serde(rename = "com.showfloor.product.changed.v1")]
    ProductChanged(ProductChanged),
    /// Pieces of a variant became, or ceased to be, available.
    #[serde(rename = "com.showfloor.stock.changed.v1")]
    StockChanged(StockChanged),
    /// An order was paid.
    #[serde(rename = "com.showfloor.order.paid.v1")]
    OrderPaid(OrderPaid),
    /// Money of an order went back.
    #[serde(rename = "com.showfloor.order.refunded.v1")]
    OrderRefunded(OrderRefunded),
}

/// A broadcast began, paused, went on or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcastChanged {
    /// The show on air.
    pub show_id: ShowId,
    /// The broadcast.
    pub broadcast_id: BroadcastId,
    /// When.
    pub at: UtcMs,
}

/// Where a show stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShowState {
    /// Being planned; nobody outside sees it.
    Draft,
    /// Published; viewers see when it starts.
    Scheduled,
    /// On air.
    Live,
    /// On air, but the host's picture is gone for the moment.
    Paused,
    /// Over.
    Ended,
}

/// A show moved on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowStateChanged {
    /// The show.
    pub show_id: ShowId,
    /// Where it stands now.
    pub state: ShowState,
    /// Since when.
    pub at: UtcMs,
    /// Counts a show's changes; a lower one is stale.
    pub version: u64,
}

/// A show was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowChanged {
    /// The show.
    pub show_id: ShowId,
}

/// A product came on screen. Viewers see it when their picture reaches `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductPinned {
    /// The show.
    pub show_id: ShowId,
    /// The product.
    pub product_id: ProductId,
    /// The entry of the run of show it came from, if it came from one.
    pub cue_id: Option<CueId>,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// Counts changes of what is on screen in this show; a lower one is stale.
    pub version: u64,
}

/// A product went off screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductUnpinned {
    /// The show.
    pub show_id: ShowId,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// Counts changes of what is on screen in this show; a lower one is stale.
    pub version: u64,
}

/// The host's line over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BannerChanged {
    /// The show.
    pub show_id: ShowId,
    /// The line; none takes it away.
    pub text: Option<String>,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// Counts changes of the banner in this show; a lower one is stale.
    pub version: u64,
}

/// A price of one variant, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VariantPrice {
    /// The variant.
    pub variant_id: VariantId,
    /// What one piece costs.
    pub price: Money,
}

/// A flash sale began. Its end and its cap are kept by the server and never restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashSaleStarted {
    /// The show.
    pub show_id: ShowId,
    /// The product.
    pub product_id: ProductId,
    /// The entry of the run of show it came from.
    pub cue_id: CueId,
    /// The moment of the frame it belongs to.
    pub at: UtcMs,
    /// When the prices end, at the latest.
    pub ends_at: UtcMs,
    /// How many pieces are sold at these prices, at most.
    pub cap: u32,
    /// The prices, for each variant and currency on sale.
    pub prices: Vec<VariantPrice>,
    /// Counts changes of flash sales in this show; a lower one is stale.
    pub version: u64,
}

/// Why a flash sale ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FlashSaleEnd {
    /// Its time was over.
    Deadline,
    /// Its pieces were sold.
    SoldOut,
    /// The host ended it.
    Stopped,
}

/// A flash sale is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashSaleEnded {
    /// The show.
    pub show_id: ShowId,
    /// The product.
    pub product_id: ProductId,
    /// Why.
    pub reason: FlashSaleEnd,
    /// When.
    pub at: UtcMs,
    /// Counts changes of flash sales in this show; a lower one is stale.
    pub version: u64,
}

/// A product changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductChanged {
    /// The product.
    pub product_id: ProductId,
    /// The shows that list it and are not over.
    pub show_ids: Vec<ShowId>,
}

/// A variant's stock, as a hint to display. Only a reservation decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockChanged {
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    pub variant_id: VariantId,
    /// The shows that list it and are not over.
    pub show_ids: Vec<ShowId>,
    /// Pieces that can be reserved now.
    pub available: u32,
    /// Whether pieces are held in checkouts that may still lapse.
    pub reserved: u32,
    /// Counts changes of this variant's ledger; a lower one is stale.
    pub version: u64,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPaidLine {
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    pub variant_id: VariantId,
    /// The product's title when it was bought.
    pub title: String,
    /// Pieces.
    pub quantity: u32,
}

/// An order was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPaid {
    /// The order.
    pub order_id: OrderId,
    /// Its number, as people say it.
    pub number: u64,
    /// The show it was bought in, if it was.
    pub show_id: Option<ShowId>,
    /// The viewer who bought, if in a show.
    pub viewer_id: Option<ViewerId>,
    /// The buyer's name as it may be shown on air: the viewer's chat name; none if they gave none.
    pub shown_name: Option<String>,
    /// What was bought.
    pub lines: Vec<OrderPaidLine>,
    /// What was charged.
    pub total: Money,
    /// When it was paid.
    pub at: UtcMs,
}

/// Money of an order went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRefunded {
    /// The order.
    pub order_id: OrderId,
    /// The refund.
    pub refund_id: RefundId,
    /// The show it was bought in, if it was.
    pub show_id: Option<ShowId>,
    /// What went back with this refund.
    pub amount: Money,
    /// When.
    pub at: UtcMs,
}

impl Event {
    /// The type attribute, `com.showfloor.<aggregate>.<past-tense>.v1`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::BroadcastStarted(_) => "com.showfloor.broadcast.started.v1",
            Self::BroadcastInterrupted(_) => "com.showfloor.broadcast.interrupted.v1",
            Self::BroadcastResumed(_) => "com.showfloor.broadcast.resumed.v1",
            Self::BroadcastEnded(_) => "com.showfloor.broadcast.ended.v1",
            Self::ShowStateChanged(_) => "com.showfloor.show.state-changed.v1",
            Self::ShowChanged(_) => "com.showfloor.show.changed.v1",
            Self::ProductPinned(_) => "com.showfloor.show.product-pinned.v1",
            Self::ProductUnpinned(_) => "com.showfloor.show.product-unpinned.v1",
            Self::BannerChanged(_) => "com.showfloor.show.banner-changed.v1",
            Self::FlashSaleStarted(_) => "com.showfloor.show.flash-sale-started.v1",
            Self::FlashSaleEnded(_) => "com.showfloor.show.flash-sale-ended.v1",
            Self::ProductChanged(_) => "com.showfloor.product.changed.v1",
            Self::StockChanged(_) => "com.showfloor.stock.changed.v1",
            Self::OrderPaid(_) => "com.showfloor.order.paid.v1",
            Self::OrderRefunded(_) => "com.showfloor.order.refunded.v1",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_structured_cloudevents_json() {
        let show_id = ShowId::generate(UtcMs::new(1), [1; 10]);
        let event = CloudEvent {
            specversion: SpecVersion::V1,
            id: EventId::generate(UtcMs::new(2), [2; 10]),
            source: "/functions/admin".into(),
            subject: show_id.to_string(),
            time: UtcMs::new(3).into(),
            shopid: ShopId::generate(UtcMs::new(0), [0; 10]),
            event: Event::ProductUnpinned(ProductUnpinned { show_id, at: UtcMs::new(3), version: 4 }),
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["specversion"], "1.0");
        assert_eq!(json["type"], event.event.type_name());
        assert_eq!(json["time"], "1970-01-01T00:00:00.003Z");
        assert_eq!(json["data"]["version"], 4);
        assert_eq!(serde_json::from_value::<CloudEvent>(json).unwrap(), event);
    }
}
