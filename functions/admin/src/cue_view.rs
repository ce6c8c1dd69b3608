//! Cues as the dashboard sees them: with their product, its prices and its stock.

use std::collections::HashMap;

use showfloor_api_types::cue::{Cue, CueFlash, CueKind, CueProduct, RunOfShow};
use showfloor_api_types::image::ImageRef;
use showfloor_api_types::product::Stock;
use showfloor_domain::run::{self, CueAction};
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{CueId, Currency, ImageId, ProductId, ShopId, VariantId};
use showfloor_http::{Problem, Result};
use showfloor_storage::{ImageRecord, ProductRecord};

use crate::deps::Deps;

/// The whole run.
pub(crate) async fn run(deps: &Deps, shop_id: ShopId, run: run::RunOfShow) -> Result<RunOfShow> {
    let shown = Shown::load(deps, shop_id, &run).await?;
    let cues = run.cues.iter().enumerate();
    let items = cues.map(|(position, cue)| shown.cue(position, cue, &run)).collect();
    Ok(RunOfShow {
        items,
        on_screen: run.pinned.and_then(|pinned| pinned.cue_id),
        pinned_product_id: run.pinned.map(|pinned| pinned.product_id),
        banner: run.banner.map(|banner| banner.text),
        version: run.version,
    })
}

/// One cue of the run.
pub(crate) async fn one(deps: &Deps, shop_id: ShopId, run: run::RunOfShow, cue_id: CueId) -> Result<Cue> {
    let items = self::run(deps, shop_id, run).await?.items;
    items.into_iter().find(|cue| cue.id == cue_id).ok_or_else(Problem::not_found)
}

struct Shown {
    currency: Currency,
    products: HashMap<ProductId, ProductRecord>,
    images: HashMap<ImageId, ImageRecord>,
    levels: HashMap<VariantId, StockLevel>,
    taken: HashMap<CueId, u32>,
}

impl Shown {
    async fn load(deps: &Deps, shop_id: ShopId, run: &run::RunOfShow) -> Result<Self> {
        let product_ids: Vec<ProductId> = run.cues.iter().filter_map(run::Cue::product_id).collect();
        let products = deps.products.find_all(shop_id, &product_ids).await?;
        let image_ids: Vec<ImageId> = products.iter().filter_map(|p| p.images.first().copied()).collect();
        let images = deps.images.find_all(shop_id, &image_ids).await?;
        let variant_ids: Vec<VariantId> =
            products.iter().flat_map(|product| &product.variants).map(|variant| variant.id).collect();
        let levels = deps.stock.levels(shop_id, &variant_ids).await?;
        let sales: Vec<CueId> = run
            .cues
            .iter()
            .filter(|cue| matches!(cue.action, CueAction::FlashSale { ends_at: Some(_), .. }))
            .map(|cue| cue.id)
            .collect();
        let counts = deps.checkouts.flash_counts(&sales).await?;
        Ok(Self {
            currency: deps.shop(shop_id).await?.currency(),
            products: products.into_iter().map(|product| (product.id, product)).collect(),
            images: images.into_iter().map(|image| (image.id, image)).collect(),
            levels: levels.into_iter().collect(),
            taken: counts.into_iter().map(|count| (count.cue_id, count.taken)).collect(),
        })
    }

    fn cue(&self, position: usize, cue: &run::Cue, run: &run::RunOfShow) -> Cue {
        let product = cue.product_id().and_then(|id| self.product(id, run));
        let (kind, text, live_prices, flash) = match &cue.action {
            CueAction::Product { live_prices, .. } => (CueKind::Product, None, live_prices.clone(), None),
            CueAction::Banner { text } => (CueKind::Banner, Some(text.clone()), Vec::new(), None),
            CueAction::FlashSale { plan, ends_at, .. } => {
                let flash = CueFlash {
                    prices: plan.prices.clone(),
                    duration_s: plan.duration_s,
                    cap: plan.cap,
                    ends_at: ends_at.map(Into::into),
                    sold: self.taken.get(&cue.id).copied().unwrap_or(0),
                };
                (CueKind::FlashSale, None, Vec::new(), Some(flash))
            }
        };
        let title = match (&product, &text) {
            (Some(product), _) => product.title.clone(),
            (None, Some(text)) => text.clone(),
            (None, None) => String::new(),
        };
        Cue {
            id: cue.id,
            kind,
            state: cue.state,
            position: u32::try_from(position).unwrap_or(u32::MAX),
            title,
            product,
            text,
            live_prices,
            flash,
            planned_at: cue.planned_at.map(Into::into),
            planned_minutes: cue.planned_minutes,
            started_at: cue.started_at.map(Into::into),
            ended_at: cue.ended_at.map(Into::into),
        }
    }

    fn product(&self, product_id: ProductId, run: &run::RunOfShow) -> Option<CueProduct> {
        let product = self.products.get(&product_id)?;
        let image = product.images.first().and_then(|id| self.images.get(id));
        let variants = &product.variants;
        let stock = variants.iter().filter_map(|variant| self.levels.get(&variant.id));
        Some(CueProduct {
            id: product.id,
            title: product.title.clone(),
            image: image.map(|image| ImageRef::new(image.id, image.alt.clone(), image.width, image.height)),
            price_from: variants
                .iter()
                .filter_map(|variant| variant.price(self.currency))
                .min_by_key(|price| price.minor()),
            live_price_from: variants
                .iter()
                .filter_map(|variant| run.live_price_under(variant.id, variant.price(self.currency)?))
                .min_by_key(|price| price.minor()),
            stock: stock.fold(Stock::default(), |sum, level| sum.plus((*level).into())),
        })
    }
}
