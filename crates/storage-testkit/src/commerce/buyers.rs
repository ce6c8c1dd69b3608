//! Buyers to test with, from hold to order. Numbers make ids.

use showfloor_domain::checkout::HOLD_MS;
use showfloor_domain::payment::{Mode, PaymentState, PaymentTerms};
use showfloor_domain::promotion::{Discount, DiscountValue, PriceSource};
use showfloor_domain::quote::{QuoteContent, QuoteLine, QuoteRequest};
use showfloor_domain::shipping::FlatRates;
use showfloor_domain::tax::DestinationVat;
use showfloor_domain::{
    Address, BasisPoints, CartId, CheckoutId, Contact, Country, Currency, DiscountId, Money, OrderId,
    PaymentId, QuoteId, RefundId, ReservationId, ShopId, ShowId, UtcMs, ViewerId,
};
use showfloor_storage::{
    BeginCheckout, Buyer, CardMark, CheckoutRecord, HoldError, Observation, Observed, OrderRecord, Requote,
    StartPayment, StartPaymentError, StartedPayment, StockAdjustment,
};

use super::Commerce;
use crate::fixtures::{NOW, product, shop, variant_id};

/// The shop that sells.
#[must_use]
pub fn shop_id() -> ShopId {
    shop(1).id
}

/// The show it sells in.
#[must_use]
pub fn show_id() -> ShowId {
    ShowId::generate(NOW, [1; 10])
}

fn bytes(n: u32) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    bytes
}

/// A buyer's checkout before it is begun: one line of variant 1.
#[must_use]
pub fn begin(n: u32, quantity: u32, source: PriceSource, discount: Option<&Discount>) -> BeginCheckout {
    begin_lines(n, &[(1, quantity)], source, discount)
}

/// The same with several lines, each a variant's number and a quantity.
#[must_use]
pub fn begin_lines(
    n: u32,
    lines: &[(u8, u32)],
    source: PriceSource,
    discount: Option<&Discount>,
) -> BeginCheckout {
    let line = |(variant, quantity): &(u8, u32)| QuoteLine {
        variant_id: variant_id(*variant),
        product_id: product(*variant, shop_id()).id,
        title: format!("Product {variant}"),
        variant_title: String::new(),
        sku: format!("SKU-{variant}"),
        image: None,
        quantity: (*quantity).try_into().unwrap(),
        unit_price: Money::new(5_800, Currency::EUR),
        line_total: Money::new(5_800 * i64::from(*quantity), Currency::EUR),
        source,
    };
    let request = QuoteRequest {
        currency: Currency::EUR,
        shop_country: Country::literal(b"DE"),
        country: Country::literal(b"DE"),
        lines: lines.iter().map(line).collect(),
        discount,
        now: NOW,
    };
    let content = QuoteContent::make(request, &FlatRates, &DestinationVat).unwrap();
    BeginCheckout {
        checkout_id: CheckoutId::generate(NOW, bytes(n)),
        reservation_id: ReservationId::generate(NOW, bytes(n)),
        shop_id: shop_id(),
        show_id: show_id(),
        cart_id: CartId::generate(NOW, bytes(n)),
        buyer: Buyer {
            viewer_id: ViewerId::generate(NOW, bytes(n)),
            name: Some(format!("Buyer {n}")),
            device: format!("device-{n}"),
        },
        mode: Mode::Test,
        quote: content.freeze(QuoteId::generate(NOW, bytes(n))),
        held_until: NOW.plus_ms(HOLD_MS),
        now: NOW,
    }
}

/// A code that takes off ten percent.
#[must_use]
pub fn discount(redemptions_max: Option<u32>, per_customer_max: Option<u32>) -> Discount {
    Discount {
        id: DiscountId::generate(NOW, [1; 10]),
        code: "AUTUMN".into(),
        value: DiscountValue::Percent { rate: BasisPoints(1_000) },
        starts_at: None,
        ends_at: None,
        redemptions_max,
        per_customer_max,
    }
}

