//! Joining, order, recovery, and what is told once.

use serde_json::json;
use showfloor_domain::event::{Event, ProductPinned, ShowChanged, StockChanged};
use showfloor_edge_core::protocol::{CloseCode, ServerMessage, Snapshot};
use showfloor_edge_core::room::{Input, Limits, Restart};
use showfloor_edge_core::token::Role;

use crate::stage::{Stage, T0, offset_of, only, product, seed, seed_json, show, variant, viewer};

fn welcome(messages: &[ServerMessage]) -> (u64, u64, bool) {
    only(messages, |message| match message {
        ServerMessage::Welcome { epoch, offset, recovered, .. } => Some((*epoch, *offset, *recovered)),
        _ => None,
    })
}

fn snapshot(messages: &[ServerMessage]) -> Snapshot {
    only(messages, |message| match message {
        ServerMessage::Snapshot(snapshot) => Some(snapshot.clone()),
        _ => None,
    })
}

fn pin(stage: &mut Stage, version: u64) {
    let at = stage.now;
    let pinned = ProductPinned { show_id: show(), product_id: product(1), cue_id: None, at, version };
    stage.event(Event::ProductPinned(pinned));
}

fn stock(available: u32, version: u64) -> Event {
    Event::StockChanged(StockChanged {
        product_id: product(1),
        variant_id: variant(1),
        show_ids: vec![show()],
        available,
        reserved: 0,
        version,
    })
}

