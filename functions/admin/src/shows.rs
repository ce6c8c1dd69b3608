//! Shows: planning, going live, ending.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use showfloor_api_types::image::ImageRef;
use showfloor_api_types::list::List;
use showfloor_api_types::show::{Confirm, CreateShow, EditShow, EditShowSettings, Ingest, IngestState, Show};
use showfloor_domain::event::ShowState;
use showfloor_domain::show::{ShowInput, ShowSettings};
use showfloor_domain::{ImageId, ShopId, ShowId};
use showfloor_http::{AdminJson, IfMatch, Page, Path, Problem, Query, Result, Staff, Versioned};
use showfloor_storage::{AdvanceError, PageRequest, ShowRecord, StoreError};
use utoipa::IntoParams;

use crate::deps::Deps;
use showfloor_http::fields::{DESCRIPTION_CHARS_MAX, Fields, TITLE_CHARS_MAX};

/// The most words of a blocklist.
pub const BLOCKLIST_MAX: usize = 500;

/// Which shows are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowFilter {
    /// Where they stand.
    state: Option<ShowState>,
    /// How many, at most 100.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Shows by planned start, latest first.
#[utoipa::path(get, path = "/v1/admin/shows", operation_id = "list_shows", tag = "shows", params(ShowFilter),
    security(("session" = [])), responses((status = 200, body = List<Show>)))]
pub(crate) async fn list(
    State(deps): State<Deps>,
    staff: Staff,
    Query(filter): Query<ShowFilter>,
) -> Result<Json<List<Show>>> {
    let page = Page { limit: filter.limit, cursor: filter.cursor };
    let cursors = deps.http.cursors();
    let request = PageRequest { limit: page.items()?, cursor: cursors.read(staff.shop_id, "shows", &page)? };
    let shows = deps.shows.list(staff.shop_id, filter.state, request).await?;
    let mut items = Vec::with_capacity(shows.items.len());
    for show in shows.items {
        items.push(view(&deps, show).await?);
    }
    let next_cursor = shows.next.map(|position| cursors.write(staff.shop_id, "shows", &position));
    Ok(Json(List { items, next_cursor }))
}

/// Plans a show, as a draft.
#[utoipa::path(post, path = "/v1/admin/shows", operation_id = "create_show", tag = "shows", request_body = CreateShow,
    security(("session" = [])), responses((status = 201, body = Show, headers(("etag" = String)))))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    AdminJson(body): AdminJson<CreateShow>,
) -> Result<(StatusCode, Versioned<Json<Show>>)> {
    let now = deps.http.now();
    let mut fields = Fields::default();
    let show = ShowRecord {
        id: ShowId::generate(now, deps.http.entropy.id_bytes()),
        shop_id: staff.shop_id,
        title: fields.line("/title", &body.title, TITLE_CHARS_MAX),
        description: fields.lines("/description", &body.description, DESCRIPTION_CHARS_MAX),
        host_name: fields.line("/host_name", &body.host_name, TITLE_CHARS_MAX),
        state: ShowState::Draft,
        state_version: 0,
        starts_at: body.starts_at.0,
        planned_minutes: planned_minutes(&mut fields, body.planned_minutes),
        started_at: None,
        ended_at: None,
        cover_image_id: None,
        settings: ShowSettings::default(),
        created_at: now,
        version: 1,
    };
    fields.check()?;
    deps.shows.create(show.clone()).await?;
    deps.audit(&staff, "show.created", show.id, "").await?;
    Ok((StatusCode::CREATED, versioned(&deps, show).await?))
}

/// A show.
#[utoipa::path(get, path = "/v1/admin/shows/{show}", operation_id = "get_show", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])),
    responses((status = 200, body = Show, headers(("etag" = String)))))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Versioned<Json<Show>>> {
    let show = deps.show(staff.shop_id, show_id).await?;
    versioned(&deps, show).await
}

