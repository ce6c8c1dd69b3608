//! Carts over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use showfloor_api_types::cart::{Cart, CreateCart, CreatedCart, PutCartDiscount, PutCartLine};
use showfloor_domain::cart::CartLine;
use showfloor_domain::promotion::canonical_code;
use showfloor_domain::{CartId, VariantId};
use showfloor_http::{Json as Body, Path, Problem, Purpose, RateClass, RateKey, Result, Secret, Viewer};
use showfloor_storage::{Buyer, CartRecord, PutLineError};

use crate::access::{self, CartSecret};
use crate::{Deps, pricing, view};

/// Begins a cart.
#[utoipa::path(post, path = "/v1/carts", operation_id = "create_cart", tag = "checkout",
    request_body = CreateCart, security(("viewer" = [])), responses((status = 201, body = CreatedCart)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    viewer: Viewer,
    Body(body): Body<CreateCart>,
) -> Result<Response> {
    limit(&deps, &viewer)?;
    if body.show_id != viewer.show_id {
        return Err(Problem::not_found());
    }
    let shop = deps.price_book.shop_terms(viewer.shop_id).await?.ok_or_else(Problem::not_found)?;
    if !shop.currencies.contains(&body.currency) {
        return Err(Problem::invalid_at("/currency", "the shop does not sell in this currency"));
    }
    let now = deps.http.now();
    let secret = Secret::generate(deps.http.entropy.as_ref());
    let record = CartRecord {
        id: CartId::generate(now, deps.http.entropy.id_bytes()),
        shop_id: viewer.shop_id,
        show_id: viewer.show_id,
        buyer: buyer(&viewer),
        currency: body.currency,
        secret_hash: deps.http.pepper.hash(Purpose::Cart, secret.reveal().as_bytes()).0,
        lines: Vec::new(),
        discount_code: None,
        created_at: now,
    };
    let cart = view::cart(&record, Vec::new(), None)?;
    deps.carts.create(record).await?;
    let created = CreatedCart { cart, secret: secret.reveal().to_owned() };
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

/// The cart, priced now.
#[utoipa::path(get, path = "/v1/carts/{cart}", operation_id = "get_cart", tag = "checkout",
    params(("cart" = CartId, Path)), security(("viewer" = [], "cart" = [])),
    responses((status = 200, body = Cart)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(cart_id): Path<CartId>,
    secret: CartSecret,
) -> Result<Json<Cart>> {
    let cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    show(&deps, &cart).await
}

/// Puts so many pieces of a variant into the cart.
#[utoipa::path(put, path = "/v1/carts/{cart}/lines/{variant}", operation_id = "put_cart_line", tag = "checkout",
    params(("cart" = CartId, Path), ("variant" = VariantId, Path)), request_body = PutCartLine,
    security(("viewer" = [], "cart" = [])), responses((status = 200, body = Cart)))]
pub(crate) async fn put_line(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path((cart_id, variant_id)): Path<(CartId, VariantId)>,
    secret: CartSecret,
    Body(body): Body<PutCartLine>,
) -> Result<Json<Cart>> {
    limit(&deps, &viewer)?;
    let mut cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    let now = deps.http.now();
    let wish = |seen_price| CartLine { variant_id, quantity: body.quantity, seen_price };
    // The price that the buyer sees now is remembered, so that a change can be said.
    let zero = showfloor_domain::Money::zero(cart.currency);
    let alone = CartRecord { lines: vec![wish(zero)], ..cart.clone() };
    let Some(priced) = pricing::price(&deps, &alone, now).await?.pop() else {
        return Err(Problem::new(
            showfloor_http::problem::NOT_FOUND,
            "This show does not sell that, or not in this currency.",
            "Choose something that the show lists.",
        ));
    };
    let line = wish(priced.unit.price);
    deps.carts.put_line(cart.id, line, now).await.map_err(|error| match error {
        PutLineError::Full(full) => {
            Problem::conflict(format!("{full}."), "Take something out, or check out first.")
        }
        PutLineError::Store(error) => error.into(),
    })?;
    cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    show(&deps, &cart).await
}

/// Takes a variant out of the cart. What is not in it is out already.
#[utoipa::path(delete, path = "/v1/carts/{cart}/lines/{variant}", operation_id = "remove_cart_line",
    tag = "checkout", params(("cart" = CartId, Path), ("variant" = VariantId, Path)),
    security(("viewer" = [], "cart" = [])), responses((status = 200, body = Cart)))]
pub(crate) async fn remove_line(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path((cart_id, variant_id)): Path<(CartId, VariantId)>,
    secret: CartSecret,
) -> Result<Json<Cart>> {
    limit(&deps, &viewer)?;
    let mut cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    deps.carts.remove_line(cart.id, variant_id, deps.http.now()).await?;
    cart.lines.retain(|line| line.variant_id != variant_id);
    show(&deps, &cart).await
}

/// Types a code.
#[utoipa::path(put, path = "/v1/carts/{cart}/discount", operation_id = "put_cart_discount", tag = "checkout",
    params(("cart" = CartId, Path)), request_body = PutCartDiscount, security(("viewer" = [], "cart" = [])),
    responses((status = 200, body = Cart)))]
pub(crate) async fn put_discount(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(cart_id): Path<CartId>,
    secret: CartSecret,
    Body(body): Body<PutCartDiscount>,
) -> Result<Json<Cart>> {
    limit(&deps, &viewer)?;
    let mut cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    cart.discount_code = canonical_code(&body.code);
    if pricing::discount(&deps, &cart, deps.http.now()).await?.is_none() {
        return Err(Problem::invalid_at("/code", "this code is not known, or not good now"));
    }
    deps.carts.set_discount(cart.id, cart.discount_code.clone(), deps.http.now()).await?;
    show(&deps, &cart).await
}

/// Forgets the code.
#[utoipa::path(delete, path = "/v1/carts/{cart}/discount", operation_id = "remove_cart_discount",
    tag = "checkout", params(("cart" = CartId, Path)), security(("viewer" = [], "cart" = [])),
    responses((status = 200, body = Cart)))]
pub(crate) async fn remove_discount(
    State(deps): State<Deps>,
    viewer: Viewer,
    Path(cart_id): Path<CartId>,
    secret: CartSecret,
) -> Result<Json<Cart>> {
    limit(&deps, &viewer)?;
    let mut cart = access::cart(&deps, &viewer, cart_id, &secret).await?;
    deps.carts.set_discount(cart.id, None, deps.http.now()).await?;
    cart.discount_code = None;
    show(&deps, &cart).await
}

async fn show(deps: &Deps, cart: &CartRecord) -> Result<Json<Cart>> {
    let now = deps.http.now();
    let lines = pricing::price(deps, cart, now).await?;
    let discount = pricing::discount(deps, cart, now).await?;
    view::cart(cart, lines, discount).map(Json)
}

fn limit(deps: &Deps, viewer: &Viewer) -> Result<()> {
    deps.http.limit(RateClass::Cart, RateKey::Name(&viewer.viewer_id.to_string()))
}

/// Who buys, as far as a token tells.
fn buyer(viewer: &Viewer) -> Buyer {
    Buyer {
        viewer_id: viewer.viewer_id,
        name: viewer.name.clone(),
        device: viewer.device_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
