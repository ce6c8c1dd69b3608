//! What viewers see: the show and its products. The same for everybody, so it may be cached for a second.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use showfloor_api_types::list::Items;
use showfloor_api_types::product::{ProductOption, PublicFlash, PublicProduct, PublicVariant};
use showfloor_api_types::show::{Host, PublicShop, PublicShow};
use showfloor_domain::event::ShowState;
use showfloor_domain::run::{Cue, CueAction, RunOfShow};
use showfloor_domain::show::is_on_air;
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{CueId, Currency, ImageId, ProductId, ShowId, VariantId};
use showfloor_http::cache::Public;
use showfloor_http::{ClientAddress, Path, Problem, Query, RateClass, RateKey, Result};
use showfloor_storage::{ImageRecord, ProductRecord, ShowRecord};
use utoipa::IntoParams;

use crate::deps::Deps;
use crate::images::image_ref;
use crate::products::shop;

/// How long a cache may keep these answers. What changes within is told by the room.
pub const PUBLIC_MAX_AGE_S: u32 = 1;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audience {
    /// The currency of all prices; the shop's main one when absent.
    currency: Option<Currency>,
    /// The language that is preferred (BCP 47).
    #[allow(dead_code, reason = "texts have one language; the parameter is part of the contract")]
    locale: Option<String>,
}

/// A show as viewers see it.
#[utoipa::path(get, path = "/v1/shows/{show}", operation_id = "get_public_show", tag = "watch",
    params(("show" = ShowId, Path)), security(()), responses((status = 200, body = PublicShow)))]
pub(crate) async fn show(
    State(deps): State<Deps>,
    ClientAddress(address): ClientAddress,
    Path(show_id): Path<ShowId>,
) -> Result<Public<Json<PublicShow>>> {
    deps.http.limit(RateClass::Catalogue, RateKey::Address(address))?;
    let show = find(&deps, show_id).await?;
    let shop = shop(&deps, show.shop_id).await?;
    let cover = match show.cover_image_id {
        Some(image_id) => deps.images.find_all(shop.id, &[image_id]).await?.pop().map(image_ref),
        None => None,
    };
    let body = Json(PublicShow {
        id: show.id,
        title: show.title,
        description: show.description,
        host: Host { name: show.host_name, avatar: None },
        state: show.state,
        starts_at: show.starts_at.into(),
        started_at: show.started_at.map(Into::into),
        ended_at: show.ended_at.map(Into::into),
        cover,
        slow_mode_s: show.settings.slow_mode_s,
        playlist_url: format!("/live/{show_id}/index.m3u8"),
        room_url: format!("/v1/rooms/{show_id}/socket"),
        overlay_url: format!("/v1/overlays/{show_id}"),
        ships_to: shop.ships_to.iter().map(ToString::to_string).collect(),
        shop: PublicShop {
            id: shop.id,
            currency: shop.currency(),
            name: shop.name,
            locale: shop.locale,
            country: shop.country.to_string(),
            currencies: shop.currencies,
        },
    });
    Ok(Public { max_age_s: PUBLIC_MAX_AGE_S, body })
}

/// The show's products in its order, at their prices now.
#[utoipa::path(get, path = "/v1/shows/{show}/products", operation_id = "list_public_products", tag = "watch",
    params(("show" = ShowId, Path), Audience), security(()), responses((status = 200, body = Items<PublicProduct>)))]
pub(crate) async fn products(
    State(deps): State<Deps>,
    ClientAddress(address): ClientAddress,
    Path(show_id): Path<ShowId>,
    Query(audience): Query<Audience>,
) -> Result<Public<Json<Items<PublicProduct>>>> {
    deps.http.limit(RateClass::Catalogue, RateKey::Address(address))?;
    let show = find(&deps, show_id).await?;
    let shop = shop(&deps, show.shop_id).await?;
    let currency = audience.currency.unwrap_or(shop.currency());
    if !shop.currencies.contains(&currency) {
        return Err(Problem::invalid_at("/currency", "is not a currency of the shop"));
    }
    let run = deps.runs.find(shop.id, show_id).await?.ok_or_else(Problem::not_found)?;
    let found = deps.products.find_all(shop.id, &run.product_ids()).await?;
    let shelf = Shelf::load(&deps, &show, run, currency, &found).await?;
    let items = found.into_iter().filter_map(|product| shelf.product(product)).collect();
    Ok(Public { max_age_s: PUBLIC_MAX_AGE_S, body: Json(Items { items }) })
}