/// Changes a show.
#[utoipa::path(patch, path = "/v1/admin/shows/{show}", operation_id = "edit_show", tag = "shows",
    params(("show" = ShowId, Path), ("if-match" = String, Header, description = "The version that was read")),
    request_body = EditShow, security(("session" = [])),
    responses((status = 200, body = Show, headers(("etag" = String)))))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    if_match: Result<IfMatch, Problem>,
    AdminJson(body): AdminJson<EditShow>,
) -> Result<Versioned<Json<Show>>> {
    let mut show = deps.show(staff.shop_id, show_id).await?;
    show.version = if_match?.0;
    let mut fields = Fields::default();
    if let Some(title) = body.title {
        show.title = fields.line("/title", &title, TITLE_CHARS_MAX);
    }
    if let Some(description) = body.description {
        show.description = fields.lines("/description", &description, DESCRIPTION_CHARS_MAX);
    }
    if let Some(host_name) = body.host_name {
        show.host_name = fields.line("/host_name", &host_name, TITLE_CHARS_MAX);
    }
    if let Some(starts_at) = body.starts_at {
        show.starts_at = starts_at.0;
    }
    if body.planned_minutes.is_some() {
        show.planned_minutes = planned_minutes(&mut fields, body.planned_minutes);
    }
    if let Some(image_id) = body.cover_image_id {
        let known = image(&deps, staff.shop_id, image_id).await?.is_some();
        fields.require(known, "/cover_image_id", "is not a picture of this shop");
        show.cover_image_id = Some(image_id);
    }
    if let Some(settings) = body.settings {
        edit_settings(&mut fields, &mut show.settings, settings);
    }
    fields.check()?;
    let show = deps.shows.edit(show, deps.http.now()).await?;
    versioned(&deps, show).await
}

/// Deletes a show that was never on air.
#[utoipa::path(delete, path = "/v1/admin/shows/{show}", operation_id = "delete_show", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<StatusCode> {
    deps.shows.delete(staff.shop_id, show_id).await.map_err(|error| match error {
        StoreError::Stale => Problem::conflict(
            "A show that was on air has orders and a replay.",
            "End it; it stays in the list of ended shows.",
        ),
        other => other.into(),
    })?;
    deps.audit(&staff, "show.deleted", show_id, "").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a draft visible to viewers.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/publish", operation_id = "publish_show", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = Show)))]
pub(crate) async fn publish(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Versioned<Json<Show>>> {
    advance(&deps, &staff, show_id, ShowInput::Publish, "show.published").await
}

/// Goes live.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/go-live", operation_id = "go_live", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = Show)))]
pub(crate) async fn go_live(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Versioned<Json<Show>>> {
    advance(&deps, &staff, show_id, ShowInput::GoLive, "show.went-live").await
}

/// Ends a show. There is no way back, so it takes a yes.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/end", operation_id = "end_show", tag = "shows",
    params(("show" = ShowId, Path)), request_body = Confirm, security(("session" = [])),
    responses((status = 200, body = Show)))]
pub(crate) async fn end(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
    AdminJson(body): AdminJson<Confirm>,
) -> Result<Versioned<Json<Show>>> {
    if !body.confirm {
        return Err(Problem::invalid_at("/confirm", "must be true: a show that ended does not come back"));
    }
    advance(&deps, &staff, show_id, ShowInput::End, "show.ended").await
}

