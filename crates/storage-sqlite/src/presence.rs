//! Presence samples and the moderation log.

use async_trait::async_trait;
use showfloor_domain::{ShopId, ShowId, UtcMs};
use showfloor_storage::{
    ModerationLog, ModerationRecord, PAGE_MAX, Page, PageRequest, Presence, PresenceMinute, PresenceSample,
    ShowPresence, StoreError,
};

use crate::{Json, Sqlite, Stored, StoredOption, Text, shows};

const MINUTE_MS: i64 = 60_000;

#[async_trait]
impl Presence for Sqlite {
    async fn record(&self, samples: Vec<PresenceSample>) -> Result<(), StoreError> {
        self.write(move |connection| {
            for sample in samples {
                if shows::find(connection, sample.show_id)?.is_none() {
                    continue;
                }
                let (show_id, at_ms) = (Text(sample.show_id), sample.at.get());
                connection
                    .prepare_cached(
                        "INSERT INTO presence (show_id, at_ms, viewers, peak_at_ms, peak) VALUES (?1, ?2, ?3, ?2, ?3)
                         ON CONFLICT (show_id) DO UPDATE SET
                            viewers = CASE WHEN excluded.at_ms >= at_ms THEN excluded.viewers ELSE viewers END,
                            at_ms = max(at_ms, excluded.at_ms),
                            peak_at_ms = CASE WHEN excluded.peak > peak THEN excluded.at_ms ELSE peak_at_ms END,
                            peak = max(peak, excluded.peak)",
                    )
                    .stored()?
                    .execute((show_id, at_ms, sample.viewers))
                    .stored()?;
                connection
                    .prepare_cached(
                        "INSERT INTO presence_minutes (show_id, minute_ms, viewers) VALUES (?1, ?2, ?3)
                         ON CONFLICT (show_id, minute_ms) DO UPDATE SET viewers = max(viewers, excluded.viewers)",
                    )
                    .stored()?
                    .execute((show_id, at_ms.div_euclid(MINUTE_MS) * MINUTE_MS, sample.viewers))
                    .stored()?;
            }
            Ok(())
        })
        .await
    }

    async fn show(&self, show_id: ShowId) -> Result<ShowPresence, StoreError> {
        self.read(move |connection| {
            let latest_and_peak = connection
                .prepare_cached("SELECT at_ms, viewers, peak_at_ms, peak FROM presence WHERE show_id = ?1")
                .stored()?
                .query_row([Text(show_id)], |row| {
                    let latest = (UtcMs::new(row.get(0)?), row.get(1)?);
                    Ok((latest, (UtcMs::new(row.get(2)?), row.get(3)?)))
                })
                .stored_option()?;
            let minutes = connection
                .prepare_cached(
                    "SELECT minute_ms, viewers FROM presence_minutes WHERE show_id = ?1 ORDER BY minute_ms",
                )
                .stored()?
                .query_map([Text(show_id)], |row| {
                    Ok(PresenceMinute { minute: UtcMs::new(row.get(0)?), viewers: row.get(1)? })
                })
                .stored()?
                .collect::<Result<_, _>>()
                .stored()?;
            let (latest, peak) = latest_and_peak.unzip();
            Ok(ShowPresence { latest, peak, minutes })
        })
        .await
    }
}

#[async_trait]
impl ModerationLog for Sqlite {
    async fn append(&self, entries: Vec<(ShowId, ModerationRecord)>) -> Result<(), StoreError> {
        self.write(move |connection| {
            for (show_id, entry) in entries {
                connection
                    .prepare_cached(
                        "INSERT INTO moderation_log (show_id, entry)
                         SELECT id, ?2 FROM shows WHERE id = ?1",
                    )
                    .stored()?
                    .execute((Text(show_id), Json(entry)))
                    .stored()?;
            }
            Ok(())
        })
        .await
    }

    async fn list(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        page: PageRequest,
    ) -> Result<Page<ModerationRecord>, StoreError> {
        self.read(move |connection| {
            if shows::find(connection, show_id)?.is_none_or(|show| show.shop_id != shop_id) {
                return Ok(Page { items: Vec::new(), next: None });
            }
            let limit = page.limit.clamp(1, PAGE_MAX) as usize;
            let before = page.cursor.and_then(|cursor| cursor.parse::<i64>().ok()).unwrap_or(i64::MAX);
            let mut rows: Vec<(i64, ModerationRecord)> = connection
                .prepare_cached(
                    "SELECT number, entry FROM moderation_log WHERE show_id = ?1 AND number < ?2
                     ORDER BY number DESC LIMIT ?3",
                )
                .stored()?
                .query_map((Text(show_id), before, limit + 1), |row| {
                    Ok((row.get(0)?, row.get::<_, Json<ModerationRecord>>(1)?.0))
                })
                .stored()?
                .collect::<Result<_, _>>()
                .stored()?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|(number, _)| number.to_string());
            Ok(Page { items: rows.into_iter().map(|(_, entry)| entry).collect(), next })
        })
        .await
    }
}