async fn find(deps: &Deps, show_id: ShowId) -> Result<ShowRecord> {
    let show = deps.shows.find_any(show_id).await?.filter(|show| show.state != ShowState::Draft);
    show.ok_or_else(Problem::not_found)
}

/// What is needed to price a show's products.
struct Shelf {
    currency: Currency,
    on_air: bool,
    now: showfloor_domain::UtcMs,
    run: RunOfShow,
    images: HashMap<ImageId, ImageRecord>,
    levels: HashMap<VariantId, StockLevel>,
    taken: HashMap<CueId, u32>,
}

impl Shelf {
    async fn load(
        deps: &Deps,
        show: &ShowRecord,
        run: RunOfShow,
        currency: Currency,
        products: &[ProductRecord],
    ) -> Result<Self> {
        let now = deps.http.now();
        let image_ids: Vec<ImageId> = products.iter().flat_map(|product| product.images.clone()).collect();
        let images = deps.images.find_all(show.shop_id, &image_ids).await?;
        let variant_ids: Vec<VariantId> =
            products.iter().flat_map(|product| &product.variants).map(|variant| variant.id).collect();
        let levels = deps.stock.levels(show.shop_id, &variant_ids).await?;
        let sales: Vec<CueId> = run.running_flash(now).map(|cue| cue.id).collect();
        let counts = deps.checkouts.flash_counts(&sales).await?;
        Ok(Self {
            currency,
            on_air: is_on_air(show.state),
            now,
            images: images.into_iter().map(|image| (image.id, image)).collect(),
            levels: levels.into_iter().collect(),
            taken: counts.into_iter().map(|count| (count.cue_id, count.taken)).collect(),
            run,
        })
    }

    /// The product; none when it has no price in this currency.
    fn product(&self, product: ProductRecord) -> Option<PublicProduct> {
        let flash = self.flash(product.id);
        let variants: Vec<PublicVariant> = product
            .variants
            .into_iter()
            .filter_map(|variant| {
                let price = variant.price(self.currency)?;
                let level = self.levels.get(&variant.id);
                let flash_price =
                    flash.as_ref().filter(|(_, terms)| terms.remaining > 0).and_then(|(cue, _)| {
                        let CueAction::FlashSale { plan, .. } = &cue.action else { return None };
                        let mut offers = plan.prices.iter();
                        let offer = offers.find(|offer| {
                            offer.variant_id == variant.id && offer.price.currency() == self.currency
                        });
                        offer.map(|offer| offer.price)
                    });
                let live_price = self.run.live_price_under(variant.id, price).filter(|_| self.on_air);
                Some(PublicVariant {
                    id: variant.id,
                    sku: variant.sku,
                    options: variant.options,
                    price,
                    compare_at: variant.compare_at.into_iter().find(|at| at.currency() == self.currency),
                    live_price,
                    flash_price,
                    available: level.map_or(0, StockLevel::available),
                    reserved: level.map_or(0, |level| level.reserved),
                })
            })
            .collect();
        if variants.is_empty() {
            return None;
        }
        let options = product.options.into_iter();
        Some(PublicProduct {
            id: product.id,
            title: product.title,
            description: product.description,
            images: product
                .images
                .iter()
                .filter_map(|id| self.images.get(id))
                .cloned()
                .map(image_ref)
                .collect(),
            options: options
                .map(|option| ProductOption { name: option.name, values: option.values })
                .collect(),
            variants,
            flash: flash.map(|(_, terms)| terms),
        })
    }

    fn flash(&self, product_id: ProductId) -> Option<(&Cue, PublicFlash)> {
        let mut running = self.run.running_flash(self.now).filter(|_| self.on_air);
        let cue = running.find(|cue| cue.product_id() == Some(product_id))?;
        let CueAction::FlashSale { plan, ends_at: Some(ends_at), .. } = &cue.action else { return None };
        let taken = self.taken.get(&cue.id).copied().unwrap_or(0);
        let terms = PublicFlash {
            ends_at: (*ends_at).into(),
            cap: plan.cap,
            remaining: plan.cap.saturating_sub(taken),
        };
        Some((cue, terms))
    }
}
