//! How many checkouts a second the store begins when many buyers want the same variant.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use showfloor_domain::promotion::PriceSource;
use showfloor_storage::Checkouts;
use showfloor_storage_sqlite::{GROUP_MAX, Sqlite};
use showfloor_storage_testkit::commerce::buyers::{begin, stock};

use crate::report::{Row, grouped};
use crate::segments::median;

/// Buyers who ask at the same time.
const BUYERS: usize = 400;
/// Checkouts of one turn with all buyers at once.
const TOGETHER: u32 = 20_000;
/// Checkouts of one turn in which each waits for the one before.
const ALONE: u32 = 1_000;
/// How often each is measured; the median is reported.
const TURNS: usize = 3;

/// Measures.
///
/// # Errors
/// When the store refuses a checkout.
pub fn measure() -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut together, mut alone, mut flushes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        together.push(runtime.block_on(per_second(TOGETHER, BUYERS))?);
        alone.push(runtime.block_on(per_second(ALONE, 1))?);
        flushes.push(flush_time()?.as_secs_f64() * 1e3);
    }
    let (together, alone) = (median(together), median(alone));
    Ok(vec![Row {
        what: "reservations a second on SQLite, group commit".into(),
        measured: grouped(together),
        beside: format!("one by one {}; ratio {:.1}", grouped(alone), together / alone),
        aim: "≥ 10 000".into(),
        note: format!(
            "{BUYERS} buyers at once for one variant, groups of up to {GROUP_MAX}, each answered after its commit is on \
             disk. A reservation is a whole checkout: frozen quote, hold, ledger entry and stock event, all in the one \
             writer. One flush of this disk takes {:.2} ms",
            median(flushes)
        ),
    }])
}

async fn per_second(count: u32, at_once: usize) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let store = Sqlite::open(&folder.path().join("bench.db"))?;
    stock(&store, 1, i32::try_from(count)?).await;
    let commands: Vec<_> = (0..count).map(|number| begin(number, 1, PriceSource::Regular, None)).collect();
    let started = Instant::now();
    let mut answers = stream::iter(commands).map(|command| store.begin(command)).buffer_unordered(at_once);
    while let Some(answer) = answers.next().await {
        answer.context("beginning a checkout")?;
    }
    let seconds = started.elapsed().as_secs_f64();
    drop(answers);
    store.close().await;
    Ok(f64::from(count) / seconds)
}

/// What one small write costs that has to reach the disk.
fn flush_time() -> Result<Duration> {
    use std::io::Write as _;
    const FLUSHES: u32 = 100;
    let mut file = tempfile::tempfile()?;
    let started = Instant::now();
    for _ in 0..FLUSHES {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    Ok(started.elapsed() / FLUSHES)
}