#[test]
fn a_client_without_a_past_is_welcomed_with_a_snapshot_first_of_all() {
    let mut stage = Stage::new();
    let host = stage.join(1, Role::Host);
    stage.say(host, "Welcome, everybody");
    pin(&mut stage, 1);
    stage.pass(100);
    let conn = stage.open(stage.who(viewer(2), Role::Viewer));
    stage.frame(conn, r#"[{"t":"hello","name":"Ana"},{"t":"ping"}]"#);
    stage.pass(100);
    let messages = stage.take(conn);
    assert!(matches!(&messages[0], ServerMessage::Welcome { you, .. } if you.name == "Ana"));
    assert!(matches!(&messages[1], ServerMessage::Snapshot(_)));
    assert_eq!(welcome(&messages), (7, 2, false));
    let snapshot = snapshot(&messages);
    assert_eq!((snapshot.offset, snapshot.presence), (2, 2));
    assert_eq!(snapshot.chat[0].text, "Welcome, everybody");
    assert_eq!(snapshot.pinned.map(|pinned| pinned.product_id), Some(product(1)));
    assert!(messages.iter().any(|message| matches!(message, ServerMessage::Pong { .. })));
}

#[test]
fn everybody_sees_what_is_said_once_and_in_order() {
    let mut stage = Stage::new();
    let conns: Vec<_> = (1..=5).map(|n| stage.viewer(n)).collect();
    for conn in &conns {
        stage.say(*conn, &format!("hello from {}", conn.0));
    }
    stage.pass(100);
    let expected: Vec<String> = conns.iter().map(|conn| format!("hello from {}", conn.0)).collect();
    for conn in conns {
        let messages = stage.take(conn);
        let offsets: Vec<u64> = messages.iter().filter_map(offset_of).collect();
        assert_eq!(offsets, [1, 2, 3, 4, 5]);
        let texts: Vec<String> = messages
            .iter()
            .filter_map(|message| match message {
                ServerMessage::Chat { message, .. } => Some(message.text.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, expected);
    }
}

#[test]
fn who_comes_back_gets_exactly_what_they_missed() {
    let mut stage = Stage::new();
    let (mira, ana) = (stage.viewer(1), stage.viewer(2));
    stage.say(mira, "one");
    stage.pass(100);
    stage.take(ana);
    stage.leave(ana);
    stage.say(mira, "two");
    pin(&mut stage, 1);
    stage.pass(100);
    let back = stage.open(stage.who(viewer(2), Role::Viewer));
    stage.send(back, json!({"t": "hello", "resume": {"epoch": 7, "offset": 1}}));
    stage.pass(100);
    let messages = stage.take(back);
    assert_eq!(welcome(&messages), (7, 3, true));
    assert_eq!(messages.iter().filter_map(offset_of).collect::<Vec<_>>(), [2, 3]);
    // Who missed nothing is told so.
    let again = stage.open(stage.who(viewer(3), Role::Viewer));
    stage.send(again, json!({"t": "hello", "resume": {"epoch": 7, "offset": 3}}));
    stage.pass(100);
    let messages = stage.take(again);
    assert_eq!(welcome(&messages), (7, 3, true));
    assert!(messages.iter().all(|message| !matches!(message, ServerMessage::Snapshot(_))));
}

#[test]
fn who_was_away_too_long_or_comes_from_elsewhere_gets_a_snapshot() {
    let limits = Limits { ring_count_max: 3, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    let host = stage.join(1, Role::Host);
    for n in 0..5 {
        stage.say(host, &format!("line {n}"));
        stage.pass(1_000);
    }
    for (resume, recovered) in [
        (json!({"epoch": 7, "offset": 2}), true),
        (json!({"epoch": 7, "offset": 1}), false),
        (json!({"epoch": 6, "offset": 5}), false),
        (json!({"epoch": 7, "offset": 6}), false),
        (json!({"epoch": 7, "offset": 9_007_199_254_740_991_u64}), false),
    ] {
        let conn = stage.open(stage.who(viewer(2), Role::Viewer));
        stage.send(conn, json!({"t": "hello", "resume": resume}));
        stage.pass(100);
        let messages = stage.take(conn);
        assert_eq!(welcome(&messages), (7, 5, recovered), "{resume}");
        let snapshots =
            messages.iter().filter(|message| matches!(message, ServerMessage::Snapshot(_))).count();
        assert_eq!(snapshots, usize::from(!recovered), "{resume}");
        stage.leave(conn);
    }
}

#[test]
fn what_would_be_more_than_a_snapshot_is_a_snapshot() {
    let limits = Limits { recovery_bytes_max: 600, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    let host = stage.join(1, Role::Host);
    for n in 0..4 {
        stage.say(host, &format!("line {n}"));
        stage.pass(1_000);
    }
    for (offset, recovered) in [(0, false), (3, true)] {
        let conn = stage.open(stage.who(viewer(2), Role::Viewer));
        stage.send(conn, json!({"t": "hello", "resume": {"epoch": 7, "offset": offset}}));
        stage.pass(100);
        assert_eq!(welcome(&stage.take(conn)).2, recovered);
        stage.leave(conn);
    }
}

#[test]
fn an_idle_room_tells_at_once_and_a_busy_one_in_batches() {
    let mut stage = Stage::new();
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    stage.pass(10_000);
    stage.take(ana);
    stage.say(host, "at once");
    assert_eq!(stage.texts(ana), ["at once"]);
    let before = stage.broadcasts;
    for n in 0..4 {
        stage.say(host, &format!("soon {n}"));
    }
    assert_eq!(stage.texts(ana), Vec::<String>::new());
    stage.pass(100);
    assert_eq!(stage.texts(ana).len(), 4);
    assert_eq!(stage.broadcasts - before, 1);
}

#[test]
fn an_event_that_comes_twice_or_too_late_is_told_once() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    let pinned = |version| {
        Event::ProductPinned(ProductPinned {
            show_id: show(),
            product_id: product(1),
            cue_id: None,
            at: T0,
            version,
        })
    };
    let first = crate::stage::event(1, pinned(5));
    for _ in 0..3 {
        stage.input(Input::Event(Box::new(first.clone())));
    }
    stage.input(Input::Event(Box::new(crate::stage::event(2, pinned(5)))));
    stage.input(Input::Event(Box::new(crate::stage::event(3, pinned(4)))));
    stage.pass(200);
    let offsets: Vec<u64> = stage.take(ana).iter().filter_map(offset_of).collect();
    assert_eq!(offsets, [1]);
}

#[test]
fn stock_that_changes_faster_than_it_is_told_is_told_as_it_stands() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    stage.pass(5_000);
    stage.take(ana);
    for n in 0..100 {
        stage.event(stock(100 - n, 10 + u64::from(n)));
    }
    stage.pass(100);
    let told: Vec<u32> = stage
        .take(ana)
        .iter()
        .filter_map(|message| match message {
            ServerMessage::Stock { available, .. } => Some(*available),
            _ => None,
        })
        .collect();
    assert_eq!(told, [100, 1], "the first at once, the newest with the next batch");
}

#[test]
fn stale_products_are_told_when_the_new_ones_are_here() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    stage.event(Event::ShowChanged(ShowChanged { show_id: show() }));
    assert_eq!(stage.seeds_asked, 1);
    stage.pass(4_900);
    assert!(stage.take(ana).iter().all(|message| !matches!(message, ServerMessage::Price { .. })));
    stage.pass(200);
    assert_eq!(stage.seeds_asked, 2, "it is asked for again while it does not come");
    let mut newer = seed_json();
    newer["products"][0]["title"] = json!("Tall mug");
    newer["slow_mode_s"] = json!(10);
    stage.input(Input::Seed(Box::new(serde_json::from_value(newer).unwrap())));
    stage.pass(100);
    let messages = stage.take(ana);
    assert!(
        messages
            .iter()
            .any(|m| matches!(m, ServerMessage::Price { product_id, .. } if *product_id == product(1)))
    );
    assert!(messages.iter().any(|m| matches!(m, ServerMessage::Slow { seconds: 10, .. })));
    stage.pass(60_000);
    assert_eq!(stage.seeds_asked, 2);
}

#[test]
fn reactions_are_counted_and_sent_three_times_a_second() {
    let mut stage = Stage::new();
    let conns: Vec<_> = (1..=20).map(|n| stage.viewer(n)).collect();
    stage.pass(5_000);
    conns.iter().for_each(|conn| drop(stage.take(*conn)));
    for _ in 0..10 {
        for conn in &conns {
            stage.send(*conn, json!({"t": "react", "kind": "heart", "n": 1}));
        }
        stage.pass(100);
    }
    stage.pass(400);
    let counts: Vec<u32> = stage
        .take(conns[0])
        .iter()
        .filter_map(|message| match message {
            ServerMessage::Reactions { counts } => Some(counts.values().sum()),
            _ => None,
        })
        .collect();
    assert!((3..=5).contains(&counts.len()), "{counts:?}");
    assert_eq!(counts.iter().sum::<u32>(), 200);
}

#[test]
fn presence_counts_viewers_not_sockets_and_is_told_when_it_changes_once_a_second() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    let tabs = [stage.viewer(2), stage.viewer(2)];
    stage.pass(2_000);
    assert_eq!(stage.room.viewers(), 2);
    stage.take(ana);
    stage.pass(10_000);
    assert_eq!(stage.take(ana), [], "nothing changed");
    stage.leave(tabs[0]);
    stage.pass(2_000);
    assert_eq!(stage.take(ana), [], "the viewer is still here");
    for n in 10..30 {
        stage.viewer(n);
    }
    stage.pass(1_000);
    let told: Vec<u32> = stage
        .take(ana)
        .iter()
        .filter_map(|message| match message {
            ServerMessage::Presence { viewers } => Some(*viewers),
            _ => None,
        })
        .collect();
    assert!(told.len() <= 4 && told.last() == Some(&22), "{told:?}");
    assert_eq!(stage.samples.last().map(|(_, viewers)| *viewers > 0), Some(true));
}

#[test]
fn a_restart_that_lost_nothing_lets_clients_go_on_where_they_were() {
    let mut stage = Stage::new();
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    let first = stage.say(host, "before");
    let named = stage.reference();
    let reply = json!({"t": "say", "ref": named, "text": "an answer", "reply_to": first});
    stage.ask(ana, reply).unwrap();
    stage.pass(100);
    let attachment = stage.room.attachment(ana).unwrap();
    stage.restart(Limits::default(), Restart::Lossless);
    stage.input(Input::Woken { conn: ana, attachment });
    let host = stage.join(1, Role::Host);
    stage.say(host, "after");
    stage.pass(1_000);
    let seen: Vec<u64> = stage.take(ana).iter().filter_map(offset_of).collect();
    assert_eq!(seen, [3], "a socket that outlived the room's memory goes on without a word");
    let back = stage.open(stage.who(viewer(3), Role::Viewer));
    stage.send(back, json!({"t": "hello", "resume": {"epoch": 7, "offset": 0}}));
    stage.pass(100);
    let messages = stage.take(back);
    assert_eq!(welcome(&messages), (7, 3, true));
    let quote = messages.iter().find_map(|message| match message {
        ServerMessage::Chat { message, .. } => message.reply_to.clone(),
        _ => None,
    });
    assert_eq!(quote.map(|quote| quote.text), Some("before".into()));
}

#[test]
fn a_restart_that_may_have_lost_something_begins_a_new_epoch_and_keeps_the_chat() {
    let mut stage = Stage::new();
    let host = stage.join(1, Role::Host);
    stage.say(host, "before");
    stage.pass(100);
    // Also from a host whose clock went back.
    stage.restart(Limits::default(), Restart::NewEpoch(3));
    let back = stage.open(stage.who(viewer(2), Role::Viewer));
    stage.send(back, json!({"t": "hello", "resume": {"epoch": 7, "offset": 1}}));
    stage.pass(100);
    let messages = stage.take(back);
    assert_eq!(welcome(&messages), (8, 1, false));
    assert_eq!(snapshot(&messages).chat[0].text, "before");
}

#[test]
fn an_order_told_before_a_restart_is_not_told_again() {
    let mut stage = Stage::new();
    let paid = crate::room_permissions::order_paid(Some("Ana"));
    let order = crate::stage::event(5, Event::OrderPaid(paid));
    stage.input(Input::Event(Box::new(order.clone())));
    stage.pass(100);
    assert_eq!(stage.room.offset(), 1);
    stage.restart(Limits::default(), Restart::Lossless);
    stage.input(Input::Event(Box::new(order)));
    assert_eq!(stage.room.offset(), 1);
}

#[test]
fn what_is_sent_again_because_its_confirmation_was_lost_is_said_once() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    let message = json!({"t": "say", "ref": "mine", "text": "hello again"});
    let first = stage.ask(ana, message.clone()).unwrap();
    stage.leave(ana);
    let ana = stage.viewer(1);
    assert_eq!(stage.ask(ana, message), Ok(first));
    assert_eq!(stage.room.offset(), 1);
    let other = json!({"t": "say", "ref": "mine", "text": "something else"});
    assert_ne!(stage.ask(ana, other), Ok(first));
}

