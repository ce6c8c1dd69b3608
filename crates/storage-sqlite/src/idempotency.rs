//! Records of requests that must have their effect once.

use async_trait::async_trait;
use showfloor_domain::UtcMs;
use showfloor_storage::{
    Claim, IN_FLIGHT_MS, IdempotencyRecords, IdempotencyScope, RECORD_MS, RecordedAnswer, StoreError,
};

use crate::Sqlite;
use crate::statement::{execute, first};

/// How many old records one claim sweeps away, at most.
const SWEEP_MAX: u32 = 10;

/// All parts of a scope as one text that no two scopes share: each part says its length first.
fn text(scope: &IdempotencyScope) -> String {
    let shop = scope.shop_id.to_string();
    let parts = [&shop, &scope.principal, &scope.method, &scope.route, &scope.key];
    parts.iter().map(|part| format!("{}:{part}", part.len())).collect()
}

struct Known {
    body_hash: [u8; 32],
    seed: [u8; 16],
    claimed_at: UtcMs,
    in_flight: bool,
    answer: Option<RecordedAnswer>,
}

#[async_trait]
impl IdempotencyRecords for Sqlite {
    async fn claim(
        &self,
        scope: &IdempotencyScope,
        body_hash: [u8; 32],
        seed: [u8; 16],
        now: UtcMs,
    ) -> Result<Claim, StoreError> {
        let scope = text(scope);
        self.write(move |connection| {
            let sweep = "DELETE FROM idempotency_records WHERE scope IN
                (SELECT scope FROM idempotency_records WHERE claimed_at_ms < ?1 LIMIT ?2)";
            execute(connection, sweep, (now.plus_ms(-RECORD_MS).get(), SWEEP_MAX))?;
            let known = first(
                connection,
                "SELECT * FROM idempotency_records WHERE scope = ?1 AND claimed_at_ms >= ?2",
                (&scope, now.plus_ms(-RECORD_MS).get()),
                |row| {
                    let status: Option<u16> = row.get("status")?;
                    let answer = match status {
                        Some(status) => Some(RecordedAnswer {
                            status,
                            content_type: row.get("content_type")?,
                            body: row.get("body")?,
                        }),
                        None => None,
                    };
                    Ok(Known {
                        body_hash: row.get("body_hash")?,
                        seed: row.get("seed")?,
                        claimed_at: UtcMs::new(row.get("claimed_at_ms")?),
                        in_flight: row.get("in_flight")?,
                        answer,
                    })
                },
            )?;
            let seed = match known {
                Some(known) if known.body_hash != body_hash => return Ok(Claim::OtherBody),
                Some(Known { answer: Some(answer), .. }) => return Ok(Claim::Replay(answer)),
                Some(known) if known.in_flight && now.since(known.claimed_at) < IN_FLIGHT_MS => {
                    return Ok(Claim::InFlight);
                }
                Some(known) => known.seed,
                None => seed,
            };
            execute(
                connection,
                "INSERT INTO idempotency_records (scope, body_hash, seed, claimed_at_ms, in_flight)
                 VALUES (?1, ?2, ?3, ?4, 1)
                 ON CONFLICT (scope) DO UPDATE SET body_hash = excluded.body_hash, seed = excluded.seed,
                    claimed_at_ms = excluded.claimed_at_ms, in_flight = 1, status = NULL, body = NULL",
                (&scope, body_hash, seed, now.get()),
            )?;
            Ok(Claim::Begin { seed })
        })
        .await
    }

    async fn record(&self, scope: &IdempotencyScope, answer: RecordedAnswer) -> Result<(), StoreError> {
        let scope = text(scope);
        self.write(move |connection| {
            let sql = "UPDATE idempotency_records
                       SET in_flight = 0, status = ?2, content_type = ?3, body = ?4 WHERE scope = ?1";
            execute(connection, sql, (scope, answer.status, answer.content_type, answer.body)).map(drop)
        })
        .await
    }

    async fn release(&self, scope: &IdempotencyScope) -> Result<(), StoreError> {
        let scope = text(scope);
        self.write(move |connection| {
            execute(connection, "UPDATE idempotency_records SET in_flight = 0 WHERE scope = ?1", [scope])
                .map(drop)
        })
        .await
    }
}
