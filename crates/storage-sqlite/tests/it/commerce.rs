//! Stock, carts, holds, payments, orders: the suite that every store passes, and what only this one promises.

use showfloor_storage::{Outbox, StoreError};
use showfloor_storage_sqlite::{Sqlite, Stored, outbox};

macro_rules! suite {
    ($($module:ident: $($promise:ident)*;)*) => {$(
        mod $module {
            $(
                #[tokio::test]
                async fn $promise() {
                    let folder = tempfile::tempdir().unwrap();
                    let store = super::open(folder.path());
                    showfloor_storage_testkit::commerce::$module::$promise(&store).await;
                    store.close().await;
                }
            )*
        }
    )*};
}

fn open(folder: &std::path::Path) -> Sqlite {
    Sqlite::open(&folder.join("test.db")).unwrap()
}

suite! {
    holds:
        an_adjustment_takes_only_what_is_there
        five_hundred_buyers_of_the_last_piece_are_one
        a_hold_is_whole_or_not_at_all
        a_code_for_one_is_used_once_and_comes_back
        a_customer_uses_a_code_as_often_as_they_may
        a_flash_sale_keeps_its_cap
        a_hold_lapses_at_its_end
        edits_never_move_the_end
        the_ledger_balances_whatever_happens;
    payments:
        a_payment_becomes_an_order
        events_in_any_order_make_one_order
        what_differs_is_sent_back
        a_swapped_intent_is_sent_back
        an_edit_after_the_intent_sends_its_money_back
        a_late_payment_is_an_order_or_a_refund
        a_payment_needs_a_live_hold
        attempts_are_counted
        quiet_payments_are_asked_about;
    refunds:
        of_two_refunds_of_sixty_percent_one_is_taken
        a_crash_between_write_and_call_repeats_nothing
        a_refused_refund_frees_its_amount
        pieces_are_restocked_once
        orders_are_found_and_add_up
        a_parcel_goes_forwards_only;
    records:
        a_cart_takes_fifty_lines
        a_request_has_its_effect_once
        the_outbox_keeps_what_a_sink_has_not;
}

#[tokio::test]
async fn an_event_is_there_if_and_only_if_its_change_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    showfloor_storage_testkit::commerce::buyers::stock(&store, 1, 5).await;
    let event = store.after(0, 1).await.unwrap().remove(0).event;
    let undone = {
        let mut event = event.clone();
        event.id = showfloor_domain::EventId::generate(showfloor_domain::UtcMs::new(1), [1; 10]);
        store.write(move |connection| {
            outbox::append(connection, &event)?;
            connection.execute("UPDATE stock_items SET stocked = 99", ()).stored()?;
            Err::<(), _>(StoreError::Stale)
        })
    };
    let panicked = store.write(|connection| -> Result<(), StoreError> {
        connection.execute("UPDATE stock_items SET stocked = 98", ()).stored()?;
        panic!("killed between two steps");
    });
    let (undone, panicked) = tokio::join!(undone, panicked);
    assert_eq!(undone, Err(StoreError::Stale));
    assert!(matches!(panicked, Err(StoreError::Unavailable(_))));
    assert_eq!(store.after(0, 10).await.unwrap().len(), 1);
    let stocked: u32 = store
        .read(|connection| {
            connection.query_row("SELECT stocked FROM stock_items", (), |row| row.get(0)).stored()
        })
        .await
        .unwrap();
    assert_eq!(stocked, 5);
}

#[tokio::test]
async fn what_was_committed_survives_and_the_ledger_cannot_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    showfloor_storage_testkit::commerce::buyers::stock(&store, 1, 5).await;
    store.close().await;
    let store = open(folder.path());
    for sql in ["UPDATE stock_ledger SET quantity = 9", "DELETE FROM stock_ledger"] {
        let refused: Result<usize, StoreError> =
            store.write(move |connection| connection.execute(sql, ()).stored()).await;
        assert!(refused.is_err(), "{sql}");
    }
    let entries: u32 = store
        .read(|connection| {
            connection.query_row("SELECT SUM(quantity) FROM stock_ledger", (), |r| r.get(0)).stored()
        })
        .await
        .unwrap();
    assert_eq!(entries, 5);
}
