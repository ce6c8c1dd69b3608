//! Orders after they are paid.

use async_trait::async_trait;
use showfloor_domain::order::{Fulfilment, OrderState, RefundError, RefundState};
use showfloor_domain::payment::Mode;
use showfloor_domain::quote::QuoteContent;
use showfloor_domain::{
    Address, CheckoutId, Contact, MailId, Money, OrderId, PaymentId, ProductId, RefundId, ShopId, ShowId,
    UtcMs, VariantId, ViewerId,
};

use crate::{CardMark, Page, PageRequest, StoreError};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRecord {
    /// Its id.
    pub id: OrderId,
    /// The shop.
    pub shop_id: ShopId,
    /// Its number, counted per shop.
    pub number: u64,
    /// The checkout it came from.
    pub checkout_id: CheckoutId,
    /// The show it was bought in.
    pub show_id: ShowId,
    /// The viewer who bought.
    pub viewer_id: ViewerId,
    /// Whether money is real.
    pub mode: Mode,
    /// Who gets the parcel.
    pub contact: Contact,
    /// Where it goes.
    pub address: Address,
    /// What was agreed.
    pub quote: QuoteContent,
    /// How far the parcel is.
    pub fulfilment: Fulfilment,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// When the checkout was begun.
    pub placed_at: UtcMs,
    /// When it was paid.
    pub paid_at: UtcMs,
    /// The payment.
    pub payment: OrderPayment,
    /// Money that went back, or is on its way, oldest first.
    pub refunds: Vec<RefundRecord>,
    /// What happened, oldest first.
    pub events: Vec<OrderEvent>,
}

/// How an order was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPayment {
    /// The payment.
    pub id: PaymentId,
    /// The provider's name.
    pub provider: String,
    /// The card.
    pub card: Option<CardMark>,
    /// What was taken.
    pub captured: Money,
    /// What went back, or is on its way.
    pub refunded: Money,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRecord {
    /// Its id.
    pub id: RefundId,
    /// The amount.
    pub amount: Money,
    /// Why, in the merchant's words.
    pub reason: String,
    /// Where it stands.
    pub state: RefundState,
    /// Who asked for it, by name.
    pub by: Option<String>,
    /// When.
    pub at: UtcMs,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    /// When.
    pub at: UtcMs,
    /// `paid`, `refund_requested`, `refunded`, `refund_failed`, `packed`, `sent`, `delivered`, `mail`.
    pub kind: String,
    /// A sentence for the merchant.
    pub text: String,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: OrderState,
    /// When it was paid.
    pub paid_at: UtcMs,
    /// The buyer's name.
    pub customer: String,
    /// The show.
    pub show_id: ShowId,
    /// Pieces.
    pub pieces: u32,
    /// The titles, in order.
    pub titles: Vec<String>,
    /// What was charged.
    pub total: Money,
    /// What went back.
    pub refunded: Money,
}

/// Which orders are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Where they stand.
    pub state: Option<OrderState>,
    /// A number, or part of a name or an e-mail address.
    pub text: Option<String>,
    /// The show.
    pub show_id: Option<ShowId>,
}

/// All orders that a filter finds, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderTotals {
    /// How many.
    pub count: u64,
    /// What was charged less what went back, per currency.
    pub revenue: Vec<Money>,
}

/// Takes a refund's amount from an order, before the provider is asked.
#[derive(Clone, Debug)]
pub struct RequestRefund {
    /// The new refund's id. One that is there already is given back unchanged.
    pub refund_id: RefundId,
    /// The shop.
    pub shop_id: ShopId,
    /// The order.
    pub order_id: OrderId,
    /// The amount.
    pub amount: Money,
    /// Pieces that can be sold again, by variant.
    pub restock: Vec<(VariantId, u32)>,
    /// Why, in the merchant's words.
    pub reason: String,
    /// Who asked for it, by name.
    pub by: Option<String>,
    /// Now.
    pub now: UtcMs,
}

