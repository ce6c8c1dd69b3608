//! What every store of people, sessions and the audit log promises.

use showfloor_domain::{Role, UserId};
use showfloor_storage::{
    AccountError, Accounts, AuditEntry, AuditLog, RESET_TTL_MS, SESSION_IDLE_MS, SESSION_MAX_MS,
    SessionRecord, Shops, StoreError,
};

use crate::fixtures::{NOW, shop, user};

fn session(secret: u8, user_id: UserId) -> SessionRecord {
    SessionRecord { secret_hash: [secret; 32], user_id, created_at: NOW, used_at: NOW, confirmed_at: NOW }
}

/// The console's code makes the first owner, once.
pub async fn the_first_owner_is_made_once(store: &impl Accounts) {
    assert_eq!(store.any().await, Ok(false));
    store.set_up(shop(1), user(1, shop(1).id, Role::Owner)).await.unwrap();
    assert_eq!(store.any().await, Ok(true));
    let second = store.set_up(shop(2), user(2, shop(2).id, Role::Owner)).await;
    assert!(matches!(second, Err(StoreError::Taken(_))));
    assert_eq!(store.find_by_email("user2@example.com").await, Ok(None));
}

/// An address has one account in the whole deployment.
pub async fn an_address_has_one_account(store: &(impl Accounts + Shops)) {
    store.set_up(shop(1), user(1, shop(1).id, Role::Owner)).await.unwrap();
    Shops::create(store, shop(2)).await.unwrap();
    let mut other = user(2, shop(2).id, Role::Owner);
    other.email = user(1, shop(1).id, Role::Owner).email;
    assert!(matches!(store.add(other).await, Err(StoreError::Taken(_))));
}

/// Whoever demotes or removes the last owner is refused (abuse case A2).
pub async fn the_last_owner_stays(store: &impl Accounts) {
    let shop_id = shop(1).id;
    let (owner, manager) = (user(1, shop_id, Role::Owner), user(2, shop_id, Role::Manager));
    store.set_up(shop(1), owner.clone()).await.unwrap();
    store.add(manager.clone()).await.unwrap();
    let demoted = store.edit(shop_id, owner.id, None, Some(Role::Manager)).await;
    assert_eq!(demoted.unwrap_err(), AccountError::LastOwner);
    assert_eq!(store.remove(shop_id, owner.id).await, Err(AccountError::LastOwner));
    store.edit(shop_id, manager.id, None, Some(Role::Owner)).await.unwrap();
    store.edit(shop_id, owner.id, None, Some(Role::Analyst)).await.unwrap();
    assert_eq!(store.remove(shop_id, manager.id).await, Err(AccountError::LastOwner));
}

/// Another shop's people are not found (abuse case A1).
pub async fn people_are_found_in_their_shop_only(store: &(impl Accounts + Shops)) {
    let owner = user(1, shop(1).id, Role::Owner);
    store.set_up(shop(1), owner.clone()).await.unwrap();
    Shops::create(store, shop(2)).await.unwrap();
    let elsewhere = shop(2).id;
    assert_eq!(Accounts::find(store, elsewhere, owner.id).await, Ok(None));
    assert_eq!(store.list(elsewhere).await, Ok(Vec::new()));
    let edited = Accounts::edit(store, elsewhere, owner.id, Some("X".into()), None).await;
    assert_eq!(edited.unwrap_err(), AccountError::Store(StoreError::NotFound));
    assert_eq!(store.remove(elsewhere, owner.id).await, Err(AccountError::Store(StoreError::NotFound)));
}

/// A session ends after twelve hours unused, and after seven days in any case.
pub async fn a_session_ends_idle_or_old(store: &impl Accounts) {
    let owner = user(1, shop(1).id, Role::Owner);
    store.set_up(shop(1), owner.clone()).await.unwrap();
    store.begin_session(session(1, owner.id)).await.unwrap();
    store.begin_session(session(2, owner.id)).await.unwrap();
    let valid = async |secret: u8, now| store.use_session([secret; 32], now).await.unwrap().is_some();
    assert!(valid(1, NOW.plus_ms(SESSION_IDLE_MS - 1)).await);
    assert!(!valid(2, NOW.plus_ms(SESSION_IDLE_MS)).await);
    // The first one was used and goes on from there, up to its end.
    let mut now = NOW.plus_ms(SESSION_IDLE_MS - 1);
    while now.since(NOW) < SESSION_MAX_MS - SESSION_IDLE_MS {
        now = now.plus_ms(SESSION_IDLE_MS - 1);
        assert!(valid(1, now).await, "{}", now.since(NOW));
    }
    assert!(!valid(1, NOW.plus_ms(SESSION_MAX_MS)).await);
    assert!(!valid(3, NOW).await);
}

/// A session shows the role as it is now; a change of role ends it.
pub async fn a_changed_role_ends_sessions(store: &impl Accounts) {
    let shop_id = shop(1).id;
    let manager = user(2, shop_id, Role::Manager);
    store.set_up(shop(1), user(1, shop_id, Role::Owner)).await.unwrap();
    store.add(manager.clone()).await.unwrap();
    store.begin_session(session(1, manager.id)).await.unwrap();
    store.edit(shop_id, manager.id, Some("New name".into()), None).await.unwrap();
    let (_, found) = store.use_session([1; 32], NOW).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.role), ("New name", Role::Manager));
    store.edit(shop_id, manager.id, None, Some(Role::Host)).await.unwrap();
    assert_eq!(store.use_session([1; 32], NOW).await, Ok(None));
}

/// A reset link works once, for half an hour, only the latest one; it ends all sessions (abuse case A6).
pub async fn a_reset_works_once_and_ends_all_sessions(store: &impl Accounts) {
    let owner = user(1, shop(1).id, Role::Owner);
    store.set_up(shop(1), owner.clone()).await.unwrap();
    store.begin_session(session(1, owner.id)).await.unwrap();
    let reset = async |token: u8, now| store.reset_password([token; 32], format!("${token}"), now).await;

    store.begin_reset([10; 32], owner.id, NOW).await.unwrap();
    assert_eq!(reset(10, NOW.plus_ms(RESET_TTL_MS)).await, Err(StoreError::NotFound));
    store.begin_reset([11; 32], owner.id, NOW).await.unwrap();
    assert_eq!(reset(10, NOW).await, Err(StoreError::NotFound), "the link before is of no use");
    assert_eq!(store.use_session([1; 32], NOW).await.map(|found| found.is_some()), Ok(true));
    assert_eq!(reset(11, NOW.plus_ms(RESET_TTL_MS - 1)).await.unwrap().password_hash, "$11");
    assert_eq!(store.use_session([1; 32], NOW).await, Ok(None));
    assert_eq!(reset(11, NOW).await, Err(StoreError::NotFound));
}

/// The audit log gives back what was appended, per shop, and its chain holds.
pub async fn the_audit_log_is_a_chain_per_shop(store: &impl AuditLog) {
    let entry = |shop_number: u8, action: &str| AuditEntry {
        shop_id: shop(shop_number).id,
        at: NOW,
        actor: "usr_x".into(),
        action: action.into(),
        subject: "stk_x".into(),
        detail: String::new(),
    };
    for (shop_number, action) in [(1, "a"), (2, "b"), (1, "c")] {
        store.append(entry(shop_number, action)).await.unwrap();
    }
    assert_eq!(store.verified(shop(1).id).await, Ok(vec![entry(1, "a"), entry(1, "c")]));
    assert_eq!(store.verified(shop(2).id).await, Ok(vec![entry(2, "b")]));
}
