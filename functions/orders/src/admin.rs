//! Orders in the dashboard: the list, one order, its parcel, its mails.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use showfloor_api_types::order::{
    AdminOrder, FulfilOrder, OrderPage, OrderShow, OrderShowProduct, OrderTotals, SentMail,
};
use showfloor_domain::order::OrderState;
use showfloor_domain::run::{CueAction, RunOfShow};
use showfloor_domain::{MailId, OrderId, ProductId, ShopId, ShowId, UtcMs, text};
use showfloor_http::{AdminJson, Page, Path, Problem, Query, Result, Staff};
use showfloor_storage::{Fulfil, OrderFilter, OrderRecord, PageRequest, ShowTerms, StoreError};
use utoipa::IntoParams;

use crate::deps::Deps;
use crate::view;

/// The most characters of a search.
pub const SEARCH_CHARS_MAX: usize = 100;
/// The most characters of a carrier's number.
pub const TRACKING_CHARS_MAX: usize = 80;

/// Which orders are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrderQuery {
    /// Where they stand.
    state: Option<OrderState>,
    /// A number, or part of a name or an e-mail address.
    q: Option<String>,
    /// The show they were bought in.
    show: Option<ShowId>,
    /// How many, at most 100.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Orders, newest first, with the sums of all that the filter finds.
#[utoipa::path(get, path = "/v1/admin/orders", operation_id = "list_orders", tag = "orders", params(OrderQuery),
    security(("session" = [])), responses((status = 200, body = OrderPage)))]
pub(crate) async fn list(
    State(deps): State<Deps>,
    staff: Staff,
    Query(query): Query<OrderQuery>,
) -> Result<Json<OrderPage>> {
    let text = text::optional_line(query.q.as_deref().unwrap_or_default(), SEARCH_CHARS_MAX)
        .map_err(|error| Problem::invalid_at("/q", error.to_string()))?;
    let text = (!text.is_empty()).then_some(text);
    let filter = OrderFilter { state: query.state, text, show_id: query.show };
    let page = Page { limit: query.limit, cursor: query.cursor };
    let cursors = deps.http.cursors();
    let request = PageRequest { limit: page.items()?, cursor: cursors.read(staff.shop_id, "orders", &page)? };
    let totals = deps.orders.totals(staff.shop_id, filter.clone()).await?;
    let found = deps.orders.list(staff.shop_id, filter, request).await?;
    let mut shows: HashMap<ShowId, Option<ShowTerms>> = HashMap::new();
    let mut items = Vec::with_capacity(found.items.len());
    for row in found.items {
        let Some(order) = deps.orders.find(staff.shop_id, row.id).await? else { continue };
        let terms = match shows.get(&order.show_id) {
            Some(known) => known.clone(),
            None => {
                let terms = deps.price_book.show_terms(order.show_id).await?;
                shows.insert(order.show_id, terms.clone());
                terms
            }
        };
        let show = terms.map(|terms| moment(terms, order.placed_at));
        items.push(view::row(order, show));
    }
    let next_cursor = found.next.map(|position| cursors.write(staff.shop_id, "orders", &position));
    let totals = OrderTotals { count: totals.count, revenue: totals.revenue };
    Ok(Json(OrderPage { items, next_cursor, totals }))
}

/// An order.
#[utoipa::path(get, path = "/v1/admin/orders/{order}", operation_id = "get_admin_order", tag = "orders",
    params(("order" = OrderId, Path)), security(("session" = [])), responses((status = 200, body = AdminOrder)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    staff: Staff,
    Path(order_id): Path<OrderId>,
) -> Result<Json<AdminOrder>> {
    let order = find(&deps, staff.shop_id, order_id).await?;
    Ok(Json(detail(&deps, order).await?))
}

/// Moves a parcel on: packed, sent, delivered.
#[utoipa::path(post, path = "/v1/admin/orders/{order}/fulfilment", operation_id = "fulfil_order", tag = "orders",
    params(("order" = OrderId, Path)), request_body = FulfilOrder, security(("session" = [])),
    responses((status = 200, body = AdminOrder)))]
