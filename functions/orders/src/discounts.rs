//! Discount codes of a shop.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::discount::{CreateDiscount, Discount};
use showfloor_domain::promotion::{Discount as Record, DiscountValue, canonical_code};
use showfloor_domain::{BasisPoints, DiscountId, Money};
use showfloor_http::{AdminJson, Path, Problem, Result, Staff};

use crate::deps::Deps;

/// Everything, in basis points.
const ALL_BPS: u32 = 10_000;
/// The most currencies of a fixed amount.
pub const AMOUNTS_MAX: usize = 20;

/// Adds a code.
#[utoipa::path(post, path = "/v1/admin/discounts", operation_id = "create_discount", tag = "discounts",
    request_body = CreateDiscount, security(("session" = [])), responses((status = 201, body = Discount)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    AdminJson(body): AdminJson<CreateDiscount>,
) -> Result<(StatusCode, Json<Discount>)> {
    let mut problem = Problem::invalid();
    let code = canonical_code(&body.code).unwrap_or_else(|| {
        problem = problem.clone().at("/code", "must be 1 to 32 letters, digits, - or _");
        String::new()
    });
    let value = match (body.percent_bps, body.amount) {
        (Some(rate), None) => {
            if !(1..=ALL_BPS).contains(&rate) {
                problem = problem.at("/percent_bps", "must be 1 to 10000");
            }
            DiscountValue::Percent { rate: BasisPoints(rate) }
        }
        (None, Some(amounts)) => {
            if let Some(detail) = wrong_amounts(&amounts) {
                problem = problem.at("/amount", detail);
            }
            DiscountValue::Amount { amounts }
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(problem.at("/percent_bps", "give either this or amount"));
        }
    };
    for (pointer, limit) in
        [("/limit_total", body.limit_total), ("/limit_per_customer", body.limit_per_customer)]
    {
        if limit == Some(0) {
            problem = problem.at(pointer, "must be at least 1");
        }
    }
    if let (Some(starts_at), Some(ends_at)) = (body.starts_at, body.ends_at)
        && ends_at <= starts_at
    {
        problem = problem.at("/ends_at", "must be after starts_at");
    }
    if problem.has_errors() {
        return Err(problem);
    }
    let discount = Record {
        id: DiscountId::generate(deps.http.now(), deps.http.entropy.id_bytes()),
        code,
        value,
        starts_at: body.starts_at.map(|at| at.0),
        ends_at: body.ends_at.map(|at| at.0),
        redemptions_max: body.limit_total,
        per_customer_max: body.limit_per_customer,
    };
    deps.discounts.add(staff.shop_id, discount.clone()).await?;
    deps.audit(&staff, "discount.created", discount.id, discount.code.clone()).await?;
    Ok((StatusCode::CREATED, Json(view(discount))))
}

/// A code, in whatever case it is written.
#[utoipa::path(get, path = "/v1/admin/discounts/{code}", operation_id = "get_discount", tag = "discounts",
    params(("code" = String, Path)), security(("session" = [])), responses((status = 200, body = Discount)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    staff: Staff,
    Path(code): Path<String>,
) -> Result<Json<Discount>> {
    let code = canonical_code(&code).ok_or_else(Problem::not_found)?;
    let found = deps.discounts.find_code(staff.shop_id, &code).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view(found)))
}

fn wrong_amounts(amounts: &[Money]) -> Option<&'static str> {
    let repeated =
        amounts.iter().enumerate().any(|(i, a)| amounts[..i].iter().any(|b| b.currency() == a.currency()));
    if !(1..=AMOUNTS_MAX).contains(&amounts.len()) {
        Some("must be 1 to 20 amounts")
    } else if amounts.iter().any(|amount| amount.minor() < 1) {
        Some("each must be at least 1 minor unit")
    } else if repeated {
        Some("each currency once")
    } else {
        None
    }
}

fn view(discount: Record) -> Discount {
    let (percent_bps, amount) = match discount.value {
        DiscountValue::Percent { rate } => (Some(rate.0), None),
        DiscountValue::Amount { amounts } => (None, Some(amounts)),
    };
    Discount {
        id: discount.id,
        code: discount.code,
        percent_bps,
        amount,
        limit_total: discount.redemptions_max,
        limit_per_customer: discount.per_customer_max,
        starts_at: discount.starts_at.map(Into::into),
        ends_at: discount.ends_at.map(Into::into),
    }
}
