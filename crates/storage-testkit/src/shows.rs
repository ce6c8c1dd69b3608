//! What every store of shows, runs and their watchers promises.

use showfloor_domain::event::{Event, FlashSaleEnd, ShowState};
use showfloor_domain::run::{RunCommand, RunError};
use showfloor_domain::show::ShowInput;
use showfloor_domain::{EventId, ShopId, ShowId, StreamKeyId};
use showfloor_storage::{
    AdvanceError, FlashSales, ModerationLog, ModerationRecord, Outbox, PageRequest, Presence, PresenceSample,
    RunCommandError, Runs, STREAM_KEYS_MAX, Shops, Shows, StoreError, StreamKeyRecord, StreamKeys,
};

use crate::fixtures::{NOW, flash_cue, product_cue, shop, show};

async fn shop_with_show(store: &(impl Shops + Shows), state: ShowState) -> (ShopId, ShowId) {
    Shops::create(store, shop(1)).await.unwrap();
    let show = show(1, shop(1).id, state);
    Shows::create(store, show.clone()).await.unwrap();
    (show.shop_id, show.id)
}

async fn told(store: &impl Outbox) -> Vec<Event> {
    store.after(0, 100).await.unwrap().into_iter().map(|entry| entry.event.event).collect()
}

/// Another shop's show is not found, whatever is asked of it (abuse case A1).
pub async fn a_show_is_found_in_its_shop_only(store: &(impl Shops + Shows + Runs)) {
    let (_, show_id) = shop_with_show(store, ShowState::Scheduled).await;
    Shops::create(store, shop(2)).await.unwrap();
    let elsewhere = shop(2).id;
    assert_eq!(Shows::find(store, elsewhere, show_id).await, Ok(None));
    assert_eq!(Runs::find(store, elsewhere, show_id).await, Ok(None));
    assert_eq!(Shows::delete(store, elsewhere, show_id).await, Err(StoreError::NotFound));
    let mut edit = show(1, elsewhere, ShowState::Scheduled);
    edit.title = "Taken over".into();
    assert_eq!(Shows::edit(store, edit, NOW).await, Err(StoreError::NotFound));
    let advanced = Shows::advance(store, elsewhere, show_id, ShowInput::GoLive, NOW).await;
    assert_eq!(advanced.unwrap_err(), AdvanceError::Store(StoreError::NotFound));
    let applied = Runs::apply(store, elsewhere, show_id, RunCommand::Unpin, NOW).await;
    assert_eq!(applied.unwrap_err(), RunCommandError::Store(StoreError::NotFound));
    assert_eq!(Shows::list(store, elsewhere, None, PageRequest::default()).await.unwrap().items, []);
}

/// Of two edits of one version, one is stale.
pub async fn an_edit_of_an_old_version_is_stale(store: &(impl Shops + Shows)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Draft).await;
    let read = Shows::find(store, shop_id, show_id).await.unwrap().unwrap();
    let mut edit = read.clone();
    edit.title = "New".into();
    let written = Shows::edit(store, edit, NOW).await.unwrap();
    assert_eq!((written.title.as_str(), written.version), ("New", 2));
    assert_eq!(Shows::edit(store, read, NOW).await, Err(StoreError::Stale));
}

