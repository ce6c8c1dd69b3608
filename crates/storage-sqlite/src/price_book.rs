//! What commerce reads from the catalogue, shops and shows.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::event::ShowState;
use showfloor_domain::promotion::{FlashOffer, Prices};
use showfloor_domain::quote::Picture;
use showfloor_domain::run::{CueAction, RunOfShow};
use showfloor_domain::show::is_on_air;
use showfloor_domain::{Currency, ProductId, ShopId, ShowId, UtcMs, VariantId};
use showfloor_storage::{PriceBook, ShopTerms, ShowTerms, StoreError, VariantOffer};

use crate::products::variant;
use crate::{Sqlite, Stored, StoredOption, Text, images, products, runs, shops, shows};

#[async_trait]
impl PriceBook for Sqlite {
    async fn offers(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        currency: Currency,
        variant_ids: &[VariantId],
        now: UtcMs,
    ) -> Result<Vec<VariantOffer>, StoreError> {
        let variant_ids = variant_ids.to_vec();
        self.read(move |connection| {
            let show = shows::find(connection, show_id)?.filter(|show| show.shop_id == shop_id);
            let run = show.as_ref().map(|show| runs::load(connection, show.id)).transpose()?;
            let context = Context {
                shop_id,
                currency,
                run,
                on_air: show.is_some_and(|show| is_on_air(show.state)),
                now,
            };
            variant_ids.into_iter().filter_map(|id| context.offer(connection, id).transpose()).collect()
        })
        .await
    }

    async fn shop_terms(&self, shop_id: ShopId) -> Result<Option<ShopTerms>, StoreError> {
        self.read(move |connection| {
            let shop = shops::find(connection, shop_id)?;
            Ok(shop.map(|shop| ShopTerms {
                shop_id: shop.id,
                currency: shop.currency(),
                name: shop.name,
                country: shop.country,
                ships_to: shop.ships_to,
                currencies: shop.currencies,
                mode: shop.mode,
                locale: shop.locale,
            }))
        })
        .await
    }

    async fn show_terms(&self, show_id: ShowId) -> Result<Option<ShowTerms>, StoreError> {
        self.read(move |connection| {
            let show = shows::find(connection, show_id)?.filter(|show| show.state != ShowState::Draft);
            Ok(show.map(|show| ShowTerms {
                show_id: show.id,
                shop_id: show.shop_id,
                title: show.title,
                started_at: show.started_at,
            }))
        })
        .await
    }
}

struct Context {
    shop_id: ShopId,
    currency: Currency,
    run: Option<RunOfShow>,
    on_air: bool,
    now: UtcMs,
}

impl Context {
    fn offer(
        &self,
        connection: &Connection,
        variant_id: VariantId,
    ) -> Result<Option<VariantOffer>, StoreError> {
        let found = connection
            .prepare_cached("SELECT * FROM variants WHERE id = ?1 AND shop_id = ?2 AND sold = 1")
            .stored()?
            .query_row((Text(variant_id), Text(self.shop_id)), |row| {
                Ok((row.get::<_, Text<ProductId>>("product_id")?.0, variant(row)?))
            })
            .stored_option()?;
        let Some((product_id, variant)) = found else { return Ok(None) };
        let Some(regular) = variant.price(self.currency) else { return Ok(None) };
        let Some(product) = products::find(connection, self.shop_id, product_id)? else { return Ok(None) };
        let image = match product.images.first() {
            Some(image_id) => images::find(connection, self.shop_id, *image_id)?,
            None => None,
        };
        let compare_at = variant.compare_at.iter().copied().find(|at| at.currency() == self.currency);
        let live = self.run.as_ref().filter(|_| self.on_air);
        Ok(Some(VariantOffer {
            variant_id,
            product_id,
            variant_title: variant.title(&product.options),
            title: product.title,
            sku: variant.sku,
            image: image.map(|image| Picture {
                id: image.id,
                alt: image.alt,
                width: image.width,
                height: image.height,
            }),
            prices: Prices {
                regular,
                compare_at,
                live: live.and_then(|run| run.live_price_under(variant_id, regular)),
                flash: live.and_then(|run| self.flash(run, variant_id)),
            },
        }))
    }

    fn flash(&self, run: &RunOfShow, variant_id: VariantId) -> Option<FlashOffer> {
        run.running_flash(self.now).find_map(|cue| {
            let CueAction::FlashSale { plan, ends_at: Some(ends_at), .. } = &cue.action else { return None };
            let offer = plan
                .prices
                .iter()
                .find(|offer| offer.variant_id == variant_id && offer.price.currency() == self.currency)?;
            Some(FlashOffer {
                cue_id: cue.id,
                price: offer.price,
                at: cue.started_at.unwrap_or(self.now),
                ends_at: *ends_at,
                cap: plan.cap,
            })
        })
    }
}
