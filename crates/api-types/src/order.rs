//! Orders, as the buyer and the merchant see them.

use serde::{Deserialize, Serialize};
use showfloor_domain::order::{Fulfilment, OrderState, RefundState};
use showfloor_domain::{
    Address, Contact, Country, MailId, Money, OrderId, PaymentId, ProductId, RefundId, Rfc3339, ShowId,
    VariantId,
};
use utoipa::ToSchema;

use crate::image::ImageRef;

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    /// Its place in the order, from 0.
    pub line: u32,
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    pub variant_id: VariantId,
    /// The product's title when it was bought.
    pub title: String,
    /// The choice of options, in words; empty where there is no choice.
    pub variant_title: String,
    /// The shop's own number for it.
    pub sku: String,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
    /// Pieces.
    pub quantity: u32,
    /// What one piece cost.
    pub unit_price: Money,
    /// What all pieces cost.
    pub line_total: Money,
}

/// A code that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderDiscount {
    /// The code.
    pub code: String,
    /// What it took off.
    pub amount: Money,
}

/// Shipping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderShipping {
    /// What the buyer read.
    pub label: String,
    /// What it cost.
    pub price: Money,
    /// The first day it may arrive, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<String>,
    /// The last day it should arrive, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
}

/// The tax in the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderTax {
    /// What the buyer read: `VAT 19 %`.
    pub label: String,
    /// The rate in basis points.
    pub rate_bps: u32,
    /// How much of the total it is.
    pub amount: Money,
    /// Whether the total includes it.
    pub included: bool,
}

/// An order as its buyer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// The order.
    pub id: OrderId,
    /// Its number, as people say it.
    pub number: u64,
    /// Where it stands.
    pub state: OrderState,
    /// The shop's name.
    pub shop_name: String,
    /// When the checkout was begun.
    pub placed_at: Rfc3339,
    /// When it was paid.
    pub paid_at: Rfc3339,
    /// Who gets the parcel.
    pub contact: Contact,
    /// Where it goes.
    pub address: Address,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// The code that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<OrderDiscount>,
    /// Shipping.
    pub shipping: OrderShipping,
    /// The tax in the total.
    pub tax: OrderTax,
    /// What was charged.
    pub total: Money,
    /// What went back, or is on its way.
    pub refunded: Money,
    /// The carrier's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
}

/// Who bought, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRowCustomer {
    /// Their name.
    pub name: String,
    /// The city the parcel goes to.
    pub city: String,
    /// The country the parcel goes to.
    pub country: Country,
}

/// A line, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRowLine {
    /// The product's title.
    pub title: String,
    /// The choice of options, in words.
    pub variant_title: String,
    /// Pieces.
    pub quantity: u32,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
}

/// The show an order was bought in, and its moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderShow {
    /// The show.
    pub id: ShowId,
    /// Its title.
    pub title: String,
    /// How long it had been on air when the order was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_ms: Option<i64>,
    /// The product that was on screen when the order was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_on_screen: Option<OrderShowProduct>,
}

/// The product that was on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderShowProduct {
    /// The product.
    pub id: ProductId,
    /// Its title.
    pub title: String,
}

/// The card, as far as it may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderCard {
    /// `visa`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The last four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
}

/// An order in the merchant's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRow {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: OrderState,
    /// When the checkout was begun.
    pub placed_at: Rfc3339,
    /// Who bought.
    pub customer: OrderRowCustomer,
    /// What was bought.
    pub lines: Vec<OrderRowLine>,
    /// The show it was bought in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<OrderShow>,
    /// The card.
    pub payment: OrderCard,
    /// What was charged.
    pub total: Money,
    /// What went back, or is on its way.
    pub refunded: Money,
}

/// All orders that a filter finds, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderTotals {
    /// How many.
    pub count: u64,
    /// What was charged less what went back, per currency.
    pub revenue: Vec<Money>,
}

/// One page of orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderPage {
    /// The page's orders, newest first.
    pub items: Vec<OrderRow>,
    /// The cursor of the next page; null when this is the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Everything that the filter finds, not only this page.
    pub totals: OrderTotals,
}

