//! Checkouts: a frozen quote, the pieces held for it, and where the payment stands.

use serde::{Deserialize, Serialize};
use showfloor_domain::checkout::CheckoutState;
use showfloor_domain::payment::{PaymentFailure, PaymentState};
use showfloor_domain::{
    Address, CheckoutId, Contact, Country, Money, OrderId, PaymentId, QuoteId, Rfc3339, VariantId,
};
use utoipa::ToSchema;

use crate::image::ImageRef;
use crate::order::{OrderShipping, OrderTax};

/// Freezes what the cart costs, and holds its pieces.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginCheckout {
    /// Where it will go, as far as is known.
    pub country: Country,
}

/// Says where confirmation and parcel go. The quote is made anew; the end of the hold stays.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCheckout {
    /// Who buys.
    pub contact: Contact,
    /// Where it goes.
    pub address: Address,
}

/// One line of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteLine {
    /// The variant.
    pub variant_id: VariantId,
    /// The product's title.
    pub title: String,
    /// The choice of options, in words; empty where there is no choice.
    pub variant_title: String,
    /// Pieces.
    pub quantity: u32,
    /// What one piece costs.
    pub unit_price: Money,
    /// What all pieces cost.
    pub line_total: Money,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
}

/// What is charged, to the cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// A payment must name it: the very quote that the buyer saw.
    pub hash: String,
    /// What is bought.
    pub lines: Vec<QuoteLine>,
    /// All lines together.
    pub subtotal: Money,
    /// What a code takes off; null without one.
    #[schema(required)]
    pub discount: Option<Money>,
    /// Shipping.
    pub shipping: OrderShipping,
    /// Tax.
    pub tax: OrderTax,
    /// What is charged.
    pub total: Money,
}

/// The newest payment of a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckoutPayment {
    /// The payment.
    pub id: PaymentId,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PaymentFailure>,
    /// Where the bank asks its question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
}

/// The order that a checkout became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckoutOrder {
    /// The order.
    pub id: OrderId,
    /// Its number, as people say it.
    pub number: u64,
    /// Sent as `Showfloor-Order` to read the order.
    pub secret: String,
}

/// A checkout.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checkout {
    /// Its id. Everything on it needs the cart's secret too.
    pub id: CheckoutId,
    /// Counts changes; ask for what comes after it.
    pub version: u64,
    /// Where it stands.
    pub state: CheckoutState,
    /// What is charged.
    pub quote: Quote,
    /// Until when the pieces are held. It never moves.
    pub held_until: Rfc3339,
    /// Who buys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The newest payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<CheckoutPayment>,
    /// The order, once paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<CheckoutOrder>,
}
