//! What our own services ask: publishers at the door, what a room starts from, and what happened elsewhere.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::image::ImageRef;
use showfloor_api_types::internal::{
    AuthorizeIngest, AuthorizedIngest, RoomSeed, SeedBanner, SeedPin, SeedProduct, SeedVariant,
};
use showfloor_domain::event::{CloudEvent, Event, FlashSaleStarted, ShowState};
use showfloor_domain::run::{CueAction, RunOfShow};
use showfloor_domain::show::ShowInput;
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{ImageId, ShopId, ShowId, UtcMs, VariantId};
use showfloor_http::problem::ProblemType;
use showfloor_http::{Json as Body, Path, Problem, Result, Service};
use showfloor_storage::{ImageRecord, ProductRecord};

use crate::deps::Deps;
use crate::stream_keys;

const STREAM_KEY_REFUSED: ProblemType = ProblemType {
    slug: "stream-key-refused",
    title: "The stream key is not accepted",
    status: StatusCode::FORBIDDEN,
};

/// Whether a publisher may come in. Wrong, revoked and over look alike.
#[utoipa::path(post, path = "/v1/internal/ingest/authorize", operation_id = "authorize_ingest", tag = "internal",
    request_body = AuthorizeIngest, security(("service" = [])), responses((status = 200, body = AuthorizedIngest)))]
pub(crate) async fn authorize_ingest(
    State(deps): State<Deps>,
    _: Service,
    Body(body): Body<AuthorizeIngest>,
) -> Result<Json<AuthorizedIngest>> {
    let refused = || {
        Problem::new(
            STREAM_KEY_REFUSED,
            "The key is wrong, was revoked, or its show is over.",
            "Copy the key from the show's page, or make a new one.",
        )
    };
    let key = stream_keys::verify(&deps, &body.stream_key).await?.ok_or_else(refused)?;
    let show = deps.shows.find_any(key.show_id).await?;
    let show = show.filter(|show| show.state != ShowState::Ended).ok_or_else(refused)?;
    deps.stream_keys.used(key.id, deps.http.now()).await?;
    Ok(Json(AuthorizedIngest { show_id: show.id, shop_id: show.shop_id, settings: show.settings }))
}

/// Takes a CloudEvent (structured JSON), at least once each. Broadcasts move their show on.
#[utoipa::path(post, path = "/v1/internal/events", operation_id = "receive_event", tag = "internal",
    request_body(content = Object, content_type = "application/cloudevents+json",
        description = "A CloudEvent 1.0 in structured mode"),
    security(("service" = [])), responses((status = 204, description = "Taken")))]
pub(crate) async fn receive_event(
    State(deps): State<Deps>,
    service: Service,
    Body(event): Body<CloudEvent>,
) -> Result<StatusCode> {
    let moved = match &event.event {
        Event::BroadcastStarted(change) => Some((change.show_id, ShowInput::BroadcastStarted)),
        Event::BroadcastInterrupted(change) => Some((change.show_id, ShowInput::BroadcastInterrupted)),
        Event::BroadcastResumed(change) => Some((change.show_id, ShowInput::BroadcastResumed)),
        Event::BroadcastEnded(change) => Some((change.show_id, ShowInput::BroadcastEnded)),
        _ => None,
    };
    if let Some((show_id, input)) = moved {
        if service.service != "origin" {
            return Err(Problem::not_allowed());
        }
        deps.shows.receive(&event.source, event.id, show_id, input, deps.http.now()).await?;
    }
    for subscriber in &deps.subscribers {
        subscriber.receive(&event).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Everything a room needs when it is made.
#[utoipa::path(get, path = "/v1/internal/shows/{show}/room-seed", operation_id = "get_room_seed", tag = "internal",
    params(("show" = ShowId, Path)), security(("service" = [])), responses((status = 200, body = RoomSeed)))]