/// Who bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderCustomer {
    /// Their name.
    pub name: String,
    /// Where the confirmation went.
    pub email: String,
    /// For the carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where the parcel goes.
    pub address: Address,
}

/// How an order was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderPayment {
    /// The provider's name.
    pub provider: String,
    /// The payment.
    pub id: PaymentId,
    /// The card.
    #[serde(flatten)]
    pub card: OrderCard,
    /// What was taken.
    pub captured: Money,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderEvent {
    /// When.
    pub at: Rfc3339,
    /// `paid`, `refund_requested`, `refunded`, `refund_failed`, `packed`, `sent`, `delivered`, `mail`.
    pub kind: String,
    /// A sentence.
    pub text: String,
}

/// Money that went back, or is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refund {
    /// The refund.
    pub id: RefundId,
    /// The amount.
    pub amount: Money,
    /// Why, in the merchant's words.
    pub reason: String,
    /// Where it stands.
    pub state: RefundState,
    /// When it was asked for.
    pub at: Rfc3339,
    /// Who asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A mail about an order, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderMail {
    /// The mail.
    pub id: MailId,
    /// Its subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// When.
    pub at: Rfc3339,
}

/// An order as the merchant sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdminOrder {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: OrderState,
    /// How far the parcel is, whatever money went back.
    pub fulfilment: Fulfilment,
    /// The carrier's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// When the checkout was begun.
    pub placed_at: Rfc3339,
    /// When it was paid.
    pub paid_at: Rfc3339,
    /// When it was packed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed_at: Option<Rfc3339>,
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Rfc3339>,
    /// When it was delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Rfc3339>,
    /// Who bought.
    pub customer: OrderCustomer,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// The code that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<OrderDiscount>,
    /// Shipping.
    pub shipping: OrderShipping,
    /// The tax in the total.
    pub tax: OrderTax,
    /// What was charged.
    pub total: Money,
    /// What went back, or is on its way.
    pub refunded: Money,
    /// What can still go back.
    pub refundable: Money,
    /// How it was paid.
    pub payment: OrderPayment,
    /// The show it was bought in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<OrderShow>,
    /// What happened, oldest first.
    pub events: Vec<OrderEvent>,
    /// Money that went back, or is on its way, oldest first.
    pub refunds: Vec<Refund>,
    /// Mails, oldest first.
    pub mails: Vec<OrderMail>,
}

/// Gives money back.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    /// How much, in the order's currency.
    pub amount: Money,
    /// Which pieces it is for; all of them when absent.
    #[serde(default)]
    pub lines: Option<Vec<RefundOrderLine>>,
    /// Whether these pieces can be sold again.
    pub restock: bool,
    /// Why, up to 200 characters; the buyer does not read it.
    pub reason: String,
}

/// Pieces of a line.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundOrderLine {
    /// The line's place in the order, from 0.
    pub line: u32,
    /// Pieces.
    pub quantity: u32,
}

/// Moves a parcel on.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FulfilOrder {
    /// How far it is now: only forwards.
    pub state: FulfilmentStep,
    /// The carrier's number, up to 80 characters.
    #[serde(default)]
    pub tracking: Option<String>,
}

/// What can be done with a paid order's parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FulfilmentStep {
    /// It is packed.
    Packed,
    /// The carrier has it.
    Sent,
    /// The buyer has it.
    Delivered,
}

impl From<FulfilmentStep> for Fulfilment {
    fn from(step: FulfilmentStep) -> Self {
        match step {
            FulfilmentStep::Packed => Self::Packed,
            FulfilmentStep::Sent => Self::Sent,
            FulfilmentStep::Delivered => Self::Delivered,
        }
    }
}

/// A mail as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentMail {
    /// Its subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// Its HTML body; every value in it is escaped.
    pub html: String,
    /// Its text body.
    pub text: String,
    /// When.
    pub at: Rfc3339,
}
