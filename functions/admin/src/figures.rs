//! How many watch and what they buy, and what moderators did.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::figures::{Figures, FiguresMinute, ProductFigures, ReportPresence};
use showfloor_api_types::list::List;
use showfloor_api_types::show::{ModerationEntry, ReportModeration};
use showfloor_domain::{ShowId, UtcMs};
use showfloor_http::{AdminJson, Page, Path, Problem, Result, Service, Staff};
use showfloor_storage::{ModerationRecord, PageRequest, PresenceSample};

use crate::deps::Deps;
use showfloor_http::fields::Fields;

/// A count of viewers that is older than this no longer says how many watch now.
pub const PRESENCE_FRESH_MS: i64 = 30_000;
/// How far back "the last five minutes" goes.
const RECENT_MS: i64 = 5 * 60 * 1_000;
/// The most samples of one report.
pub const PRESENCE_SAMPLES_MAX: usize = 1_000;
/// The most entries of one report.
pub const MODERATION_ENTRIES_MAX: usize = 1_000;

/// A show's figures.
#[utoipa::path(get, path = "/v1/admin/shows/{show}/figures", operation_id = "get_figures", tag = "figures",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = Figures)))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<Figures>> {
    deps.show(staff.shop_id, show_id).await?;
    let now = deps.http.now();
    let currency = deps.shop(staff.shop_id).await?.currency();
    let presence = deps.presence.show(show_id).await?;
    let sales = deps.sales.show_sales(staff.shop_id, show_id, currency, now.plus_ms(-RECENT_MS)).await?;

    let mut series: BTreeMap<UtcMs, FiguresMinute> = BTreeMap::new();
    let empty =
        |minute: UtcMs| FiguresMinute { minute: minute.into(), viewers: 0, orders: 0, revenue_minor: 0 };
    for sample in &presence.minutes {
        series.entry(sample.minute).or_insert_with(|| empty(sample.minute)).viewers = sample.viewers;
    }
    for sold in &sales.minutes {
        let minute = series.entry(sold.minute).or_insert_with(|| empty(sold.minute));
        minute.orders = sold.orders;
        minute.revenue_minor = sold.revenue_minor;
    }
    let fresh = presence.latest.filter(|(at, _)| now.since(*at) < PRESENCE_FRESH_MS);
    let peak = presence.peak.map_or(0, |(_, viewers)| viewers);
    let conversion_bps = (u64::from(sales.orders) * 10_000).checked_div(u64::from(peak)).unwrap_or(0);
    Ok(Json(Figures {
        as_of: now.into(),
        viewers: fresh.map_or(0, |(_, viewers)| viewers),
        viewers_peak: peak,
        viewers_peak_at: presence.peak.map(|(at, _)| at.into()),
        orders: sales.orders,
        revenue: sales.revenue,
        conversion_bps: u32::try_from(conversion_bps).unwrap_or(u32::MAX),
        orders_5min: sales.orders_since,
        revenue_5min: sales.revenue_since,
        series: series.into_values().collect(),
        products: sales
            .products
            .into_iter()
            .map(|product| ProductFigures {
                product_id: product.product_id,
                orders: product.orders,
                pieces: product.pieces,
                revenue: product.revenue,
            })
            .collect(),
    }))
}

/// Takes the edge's counts of viewers.
#[utoipa::path(post, path = "/v1/internal/presence", operation_id = "report_presence", tag = "internal",
    request_body = ReportPresence, security(("service" = [])), responses((status = 204, description = "Taken")))]
pub(crate) async fn report_presence(
    State(deps): State<Deps>,
    _: Service,
    AdminJson(body): AdminJson<ReportPresence>,
) -> Result<StatusCode> {
    let mut fields = Fields::default();
    fields.require(body.items.len() <= PRESENCE_SAMPLES_MAX, "/items", "at most 1000");
    fields.check()?;
    let samples = body.items.into_iter().map(|sample| PresenceSample {
        show_id: sample.show_id,
        at: sample.at.0,
        viewers: sample.viewers,
    });
    deps.presence.record(samples.collect()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What moderators did in a show, newest first.
#[utoipa::path(get, path = "/v1/admin/shows/{show}/moderation-log", operation_id = "list_moderation", tag = "shows",
    params(("show" = ShowId, Path), Page), security(("session" = [])),
    responses((status = 200, body = List<ModerationEntry>)))]
pub(crate) async fn moderation_log(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    page: Page,
) -> Result<Json<List<ModerationEntry>>> {
    deps.show(staff.shop_id, show_id).await?;
    let cursors = deps.http.cursors();
    let list = format!("moderation-log/{show_id}");
    let request = PageRequest { limit: page.items()?, cursor: cursors.read(staff.shop_id, &list, &page)? };
    let entries = deps.moderation.list(staff.shop_id, show_id, request).await?;
    let people = deps.accounts.list(staff.shop_id).await?;
    let name = |id| people.iter().find(|user| user.id == id).map(|user| user.name.clone());
    let items = entries.items.into_iter().map(|entry| ModerationEntry {
        at: entry.at.into(),
        action: entry.action,
        by: entry.by,
        by_name: entry.by.and_then(name),
        role: entry.role,
        viewer_id: entry.viewer_id,
        message_id: entry.message_id,
        reason: entry.reason,
        seconds: entry.seconds,
    });
    let next_cursor = entries.next.map(|position| cursors.write(staff.shop_id, &list, &position));
    Ok(Json(List { items: items.collect(), next_cursor }))
}

/// Takes what moderators did in a room.
#[utoipa::path(post, path = "/v1/internal/moderation-log", operation_id = "report_moderation", tag = "internal",
    request_body = ReportModeration, security(("service" = [])), responses((status = 204, description = "Taken")))]
pub(crate) async fn report_moderation(
    State(deps): State<Deps>,
    service: Service,
    AdminJson(body): AdminJson<ReportModeration>,
) -> Result<StatusCode> {
    if service.service != "edge" {
        return Err(Problem::not_allowed());
    }
    let mut fields = Fields::default();
    fields.require(body.items.len() <= MODERATION_ENTRIES_MAX, "/items", "at most 1000");
    let mut entries = Vec::with_capacity(body.items.len());
    for (index, entry) in body.items.into_iter().enumerate().take(MODERATION_ENTRIES_MAX) {
        let pointer = |field: &str| format!("/items/{index}/{field}");
        let record = ModerationRecord {
            at: entry.at.0,
            action: fields.line(&pointer("action"), &entry.action, 40),
            by: entry.by,
            role: fields.optional_line(&pointer("role"), entry.role.as_deref(), 40),
            viewer_id: entry.viewer_id,
            message_id: entry.message_id,
            reason: fields.optional_line(&pointer("reason"), entry.reason.as_deref(), 500),
            seconds: entry.seconds,
        };
        entries.push((entry.show_id, record));
    }
    fields.check()?;
    deps.moderation.append(entries).await?;
    Ok(StatusCode::NO_CONTENT)
}