#[test]
fn a_shutdown_tells_everybody_when_to_come_back_and_not_all_at_once() {
    let mut stage = Stage::new();
    let conns: Vec<_> = (1..=50).map(|n| stage.viewer(n)).collect();
    stage.input(Input::Shutdown);
    let mut waits = std::collections::BTreeSet::new();
    for conn in conns {
        assert_eq!(stage.closed[&conn], CloseCode::Restart);
        let last = stage.take(conn).pop();
        let Some(ServerMessage::Bye { resume_after_ms: Some(wait_ms), .. }) = last else {
            panic!("{last:?}")
        };
        waits.insert(wait_ms);
    }
    assert!(waits.len() > 40, "{waits:?}");
}

#[test]
fn the_room_of_a_show_that_is_over_closes_in_its_time() {
    let mut stage = Stage::new();
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    let ended = showfloor_domain::event::ShowStateChanged {
        show_id: show(),
        state: showfloor_domain::event::ShowState::Ended,
        at: stage.now,
        version: 9,
    };
    stage.event(Event::ShowStateChanged(ended));
    stage.pass(100);
    assert!(stage.take(ana).iter().any(|message| matches!(message, ServerMessage::State { .. })));
    assert_eq!(stage.try_say(host, "bye"), Err(showfloor_edge_core::protocol::Refusal::Closed));
    stage.pass(Limits::default().ended_ms);
    assert_eq!(stage.closed[&ana], CloseCode::ShowOver);
    let late = stage.open(stage.who(viewer(3), Role::Viewer));
    assert_eq!(stage.closed[&late], CloseCode::ShowOver);
}