/// Puts pieces of a variant on the shelf.
pub async fn stock(store: &impl Commerce, variant: u8, pieces: i32) {
    let (shop_id, id) = (shop_id(), variant_id(variant));
    store.create_item(shop_id, product(variant, shop_id).id, id, NOW).await.unwrap();
    let adjustment = StockAdjustment {
        shop_id,
        variant_id: id,
        delta: pieces,
        note: "delivery".into(),
        by: Some("Ida".into()),
    };
    store.adjust(adjustment, NOW).await.unwrap();
}

/// Says who and where, with the quote unchanged.
pub async fn address(store: &impl Commerce, checkout: &CheckoutRecord, email: &str) -> CheckoutRecord {
    store.requote(requote(checkout, email)).await.unwrap()
}

/// The command of [`address`].
#[must_use]
pub fn requote(checkout: &CheckoutRecord, email: &str) -> Requote {
    Requote {
        checkout_id: checkout.id,
        quote: checkout.quote.clone(),
        contact: Contact { email: email.into(), name: "Ada Lovelace".into(), phone: None },
        address: Address {
            line1: "Hauptstr. 1".into(),
            line2: None,
            postal_code: "10115".into(),
            city: "Berlin".into(),
            region: None,
            country: Country::literal(b"DE"),
        },
        now: NOW,
    }
}

/// Holds `quantity` pieces of variant 1 and says who and where.
pub async fn hold(store: &impl Commerce, n: u32, quantity: u32) -> Result<CheckoutRecord, HoldError> {
    let checkout = store.begin(begin(n, quantity, PriceSource::Regular, None)).await?;
    Ok(address(store, &checkout, &format!("buyer{n}@example.com")).await)
}

/// The id of a payment.
#[must_use]
pub fn payment_id(n: u32) -> PaymentId {
    PaymentId::generate(NOW, bytes(n))
}

/// Writes a payment down.
pub async fn start(
    store: &impl Commerce,
    checkout: &CheckoutRecord,
    n: u32,
) -> Result<StartedPayment, StartPaymentError> {
    let command = StartPayment {
        payment_id: payment_id(n),
        shop_id: checkout.shop_id,
        checkout_id: checkout.id,
        quote_hash: checkout.quote.hash.clone(),
        provider: "sandbox".into(),
        client_block: "192.0.2.0".into(),
        now: NOW,
    };
    store.start(command).await
}

/// Writes a payment down and gives it the provider's id.
pub async fn pay(store: &impl Commerce, checkout: &CheckoutRecord, n: u32) -> PaymentTerms {
    let started = start(store, checkout, n).await.unwrap();
    store.intent_created(payment_id(n), &format!("pi_{n}"), NOW).await.unwrap();
    started.terms
}

/// What the provider says about payment `n`.
#[must_use]
pub fn told(n: u32, terms: &PaymentTerms, state: PaymentState, now: UtcMs) -> Observation {
    Observation {
        inbox: None,
        provider: "sandbox".into(),
        intent_id: format!("pi_{n}"),
        told: terms.clone(),
        state,
        failure: None,
        action_url: None,
        card: Some(CardMark { brand: "visa".into(), last4: "4242".into() }),
        order_id: OrderId::generate(now, bytes(n)),
        refund_id: RefundId::generate(now, bytes(n)),
        now,
    }
}

/// From hold to order.
pub async fn buy(store: &impl Commerce, n: u32, quantity: u32) -> OrderRecord {
    let checkout = hold(store, n, quantity).await.unwrap();
    let terms = pay(store, &checkout, n).await;
    let observed = store.observe(told(n, &terms, PaymentState::Succeeded, NOW)).await.unwrap();
    let Observed::Sold(_, order_id) = observed else { panic!("{observed:?}") };
    store.find_any(order_id).await.unwrap().unwrap()
}