pub(crate) async fn fulfil(
    State(deps): State<Deps>,
    staff: Staff,
    Path(order_id): Path<OrderId>,
    AdminJson(body): AdminJson<FulfilOrder>,
) -> Result<Json<AdminOrder>> {
    let tracking = body
        .tracking
        .map(|tracking| text::line(&tracking, TRACKING_CHARS_MAX))
        .transpose()
        .map_err(|error| Problem::invalid_at("/tracking", error.to_string()))?;
    let command =
        Fulfil { shop_id: staff.shop_id, order_id, state: body.state.into(), tracking, now: deps.http.now() };
    let order = deps.orders.fulfil(command).await.map_err(|error| match error {
        StoreError::Stale => Problem::conflict(
            "The parcel is already there, or farther.",
            "Read the order again; a parcel only goes forwards.",
        ),
        other => other.into(),
    })?;
    deps.audit(&staff, "order.fulfilled", order_id, format!("{:?}", body.state).to_lowercase()).await?;
    Ok(Json(detail(&deps, order).await?))
}

/// A mail as it was written.
#[utoipa::path(get, path = "/v1/admin/mails/{mail}", operation_id = "get_mail", tag = "orders",
    params(("mail" = MailId, Path)), security(("session" = [])), responses((status = 200, body = SentMail)))]
pub(crate) async fn mail(
    State(deps): State<Deps>,
    staff: Staff,
    Path(mail_id): Path<MailId>,
) -> Result<Json<SentMail>> {
    let mail = deps.orders.mail(staff.shop_id, mail_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(SentMail {
        subject: mail.subject,
        to: mail.to,
        html: mail.html,
        text: mail.text,
        at: mail.at.into(),
    }))
}

pub(crate) async fn find(deps: &Deps, shop_id: ShopId, order_id: OrderId) -> Result<OrderRecord> {
    deps.orders.find(shop_id, order_id).await?.ok_or_else(Problem::not_found)
}

/// The whole order, with its mails and the moment of its show.
pub(crate) async fn detail(deps: &Deps, order: OrderRecord) -> Result<AdminOrder> {
    let mails = deps.orders.mails(order.shop_id, order.id).await?;
    let show = match deps.price_book.show_terms(order.show_id).await? {
        Some(terms) => {
            let mut show = moment(terms, order.placed_at);
            show.product_on_screen = on_screen(deps, &order).await?;
            Some(show)
        }
        None => None,
    };
    Ok(view::admin(order, mails, show))
}

fn moment(show: ShowTerms, placed_at: UtcMs) -> OrderShow {
    OrderShow {
        id: show.show_id,
        title: show.title,
        offset_ms: show.started_at.map(|started| placed_at.since(started)).filter(|offset| *offset >= 0),
        product_on_screen: None,
    }
}

async fn on_screen(deps: &Deps, order: &OrderRecord) -> Result<Option<OrderShowProduct>> {
    let Some(run) = deps.runs.find(order.shop_id, order.show_id).await? else { return Ok(None) };
    let Some(product_id) = shown_at(&run, order.placed_at) else { return Ok(None) };
    let product = deps.products.find(order.shop_id, product_id).await?;
    Ok(product.map(|product| OrderShowProduct { id: product.id, title: product.title }))
}

/// The product that was pinned at this moment, as far as the run remembers: the last time of each cue.
fn shown_at(run: &RunOfShow, at: UtcMs) -> Option<ProductId> {
    let pinned = run.pinned.filter(|pinned| pinned.at <= at).map(|pinned| (pinned.at, pinned.product_id));
    let cues = run.cues.iter().filter_map(|cue| match &cue.action {
        CueAction::Product { product_id, .. } => {
            let started_at = cue.started_at.filter(|started| *started <= at)?;
            cue.ended_at.is_none_or(|ended| at < ended).then_some((started_at, *product_id))
        }
        CueAction::FlashSale { .. } | CueAction::Banner { .. } => None,
    });
    cues.chain(pinned).max_by_key(|(since, _)| *since).map(|(_, product_id)| product_id)
}
