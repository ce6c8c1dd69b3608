//! What is known of pictures; their bytes are in the object store.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::{ImageId, ShopId, UtcMs};
use showfloor_storage::{ImageRecord, Images, StoreError};

use crate::{Sqlite, Stored, StoredOption, Text};

#[async_trait]
impl Images for Sqlite {
    async fn create(&self, image: ImageRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .execute(
                    "INSERT INTO images (id, shop_id, alt, width, height, created_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    (
                        Text(image.id),
                        Text(image.shop_id),
                        &image.alt,
                        image.width,
                        image.height,
                        image.created_at.get(),
                    ),
                )
                .stored()?;
            Ok(())
        })
        .await
    }

    async fn find_all(&self, shop_id: ShopId, image_ids: &[ImageId]) -> Result<Vec<ImageRecord>, StoreError> {
        let image_ids = image_ids.to_vec();
        self.read(move |connection| {
            image_ids.into_iter().filter_map(|id| find(connection, shop_id, id).transpose()).collect()
        })
        .await
    }

    async fn describe(
        &self,
        shop_id: ShopId,
        image_id: ImageId,
        alt: String,
    ) -> Result<ImageRecord, StoreError> {
        self.write(move |connection| {
            connection
                .query_row(
                    "UPDATE images SET alt = ?3 WHERE id = ?1 AND shop_id = ?2 RETURNING *",
                    (Text(image_id), Text(shop_id), alt),
                    record,
                )
                .stored()
        })
        .await
    }
}

pub(crate) fn find(
    connection: &Connection,
    shop_id: ShopId,
    image_id: ImageId,
) -> Result<Option<ImageRecord>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM images WHERE id = ?1 AND shop_id = ?2")
        .stored()?
        .query_row((Text(image_id), Text(shop_id)), record)
        .stored_option()
}

fn record(row: &Row<'_>) -> rusqlite::Result<ImageRecord> {
    Ok(ImageRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        shop_id: row.get::<_, Text<_>>("shop_id")?.0,
        alt: row.get("alt")?,
        width: row.get("width")?,
        height: row.get("height")?,
        created_at: UtcMs::new(row.get("created_at_ms")?),
    })
}
