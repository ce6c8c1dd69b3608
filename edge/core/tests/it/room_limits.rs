//! Abuse case R8: every limit at n and one past, and clients that do not read.

use serde_json::json;
use showfloor_domain::event::{Event, ProductPinned, StockChanged};
use showfloor_edge_core::protocol::{
    CloseCode, FRAME_BYTES_MAX, JSON_DEPTH_MAX, MESSAGES_PER_FRAME_MAX, NAME_CHARS_MAX, Ref, Refusal,
    ServerMessage, TEXT_CHARS_MAX, read_frame,
};
use showfloor_edge_core::room::{ConnId, Input, Limits, Pressure};
use showfloor_edge_core::token::Role;

use crate::stage::{Stage, offset_of, product, seed, show, variant, viewer};

fn closed_by(frame: &str) -> Option<CloseCode> {
    let mut stage = Stage::new();
    let conn = stage.viewer(1);
    stage.frame(conn, frame.to_owned());
    stage.closed.get(&conn).copied()
}

#[test]
fn a_frame_of_the_longest_length_is_read_and_one_byte_more_closes_the_socket() {
    let padded = |length: usize| format!("[{{\"t\":\"ping\"}}{}]", " ".repeat(length - 14));
    assert_eq!(padded(FRAME_BYTES_MAX).len(), FRAME_BYTES_MAX);
    assert_eq!(closed_by(&padded(FRAME_BYTES_MAX)), None);
    assert_eq!(closed_by(&padded(FRAME_BYTES_MAX + 1)), Some(CloseCode::BadFrame));
}

