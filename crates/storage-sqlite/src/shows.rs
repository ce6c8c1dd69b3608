//! Shows.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::event::{Event, ShowChanged, ShowState, ShowStateChanged};
use showfloor_domain::run::RunCommand;
use showfloor_domain::show::{self, ShowInput};
use showfloor_domain::{EventId, ShopId, ShowId, UtcMs};
use showfloor_storage::{
    AdvanceError, PAGE_MAX, Page, PageRequest, RunCommandError, ShowRecord, Shows, StoreError,
};

use crate::emit::emit;
use crate::{Json, Sqlite, Stored, StoredOption, Text, Word, runs};

/// How long an event that was taken is remembered: longer than anybody tries to deliver it again.
const INBOX_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

#[async_trait]
impl Shows for Sqlite {
    async fn create(&self, show: ShowRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO shows (id, shop_id, title, description, host_name, state, state_version,
                        starts_at_ms, planned_minutes, started_at_ms, ended_at_ms, cover_image_id, settings,
                        created_at_ms, version)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                )
                .stored()?
                .execute((
                    Text(show.id),
                    Text(show.shop_id),
                    &show.title,
                    &show.description,
                    &show.host_name,
                    Word(show.state),
                    show.state_version,
                    show.starts_at.get(),
                    show.planned_minutes,
                    show.started_at.map(UtcMs::get),
                    show.ended_at.map(UtcMs::get),
                    show.cover_image_id.map(Text),
                    Json(&show.settings),
                    show.created_at.get(),
                    show.version,
                ))
                .stored()?;
            runs::create(connection, show.id)
        })
        .await
    }

    async fn find(&self, shop_id: ShopId, show_id: ShowId) -> Result<Option<ShowRecord>, StoreError> {
        self.read(move |connection| Ok(find(connection, show_id)?.filter(|show| show.shop_id == shop_id)))
            .await
    }

    async fn find_any(&self, show_id: ShowId) -> Result<Option<ShowRecord>, StoreError> {
        self.read(move |connection| find(connection, show_id)).await
    }

    async fn list(
        &self,
        shop_id: ShopId,
        state: Option<ShowState>,
        page: PageRequest,
    ) -> Result<Page<ShowRecord>, StoreError> {
        self.read(move |connection| {
            let limit = page.limit.clamp(1, PAGE_MAX) as usize;
            let (before_ms, before_id) = page
                .cursor
                .as_deref()
                .and_then(|cursor| cursor.split_once('/'))
                .and_then(|(ms, id)| Some((ms.parse::<i64>().ok()?, id.to_owned())))
                .unwrap_or((i64::MAX, String::new()));
            let mut items: Vec<ShowRecord> = connection
                .prepare_cached(
                    "SELECT * FROM shows
                     WHERE shop_id = ?1 AND (?2 IS NULL OR state = ?2) AND (starts_at_ms, id) < (?3, ?4)
                     ORDER BY starts_at_ms DESC, id DESC LIMIT ?5",
                )
                .stored()?
                .query_map((Text(shop_id), state.map(Word), before_ms, before_id, limit + 1), record)
                .stored()?
                .collect::<Result<_, _>>()
                .stored()?;
            let more = items.len() > limit;
            items.truncate(limit);
            let next = items.last().filter(|_| more).map(|show| format!("{}/{}", show.starts_at, show.id));
            Ok(Page { items, next })
        })
        .await
    }

    async fn edit(&self, show: ShowRecord, now: UtcMs) -> Result<ShowRecord, StoreError> {
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(
                    "UPDATE shows SET title = ?4, description = ?5, host_name = ?6, starts_at_ms = ?7,
                        planned_minutes = ?8, cover_image_id = ?9, settings = ?10, version = version + 1
                     WHERE id = ?1 AND shop_id = ?2 AND version = ?3",
                )
                .stored()?
                .execute((
                    Text(show.id),
                    Text(show.shop_id),
                    show.version,
                    &show.title,
                    &show.description,
                    &show.host_name,
                    show.starts_at.get(),
                    show.planned_minutes,
                    show.cover_image_id.map(Text),
                    Json(&show.settings),
                ))
                .stored()?;
            let stored = find(connection, show.id)?.filter(|found| found.shop_id == show.shop_id);
            let stored = stored.ok_or(StoreError::NotFound)?;
            if changed == 0 {
                return Err(StoreError::Stale);
            }
            let event = Event::ShowChanged(ShowChanged { show_id: show.id });
            emit(connection, show.shop_id, show.id.to_string(), now, event)?;
            Ok(stored)
        })
        .await
    }

    async fn delete(&self, shop_id: ShopId, show_id: ShowId) -> Result<(), StoreError> {
        self.write(move |connection| {
            let show = find(connection, show_id)?.filter(|show| show.shop_id == shop_id);
            let show = show.ok_or(StoreError::NotFound)?;
            if !matches!(show.state, ShowState::Draft | ShowState::Scheduled) {
                return Err(StoreError::Stale);
            }
            connection.execute("DELETE FROM shows WHERE id = ?1", [Text(show_id)]).stored()?;
            Ok(())
        })
        .await
    }

    async fn advance(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        input: ShowInput,
        now: UtcMs,
    ) -> Result<ShowRecord, AdvanceError> {
        self.write(move |connection| {
            let show = find(connection, show_id)?.filter(|show| show.shop_id == shop_id);
            advance(connection, show.ok_or(StoreError::NotFound)?, input, now)
        })
        .await
    }

    async fn receive(
        &self,
        source: &str,
        event_id: EventId,
        show_id: ShowId,
        input: ShowInput,
        now: UtcMs,
    ) -> Result<Option<ShowRecord>, StoreError> {
        let source = source.to_owned();
        self.write(move |connection| {
            connection
                .execute("DELETE FROM event_inbox WHERE at_ms < ?1", [now.plus_ms(-INBOX_KEPT_MS).get()])
                .stored()?;
            let fresh = connection
                .execute(
                    "INSERT INTO event_inbox (source, event_id, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    (source, Text(event_id), now.get()),
                )
                .stored()?;
            let Some(show) = find(connection, show_id)?.filter(|_| fresh == 1) else { return Ok(None) };
            match advance(connection, show, input, now) {
                Ok(show) => Ok(Some(show)),
                Err(AdvanceError::Illegal(_)) => Ok(None),
                Err(AdvanceError::Store(error)) => Err(error),
            }
        })
        .await
    }
}

