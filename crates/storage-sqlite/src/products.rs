//! The catalogue.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::event::{Event, ProductChanged};
use showfloor_domain::{ProductId, ShopId, ShowId, UtcMs};
use showfloor_storage::{
    PAGE_MAX, Page, PageRequest, ProductError, ProductRecord, Products, StoreError, VariantRecord,
};

use crate::emit::emit;
use crate::{Json, Sqlite, Stored, StoredOption, Text, images, stock};

#[async_trait]
impl Products for Sqlite {
    async fn create(&self, product: ProductRecord) -> Result<(), ProductError> {
        self.write(move |connection| {
            check_images(connection, &product)?;
            connection
                .prepare_cached(
                    "INSERT INTO products (id, shop_id, title, description, tags, options, images,
                        created_at_ms, updated_at_ms, version)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )
                .stored()?
                .execute((
                    Text(product.id),
                    Text(product.shop_id),
                    &product.title,
                    &product.description,
                    Json(&product.tags),
                    Json(&product.options),
                    Json(&product.images),
                    product.created_at.get(),
                    product.updated_at.get(),
                    product.version,
                ))
                .stored()?;
            write_variants(connection, &product)?;
            Ok(())
        })
        .await
    }

    async fn find(
        &self,
        shop_id: ShopId,
        product_id: ProductId,
    ) -> Result<Option<ProductRecord>, StoreError> {
        self.read(move |connection| find(connection, shop_id, product_id)).await
    }

    async fn find_all(
        &self,
        shop_id: ShopId,
        product_ids: &[ProductId],
    ) -> Result<Vec<ProductRecord>, StoreError> {
        let ids = product_ids.to_vec();
        self.read(move |connection| {
            ids.into_iter().filter_map(|id| find(connection, shop_id, id).transpose()).collect()
        })
        .await
    }

    async fn list(
        &self,
        shop_id: ShopId,
        text: Option<String>,
        tag: Option<String>,
        page: PageRequest,
    ) -> Result<Page<ProductRecord>, StoreError> {
        self.read(move |connection| {
            let limit = page.limit.clamp(1, PAGE_MAX) as usize;
            // Ids sort by the time they were made.
            let before = page.cursor.unwrap_or_else(|| "~".into());
            let mut items: Vec<ProductRecord> = connection
                .prepare_cached(
                    "SELECT * FROM products
                     WHERE shop_id = ?1 AND deleted_at_ms IS NULL AND id < ?2
                        AND (?3 IS NULL OR instr(lower(title), lower(?3)) > 0 OR EXISTS (
                            SELECT 1 FROM variants
                            WHERE product_id = products.id AND sold = 1 AND instr(lower(sku), lower(?3)) > 0))
                        AND (?4 IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?4))
                     ORDER BY id DESC LIMIT ?5",
                )
                .stored()?
                .query_map((Text(shop_id), before, text, tag, limit + 1), record)
                .stored()?
                .collect::<Result<_, _>>()
                .stored()?;
            let more = items.len() > limit;
            items.truncate(limit);
            for product in &mut items {
                product.variants = variants(connection, product.id)?;
            }
            let next = items.last().filter(|_| more).map(|product| product.id.to_string());
            Ok(Page { items, next })
        })
        .await
    }

    async fn edit(&self, product: ProductRecord, now: UtcMs) -> Result<ProductRecord, ProductError> {
        self.write(move |connection| {
            let before = find(connection, product.shop_id, product.id)?.ok_or(StoreError::NotFound)?;
            if before.version != product.version {
                return Err(StoreError::Stale.into());
            }
            check_images(connection, &product)?;
            if raises_a_price(&before, &product) && is_on_screen(connection, product.id)? {
                return Err(ProductError::PriceOnScreen);
            }
            connection
                .prepare_cached(
                    "UPDATE products SET title = ?2, description = ?3, tags = ?4, options = ?5, images = ?6,
                        updated_at_ms = ?7, version = version + 1 WHERE id = ?1",
                )
                .stored()?
                .execute((
                    Text(product.id),
                    &product.title,
                    &product.description,
                    Json(&product.tags),
                    Json(&product.options),
                    Json(&product.images),
                    now.get(),
                ))
                .stored()?;
            connection
                .execute("UPDATE variants SET sold = 0 WHERE product_id = ?1", [Text(product.id)])
                .stored()?;
            write_variants(connection, &product)?;
            changed(connection, product.shop_id, product.id, now)?;
            find(connection, product.shop_id, product.id)?.ok_or(StoreError::NotFound.into())
        })
        .await
    }

    async fn delete(&self, shop_id: ShopId, product_id: ProductId, now: UtcMs) -> Result<(), ProductError> {
        self.write(move |connection| {
            find(connection, shop_id, product_id)?.ok_or(StoreError::NotFound)?;
            if !shows_listing(connection, product_id)?.is_empty() {
                return Err(ProductError::Listed);
            }
            connection
                .execute(
                    "UPDATE products SET deleted_at_ms = ?2, version = version + 1 WHERE id = ?1",
                    (Text(product_id), now.get()),
                )
                .stored()?;
            connection
                .execute("UPDATE variants SET sold = 0 WHERE product_id = ?1", [Text(product_id)])
                .stored()?;
            Ok(())
        })
        .await
    }
}

