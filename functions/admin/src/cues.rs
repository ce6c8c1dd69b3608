//! The run of show: planning cues, and putting things on screen.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::cue::{
    CreateCue, Cue, CueKind, EditCue, OrderCues, PinProduct, PlanFlash, RunOfShow, SetBanner, TookEffect,
};
use showfloor_domain::event::VariantPrice;
use showfloor_domain::run::{self, CueAction, CueEdit, CueState, FlashPlan, RunCommand, RunError};
use showfloor_domain::{CueId, ProductId, ShopId, ShowId};
use showfloor_http::problem::ProblemType;
use showfloor_http::{AdminJson, Path, Problem, Result, Staff};
use showfloor_storage::{ProductRecord, RunCommandError};

use crate::cue_view;
use crate::deps::Deps;
use crate::shows::state_word;
use showfloor_http::fields::{BANNER_CHARS_MAX, Fields};

const PRICE_ON_SCREEN: ProblemType = ProblemType {
    slug: "price-on-screen",
    title: "A price cannot rise while it is on screen",
    status: StatusCode::CONFLICT,
};

/// The run of a show.
#[utoipa::path(get, path = "/v1/admin/shows/{show}/cues", operation_id = "list_cues", tag = "run of show",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = RunOfShow)))]
pub(crate) async fn list(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<RunOfShow>> {
    let run = deps.runs.find(staff.shop_id, show_id).await?.ok_or_else(Problem::not_found)?;
    cue_view::run(&deps, staff.shop_id, run).await.map(Json)
}

/// Plans a cue.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/cues", operation_id = "create_cue", tag = "run of show",
    params(("show" = ShowId, Path)), request_body = CreateCue, security(("session" = [])),
    responses((status = 201, body = Cue)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    AdminJson(body): AdminJson<CreateCue>,
) -> Result<(StatusCode, Json<Cue>)> {
    deps.show(staff.shop_id, show_id).await?;
    let action = action(&deps, staff.shop_id, &body).await?;
    let id = CueId::generate(deps.http.now(), deps.http.entropy.id_bytes());
    let cue = run::Cue {
        id,
        action,
        state: CueState::Planned,
        planned_at: body.planned_at.map(|at| at.0),
        planned_minutes: body.planned_minutes,
        started_at: None,
        ended_at: None,
    };
    let position = body.position.map(|position| position as usize);
    let run = apply(&deps, &staff, show_id, RunCommand::Add { cue, position }).await?.0;
    Ok((StatusCode::CREATED, Json(cue_view::one(&deps, staff.shop_id, run, id).await?)))
}

/// Changes a cue.
#[utoipa::path(patch, path = "/v1/admin/shows/{show}/cues/{cue}", operation_id = "edit_cue", tag = "run of show",
    params(("show" = ShowId, Path), ("cue" = CueId, Path)), request_body = EditCue, security(("session" = [])),
    responses((status = 200, body = Cue)))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    Path((show_id, cue_id)): Path<(ShowId, CueId)>,
    AdminJson(body): AdminJson<EditCue>,
) -> Result<Json<Cue>> {
    let run = deps.runs.find(staff.shop_id, show_id).await?.ok_or_else(Problem::not_found)?;
    let cue = run.cues.iter().find(|cue| cue.id == cue_id).ok_or_else(Problem::not_found)?;
    let mut fields = Fields::default();
    let text = fields.optional_line("/text", body.text.as_deref(), BANNER_CHARS_MAX);
    if let Some(product_id) = cue.product_id() {
        let product = product(&deps, staff.shop_id, product_id).await?;
        if let Some(prices) = &body.live_prices {
            check_prices(&mut fields, "/live_prices", prices, &product, false);
        }
        if let Some(flash) = &body.flash {
            check_flash(&mut fields, flash, &product);
        }
    }
    fields.check()?;
    let edit = CueEdit {
        text,
        planned_at: body.planned_at.map(|at| at.0),
        planned_minutes: body.planned_minutes,
        live_prices: body.live_prices,
        flash: body.flash.map(flash_plan),
        skipped: body.skipped,
    };
    let run = apply(&deps, &staff, show_id, RunCommand::Edit { cue_id, edit }).await?.0;
    cue_view::one(&deps, staff.shop_id, run, cue_id).await.map(Json)
}

