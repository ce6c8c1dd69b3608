//! An order, for whoever has its secret.

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use showfloor_api_types::order::Order;
use showfloor_domain::OrderId;
use showfloor_http::{Path, Problem, Purpose, RateClass, RateKey, RequestOrigin, Result};

use crate::deps::Deps;
use crate::view;

/// The header that carries an order's secret.
pub const ORDER_HEADER: &str = "showfloor-order";

/// The buyer's order. The secret is checked before anything is looked up, so every miss is the same 404 after the
/// same work (abuse case C10).
#[utoipa::path(get, path = "/v1/orders/{order}", operation_id = "get_order", tag = "checkout",
    params(("order" = OrderId, Path)), security(("order" = [])), responses((status = 200, body = Order)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    Path(order_id): Path<OrderId>,
    origin: RequestOrigin,
    headers: HeaderMap,
) -> Result<Json<Order>> {
    let name = order_id.to_string();
    deps.http.limit(RateClass::Cart, RateKey::Name(&name))?;
    let secret = headers.get(ORDER_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !deps.http.pepper.verify_derived(Purpose::Order, &name, secret) {
        return Err(Problem::not_found());
    }
    let order = deps.orders.find_any(order_id).await?.ok_or_else(Problem::not_found)?;
    origin.require(order.shop_id)?;
    let shop = deps.price_book.shop_terms(order.shop_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view::buyer(order, shop.name)))
}
