//! Discount codes.

use serde::{Deserialize, Serialize};
use showfloor_domain::{DiscountId, Money, Rfc3339};
use utoipa::ToSchema;

/// A new code. Exactly one of `percent_bps` and `amount` says what it takes off.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDiscount {
    /// What buyers type: up to 32 letters, digits, `-` and `_`; capitals make no difference.
    pub code: String,
    /// A share of the goods in basis points, 1 to 10,000.
    #[serde(default)]
    pub percent_bps: Option<u32>,
    /// A fixed amount, one for each currency it is offered in.
    #[serde(default)]
    pub amount: Option<Vec<Money>>,
    /// How often it can be used in all.
    #[serde(default)]
    pub limit_total: Option<u32>,
    /// How often one customer can use it.
    #[serde(default)]
    pub limit_per_customer: Option<u32>,
    /// From when it can be used.
    #[serde(default)]
    pub starts_at: Option<Rfc3339>,
    /// Until when it can be used.
    #[serde(default)]
    pub ends_at: Option<Rfc3339>,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// What buyers type, in capitals.
    pub code: String,
    /// A share of the goods in basis points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_bps: Option<u32>,
    /// A fixed amount, one for each currency it is offered in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Vec<Money>>,
    /// How often it can be used in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_total: Option<u32>,
    /// How often one customer can use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_customer: Option<u32>,
    /// From when it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Rfc3339>,
    /// Until when it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Rfc3339>,
}