/// Pages list each show once, latest start first.
pub async fn shows_are_listed_in_pages(store: &(impl Shops + Shows)) {
    Shops::create(store, shop(1)).await.unwrap();
    for n in 1..=7 {
        Shows::create(store, show(n, shop(1).id, ShowState::Draft)).await.unwrap();
    }
    let mut titles = Vec::new();
    let mut cursor = None;
    loop {
        let page = Shows::list(store, shop(1).id, None, PageRequest { limit: 3, cursor }).await.unwrap();
        titles.extend(page.items.into_iter().map(|show| show.title));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(titles, (1..=7).rev().map(|n| format!("Show {n}")).collect::<Vec<_>>());
    let live = Shows::list(store, shop(1).id, Some(ShowState::Live), PageRequest::default()).await.unwrap();
    assert_eq!(live.items, []);
}

/// A broadcast's news move the show once each, whatever is repeated.
pub async fn news_of_a_broadcast_count_once(store: &(impl Shops + Shows + Outbox)) {
    let (_, show_id) = shop_with_show(store, ShowState::Scheduled).await;
    let event = |n: u8| EventId::generate(NOW, [n; 10]);
    let receive = async |n, input| store.receive("/origin", event(n), show_id, input, NOW).await.unwrap();
    let live = receive(1, ShowInput::BroadcastStarted).await.unwrap();
    assert_eq!((live.state, live.started_at), (ShowState::Live, Some(NOW)));
    receive(2, ShowInput::BroadcastInterrupted).await;
    assert_eq!(receive(1, ShowInput::BroadcastStarted).await, None, "a repeat changes nothing");
    let states: Vec<ShowState> = told(store)
        .await
        .into_iter()
        .filter_map(|event| match event {
            Event::ShowStateChanged(change) => Some(change.state),
            _ => None,
        })
        .collect();
    assert_eq!(states, [ShowState::Live, ShowState::Paused]);
    assert_eq!(store.find_any(show_id).await.unwrap().unwrap().state, ShowState::Paused);
}

/// A change of the run and its event are there together; a refusal leaves neither.
pub async fn a_run_and_its_events_are_one(store: &(impl Shops + Shows + Runs + Outbox)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Live).await;
    let apply = async |command| Runs::apply(store, shop_id, show_id, command, NOW).await;
    let cue = product_cue(1, shop_id, 3_900);
    let cue_id = cue.id;
    apply(RunCommand::Add { cue, position: None }).await.unwrap();
    apply(RunCommand::Start(cue_id)).await.unwrap();
    let refused = apply(RunCommand::Remove(cue_id)).await.unwrap_err();
    assert_eq!(refused, RunCommandError::Refused(RunError::OnScreen));
    let kinds: Vec<_> = told(store).await.iter().map(Event::type_name).collect();
    assert_eq!(kinds, ["com.showfloor.show.changed.v1", "com.showfloor.show.product-pinned.v1"]);
    let run = Runs::find(store, shop_id, show_id).await.unwrap().unwrap();
    assert_eq!(run.pinned.unwrap().cue_id, Some(cue_id));
}

/// Nothing comes on screen in a draft or in a show that is over.
pub async fn nothing_airs_in_a_draft(store: &(impl Shops + Shows + Runs)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Draft).await;
    let banner = RunCommand::Banner(Some("Hello".into()));
    let refused = Runs::apply(store, shop_id, show_id, banner, NOW).await.unwrap_err();
    assert_eq!(refused, RunCommandError::NotShowing(ShowState::Draft));
}

/// A show that ends takes everything off screen and off sale, in one.
pub async fn an_ended_show_leaves_nothing_on_screen(store: &(impl Shops + Shows + Runs + Outbox)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Live).await;
    let apply = async |command| Runs::apply(store, shop_id, show_id, command, NOW).await.unwrap();
    let (pin, flash) = (product_cue(1, shop_id, 3_900), flash_cue(2, 1, shop_id, 2_900));
    let (pin_id, flash_id) = (pin.id, flash.id);
    apply(RunCommand::Add { cue: pin, position: None }).await;
    apply(RunCommand::Add { cue: flash, position: None }).await;
    apply(RunCommand::Start(pin_id)).await;
    apply(RunCommand::Start(flash_id)).await;
    Shows::advance(store, shop_id, show_id, ShowInput::End, NOW.plus_ms(5)).await.unwrap();
    let run = Runs::find(store, shop_id, show_id).await.unwrap().unwrap();
    assert_eq!((run.pinned, run.next_flash_end()), (None, None));
    let kinds: Vec<_> = told(store).await.iter().map(Event::type_name).collect();
    assert_eq!(
        kinds[4..],
        [
            "com.showfloor.show.product-unpinned.v1",
            "com.showfloor.show.flash-sale-ended.v1",
            "com.showfloor.show.state-changed.v1"
        ]
    );
    assert_eq!(Shows::delete(store, shop_id, show_id).await, Err(StoreError::Stale));
}

/// A flash sale ends at its deadline, once, by the time that comes in (abuse case C16).
pub async fn a_flash_sale_ends_at_its_deadline_once(
    store: &(impl Shops + Shows + Runs + FlashSales + Outbox),
) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Live).await;
    let flash = flash_cue(2, 1, shop_id, 2_900);
    let cue_id = flash.id;
    Runs::apply(store, shop_id, show_id, RunCommand::Add { cue: flash, position: None }, NOW).await.unwrap();
    Runs::apply(store, shop_id, show_id, RunCommand::Start(cue_id), NOW).await.unwrap();
    assert_eq!(store.end_due(NOW.plus_ms(59_999)).await, Ok(vec![]));
    assert_eq!(store.end_due(NOW.plus_ms(60_000)).await, Ok(vec![cue_id]));
    assert_eq!(store.end_due(NOW.plus_ms(60_001)).await, Ok(vec![]));
    assert_eq!(FlashSales::end(store, cue_id, FlashSaleEnd::SoldOut, NOW).await, Ok(false));
    let ended = told(store).await.into_iter().filter(|event| matches!(event, Event::FlashSaleEnded(_)));
    assert_eq!(ended.count(), 1);
}