fn check_images(connection: &Connection, product: &ProductRecord) -> Result<(), ProductError> {
    for image_id in &product.images {
        images::find(connection, product.shop_id, *image_id)?.ok_or(ProductError::UnknownImage)?;
    }
    Ok(())
}

fn write_variants(connection: &Connection, product: &ProductRecord) -> Result<(), StoreError> {
    for (position, variant) in product.variants.iter().enumerate() {
        let written = connection
            .prepare_cached(
                "INSERT INTO variants (id, product_id, shop_id, position, sku, options, prices, compare_at,
                    weight_g, sold)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)
                 ON CONFLICT (id) DO UPDATE SET position = ?4, sku = ?5, options = ?6, prices = ?7,
                    compare_at = ?8, weight_g = ?9, sold = 1
                 WHERE product_id = excluded.product_id",
            )
            .stored()?
            .execute((
                Text(variant.id),
                Text(product.id),
                Text(product.shop_id),
                position,
                &variant.sku,
                Json(&variant.options),
                Json(&variant.prices),
                Json(&variant.compare_at),
                variant.weight_g,
            ))
            .stored()?;
        // An id of another product's variant.
        if written == 0 {
            return Err(StoreError::NotFound);
        }
        stock::begin(connection, product.shop_id, product.id, variant.id)?;
    }
    Ok(())
}

/// Whether some variant would cost more than it does, or would no longer have its price.
fn raises_a_price(before: &ProductRecord, after: &ProductRecord) -> bool {
    before.variants.iter().any(|variant| {
        let Some(new) = after.variants.iter().find(|new| new.id == variant.id) else { return false };
        variant
            .prices
            .iter()
            .any(|price| new.price(price.currency()).is_none_or(|new| new.minor() > price.minor()))
    })
}

fn is_on_screen(connection: &Connection, product_id: ProductId) -> Result<bool, StoreError> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM runs JOIN shows ON shows.id = show_id
             WHERE pinned_product_id = ?1 AND state IN ('live', 'paused'))",
        )
        .stored()?
        .query_row([Text(product_id)], |row| row.get(0))
        .stored()
}

/// Tells the shows that list the product.
fn changed(
    connection: &Connection,
    shop_id: ShopId,
    product_id: ProductId,
    now: UtcMs,
) -> Result<(), StoreError> {
    let show_ids = shows_listing(connection, product_id)?;
    let event = Event::ProductChanged(ProductChanged { product_id, show_ids });
    emit(connection, shop_id, product_id.to_string(), now, event)
}

/// The shows that list a product and are not over.
pub(crate) fn shows_listing(
    connection: &Connection,
    product_id: ProductId,
) -> Result<Vec<ShowId>, StoreError> {
    connection
        .prepare_cached("SELECT show_id FROM run_products WHERE product_id = ?1")
        .stored()?
        .query_map([Text(product_id)], |row| row.get::<_, Text<ShowId>>(0).map(|id| id.0))
        .stored()?
        .collect::<Result<_, _>>()
        .stored()
}

pub(crate) fn find(
    connection: &Connection,
    shop_id: ShopId,
    product_id: ProductId,
) -> Result<Option<ProductRecord>, StoreError> {
    let product = connection
        .prepare_cached("SELECT * FROM products WHERE id = ?1 AND shop_id = ?2 AND deleted_at_ms IS NULL")
        .stored()?
        .query_row((Text(product_id), Text(shop_id)), record)
        .stored_option()?;
    let Some(mut product) = product else { return Ok(None) };
    product.variants = variants(connection, product_id)?;
    Ok(Some(product))
}

fn variants(connection: &Connection, product_id: ProductId) -> Result<Vec<VariantRecord>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM variants WHERE product_id = ?1 AND sold = 1 ORDER BY position")
        .stored()?
        .query_map([Text(product_id)], variant)
        .stored()?
        .collect::<Result<_, _>>()
        .stored()
}

pub(crate) fn variant(row: &Row<'_>) -> rusqlite::Result<VariantRecord> {
    Ok(VariantRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        sku: row.get("sku")?,
        options: row.get::<_, Json<_>>("options")?.0,
        prices: row.get::<_, Json<_>>("prices")?.0,
        compare_at: row.get::<_, Json<_>>("compare_at")?.0,
        weight_g: row.get("weight_g")?,
    })
}

fn record(row: &Row<'_>) -> rusqlite::Result<ProductRecord> {
    Ok(ProductRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        shop_id: row.get::<_, Text<_>>("shop_id")?.0,
        title: row.get("title")?,
        description: row.get("description")?,
        tags: row.get::<_, Json<_>>("tags")?.0,
        options: row.get::<_, Json<_>>("options")?.0,
        images: row.get::<_, Json<_>>("images")?.0,
        variants: Vec::new(),
        created_at: UtcMs::new(row.get("created_at_ms")?),
        updated_at: UtcMs::new(row.get("updated_at_ms")?),
        version: row.get("version")?,
    })
}