/// Takes a cue out of the run.
#[utoipa::path(delete, path = "/v1/admin/shows/{show}/cues/{cue}", operation_id = "delete_cue", tag = "run of show",
    params(("show" = ShowId, Path), ("cue" = CueId, Path)), security(("session" = [])),
    responses((status = 204, description = "Taken out")))]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    staff: Staff,
    Path((show_id, cue_id)): Path<(ShowId, CueId)>,
) -> Result<StatusCode> {
    apply(&deps, &staff, show_id, RunCommand::Remove(cue_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts all cues into a new order.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/cues/order", operation_id = "order_cues", tag = "run of show",
    params(("show" = ShowId, Path)), request_body = OrderCues, security(("session" = [])),
    responses((status = 200, body = RunOfShow)))]
pub(crate) async fn order(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    AdminJson(body): AdminJson<OrderCues>,
) -> Result<Json<RunOfShow>> {
    let run = apply(&deps, &staff, show_id, RunCommand::Order(body.cue_ids)).await?.0;
    cue_view::run(&deps, staff.shop_id, run).await.map(Json)
}

/// Puts a cue on screen: pins its product, opens its flash sale, shows its line.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/cues/{cue}/start", operation_id = "start_cue", tag = "run of show",
    params(("show" = ShowId, Path), ("cue" = CueId, Path)), security(("session" = [])),
    responses((status = 200, body = TookEffect)))]
pub(crate) async fn start(
    State(deps): State<Deps>,
    staff: Staff,
    Path((show_id, cue_id)): Path<(ShowId, CueId)>,
) -> Result<Json<TookEffect>> {
    take_effect(&deps, &staff, show_id, RunCommand::Start(cue_id)).await
}

/// Takes a cue off screen, or ends its flash sale.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/cues/{cue}/stop", operation_id = "stop_cue", tag = "run of show",
    params(("show" = ShowId, Path), ("cue" = CueId, Path)), security(("session" = [])),
    responses((status = 200, body = TookEffect)))]
pub(crate) async fn stop(
    State(deps): State<Deps>,
    staff: Staff,
    Path((show_id, cue_id)): Path<(ShowId, CueId)>,
) -> Result<Json<TookEffect>> {
    take_effect(&deps, &staff, show_id, RunCommand::Stop(cue_id)).await
}

/// Starts the next planned cue.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/next", operation_id = "start_next_cue", tag = "run of show",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = TookEffect)))]
pub(crate) async fn next(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<TookEffect>> {
    take_effect(&deps, &staff, show_id, RunCommand::Next).await
}

/// Takes the product off screen.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/unpin", operation_id = "unpin", tag = "run of show",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = TookEffect)))]
pub(crate) async fn unpin(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<TookEffect>> {
    take_effect(&deps, &staff, show_id, RunCommand::Unpin).await
}

/// Puts a product on screen without a cue.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/pin", operation_id = "pin_product", tag = "run of show",
    params(("show" = ShowId, Path)), request_body = PinProduct, security(("session" = [])),
    responses((status = 200, body = TookEffect)))]
pub(crate) async fn pin(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    AdminJson(body): AdminJson<PinProduct>,
) -> Result<Json<TookEffect>> {
    deps.show(staff.shop_id, show_id).await?;
    product(&deps, staff.shop_id, body.product_id).await?;
    take_effect(&deps, &staff, show_id, RunCommand::Pin(body.product_id)).await
}

/// Sets the line over the picture, or takes it away.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/banner", operation_id = "set_banner", tag = "run of show",
    params(("show" = ShowId, Path)), request_body = SetBanner, security(("session" = [])),
    responses((status = 200, body = TookEffect)))]
pub(crate) async fn banner(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    AdminJson(body): AdminJson<SetBanner>,
) -> Result<Json<TookEffect>> {
    let mut fields = Fields::default();
    let text = fields.optional_line("/text", body.text.as_deref(), BANNER_CHARS_MAX);
    fields.check()?;
    take_effect(&deps, &staff, show_id, RunCommand::Banner(text)).await
}

async fn take_effect(
    deps: &Deps,
    staff: &Staff,
    show_id: ShowId,
    command: RunCommand,
) -> Result<Json<TookEffect>> {
    let (run, outcome, at) = apply(deps, staff, show_id, command).await?;
    Ok(Json(TookEffect { at: at.into(), cue_id: outcome.started, version: run.version }))
}

async fn apply(
    deps: &Deps,
    staff: &Staff,
    show_id: ShowId,
    command: RunCommand,
) -> Result<(run::RunOfShow, run::RunOutcome, showfloor_domain::UtcMs)> {
    let now = deps.http.now();
    let (run, outcome) = deps.runs.apply(staff.shop_id, show_id, command, now).await.map_err(refusal)?;
    Ok((run, outcome, now))
}

