//! Giving money back: the amount is taken from the order by one conditional write, before any provider knows.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use showfloor_api_types::order::{AdminOrder, RefundOrder};
use showfloor_domain::order::RefundError;
use showfloor_domain::{OrderId, RefundId, VariantId, text};
use showfloor_http::problem::ProblemType;
use showfloor_http::{AdminJson, IdempotentRequest, Path, Problem, Result, Staff};
use showfloor_storage::{OrderRecord, RequestRefund, RequestRefundError};
use uuid::Uuid;

use crate::admin::{detail, find};
use crate::deps::Deps;

/// The most characters of a reason.
pub const REASON_CHARS_MAX: usize = 200;
/// The most lines of a refund.
pub const REFUND_LINES_MAX: usize = 50;

const MORE_THAN_LEFT: ProblemType = ProblemType {
    slug: "more-than-left",
    title: "That is more than can go back",
    status: StatusCode::CONFLICT,
};
const NOTHING_TO_RESTOCK: ProblemType = ProblemType {
    slug: "nothing-to-restock",
    title: "There are not that many pieces to put back",
    status: StatusCode::CONFLICT,
};

/// Gives money back, once per key. The provider is asked soon after; the order says how it went.
#[utoipa::path(post, path = "/v1/admin/orders/{order}/refunds", operation_id = "refund_order", tag = "orders",
    params(("order" = OrderId, Path),
        ("idempotency-key" = String, Header, description = "New for each refund; the same to send one again")),
    request_body = RefundOrder, security(("session" = [])), responses((status = 201, body = AdminOrder)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    Path(order_id): Path<OrderId>,
    request: Result<IdempotentRequest>,
    AdminJson(body): AdminJson<RefundOrder>,
) -> Result<Response> {
    let order = find(&deps, staff.shop_id, order_id).await?;
    let reason = text::line(&body.reason, REASON_CHARS_MAX)
        .map_err(|error| Problem::invalid_at("/reason", error.to_string()))?;
    let pieces = pieces(&order, &body)?;
    let effect = async |seed: [u8; 16]| {
        let refund_id = RefundId::from_uuid(Uuid::from_bytes(seed));
        let command = RequestRefund {
            refund_id,
            shop_id: staff.shop_id,
            order_id,
            amount: body.amount,
            restock: if body.restock { pieces.clone() } else { Vec::new() },
            reason: reason.clone(),
            by: Some(staff.name.clone()),
            now: deps.http.now(),
        };
        let order = deps.orders.request_refund(command).await.map_err(refused)?;
        let amount = format!("{} {} {refund_id}", body.amount.minor(), body.amount.currency());
        deps.audit(&staff, "order.refunded", order_id, amount).await?;
        Ok((StatusCode::CREATED, Json(detail(&deps, order).await?)).into_response())
    };
    let principal = staff.user_id.to_string();
    request?.once(&deps.http, deps.idempotency.as_ref(), staff.shop_id, principal, &body, effect).await
}

/// The pieces that a refund is for, by variant; lines of one variant are summed.
fn pieces(order: &OrderRecord, body: &RefundOrder) -> Result<Vec<(VariantId, u32)>> {
    let Some(lines) = &body.lines else { return Ok(order.quote.pieces()) };
    if lines.len() > REFUND_LINES_MAX {
        return Err(Problem::invalid_at("/lines", format!("at most {REFUND_LINES_MAX} lines")));
    }
    let mut wanted: Vec<u32> = vec![0; order.quote.lines.len()];
    let mut problem = Problem::invalid();
    for (index, line) in lines.iter().enumerate() {
        let bought =
            usize::try_from(line.line).ok().and_then(|at| order.quote.lines.get(at).zip(wanted.get_mut(at)));
        match bought {
            None => problem = problem.at(format!("/lines/{index}/line"), "is not a line of this order"),
            Some((bought, sum)) => {
                *sum = sum.saturating_add(line.quantity);
                if line.quantity == 0 || *sum > bought.quantity.get() {
                    let detail = format!("must be 1 to {}", bought.quantity.get());
                    problem = problem.at(format!("/lines/{index}/quantity"), detail);
                }
            }
        }
    }
    if problem.has_errors() {
        return Err(problem);
    }
    let pieces = order.quote.lines.iter().zip(wanted).filter(|(_, quantity)| *quantity > 0);
    Ok(pieces.map(|(line, quantity)| (line.variant_id, quantity)).collect())
}

fn refused(error: RequestRefundError) -> Problem {
    match error {
        RequestRefundError::Refund(RefundError::NotPositive) => {
            Problem::invalid_at("/amount/minor", "must be at least 1")
        }
        RequestRefundError::Refund(RefundError::MoreThanLeft(left)) => Problem::new(
            MORE_THAN_LEFT,
            format!("{} {} in minor units can still go back.", left.minor(), left.currency()),
            "Read the order again and refund what is left, or less.",
        )
        .at("/amount/minor", format!("must be at most {}", left.minor())),
        RequestRefundError::Refund(RefundError::Money(_)) => {
            Problem::invalid_at("/amount/currency", "must be the order's currency")
        }
        RequestRefundError::NothingToRestock => Problem::new(
            NOTHING_TO_RESTOCK,
            "Some of these pieces were put back before.",
            "Refund without restocking, or name the lines that come back.",
        ),
        RequestRefundError::Store(error) => error.into(),
    }
}
