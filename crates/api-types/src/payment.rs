//! Payments, as a buyer's browser starts them.

use serde::{Deserialize, Serialize};
use showfloor_domain::PaymentId;
use utoipa::ToSchema;

/// How the buyer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// A card, typed into the provider's own form; it never comes here.
    Card,
}

/// Starts a payment of a checkout. What it costs is in the checkout's quote; nobody sends an amount.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPayment {
    /// The hash of the quote that the buyer saw.
    pub quote_hash: String,
    /// How the buyer pays.
    pub method: PaymentMethod,
}

/// A payment that waits for the buyer's card, at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StartedPayment {
    /// The payment.
    pub id: PaymentId,
    /// The provider's name: `sandbox`.
    pub provider: String,
    /// Where the browser reaches the provider.
    pub provider_url: String,
    /// The provider's id for the payment.
    pub intent_id: String,
    /// What lets the browser, and nobody else, confirm it.
    pub client_secret: String,
    /// How many more payments this hold may try.
    pub attempts_left: u32,
}