/// What the encoder sends.
#[utoipa::path(get, path = "/v1/admin/shows/{show}/ingest", operation_id = "get_ingest", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = Ingest)))]
pub(crate) async fn ingest(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<Ingest>> {
    deps.show(staff.shop_id, show_id).await?;
    let nobody = Ingest {
        state: IngestState::Waiting,
        since: None,
        encoder: None,
        video: None,
        audio: None,
        dropped_frames: 0,
        behind_ms: None,
        warnings: Vec::new(),
    };
    Ok(Json(deps.ingest.ingest(show_id).await?.unwrap_or(nobody)))
}

async fn advance(
    deps: &Deps,
    staff: &Staff,
    show_id: ShowId,
    input: ShowInput,
    action: &str,
) -> Result<Versioned<Json<Show>>> {
    let show = deps.shows.advance(staff.shop_id, show_id, input, deps.http.now()).await;
    let show = show.map_err(|error| match error {
        AdvanceError::Illegal(illegal) => Problem::conflict(
            format!("The show is {}.", state_word(illegal.from)),
            match illegal.input {
                ShowInput::Publish => "Only a draft can be published.",
                ShowInput::GoLive => "Publish it first; a show that is on air or over cannot go live.",
                _ => "Only a show that is on air can end.",
            },
        ),
        AdvanceError::Store(error) => error.into(),
    })?;
    deps.audit(staff, action, show_id, "").await?;
    versioned(deps, show).await
}

pub(crate) const fn state_word(state: ShowState) -> &'static str {
    match state {
        ShowState::Draft => "a draft",
        ShowState::Scheduled => "scheduled",
        ShowState::Live => "live",
        ShowState::Paused => "paused",
        ShowState::Ended => "over",
    }
}

fn planned_minutes(fields: &mut Fields, minutes: Option<u32>) -> Option<u32> {
    let bounded = minutes.is_none_or(|minutes| (1..=1_440).contains(&minutes));
    fields.require(bounded, "/planned_minutes", "must be 1 to 1440");
    minutes
}

fn edit_settings(fields: &mut Fields, settings: &mut ShowSettings, edit: EditShowSettings) {
    settings.auto_live = edit.auto_live.unwrap_or(settings.auto_live);
    settings.second_publisher = edit.second_publisher.unwrap_or(settings.second_publisher);
    settings.links = edit.links.unwrap_or(settings.links);
    if let Some(part_target_ms) = edit.part_target_ms {
        let bounded = (200..=1_000).contains(&part_target_ms);
        fields.require(bounded, "/settings/part_target_ms", "must be 200 to 1000");
        settings.part_target_ms = part_target_ms;
    }
    if let Some(slow_mode_s) = edit.slow_mode_s {
        fields.require(slow_mode_s <= 300, "/settings/slow_mode_s", "must be 0 to 300");
        settings.slow_mode_s = slow_mode_s;
    }
    if let Some(words) = edit.blocklist {
        fields.require(words.len() <= BLOCKLIST_MAX, "/settings/blocklist", "at most 500 words");
        let words = words.iter().enumerate().take(BLOCKLIST_MAX);
        settings.blocklist = words
            .map(|(i, word)| fields.line(&format!("/settings/blocklist/{i}"), word, TITLE_CHARS_MAX))
            .collect();
    }
}

pub(crate) async fn image(deps: &Deps, shop_id: ShopId, image_id: ImageId) -> Result<Option<ImageRef>> {
    let found = deps.images.find_all(shop_id, &[image_id]).await?.into_iter().next();
    Ok(found.map(|image| ImageRef::new(image.id, image.alt, image.width, image.height)))
}

async fn versioned(deps: &Deps, show: ShowRecord) -> Result<Versioned<Json<Show>>> {
    let version = show.version;
    Ok(Versioned { version, body: Json(view(deps, show).await?) })
}

async fn view(deps: &Deps, show: ShowRecord) -> Result<Show> {
    let cover = match show.cover_image_id {
        Some(image_id) => image(deps, show.shop_id, image_id).await?,
        None => None,
    };
    let run = deps.runs.find(show.shop_id, show.id).await?;
    let products = run.map_or(0, |run| run.product_ids().len());
    Ok(Show {
        id: show.id,
        title: show.title,
        description: show.description,
        host_name: show.host_name,
        state: show.state,
        starts_at: show.starts_at.into(),
        planned_minutes: show.planned_minutes,
        started_at: show.started_at.map(Into::into),
        ended_at: show.ended_at.map(Into::into),
        cover,
        settings: show.settings,
        product_count: u32::try_from(products).unwrap_or(u32::MAX),
        version: show.version,
    })
}
