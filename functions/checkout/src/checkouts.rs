//! Checkouts over HTTP.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use showfloor_api_types::checkout::{BeginCheckout as Begin, Checkout, EditCheckout};
use showfloor_domain::checkout::HOLD_MS;
use showfloor_domain::quote::{QuoteContent, QuoteError, QuoteRequest};
use showfloor_domain::{Address, CartId, CheckoutId, Contact, Country, QuoteId, ReservationId};
use showfloor_http::problem::ProblemType;
use showfloor_http::{
    IdempotentRequest, Json as Body, Path, Problem, Query, RateClass, RateKey, Result, Viewer,
};
use showfloor_storage::{BeginCheckout, CartRecord, EditError, HoldError, Requote, ShopTerms, Shortage};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::access::{self, CartSecret};
use crate::pricing::too_much;
use crate::{Deps, pricing, view};

/// The longest wait for a change, in milliseconds.
pub const WAIT_MS_MAX: u64 = 15_000;
/// While waiting, how often the store is looked at without being woken: another process may have changed it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

macro_rules! kinds {
    ($($name:ident = $status:ident, $slug:literal, $title:literal;)*) => {$(
        const $name: ProblemType =
            ProblemType { slug: $slug, title: $title, status: StatusCode::$status };
    )*};
}

kinds! {
    CART_EMPTY = CONFLICT, "cart-empty", "The cart is empty";
    SOLD_OUT = CONFLICT, "sold-out", "Sold out";
    NOT_ENOUGH_LEFT = CONFLICT, "not-enough-left", "Not enough pieces are left";
    FLASH_SALE_GONE = CONFLICT, "flash-sale-gone", "The flash sale is sold out";
    DISCOUNT_GONE = CONFLICT, "discount-gone", "The code is used up";
    NOT_SENT_THERE = UNPROCESSABLE_ENTITY, "not-sent-there", "The shop does not send there";
    HOLD_ENDED = GONE, "hold-ended", "The pieces are no longer held";
    CHECKOUT_OVER = CONFLICT, "checkout-over", "The checkout is over";
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    /// Answer when the version is higher than this.
    #[serde(default)]
    after: u64,
    /// How long to wait for that, at most 15,000.
    #[serde(default)]
    wait_ms: u64,
}

/// Freezes what the cart costs and holds its pieces. A checkout of the cart that still holds gives way; its end stays.
#[utoipa::path(post, path = "/v1/carts/{cart}/checkouts", operation_id = "begin_checkout", tag = "checkout",
    params(("cart" = CartId, Path), ("idempotency-key" = String, Header)), request_body = Begin,
    security(("viewer" = [], "cart" = [])), responses((status = 201, body = Checkout)))]
pub(crate) async fn begin(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(cart_id): Path<CartId>,
    secret: CartSecret,
    request: Result<IdempotentRequest>,
    Body(body): Body<Begin>,
) -> Result<Response> {
    let principal = viewer.viewer_id.to_string();
    let cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    let effect = async |seed: [u8; 16]| {
        deps.http.limit(RateClass::Reserve, RateKey::Name(&principal))?;
        let checkout_id = CheckoutId::from_uuid(Uuid::from_bytes(seed));
        let checkout = hold(&deps, &cart, &body, checkout_id).await?;
        Ok((StatusCode::CREATED, Json(checkout)).into_response())
    };
    let records = deps.idempotency.as_ref();
    request?.once(&deps.http, records, viewer.shop_id, principal.clone(), &body, effect).await
}