#[test]
fn json_of_the_greatest_depth_is_read_and_one_deeper_closes_the_socket() {
    // The array, the message, and what is nested in it.
    let nested = |depth: usize| {
        let inner = depth - 2;
        format!("[{{\"t\":\"ping\",\"x\":{}{}}}]", "[".repeat(inner), "]".repeat(inner))
    };
    assert!(read_frame(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
    assert_eq!(closed_by(&nested(JSON_DEPTH_MAX)), None);
    assert_eq!(closed_by(&nested(JSON_DEPTH_MAX + 1)), Some(CloseCode::BadFrame));
    assert_eq!(closed_by(&"[".repeat(FRAME_BYTES_MAX)), Some(CloseCode::BadFrame));
    // Brackets in a text are no depth.
    assert!(read_frame(br#"[{"t":"say","ref":"1","text":"[[[[[[[[[[[[\"[[[["}]"#).unwrap()[0].is_ok());
}

#[test]
fn a_frame_has_sixteen_messages_at_most() {
    let many = |n: usize| format!("[{}]", vec!["{\"t\":\"ping\"}"; n].join(","));
    assert_eq!(closed_by(&many(MESSAGES_PER_FRAME_MAX)), None);
    assert_eq!(closed_by(&many(MESSAGES_PER_FRAME_MAX + 1)), Some(CloseCode::BadFrame));
}

#[test]
fn what_is_no_array_of_objects_closes_the_socket() {
    for frame in [
        "",
        "x",
        "{}",
        "null",
        "\"ping\"",
        "[1]",
        "[[]]",
        "[{\"t\":\"ping\"}",
        "[{\"t\":\"ping\"}]x",
        "\u{0}",
    ] {
        assert_eq!(closed_by(frame), Some(CloseCode::BadFrame), "{frame:?}");
    }
    let mut stage = Stage::new();
    let conn = stage.viewer(1);
    stage.frame(conn, vec![0xFF, 0xFE, b'[']);
    assert_eq!(stage.closed.get(&conn), Some(&CloseCode::BadFrame));
}

#[test]
fn what_is_not_understood_is_refused_and_the_fifth_time_closes_the_socket() {
    let mut stage = Stage::new();
    let conn = stage.viewer(1);
    let wrong = [
        json!({"t": "fly", "ref": "a"}),
        json!({"t": "say", "ref": "b", "text": 5}),
        json!({"t": "say", "ref": "c", "text": "hi", "price": 1}),
        json!({"ref": "d"}),
        json!({"t": "react", "kind": "heart", "n": 11}),
    ];
    for (n, message) in wrong.into_iter().enumerate() {
        stage.pass(1_000);
        stage.send(conn, message.clone());
        if n < 4 {
            let named = message["ref"].as_str().map(str::to_owned);
            let answer = stage.take(conn).pop();
            let Some(ServerMessage::Refused { r#ref, reason: Refusal::NotUnderstood, .. }) = answer else {
                panic!("{answer:?}")
            };
            assert_eq!(r#ref.as_ref().map(Ref::as_str).map(str::to_owned), named);
        }
    }
    assert_eq!(stage.closed.get(&conn), Some(&CloseCode::BadFrame));
}

#[test]
fn texts_names_refs_and_counts_are_accepted_at_their_limit_and_refused_one_past() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    let long = |n: usize| "ab ".repeat(n).chars().take(n - 1).chain(['x']).collect::<String>();
    stage.say(ana, &long(TEXT_CHARS_MAX));
    assert_eq!(stage.try_say(ana, &long(TEXT_CHARS_MAX + 1)), Err(Refusal::TooLong));
    // Characters, not bytes.
    stage.pass(2_000);
    stage.say(ana, &"é".repeat(TEXT_CHARS_MAX));
    for (chars, fits) in [(NAME_CHARS_MAX, true), (NAME_CHARS_MAX + 1, false)] {
        stage.pass(2_000);
        stage.take(ana);
        stage.send(ana, json!({"t": "name", "name": "n".repeat(chars)}));
        assert_eq!(matches!(stage.take(ana)[0], ServerMessage::You { .. }), fits);
    }
    assert!(
        Ref::new("r".repeat(Ref::BYTES_MAX)).is_some() && Ref::new("r".repeat(Ref::BYTES_MAX + 1)).is_none()
    );
    assert!(Ref::new("").is_none());
    for (n, understood) in [(0, false), (1, true), (10, true), (11, false)] {
        stage.pass(2_000);
        stage.take(ana);
        stage.send(ana, json!({"t": "react", "kind": "heart", "n": n}));
        assert_eq!(
            stage.take(ana).iter().all(|m| !matches!(m, ServerMessage::Refused { .. })),
            understood,
            "{n}"
        );
    }
}

#[test]
fn a_socket_that_says_nothing_or_something_else_before_hello_is_closed() {
    let mut stage = Stage::new();
    let silent = stage.open(stage.who(viewer(1), Role::Viewer));
    stage.pass(Limits::default().hello_ms - 1);
    assert!(!stage.closed.contains_key(&silent));
    stage.pass(1);
    assert_eq!(stage.closed[&silent], CloseCode::BadFrame);
    let rude = stage.open(stage.who(viewer(2), Role::Viewer));
    stage.send(rude, json!({"t": "ping"}));
    assert_eq!(stage.closed[&rude], CloseCode::BadFrame);
    assert_eq!((stage.room.sockets(), stage.room.viewers()), (0, 0));
}

#[test]
fn one_socket_past_a_limit_is_turned_away() {
    let limits = Limits { conns_max: 5, conns_per_viewer_max: 2, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    let tabs: Vec<ConnId> = (0..3).map(|_| stage.viewer(1)).collect();
    assert_eq!(stage.closed.get(&tabs[2]), Some(&CloseCode::TooManySockets));
    assert!(!stage.closed.contains_key(&tabs[1]));
    let others: Vec<ConnId> = (2..6).map(|n| stage.viewer(n)).collect();
    assert_eq!(stage.closed.get(&others[3]), Some(&CloseCode::Full));
    assert!(!stage.closed.contains_key(&others[2]));
    stage.leave(tabs[0]);
    let again = stage.viewer(1);
    assert!(!stage.closed.contains_key(&again));
}

#[test]
fn a_socket_that_floods_frames_is_closed() {
    let mut stage = Stage::new();
    let conn = stage.viewer(1);
    let burst = Limits::default().frames.burst;
    stage.pass(10_000);
    for n in 0..burst {
        stage.send(conn, json!({"t": "ping"}));
        assert!(!stage.closed.contains_key(&conn), "{n}");
    }
    stage.send(conn, json!({"t": "ping"}));
    assert_eq!(stage.closed.get(&conn), Some(&CloseCode::BadFrame));
}

/// Fills the room with chat and hearts for a while.
fn make_noise(stage: &mut Stage, speakers: &[ConnId], rounds: usize) {
    for _ in 0..rounds {
        for conn in speakers {
            let text = format!("line {} {}", stage.reference(), "wörd ".repeat(80));
            stage.say(*conn, &text);
            stage.send(*conn, json!({"t": "react", "kind": "heart", "n": 5}));
        }
        stage.pass(1_000);
    }
}

fn pin(stage: &mut Stage, version: u64) {
    let at = stage.now;
    stage.event(Event::ProductPinned(ProductPinned {
        show_id: show(),
        product_id: product(1),
        cue_id: None,
        at,
        version,
    }));
    stage.event(Event::StockChanged(StockChanged {
        product_id: product(1),
        variant_id: variant(1),
        show_ids: vec![show()],
        available: 3,
        reserved: 0,
        version: 100 + version,
    }));
    stage.pass(200);
}

#[test]
fn a_reader_that_stops_loses_reactions_then_chat_then_its_connection_and_never_control() {
    let mut stage = Stage::new();
    let speakers: Vec<ConnId> = (1..=20).map(|n| stage.viewer(n)).collect();
    let slow = stage.viewer(99);
    stage.stuck.push(slow);
    let (mut lost_reactions_at, mut lost_chat_at) = (None, None);
    for round in 0..200 {
        make_noise(&mut stage, &speakers, 1);
        pin(&mut stage, round + 1);
        speakers.iter().for_each(|conn| drop(stage.take(*conn)));
        let held = stage.held_bytes[&slow];
        assert!(held <= Limits::default().queue_bytes_max, "{held}");
        let got = stage.take(slow);
        if stage.closed.contains_key(&slow) {
            assert!(
                matches!(got.last(), Some(ServerMessage::Bye { resume_after_ms: Some(_), .. })),
                "{got:?}"
            );
            break;
        }
        let some = |kind: fn(&ServerMessage) -> bool| got.iter().any(kind);
        assert!(some(|m| matches!(m, ServerMessage::Pin { .. })), "control is never left out, round {round}");
        assert!(
            some(|m| matches!(m, ServerMessage::Stock { .. })),
            "control is never left out, round {round}"
        );
        if !some(|m| matches!(m, ServerMessage::Reactions { .. })) {
            lost_reactions_at.get_or_insert(held);
        }
        if !some(|m| matches!(m, ServerMessage::Chat { .. })) {
            assert!(some(|m| matches!(m, ServerMessage::Skipped { .. })), "it is told of the gap");
            lost_chat_at.get_or_insert(held);
        }
    }
    let (reactions, chat) = (lost_reactions_at.unwrap(), lost_chat_at.unwrap());
    assert!(reactions < chat, "{reactions} {chat}");
    assert_eq!(stage.closed.get(&slow), Some(&CloseCode::TooSlow));
    // On return, control is right.
    let back = stage.open(stage.who(viewer(99), Role::Viewer));
    stage.send(back, json!({"t": "hello", "resume": {"epoch": 7, "offset": 1}}));
    stage.pass(200);
    let messages = stage.take(back);
    let pinned = messages.iter().rev().find_map(|message| match message {
        ServerMessage::Pin { version, .. } => Some(*version),
        ServerMessage::Snapshot(snapshot) => snapshot.pinned.map(|pinned| pinned.version),
        _ => None,
    });
    let newest = stage.room.offset();
    assert!(pinned.is_some_and(|version| version > 1), "{newest}");
}

#[test]
fn a_reader_that_catches_up_gets_everything_again() {
    let limits = Limits { stalled_ms_max: 3_600_000, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    let speakers: Vec<ConnId> = (1..=20).map(|n| stage.viewer(n)).collect();
    let slow = stage.viewer(99);
    stage.stuck.push(slow);
    make_noise(&mut stage, &speakers, 30);
    let behind = stage.take(slow);
    assert!(behind.iter().any(|message| matches!(message, ServerMessage::Skipped { .. })));
    stage.stuck.clear();
    let bytes = stage.held_bytes[&slow];
    stage.input(Input::Drained { conn: slow, bytes });
    make_noise(&mut stage, &speakers, 2);
    let again = stage.take(slow);
    assert!(again.iter().any(|message| matches!(message, ServerMessage::Chat { .. })));
    assert!(again.iter().any(|message| matches!(message, ServerMessage::Reactions { .. })));
    assert!(!stage.closed.contains_key(&slow));
}

#[test]
fn a_reader_that_stays_without_chat_for_half_a_minute_loses_its_connection() {
    let mut stage = Stage::new();
    let speakers: Vec<ConnId> = (1..=20).map(|n| stage.viewer(n)).collect();
    let slow = stage.viewer(99);
    stage.stuck.push(slow);
    for _ in 0..120 {
        make_noise(&mut stage, &speakers, 1);
        if stage.closed.contains_key(&slow) {
            break;
        }
    }
    assert_eq!(stage.closed.get(&slow), Some(&CloseCode::TooSlow));
    assert!(stage.held_bytes[&slow] < Limits::default().queue_bytes_max, "long before its queue was full");
}

#[test]
fn where_the_host_cannot_see_the_socket_acknowledgements_show_who_is_slow() {
    let limits = Limits { pressure: Pressure::Acknowledged { every: 20 }, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    let speakers: Vec<ConnId> = (1..=20).map(|n| stage.viewer(n)).collect();
    let (attentive, silent) = (stage.viewer(98), stage.viewer(99));
    // No `Drained` comes: the harness' own is taken away by not reading.
    stage.stuck.extend(speakers.iter().copied().chain([attentive, silent]));
    for _ in 0..60 {
        make_noise(&mut stage, &speakers, 1);
        for conn in speakers.iter().copied().chain([attentive]) {
            let newest = stage.take(conn).iter().filter_map(offset_of).max();
            if let Some(offset) = newest {
                stage.send(conn, json!({"t": "ack", "offset": offset}));
            }
        }
    }
    assert_eq!(stage.closed.get(&silent), Some(&CloseCode::TooSlow));
    assert!(!stage.closed.contains_key(&attentive));
}

#[test]
fn memory_stays_bounded_whatever_is_said() {
    let limits = Limits { people_max: 200, history_max: 50, ring_bytes_max: 64 * 1024, ..Limits::default() };
    let mut stage = Stage::with(limits, seed());
    for n in 0..600 {
        let conn = stage.open(stage.who(viewer(n), Role::Viewer));
        stage.send(conn, json!({"t": "hello"}));
        stage.pass(100);
        stage.say(conn, &format!("{n} {}", "long ".repeat(90)));
        stage.pass(300);
        stage.leave(conn);
        stage.inbox.clear();
    }
    let load = stage.room.load();
    assert!(load.people <= 200 && load.history_count <= 50 && load.ring_bytes <= 64 * 1024, "{load:?}");
    assert!(load.ring_count > 10 && load.sockets == 0, "{load:?}");
}