/// A flash sale of which every piece is sold ends before its deadline.
pub async fn a_flash_sale_ends_when_sold_out(store: &(impl Shops + Shows + Runs + FlashSales + Outbox)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Live).await;
    let flash = flash_cue(2, 1, shop_id, 2_900);
    let cue_id = flash.id;
    Runs::apply(store, shop_id, show_id, RunCommand::Add { cue: flash, position: None }, NOW).await.unwrap();
    assert_eq!(FlashSales::end(store, cue_id, FlashSaleEnd::SoldOut, NOW).await, Ok(false), "not started");
    Runs::apply(store, shop_id, show_id, RunCommand::Start(cue_id), NOW).await.unwrap();
    assert_eq!(FlashSales::end(store, cue_id, FlashSaleEnd::SoldOut, NOW).await, Ok(true));
    let last = told(store).await.pop();
    assert!(matches!(last, Some(Event::FlashSaleEnded(end)) if end.reason == FlashSaleEnd::SoldOut));
}

/// A show has a bounded number of stream keys; a revoked one is gone.
pub async fn stream_keys_are_bounded_and_revocable(store: &(impl Shops + Shows + StreamKeys)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Scheduled).await;
    let key = |n: usize| StreamKeyRecord {
        id: StreamKeyId::generate(NOW, [u8::try_from(n).unwrap(); 10]),
        shop_id,
        show_id,
        secret_hash: [7; 32],
        hint: "abcd".into(),
        created_at: NOW,
        last_used_at: None,
    };
    for n in 0..STREAM_KEYS_MAX {
        StreamKeys::create(store, key(n)).await.unwrap();
    }
    assert!(matches!(StreamKeys::create(store, key(99)).await, Err(StoreError::Taken(_))));
    let elsewhere = shop(2).id;
    assert_eq!(store.revoke(elsewhere, show_id, key(0).id).await, Err(StoreError::NotFound));
    store.revoke(shop_id, show_id, key(0).id).await.unwrap();
    assert_eq!(StreamKeys::find(store, key(0).id).await, Ok(None));
    store.used(key(1).id, NOW).await.unwrap();
    assert_eq!(StreamKeys::find(store, key(1).id).await.unwrap().unwrap().last_used_at, Some(NOW));
    assert_eq!(StreamKeys::list(store, shop_id, show_id).await.unwrap().len(), STREAM_KEYS_MAX - 1);
}

/// The peak and the minutes keep the most; a sample that comes late replaces nothing newer.
pub async fn presence_keeps_peaks(store: &(impl Shops + Shows + Presence)) {
    let (_, show_id) = shop_with_show(store, ShowState::Live).await;
    let sample = |second: i64, viewers| PresenceSample { show_id, at: NOW.plus_ms(second * 1_000), viewers };
    let unknown = PresenceSample { show_id: show(9, shop(1).id, ShowState::Live).id, ..sample(0, 5) };
    store.record(vec![sample(0, 10), sample(5, 30), sample(70, 20), unknown]).await.unwrap();
    store.record(vec![sample(3, 15)]).await.unwrap();
    let presence = Presence::show(store, show_id).await.unwrap();
    assert_eq!(presence.latest, Some((NOW.plus_ms(70_000), 20)));
    assert_eq!(presence.peak, Some((NOW.plus_ms(5_000), 30)));
    let minutes: Vec<_> = presence.minutes.iter().map(|minute| minute.viewers).collect();
    assert_eq!(minutes, [30, 20]);
}

/// The moderation log is read newest first, by its shop only.
pub async fn the_moderation_log_is_the_shops(store: &(impl Shops + Shows + ModerationLog)) {
    let (shop_id, show_id) = shop_with_show(store, ShowState::Live).await;
    let entry = |action: &str| ModerationRecord {
        at: NOW,
        action: action.into(),
        by: None,
        role: None,
        viewer_id: None,
        message_id: None,
        reason: None,
        seconds: None,
    };
    let unknown = show(9, shop_id, ShowState::Live).id;
    let entries = vec![(show_id, entry("mute")), (unknown, entry("lost")), (show_id, entry("ban"))];
    ModerationLog::append(store, entries).await.unwrap();
    let read = async |shop_id| {
        let page = ModerationLog::list(store, shop_id, show_id, PageRequest::default()).await.unwrap();
        page.items.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    assert_eq!(read(shop_id).await, ["ban", "mute"]);
    assert_eq!(read(shop(2).id).await, Vec::<String>::new());
}
