//! Runs of show, and the flash sales in them.

use async_trait::async_trait;
use rusqlite::Connection;
use showfloor_domain::event::{Event, FlashSaleEnd, ShowState};
use showfloor_domain::run::{RunCommand, RunOfShow, RunOutcome};
use showfloor_domain::{CueId, ShopId, ShowId, UtcMs};
use showfloor_storage::{FlashSales, RunCommandError, Runs, ShowRecord, StoreError};

use crate::emit::emit;
use crate::{Json, Sqlite, Stored, StoredOption, Text, shows};

#[async_trait]
impl Runs for Sqlite {
    async fn find(&self, shop_id: ShopId, show_id: ShowId) -> Result<Option<RunOfShow>, StoreError> {
        self.read(move |connection| {
            let ours = shows::find(connection, show_id)?.is_some_and(|show| show.shop_id == shop_id);
            if ours { load(connection, show_id).map(Some) } else { Ok(None) }
        })
        .await
    }

    async fn apply(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        command: RunCommand,
        now: UtcMs,
    ) -> Result<(RunOfShow, RunOutcome), RunCommandError> {
        self.write(move |connection| {
            let show = shows::find(connection, show_id)?.filter(|show| show.shop_id == shop_id);
            let show = show.ok_or(StoreError::NotFound)?;
            apply(connection, &show, command, now)
        })
        .await
    }
}

#[async_trait]
impl FlashSales for Sqlite {
    async fn end_due(&self, now: UtcMs) -> Result<Vec<CueId>, StoreError> {
        // Looked up beside the writer, so that nothing due costs no write.
        let due = self.read(move |connection| due(connection, now)).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.write(move |connection| {
            let mut ended = Vec::new();
            for show_id in due {
                if let Some(show) = shows::find(connection, show_id)? {
                    ended.extend(end(connection, &show, RunCommand::EndDue, now)?);
                }
            }
            Ok(ended)
        })
        .await
    }

    async fn end(&self, cue_id: CueId, reason: FlashSaleEnd, now: UtcMs) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let show_id: Option<Text<ShowId>> = connection
                .query_row(
                    "SELECT show_id FROM flash_sales WHERE cue_id = ?1 AND ended_at_ms IS NULL",
                    [Text(cue_id)],
                    |row| row.get(0),
                )
                .stored_option()?;
            let Some(Text(show_id)) = show_id else { return Ok(false) };
            let Some(show) = shows::find(connection, show_id)? else { return Ok(false) };
            let ended = end(connection, &show, RunCommand::EndFlash(cue_id, reason), now)?;
            Ok(!ended.is_empty())
        })
        .await
    }
}

fn due(connection: &Connection, now: UtcMs) -> Result<Vec<ShowId>, StoreError> {
    connection
        .prepare_cached(
            "SELECT DISTINCT show_id FROM flash_sales WHERE ended_at_ms IS NULL AND ends_at_ms <= ?1",
        )
        .stored()?
        .query_map([now.get()], |row| row.get::<_, Text<ShowId>>(0).map(|id| id.0))
        .stored()?
        .collect::<Result<_, _>>()
        .stored()
}

fn end(
    connection: &Connection,
    show: &ShowRecord,
    command: RunCommand,
    now: UtcMs,
) -> Result<Vec<CueId>, StoreError> {
    match apply(connection, show, command, now) {
        Ok((_, outcome)) => Ok(outcome.ended_flash),
        Err(RunCommandError::Store(error)) => Err(error),
        Err(RunCommandError::Refused(_) | RunCommandError::NotShowing(_)) => Ok(Vec::new()),
    }
}

pub(crate) fn create(connection: &Connection, show_id: ShowId) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO runs (show_id, document) VALUES (?1, ?2)")
        .stored()?
        .execute((Text(show_id), Json(RunOfShow::new(show_id))))
        .stored()?;
    Ok(())
}

pub(crate) fn load(connection: &Connection, show_id: ShowId) -> Result<RunOfShow, StoreError> {
    connection
        .prepare_cached("SELECT document FROM runs WHERE show_id = ?1")
        .stored()?
        .query_row([Text(show_id)], |row| row.get::<_, Json<RunOfShow>>(0).map(|run| run.0))
        .stored()
}

/// Carries out a command on a show's run inside the running transaction.
pub(crate) fn apply(
    connection: &Connection,
    show: &ShowRecord,
    command: RunCommand,
    now: UtcMs,
) -> Result<(RunOfShow, RunOutcome), RunCommandError> {
    let airs = match &command {
        RunCommand::Start(_)
        | RunCommand::Stop(_)
        | RunCommand::Next
        | RunCommand::Pin(_)
        | RunCommand::Unpin
        | RunCommand::Banner(_) => true,
        RunCommand::Add { .. }
        | RunCommand::Edit { .. }
        | RunCommand::Remove(_)
        | RunCommand::Order(_)
        | RunCommand::EndFlash(..)
        | RunCommand::EndDue
        | RunCommand::Close => false,
    };
    if airs && matches!(show.state, ShowState::Draft | ShowState::Ended) {
        return Err(RunCommandError::NotShowing(show.state));
    }
    let mut run = load(connection, show.id)?;
    let version = run.version;
    let listed = run.product_ids();
    let outcome = run.apply(command, now)?;
    if run.version == version {
        return Ok((run, outcome));
    }
    connection
        .prepare_cached("UPDATE runs SET document = ?2, pinned_product_id = ?3 WHERE show_id = ?1")
        .stored()?
        .execute((Text(show.id), Json(&run), run.pinned.map(|pinned| Text(pinned.product_id))))
        .stored()?;
    for event in &outcome.events {
        if let Event::FlashSaleStarted(sale) = event {
            connection
                .prepare_cached("INSERT INTO flash_sales (cue_id, show_id, ends_at_ms) VALUES (?1, ?2, ?3)")
                .stored()?
                .execute((Text(sale.cue_id), Text(show.id), sale.ends_at.get()))
                .stored()?;
        }
        emit(connection, show.shop_id, show.id.to_string(), now, event.clone())?;
    }
    for cue_id in &outcome.ended_flash {
        connection
            .prepare_cached("UPDATE flash_sales SET ended_at_ms = ?2 WHERE cue_id = ?1")
            .stored()?
            .execute((Text(*cue_id), now.get()))
            .stored()?;
    }
    if run.product_ids() != listed {
        list(connection, show.id, &run)?;
    }
    Ok((run, outcome))
}

fn list(connection: &Connection, show_id: ShowId, run: &RunOfShow) -> Result<(), StoreError> {
    connection.execute("DELETE FROM run_products WHERE show_id = ?1", [Text(show_id)]).stored()?;
    for product_id in run.product_ids() {
        connection
            .prepare_cached("INSERT INTO run_products (product_id, show_id) VALUES (?1, ?2)")
            .stored()?
            .execute((Text(product_id), Text(show_id)))
            .stored()?;
    }
    Ok(())
}

/// A show that is over lists nothing any more.
pub(crate) fn unlist(connection: &Connection, show_id: ShowId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM run_products WHERE show_id = ?1", [Text(show_id)]).stored()?;
    Ok(())
}