pub(crate) async fn room_seed(
    State(deps): State<Deps>,
    _: Service,
    Path(show_id): Path<ShowId>,
) -> Result<Json<RoomSeed>> {
    let show = deps.shows.find_any(show_id).await?.ok_or_else(Problem::not_found)?;
    let shop = deps.shop(show.shop_id).await?;
    let run = deps.runs.find(show.shop_id, show_id).await?.ok_or_else(Problem::not_found)?;
    let products = seed_products(&deps, show.shop_id, &run).await?;
    let now = deps.http.now();
    Ok(Json(RoomSeed {
        shop_id: show.shop_id,
        show_id,
        shop_name: shop.name,
        host_name: show.host_name,
        state: show.state,
        state_version: show.state_version,
        slow_mode_s: show.settings.slow_mode_s,
        blocklist: show.settings.blocklist,
        links: show.settings.links,
        pinned: run.pinned.map(|pin| SeedPin {
            product_id: pin.product_id,
            at: pin.at,
            version: pin.version,
        }),
        flash: running_flash(&run, now),
        run_version: run.version,
        banner: run.banner.map(|banner| SeedBanner {
            text: banner.text,
            at: banner.at,
            version: banner.version,
        }),
        products,
        allowed_origins: shop.allowed_origins,
        currencies: shop.currencies,
        locale: shop.locale,
    }))
}

fn running_flash(run: &RunOfShow, now: UtcMs) -> Vec<FlashSaleStarted> {
    let running = run.running_flash(now).filter_map(|cue| {
        let CueAction::FlashSale { product_id, plan, ends_at: Some(ends_at), version } = &cue.action else {
            return None;
        };
        Some(FlashSaleStarted {
            show_id: run.show_id,
            product_id: *product_id,
            cue_id: cue.id,
            at: cue.started_at.unwrap_or(now),
            ends_at: *ends_at,
            cap: plan.cap,
            prices: plan.prices.clone(),
            version: *version,
        })
    });
    running.collect()
}

async fn seed_products(deps: &Deps, shop_id: ShopId, run: &RunOfShow) -> Result<Vec<SeedProduct>> {
    let products = deps.products.find_all(shop_id, &run.product_ids()).await?;
    let image_ids: Vec<ImageId> = products.iter().flat_map(|product| product.images.clone()).collect();
    let images = deps.images.find_all(shop_id, &image_ids).await?;
    let images: HashMap<ImageId, ImageRecord> = images.into_iter().map(|image| (image.id, image)).collect();
    let variant_ids: Vec<VariantId> =
        products.iter().flat_map(|product| &product.variants).map(|variant| variant.id).collect();
    let levels: HashMap<VariantId, StockLevel> =
        deps.stock.levels(shop_id, &variant_ids).await?.into_iter().collect();
    Ok(products.iter().map(|product| seed_product(product, run, &images, &levels)).collect())
}

fn seed_product(
    product: &ProductRecord,
    run: &RunOfShow,
    images: &HashMap<ImageId, ImageRecord>,
    levels: &HashMap<VariantId, StockLevel>,
) -> SeedProduct {
    let pictures = product.images.iter().filter_map(|id| images.get(id));
    let variants = product.variants.iter().map(|variant| {
        let level = levels.get(&variant.id);
        let live = variant.prices.iter().filter_map(|price| run.live_price_under(variant.id, *price));
        SeedVariant {
            id: variant.id,
            title: variant.title(&product.options),
            options: variant.options.clone(),
            prices: variant.prices.clone(),
            compare_at: variant.compare_at.clone(),
            live_prices: live.collect(),
            available: level.map_or(0, StockLevel::available),
            reserved: level.map_or(0, |level| level.reserved),
            version: level.map_or(0, |level| level.version),
        }
    });
    SeedProduct {
        id: product.id,
        title: product.title.clone(),
        images: pictures
            .map(|image| ImageRef::new(image.id, image.alt.clone(), image.width, image.height))
            .collect(),
        variants: variants.collect(),
    }
}
