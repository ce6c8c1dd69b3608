//! Stock as the shop sees it: adjusting what there is, and reading how it came to be.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use showfloor_api_types::list::List;
use showfloor_api_types::product::{AdjustStock, LedgerEntry, LedgerOrder, Stock};
use showfloor_domain::stock::StockError;
use showfloor_domain::{ProductId, VariantId};
use showfloor_http::fields::Fields;
use showfloor_http::problem::ProblemType;
use showfloor_http::{AdminJson, IdempotentRequest, Page, Path, Problem, Result, Staff};
use showfloor_storage::{AdjustError, PageRequest, StockAdjustment};

use crate::deps::Deps;
use crate::products::find;

/// The most pieces that one adjustment moves.
pub const DELTA_MAX: i32 = 1_000_000;
/// The most characters of a reason.
pub const REASON_CHARS_MAX: usize = 200;

const NOT_ENOUGH: ProblemType = ProblemType {
    slug: "not-enough-left",
    title: "There are not that many pieces",
    status: StatusCode::CONFLICT,
};

/// Changes what there is of a variant, once per key.
#[utoipa::path(post, path = "/v1/admin/products/{product}/variants/{variant}/stock-adjustments",
    operation_id = "adjust_stock", tag = "products",
    params(("product" = ProductId, Path), ("variant" = VariantId, Path),
        ("idempotency-key" = String, Header, description = "New for each adjustment; the same to send one again")),
    request_body = AdjustStock, security(("session" = [])), responses((status = 201, body = Stock)))]
pub(crate) async fn adjust(
    State(deps): State<Deps>,
    staff: Staff,
    Path((product_id, variant_id)): Path<(ProductId, VariantId)>,
    request: Result<IdempotentRequest>,
    AdminJson(body): AdminJson<AdjustStock>,
) -> Result<Response> {
    let product = find(&deps, staff.shop_id, product_id).await?;
    if !product.variants.iter().any(|variant| variant.id == variant_id) {
        return Err(Problem::not_found());
    }
    let mut fields = Fields::default();
    let bounded = body.delta != 0 && (-DELTA_MAX..=DELTA_MAX).contains(&body.delta);
    fields.require(bounded, "/delta", "must not be 0, and at most 1000000 either way");
    let note = fields.line("/reason", &body.reason, REASON_CHARS_MAX);
    fields.check()?;
    let effect = async |_: [u8; 16]| {
        let now = deps.http.now();
        let adjustment = StockAdjustment {
            shop_id: staff.shop_id,
            variant_id,
            delta: body.delta,
            note,
            by: Some(staff.name.clone()),
        };
        let level = deps.stock.adjust(adjustment, now).await.map_err(refusal)?;
        Ok((StatusCode::CREATED, Json(Stock::from(level))).into_response())
    };
    let principal = staff.user_id.to_string();
    request?.once(&deps.http, deps.idempotency.as_ref(), staff.shop_id, principal, &body, effect).await
}

/// The movements of a product's stock, newest first.
#[utoipa::path(get, path = "/v1/admin/products/{product}/ledger", operation_id = "list_ledger", tag = "products",
    params(("product" = ProductId, Path), Page), security(("session" = [])),
    responses((status = 200, body = List<LedgerEntry>)))]
pub(crate) async fn ledger(
    State(deps): State<Deps>,
    staff: Staff,
    Path(product_id): Path<ProductId>,
    page: Page,
) -> Result<Json<List<LedgerEntry>>> {
    find(&deps, staff.shop_id, product_id).await?;
    let cursors = deps.http.cursors();
    let list = format!("ledger/{product_id}");
    let request = PageRequest { limit: page.items()?, cursor: cursors.read(staff.shop_id, &list, &page)? };
    let entries = deps.stock.ledger(staff.shop_id, product_id, request).await?;
    let items = entries.items.into_iter().map(|entry| LedgerEntry {
        at: entry.at.into(),
        kind: entry.kind,
        variant_id: entry.variant_id,
        quantity: entry.quantity,
        note: entry.note,
        order: entry.order.map(|(id, number)| LedgerOrder { id, number }),
        by: entry.by,
    });
    let next_cursor = entries.next.map(|position| cursors.write(staff.shop_id, &list, &position));
    Ok(Json(List { items: items.collect(), next_cursor }))
}

fn refusal(error: AdjustError) -> Problem {
    match error {
        AdjustError::Store(error) => error.into(),
        AdjustError::Stock(StockError::NotEnough { available }) => Problem::new(
            NOT_ENOUGH,
            format!("{available} pieces can be taken out; the rest is sold or held in checkouts."),
            "Take out at most that many, or wait until the holds lapse.",
        ),
        AdjustError::Stock(error) => Problem::conflict(format!("{error}."), "Read the stock again."),
    }
}
