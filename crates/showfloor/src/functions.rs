//! The functions in this process: their routers, the relay of their events, and what is due every second.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use showfloor_domain::event::{CloudEvent, FlashSaleEnd};
use showfloor_edge_core::token::Service;
use showfloor_functions_admin::{self as admin, EventSubscriber, IngestHealth, SetupCode};
use showfloor_functions_catalog::{self as catalog, ImageStore};
use showfloor_functions_checkout as checkout;
use showfloor_functions_orders as orders;
use showfloor_functions_payments::{self as payments, ProviderAccounts};
use showfloor_http::{Context, Mailer, Problem};
use showfloor_relay::{HttpSink, Mode, Relay};
use showfloor_storage::{Checkouts, FlashSales, StoreError};
use showfloor_storage_sqlite::Sqlite;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::wiring::clock;
use crate::wiring::tokens::Tokens;

/// How often what is due is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Lapsed holds that are given back in one go.
const SWEEP_MAX: u32 = 100;

/// What the functions stand on.
pub struct Parts {
    /// Time, entropy, tokens, sessions, limits.
    pub http: Context,
    /// The database.
    pub store: Sqlite,
    /// What encoders send.
    pub ingest: Arc<dyn IngestHealth>,
    /// Takes mails.
    pub mailer: Arc<dyn Mailer>,
    /// Keeps pictures.
    pub image_store: Arc<dyn ImageStore>,
    /// Shops' accounts at payment providers.
    pub accounts: Arc<dyn ProviderAccounts>,
    /// The code that makes the first owner.
    pub setup_code: SetupCode,
    /// Where encoders publish to.
    pub rtmp_url: String,
    /// Who we are to other planes.
    pub tokens: Tokens,
    /// Where functions and edge answer.
    pub main_url: String,
    /// Who waits for our tasks.
    pub tasks: TaskTracker,
    /// Ends them.
    pub stop: CancellationToken,
}

/// Starts what runs beside requests, and gives all routes.
pub fn start(parts: Parts) -> Router {
    let store = Arc::new(parts.store.clone());
    let mut admin = admin::Deps::new(
        parts.http.clone(),
        Arc::clone(&store),
        parts.ingest,
        Arc::clone(&parts.mailer),
        parts.setup_code,
        parts.rtmp_url,
    );
    let orders = orders::Deps::new(parts.http.clone(), Arc::clone(&store), parts.mailer);
    admin.subscribers.push(Arc::new(OrderMails(orders.clone())));
    let checkout = checkout::Deps::new(parts.http.clone(), Arc::clone(&store));
    let watchers = checkout.watchers.clone();
    let changed = Arc::new(move |checkout| watchers.changed(checkout));
    let payments = payments::Deps::new(parts.http.clone(), Arc::clone(&store), parts.accounts, changed);
    let catalog = catalog::Deps::new(parts.http, store, parts.image_store);

    let (deps, stop) = (payments.clone(), parts.stop.clone());
    parts.tasks.spawn(async move { payments::run(deps, stop.cancelled_owned()).await });
    let (watchers, stop) = (checkout.watchers.clone(), parts.stop.clone());
    parts.tasks.spawn(sweep(parts.store.clone(), watchers, stop));
    parts.tasks.spawn(relay(&parts.store, &parts.tokens, &parts.main_url).run(parts.stop));
    Router::new()
        .merge(admin::router(admin))
        .merge(catalog::router(catalog))
        .merge(checkout::router(checkout))
        .merge(payments::router(payments))
        .merge(orders::router(orders))
}

/// The whole API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    showfloor_http::openapi::merge([
        admin::openapi(),
        catalog::openapi(),
        checkout::openapi(),
        payments::openapi(),
        orders::openapi(),
    ])
}

/// Rooms hear of everything in batches; the functions hear of orders, for mail and figures.
fn relay(store: &Sqlite, tokens: &Tokens, main_url: &str) -> Relay {
    let token = |audience| {
        let tokens = tokens.clone();
        Arc::new(move || tokens.service("relay", audience))
    };
    let rooms = HttpSink::new(format!("{main_url}/v1/events"), Mode::Batched, token(Service::Edge));
    let functions =
        HttpSink::new(format!("{main_url}/v1/internal/events"), Mode::Single, token(Service::Functions));
    Relay::new(Arc::new(store.clone()), store.outbox_changes(), Arc::new(clock::now))
        .with_sink("rooms", Arc::new(rooms))
        .with_sink("functions", Arc::new(functions))
}

/// Gives back holds that lapsed and ends flash sales that are over, every second.
async fn sweep(store: Sqlite, watchers: checkout::Watchers, stop: CancellationToken) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        if let Err(error) = sweep_once(&store, &watchers).await {
            tracing::warn!(%error, "what was due could not be done and is tried again");
        }
    }
}

async fn sweep_once(store: &Sqlite, watchers: &checkout::Watchers) -> Result<(), StoreError> {
    let now = clock::now();
    loop {
        let swept = store.expire_due(now, SWEEP_MAX).await?;
        swept.checkouts.iter().for_each(|checkout| watchers.changed(*checkout));
        if !swept.more {
            break;
        }
    }
    for cue in store.flash_sold_out().await? {
        FlashSales::end(store, cue, FlashSaleEnd::SoldOut, now).await?;
    }
    admin::end_due_flash_sales(store, now).await?;
    Ok(())
}

/// Mails of orders, as a subscriber of their events.
struct OrderMails(orders::Deps);

#[async_trait]
impl EventSubscriber for OrderMails {
    async fn receive(&self, event: &CloudEvent) -> Result<(), Problem> {
        orders::mails::handle(event, &self.0).await
    }
}
