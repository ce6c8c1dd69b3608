//! What a show sells, while it does.

use serde::{Deserialize, Serialize};
use showfloor_domain::{Money, ProductId, Rfc3339, ShowId};
use utoipa::ToSchema;

/// A show's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// When they were counted.
    pub as_of: Rfc3339,
    /// Viewers now.
    pub viewers: u32,
    /// The most viewers at once.
    pub viewers_peak: u32,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewers_peak_at: Option<Rfc3339>,
    /// Paid orders.
    pub orders: u32,
    /// What they were charged, in the shop's first currency.
    pub revenue: Money,
    /// Orders per viewer at the peak, in hundredths of a percent.
    pub conversion_bps: u32,
    /// Paid orders of the last five minutes.
    pub orders_5min: u32,
    /// What those were charged.
    pub revenue_5min: Money,
    /// By minute, oldest first.
    pub series: Vec<FiguresMinute>,
    /// By product, most revenue first.
    pub products: Vec<ProductFigures>,
}

/// One minute of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FiguresMinute {
    /// When the minute began.
    pub minute: Rfc3339,
    /// The most viewers at once in it.
    pub viewers: u32,
    /// Paid orders in it.
    pub orders: u32,
    /// What they were charged, in minor units of the figures' currency.
    pub revenue_minor: i64,
}

/// One product of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductFigures {
    /// The product.
    pub product_id: ProductId,
    /// Orders that hold it.
    pub orders: u32,
    /// Pieces sold.
    pub pieces: u32,
    /// What they were charged.
    pub revenue: Money,
}

/// How many watch, as the edge counts.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportPresence {
    /// One sample for each show, at most 1,000.
    pub items: Vec<PresenceSample>,
}

/// How many watch one show.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceSample {
    /// The show.
    pub show_id: ShowId,
    /// When it was counted.
    pub at: Rfc3339,
    /// How many.
    pub viewers: u32,
}
