//! How many checkouts a second the store begins, each with its hold, ledger entry and event, when many buyers want
//! the same variant. Give the number of checkouts and how many are asked for at once: `reservations 20000 400`.

#![allow(clippy::print_stdout, reason = "printing what was measured is this program's work")]
#![allow(clippy::unwrap_used, reason = "what cannot be unwrapped is a failed measurement")]

use std::time::Instant;

use futures_util::{StreamExt, stream};
use showfloor_domain::promotion::PriceSource;
use showfloor_storage::Checkouts;
use showfloor_storage_sqlite::Sqlite;
use showfloor_storage_testkit::commerce::buyers::{begin, stock};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u32>().unwrap());
    let (count, at_once) = (numbers.next().unwrap_or(20_000), numbers.next().unwrap_or(400));
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("bench.db")).unwrap();
    stock(&store, 1, i32::try_from(count).unwrap()).await;
    let commands: Vec<_> = (0..count).map(|n| begin(n, 1, PriceSource::Regular, None)).collect();
    let started = Instant::now();
    stream::iter(commands)
        .map(|command| store.begin(command))
        .for_each_concurrent(at_once as usize, async |answer| drop(answer.await.unwrap()))
        .await;
    let seconds = started.elapsed().as_secs_f64();
    store.close().await;
    println!("{count} checkouts begun in {seconds:.2} s: {:.0} a second", f64::from(count) / seconds);
}