fn refusal(error: RunCommandError) -> Problem {
    let refused = match error {
        RunCommandError::Store(error) => return error.into(),
        RunCommandError::NotShowing(state) => {
            return Problem::conflict(
                format!("The show is {}.", state_word(state)),
                "Publish the show first; nothing comes on screen in a show that is over.",
            );
        }
        RunCommandError::Refused(refused) => refused,
    };
    let next = match refused {
        RunError::UnknownCue => return Problem::not_found(),
        RunError::PriceOnScreen => {
            return Problem::new(
                PRICE_ON_SCREEN,
                "Viewers see the product at its price now.",
                "Take the product off screen first, then change the price.",
            );
        }
        RunError::NotAPermutation => return Problem::invalid_at("/cue_ids", refused.to_string()),
        RunError::WrongKind => return Problem::invalid_at("/", refused.to_string()),
        RunError::Full => "Remove cues that are done.",
        RunError::OnScreen => "Take it off screen first.",
        RunError::FlashStarted => "Plan another flash sale.",
        RunError::NotOnScreen => "Read the run of show again.",
        RunError::FlashAboveLive => "Lower the flash sale's prices to the live price at most.",
        RunError::FlashRunning => "Wait for its end, or stop it.",
        RunError::NothingPlanned => "Plan another cue, or pin a product.",
    };
    Problem::conflict(format!("{refused}."), next)
}

async fn product(deps: &Deps, shop_id: ShopId, product_id: ProductId) -> Result<ProductRecord> {
    let found = deps.products.find(shop_id, product_id).await?;
    found.ok_or_else(|| Problem::invalid_at("/product_id", "is not a product of this shop"))
}

async fn action(deps: &Deps, shop_id: ShopId, body: &CreateCue) -> Result<CueAction> {
    let mut fields = Fields::default();
    let is_product = body.kind == CueKind::Product;
    let is_flash = body.kind == CueKind::FlashSale;
    let is_banner = body.kind == CueKind::Banner;
    fields.require(is_banner == body.text.is_some(), "/text", "a banner has a line, nothing else has");
    fields.require(is_flash == body.flash.is_some(), "/flash", "a flash sale has terms, nothing else has");
    fields.require(is_banner == body.product_id.is_none(), "/product_id", "all but a banner have a product");
    fields.require(is_product || body.live_prices.is_empty(), "/live_prices", "only a product has these");
    let minutes = body.planned_minutes.is_none_or(|minutes| (1..=1_440).contains(&minutes));
    fields.require(minutes, "/planned_minutes", "must be 1 to 1440");
    let text = fields.optional_line("/text", body.text.as_deref(), BANNER_CHARS_MAX);
    let Some(product_id) = body.product_id else {
        fields.check()?;
        return Ok(CueAction::Banner { text: text.unwrap_or_default() });
    };
    let product = product(deps, shop_id, product_id).await?;
    check_prices(&mut fields, "/live_prices", &body.live_prices, &product, false);
    if let Some(flash) = &body.flash {
        check_flash(&mut fields, flash, &product);
    }
    fields.check()?;
    Ok(match body.flash.clone() {
        Some(flash) => {
            CueAction::FlashSale { product_id, plan: flash_plan(flash), ends_at: None, version: 0 }
        }
        None => CueAction::Product { product_id, live_prices: body.live_prices.clone() },
    })
}

fn flash_plan(flash: PlanFlash) -> FlashPlan {
    FlashPlan { prices: flash.prices, duration_s: flash.duration_s, cap: flash.cap }
}

fn check_flash(fields: &mut Fields, flash: &PlanFlash, product: &ProductRecord) {
    fields.require((10..=3_600).contains(&flash.duration_s), "/flash/duration_s", "must be 10 to 3600");
    fields.require((1..=100_000).contains(&flash.cap), "/flash/cap", "must be 1 to 100000");
    check_prices(fields, "/flash/prices", &flash.prices, product, true);
}

/// Prices are of this product's variants, once per currency, above nothing and not above what they cost.
fn check_prices(
    fields: &mut Fields,
    pointer: &str,
    prices: &[VariantPrice],
    product: &ProductRecord,
    required: bool,
) {
    fields.require(!required || !prices.is_empty(), pointer, "must not be empty");
    fields.require(prices.len() <= 1_000, pointer, "too many prices");
    for (index, offer) in prices.iter().enumerate().take(1_000) {
        let pointer = format!("{pointer}/{index}");
        let Some(variant) = product.variants.iter().find(|variant| variant.id == offer.variant_id) else {
            fields.wrong(&format!("{pointer}/variant_id"), "is not a variant of this product");
            continue;
        };
        let repeated = prices[..index].iter().any(|other| {
            other.variant_id == offer.variant_id && other.price.currency() == offer.price.currency()
        });
        fields.require(!repeated, &pointer, "has this variant and currency twice");
        match variant.price(offer.price.currency()) {
            None => fields.wrong(&format!("{pointer}/price"), "the variant has no price in this currency"),
            Some(regular) => fields.require(
                (1..=regular.minor()).contains(&offer.price.minor()),
                &format!("{pointer}/price"),
                "must be above zero and at most the regular price",
            ),
        }
    }
}