fn advance(
    connection: &Connection,
    mut show: ShowRecord,
    input: ShowInput,
    now: UtcMs,
) -> Result<ShowRecord, AdvanceError> {
    let state = show::advance(show.state, input, show.settings.auto_live)?;
    if state == show.state {
        return Ok(show);
    }
    if state == ShowState::Ended {
        show.ended_at = Some(now);
        runs::apply(connection, &show, RunCommand::Close, now).map_err(|error| match error {
            RunCommandError::Store(error) => error,
            // Closing is never refused: it only takes away.
            RunCommandError::Refused(_) | RunCommandError::NotShowing(_) => {
                StoreError::Corrupt(error.to_string())
            }
        })?;
    }
    if state == ShowState::Live {
        show.started_at = show.started_at.or(Some(now));
    }
    show.state = state;
    show.state_version += 1;
    show.version += 1;
    connection
        .prepare_cached(
            "UPDATE shows SET state = ?2, state_version = ?3, started_at_ms = ?4, ended_at_ms = ?5, version = ?6
             WHERE id = ?1",
        )
        .stored()?
        .execute((
            Text(show.id),
            Word(show.state),
            show.state_version,
            show.started_at.map(UtcMs::get),
            show.ended_at.map(UtcMs::get),
            show.version,
        ))
        .stored()?;
    let event = Event::ShowStateChanged(ShowStateChanged {
        show_id: show.id,
        state,
        at: now,
        version: show.state_version,
    });
    emit(connection, show.shop_id, show.id.to_string(), now, event)?;
    if state == ShowState::Ended {
        runs::unlist(connection, show.id)?;
    }
    Ok(show)
}

pub(crate) fn find(connection: &Connection, show_id: ShowId) -> Result<Option<ShowRecord>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM shows WHERE id = ?1")
        .stored()?
        .query_row([Text(show_id)], record)
        .stored_option()
}

fn record(row: &Row<'_>) -> rusqlite::Result<ShowRecord> {
    let instant = |name: &str| row.get::<_, Option<i64>>(name).map(|ms| ms.map(UtcMs::new));
    Ok(ShowRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        shop_id: row.get::<_, Text<_>>("shop_id")?.0,
        title: row.get("title")?,
        description: row.get("description")?,
        host_name: row.get("host_name")?,
        state: row.get::<_, Word<_>>("state")?.0,
        state_version: row.get("state_version")?,
        starts_at: UtcMs::new(row.get("starts_at_ms")?),
        planned_minutes: row.get("planned_minutes")?,
        started_at: instant("started_at_ms")?,
        ended_at: instant("ended_at_ms")?,
        cover_image_id: row.get::<_, Option<Text<_>>>("cover_image_id")?.map(|id| id.0),
        settings: row.get::<_, Json<_>>("settings")?.0,
        created_at: UtcMs::new(row.get("created_at_ms")?),
        version: row.get("version")?,
    })
}