async fn hold(deps: &Deps, cart: &CartRecord, body: &Begin, checkout_id: CheckoutId) -> Result<Checkout> {
    let now = deps.http.now();
    let shop = deps.price_book.shop_terms(cart.shop_id).await?.ok_or_else(Problem::not_found)?;
    sent_there(&shop, body.country, "/country")?;
    let lines = pricing::price(deps, cart, now).await?;
    let discount = pricing::discount(deps, cart, now).await?;
    let request = QuoteRequest {
        currency: cart.currency,
        shop_country: shop.country,
        country: body.country,
        lines: lines.into_iter().map(pricing::PricedLine::freeze).collect(),
        discount: discount.as_ref(),
        now,
    };
    let content = QuoteContent::make(request, deps.shipping.as_ref(), deps.tax.as_ref())
        .map_err(|error| unquotable(&error, "/country"))?;
    let command = BeginCheckout {
        checkout_id,
        reservation_id: ReservationId::generate(now, deps.http.entropy.id_bytes()),
        shop_id: cart.shop_id,
        show_id: cart.show_id,
        cart_id: cart.id,
        buyer: cart.buyer.clone(),
        mode: shop.mode,
        quote: content.freeze(QuoteId::generate(now, deps.http.entropy.id_bytes())),
        held_until: now.plus_ms(HOLD_MS),
        now,
    };
    let checkout = deps.checkouts.begin(command).await.map_err(not_held)?;
    deps.watchers.changed(checkout.id);
    Ok(view::checkout(&deps.http, checkout))
}

/// The checkout, at once or when it changes.
#[utoipa::path(get, path = "/v1/checkouts/{checkout}", operation_id = "get_checkout", tag = "checkout",
    params(("checkout" = CheckoutId, Path), Wait), security(("viewer" = [], "cart" = [])),
    responses((status = 200, body = Checkout)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(checkout_id): Path<CheckoutId>,
    secret: CartSecret,
    Query(wait): Query<Wait>,
) -> Result<Json<Checkout>> {
    let mut watch = deps.watchers.watch(checkout_id);
    let mut checkout = access::checkout(&deps, &viewer, checkout_id, &secret).await?;
    let until = tokio::time::Instant::now() + Duration::from_millis(wait.wait_ms.min(WAIT_MS_MAX));
    while checkout.version <= wait.after {
        let look_at = (tokio::time::Instant::now() + LOOK_EVERY).min(until);
        // Woken or not, the store is what counts.
        let _ = tokio::time::timeout_at(look_at, watch.changed()).await;
        let found = deps.checkouts.find(viewer.shop_id, checkout_id).await?;
        checkout = found.ok_or_else(Problem::not_found)?;
        if tokio::time::Instant::now() >= until {
            break;
        }
    }
    Ok(Json(view::checkout(&deps.http, checkout)))
}

/// Says where confirmation and parcel go. Prices and the end of the hold stay; shipping and tax follow the address.
#[utoipa::path(put, path = "/v1/checkouts/{checkout}", operation_id = "edit_checkout", tag = "checkout",
    params(("checkout" = CheckoutId, Path)), request_body = EditCheckout,
    security(("viewer" = [], "cart" = [])), responses((status = 200, body = Checkout)))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(checkout_id): Path<CheckoutId>,
    secret: CartSecret,
    Body(body): Body<EditCheckout>,
) -> Result<Json<Checkout>> {
    deps.http.limit(RateClass::Cart, RateKey::Name(&viewer.viewer_id.to_string()))?;
    let checkout = access::checkout(&deps, &viewer, checkout_id, &secret).await?;
    let (contact, address) = parse(body)?;
    let now = deps.http.now();
    let shop = deps.price_book.shop_terms(viewer.shop_id).await?.ok_or_else(Problem::not_found)?;
    sent_there(&shop, address.country, "/address/country")?;
    let quoted = checkout.quote;
    let before = quoted.content.clone();
    let discount = match &before.discount {
        Some(used) => deps.discounts.find_code(viewer.shop_id, &used.code).await?,
        None => None,
    };
    let request = QuoteRequest {
        currency: before.currency,
        shop_country: shop.country,
        country: address.country,
        lines: before.lines,
        discount: discount.as_ref(),
        now,
    };
    let content = QuoteContent::make(request, deps.shipping.as_ref(), deps.tax.as_ref())
        .map_err(|error| unquotable(&error, "/address/country"))?;
    // The same content stays the same quote, so that a payment for it stays good.
    let quote = if content == quoted.content {
        quoted
    } else {
        content.freeze(QuoteId::generate(now, deps.http.entropy.id_bytes()))
    };
    let command = Requote { checkout_id, quote, contact, address, now };
    let checkout = deps.checkouts.requote(command).await.map_err(not_edited)?;
    deps.watchers.changed(checkout.id);
    Ok(Json(view::checkout(&deps.http, checkout)))
}