/// No refund was written down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefundError {
    /// The amount cannot go back.
    #[error(transparent)]
    Refund(#[from] RefundError),
    /// More pieces were to be restocked than were sold in this order and not restocked before.
    #[error("there are not that many pieces to put back")]
    NothingToRestock,
    /// The store failed, or there is no such order in this shop.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves a parcel on.
#[derive(Clone, Debug)]
pub struct Fulfil {
    /// The shop.
    pub shop_id: ShopId,
    /// The order.
    pub order_id: OrderId,
    /// How far it is now.
    pub state: Fulfilment,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// Now.
    pub now: UtcMs,
}

/// A mail as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct MailRecord {
    /// Its id.
    pub id: MailId,
    /// The shop.
    pub shop_id: ShopId,
    /// The order it is about.
    pub order_id: OrderId,
    /// What it is for, once per order: `paid`, or `refunded` with the refund's id.
    pub occasion: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its HTML body.
    pub html: String,
    /// Its text body.
    pub text: String,
    /// When.
    pub at: UtcMs,
}

impl std::fmt::Debug for MailRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Orders.
#[async_trait]
pub trait Orders: Send + Sync {
    /// The order, if there is one with this id in this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, order_id: OrderId) -> Result<Option<OrderRecord>, StoreError>;

    /// The order with this id, of whichever shop: for a buyer who shows the order's secret, and for events.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_any(&self, order_id: OrderId) -> Result<Option<OrderRecord>, StoreError>;

    /// Orders, newest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(
        &self,
        shop_id: ShopId,
        filter: OrderFilter,
        page: PageRequest,
    ) -> Result<Page<OrderRow>, StoreError>;

    /// All that the filter finds, added up.
    ///
    /// # Errors
    /// When the store fails.
    async fn totals(&self, shop_id: ShopId, filter: OrderFilter) -> Result<OrderTotals, StoreError>;

    /// Takes the amount from the order by one conditional write.
    ///
    /// # Errors
    /// See [`RequestRefundError`]; nothing is taken then.
    async fn request_refund(&self, command: RequestRefund) -> Result<OrderRecord, RequestRefundError>;

    /// Moves the parcel on.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is already there or farther.
    async fn fulfil(&self, command: Fulfil) -> Result<OrderRecord, StoreError>;

    /// Keeps a mail, once per order and occasion. False when it was kept before.
    ///
    /// # Errors
    /// When the store fails.
    async fn keep_mail(&self, mail: MailRecord) -> Result<bool, StoreError>;

    /// The mails about an order, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn mails(&self, shop_id: ShopId, order_id: OrderId) -> Result<Vec<MailRecord>, StoreError>;

    /// One mail.
    ///
    /// # Errors
    /// When the store fails.
    async fn mail(&self, shop_id: ShopId, mail_id: MailId) -> Result<Option<MailRecord>, StoreError>;
}

/// One minute of a show's sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SalesMinute {
    /// When the minute begins.
    pub minute: UtcMs,
    /// Orders paid in it.
    pub orders: u32,
    /// What was charged less what went back, in minor units.
    pub revenue_minor: i64,
}

/// One product's sales in a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductSales {
    /// The product.
    pub product_id: ProductId,
    /// Orders that hold it.
    pub orders: u32,
    /// Pieces sold.
    pub pieces: u32,
    /// What the lines cost.
    pub revenue: Money,
}

/// A show's sales in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowSales {
    /// Orders in any currency.
    pub orders: u32,
    /// Revenue in the asked currency.
    pub revenue: Money,
    /// Orders paid at or after `since`.
    pub orders_since: u32,
    /// Revenue of those.
    pub revenue_since: Money,
    /// Minutes with at least one order, oldest first.
    pub minutes: Vec<SalesMinute>,
    /// Products that sold, most pieces first.
    pub products: Vec<ProductSales>,
}

/// Sales of a show, for the merchant's figures.
#[async_trait]
pub trait SalesFigures: Send + Sync {
    /// The sales of a show. Amounts are those in `currency`; orders are counted in all.
    ///
    /// # Errors
    /// When the store fails.
    async fn show_sales(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        currency: showfloor_domain::Currency,
        since: UtcMs,
    ) -> Result<ShowSales, StoreError>;
}
