//! The control plane's functions: accounts, the shop, shows and their run, tokens, figures, and what our own
//! services ask.
//!
//! Contract: [`router`] takes [`Deps`] and answers everything that [`openapi`] lists. Each dashboard route
//! names its operation of the role table; rows are looked up by the shop of the session, so another shop's id
//! is 404. Every change and its event are one transaction of the store. [`end_due_flash_sales`] is called once
//! a second by whoever runs these functions.
//!
//! It is not the catalogue (`showfloor-functions-catalog`), and it sells nothing. It knows neither the
//! database nor the origin: both come in as traits.
//!
//! ```
//! let document = showfloor_functions_admin::openapi();
//! assert!(document.paths.paths.contains_key("/v1/admin/shows/{show}/go-live"));
//! ```

mod auth;
mod cue_view;
mod cues;
mod deps;
mod figures;
mod internal;
mod passwords;
mod people;
mod setup;
mod shop;
mod shows;
mod stream_keys;
mod tokens;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, patch, post};
use showfloor_domain::{CueId, UtcMs};
use showfloor_http::{Operation as O, cors, operation};
use showfloor_storage::{FlashSales, StoreError};
use utoipa::OpenApi;

pub use deps::{Deps, EventSubscriber, IngestHealth, Store, StoredOrigins, StoredSessions};
pub use figures::{MODERATION_ENTRIES_MAX, PRESENCE_FRESH_MS, PRESENCE_SAMPLES_MAX};
pub use passwords::{HASHES_AT_ONCE, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Passwords};
pub use setup::SetupCode;
pub use stream_keys::KEY_CHARS_MAX;

/// All routes of the control plane. Put [`showfloor_http::api`] around what the root merges.
pub fn router(deps: Deps) -> Router {
    let viewer_tokens = Router::new()
        .route("/v1/shows/{show}/viewer-tokens", post(tokens::viewer))
        .layer(from_fn_with_state(deps.http.clone(), cors::listed_origins));
    Router::new()
        .merge(accounts())
        .merge(planning())
        .merge(run_of_show())
        .merge(internal_routes())
        .merge(viewer_tokens)
        .with_state(deps)
}

fn accounts() -> Router<Deps> {
    Router::new()
        .route("/v1/setup", post(auth::set_up))
        .route("/v1/auth/sign-in", post(auth::sign_in))
        .route("/v1/auth/sign-out", operation(O::UseOwnAccount, post(auth::sign_out)))
        .route("/v1/auth/confirm-password", operation(O::UseOwnAccount, post(auth::confirm_password)))
        .route("/v1/auth/reset", post(auth::request_reset))
        .route("/v1/auth/reset/confirm", post(auth::confirm_reset))
        .route("/v1/me", operation(O::UseOwnAccount, get(auth::me)))
        .route("/v1/admin/shop", operation(O::ReadShop, get(shop::get)))
        .route("/v1/admin/shop", operation(O::EditShop, patch(shop::edit)))
        .route("/v1/admin/people", operation(O::ReadPeople, get(people::list)))
        .route("/v1/admin/people", operation(O::EditPeople, post(people::add)))
        .route("/v1/admin/people/{user}", operation(O::EditPeople, patch(people::edit)))
        .route("/v1/admin/people/{user}", operation(O::EditPeople, delete(people::remove)))
}

