//! People, shops, shows, runs and the catalogue: the suite that every store passes.

use std::path::Path;

use showfloor_storage::{AuditEntry, AuditLog, StoreError};
use showfloor_storage_sqlite::Sqlite;
use showfloor_storage_testkit::fixtures::{NOW, shop};

macro_rules! suite {
    ($($module:ident: $($promise:ident)*;)*) => {$(
        mod $module {
            $(
                #[tokio::test]
                async fn $promise() {
                    let folder = tempfile::tempdir().unwrap();
                    let store = super::open(folder.path());
                    showfloor_storage_testkit::$module::$promise(&store).await;
                    store.close().await;
                }
            )*
        }
    )*};
}

fn open(folder: &Path) -> Sqlite {
    Sqlite::open(&folder.join("test.db")).unwrap()
}

suite! {
    accounts:
        the_first_owner_is_made_once
        an_address_has_one_account
        the_last_owner_stays
        people_are_found_in_their_shop_only
        a_session_ends_idle_or_old
        a_changed_role_ends_sessions
        a_reset_works_once_and_ends_all_sessions
        the_audit_log_is_a_chain_per_shop;
    shows:
        a_show_is_found_in_its_shop_only
        an_edit_of_an_old_version_is_stale
        shows_are_listed_in_pages
        news_of_a_broadcast_count_once
        a_run_and_its_events_are_one
        nothing_airs_in_a_draft
        an_ended_show_leaves_nothing_on_screen
        a_flash_sale_ends_at_its_deadline_once
        a_flash_sale_ends_when_sold_out
        stream_keys_are_bounded_and_revocable
        presence_keeps_peaks
        the_moderation_log_is_the_shops;
    catalogue:
        a_shop_lists_its_sites
        products_are_found_in_their_shop_only
        a_product_reads_back_as_written
        products_are_found_by_text_and_tag
        a_price_on_screen_does_not_rise
        offers_follow_the_show_and_the_clock;
}

/// Whoever can write into the file can break the chain, but not without being seen.
#[tokio::test]
async fn a_changed_audit_entry_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let entry = |action: &str| AuditEntry {
        shop_id: shop(1).id,
        at: NOW,
        actor: "usr_x".into(),
        action: action.into(),
        subject: "ord_x".into(),
        detail: String::new(),
    };
    let attacks = [
        "UPDATE audit_log SET detail = 'refused' WHERE number = 2",
        "DELETE FROM audit_log WHERE number = 2",
        "DELETE FROM audit_log WHERE number = 1",
    ];
    for (n, attack) in attacks.into_iter().enumerate() {
        let path = folder.path().join(format!("{n}.db"));
        let store = Sqlite::open(&path).unwrap();
        for action in ["a", "b", "c"] {
            store.append(entry(action)).await.unwrap();
        }
        store.close().await;
        let connection = rusqlite::Connection::open(&path).unwrap();
        assert!(connection.execute(attack, ()).is_err(), "append-only by itself: {attack}");
        connection
            .execute_batch(
                "DROP TRIGGER audit_log_is_never_changed; DROP TRIGGER audit_log_is_never_shortened;",
            )
            .unwrap();
        connection.execute(attack, ()).unwrap();
        drop(connection);
        let store = Sqlite::open(&path).unwrap();
        let verified = AuditLog::verified(&store, shop(1).id).await;
        assert!(matches!(verified, Err(StoreError::Corrupt(_))), "{attack}");
        store.close().await;
    }
}