/// Gives the pieces back.
#[utoipa::path(delete, path = "/v1/checkouts/{checkout}", operation_id = "cancel_checkout", tag = "checkout",
    params(("checkout" = CheckoutId, Path)), security(("viewer" = [], "cart" = [])),
    responses((status = 200, body = Checkout)))]
pub(crate) async fn cancel(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(checkout_id): Path<CheckoutId>,
    secret: CartSecret,
) -> Result<Json<Checkout>> {
    deps.http.limit(RateClass::Cart, RateKey::Name(&viewer.viewer_id.to_string()))?;
    let checkout = access::checkout(&deps, &viewer, checkout_id, &secret).await?;
    let checkout = deps.checkouts.cancel(checkout.id, deps.http.now()).await.map_err(not_edited)?;
    deps.watchers.changed(checkout.id);
    Ok(Json(view::checkout(&deps.http, checkout)))
}

/// The merchant's own list comes before what any rate would allow.
fn sent_there(shop: &ShopTerms, country: Country, pointer: &str) -> Result<()> {
    if shop.ships_to.contains(&country) {
        return Ok(());
    }
    let detail = format!("The shop does not send to {country}.");
    Err(Problem::new(NOT_SENT_THERE, detail.clone(), "Choose a country that the shop sends to.")
        .at(pointer, detail))
}

fn parse(body: EditCheckout) -> Result<(Contact, Address)> {
    let wrong = |part: &str, (field, error): (&str, showfloor_domain::ContactError)| {
        Problem::invalid_at(format!("/{part}/{field}"), error.to_string())
    };
    let contact = body.contact.parse().map_err(|error| wrong("contact", error))?;
    let address = body.address.parse().map_err(|error| wrong("address", error))?;
    Ok((contact, address))
}

fn unquotable(error: &QuoteError, pointer: &str) -> Problem {
    match error {
        QuoteError::Empty => Problem::new(
            CART_EMPTY,
            "There is nothing in the cart that this show sells.",
            "Put something into it.",
        ),
        QuoteError::Shipping(error) => {
            Problem::new(NOT_SENT_THERE, format!("{error}."), "Choose a country that the shop sends to.")
                .at(pointer, error.to_string())
        }
        QuoteError::Money(error) => too_much(error),
    }
}

fn not_held(error: HoldError) -> Problem {
    match error {
        HoldError::NotEnough(short) => not_enough(&short),
        HoldError::FlashGone(_) => Problem::new(
            FLASH_SALE_GONE,
            "The pieces at the flash price are gone. Nothing was charged.",
            "Look at the cart's new prices and check out again.",
        ),
        HoldError::DiscountGone => discount_gone(),
        HoldError::Store(error) => error.into(),
    }
}

fn not_enough(short: &[Shortage]) -> Problem {
    let sold_out = short.iter().all(|shortage| shortage.available == 0);
    let (kind, detail) = if sold_out {
        (SOLD_OUT, "Others were first. Nothing was charged.")
    } else {
        (NOT_ENOUGH_LEFT, "There are fewer pieces than you want. Nothing was charged.")
    };
    let problem = Problem::new(kind, detail, "Change the cart to what is left and check out again.");
    short.iter().fold(problem, |problem, Shortage { variant_id, available }| {
        problem.at(format!("/lines/{variant_id}"), format!("{available} left"))
    })
}

fn discount_gone() -> Problem {
    Problem::new(
        DISCOUNT_GONE,
        "The code was used as often as it may be. Nothing was charged.",
        "Take the code out of the cart and check out again.",
    )
}

fn not_edited(error: EditError) -> Problem {
    match error {
        EditError::HoldEnded => Problem::new(
            HOLD_ENDED,
            "The time is over, so the pieces are back on the shelf. Nothing was charged.",
            "Check out again from the cart.",
        ),
        EditError::Over => Problem::new(
            CHECKOUT_OVER,
            "This checkout is paid, or its money went back.",
            "Look at the order.",
        ),
        EditError::DiscountGone => discount_gone(),
        EditError::Store(error) => error.into(),
    }
}