fn planning() -> Router<Deps> {
    Router::new()
        .route("/v1/admin/shows", operation(O::ReadShows, get(shows::list)))
        .route("/v1/admin/shows", operation(O::EditShows, post(shows::create)))
        .route("/v1/admin/shows/{show}", operation(O::ReadShows, get(shows::get)))
        .route("/v1/admin/shows/{show}", operation(O::EditShows, patch(shows::edit)))
        .route("/v1/admin/shows/{show}", operation(O::EditShows, delete(shows::delete)))
        .route("/v1/admin/shows/{show}/publish", operation(O::EditShows, post(shows::publish)))
        .route("/v1/admin/shows/{show}/go-live", operation(O::GoLive, post(shows::go_live)))
        .route("/v1/admin/shows/{show}/end", operation(O::GoLive, post(shows::end)))
        .route("/v1/admin/shows/{show}/ingest", operation(O::ReadIngest, get(shows::ingest)))
        .route("/v1/admin/shows/{show}/stream-keys", operation(O::ReadStreamKeys, get(stream_keys::list)))
        .route("/v1/admin/shows/{show}/stream-keys", operation(O::EditStreamKeys, post(stream_keys::create)))
        .route(
            "/v1/admin/shows/{show}/stream-keys/{key}",
            operation(O::EditStreamKeys, delete(stream_keys::revoke)),
        )
        .route("/v1/admin/shows/{show}/staff-token", operation(O::EnterRoom, post(tokens::staff)))
        .route("/v1/admin/shows/{show}/figures", operation(O::ReadFigures, get(figures::get)))
        .route(
            "/v1/admin/shows/{show}/moderation-log",
            operation(O::ReadModerationLog, get(figures::moderation_log)),
        )
}

fn run_of_show() -> Router<Deps> {
    Router::new()
        .route("/v1/admin/shows/{show}/cues", operation(O::ReadShows, get(cues::list)))
        .route("/v1/admin/shows/{show}/cues", operation(O::RunCues, post(cues::create)))
        .route("/v1/admin/shows/{show}/cues/order", operation(O::RunCues, post(cues::order)))
        .route("/v1/admin/shows/{show}/cues/{cue}", operation(O::RunCues, patch(cues::edit)))
        .route("/v1/admin/shows/{show}/cues/{cue}", operation(O::RunCues, delete(cues::delete)))
        .route("/v1/admin/shows/{show}/cues/{cue}/start", operation(O::RunCues, post(cues::start)))
        .route("/v1/admin/shows/{show}/cues/{cue}/stop", operation(O::RunCues, post(cues::stop)))
        .route("/v1/admin/shows/{show}/next", operation(O::RunCues, post(cues::next)))
        .route("/v1/admin/shows/{show}/unpin", operation(O::RunCues, post(cues::unpin)))
        .route("/v1/admin/shows/{show}/pin", operation(O::RunCues, post(cues::pin)))
        .route("/v1/admin/shows/{show}/banner", operation(O::RunCues, post(cues::banner)))
}

fn internal_routes() -> Router<Deps> {
    Router::new()
        .route("/v1/internal/ingest/authorize", post(internal::authorize_ingest))
        .route("/v1/internal/events", post(internal::receive_event))
        .route("/v1/internal/shows/{show}/room-seed", get(internal::room_seed))
        .route("/v1/internal/presence", post(figures::report_presence))
        .route("/v1/internal/moderation-log", post(figures::report_moderation))
}

/// Ends the flash sales whose time is over, with their events. Costs one read when none is.
///
/// # Errors
/// When the store fails; the next call ends them.
pub async fn end_due_flash_sales(sales: &dyn FlashSales, now: UtcMs) -> Result<Vec<CueId>, StoreError> {
    sales.end_due(now).await
}

/// What these functions answer, for the merged document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    auth::sign_in,
    auth::sign_out,
    auth::me,
    auth::confirm_password,
    auth::set_up,
    auth::request_reset,
    auth::confirm_reset,
    people::list,
    people::add,
    people::edit,
    people::remove,
    shop::get,
    shop::edit,
    shows::list,
    shows::create,
    shows::get,
    shows::edit,
    shows::delete,
    shows::publish,
    shows::go_live,
    shows::end,
    shows::ingest,
    stream_keys::create,
    stream_keys::list,
    stream_keys::revoke,
    tokens::viewer,
    tokens::staff,
    cues::list,
    cues::create,
    cues::edit,
    cues::delete,
    cues::order,
    cues::start,
    cues::stop,
    cues::next,
    cues::unpin,
    cues::pin,
    cues::banner,
    figures::get,
    figures::report_presence,
    figures::moderation_log,
    figures::report_moderation,
    internal::authorize_ingest,
    internal::receive_event,
    internal::room_seed,
))]
struct Document;
