//! Abuse case R10, and the rest of keeping a chat: limits, muting, slow mode, what is pinned.

use serde_json::{Value, json};
use showfloor_edge_core::protocol::{Refusal, ServerMessage};
use showfloor_edge_core::room::{Input, Limits, ModerationAction, Restart};
use showfloor_edge_core::token::Role;

use crate::stage::{Stage, viewer};

const SECRET: &str = "my number is 555 0100";

/// Everything that anybody who comes now can learn, and everything that is stored.
fn traces(stage: &mut Stage) -> String {
    stage.pass(1_000);
    let mut all = String::new();
    for (n, hello) in [
        (500, json!({"t": "hello"})),
        (501, json!({"t": "hello", "resume": {"epoch": stage.room.epoch(), "offset": 0}})),
        (
            502,
            json!({"t": "hello", "resume": {"epoch": stage.room.epoch(), "offset": stage.room.offset() / 2}}),
        ),
    ] {
        let conn = stage.open(stage.who(viewer(n), Role::Viewer));
        stage.send(conn, hello);
        stage.pass(1_000);
        all.push_str(&serde_json::to_string(&stage.take(conn)).unwrap());
        stage.leave(conn);
    }
    for (key, value) in &stage.stored {
        all.push_str(key);
        all.push_str(std::str::from_utf8(value).unwrap());
    }
    all
}

/// A stage where a viewer said the secret, another answered it, and the host pinned it.
fn scandal() -> (Stage, showfloor_edge_core::room::ConnId, showfloor_domain::MessageId) {
    let mut stage = Stage::new();
    let (host, ana, ben) = (stage.join(1, Role::Host), stage.viewer(2), stage.viewer(3));
    stage.say(host, "hello everybody");
    let secret = stage.say(ana, SECRET);
    let named = stage.reference();
    let reply = json!({"t": "say", "ref": named, "text": "you should not post that", "reply_to": secret});
    stage.ask(ben, reply).unwrap();
    stage.moderate(host, json!({"t": "pin_message", "message_id": secret})).unwrap();
    (stage, host, secret)
}

#[test]
fn a_removed_message_leaves_no_trace_in_ring_snapshot_quotes_or_store() {
    for told in [true, false] {
        let (mut stage, host, secret) = scandal();
        if told {
            stage.pass(1_000);
            assert!(traces(&mut stage).contains(SECRET));
        }
        stage.moderate(host, json!({"t": "remove", "message_id": secret, "reason": "private"})).unwrap();
        let after = traces(&mut stage);
        assert!(!after.contains("555"), "{after}");
        assert!(after.contains("you should not post that"));
        stage.restart(Limits::default(), Restart::Lossless);
        assert!(!traces(&mut stage).contains("555"));
    }
}

#[test]
fn a_removal_reaches_every_viewer_as_control_and_offsets_stay_whole() {
    let (mut stage, host, secret) = scandal();
    let watcher = stage.viewer(4);
    stage.moderate(host, json!({"t": "remove", "message_id": secret})).unwrap();
    stage.pass(1_000);
    let seen = stage.take(watcher);
    assert!(
        seen.iter().any(|m| matches!(m, ServerMessage::Removed { message_id, .. } if *message_id == secret))
    );
    assert!(seen.iter().any(|m| matches!(m, ServerMessage::PinnedMessage { message: None, .. })));
    let back = stage.open(stage.who(viewer(5), Role::Viewer));
    stage.send(back, json!({"t": "hello", "resume": {"epoch": 7, "offset": 0}}));
    stage.pass(1_000);
    let offsets: Vec<u64> = stage.take(back).iter().filter_map(crate::stage::offset_of).collect();
    assert_eq!(
        offsets,
        (1..=stage.room.offset()).collect::<Vec<_>>(),
        "removed text leaves a mark, not a hole"
    );
}

#[test]
fn a_message_that_is_older_than_memory_is_deleted_from_the_store_by_its_id() {
    let limits = Limits { ring_count_max: 3, history_max: 3, ..Limits::default() };
    let mut stage = Stage::with(limits, crate::stage::seed());
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    let secret = stage.say(ana, SECRET);
    let reply = json!({"t": "say", "ref": "reply", "text": "you should not post that", "reply_to": secret});
    stage.ask(host, reply).unwrap();
    stage.moderate(host, json!({"t": "pin_message", "message_id": secret})).unwrap();
    for n in 0..10 {
        stage.pass(1_000);
        stage.say(host, &format!("line {n}"));
    }
    assert!(stage.stored.values().any(|value| std::str::from_utf8(value).unwrap().contains("555")));
    stage.moderate(host, json!({"t": "remove", "message_id": secret})).unwrap();
    assert!(!traces(&mut stage).contains("555"));
}

#[test]
fn a_removal_can_be_undone_for_ten_minutes_and_not_longer() {
    let (mut stage, host, secret) = scandal();
    let watcher = stage.viewer(4);
    stage.moderate(host, json!({"t": "remove", "message_id": secret})).unwrap();
    stage.pass(Limits::default().removed_ms - 1_000);
    let host = stage.join(1, Role::Host);
    stage.take(watcher);
    assert_eq!(stage.moderate(host, json!({"t": "restore", "message_id": secret})), Ok(()));
    stage.pass(200);
    let restored = stage.take(watcher).into_iter().find_map(|message| match message {
        ServerMessage::Restored { message, .. } => Some(message.text),
        _ => None,
    });
    assert_eq!(restored.as_deref(), Some(SECRET));
    assert!(traces(&mut stage).contains(SECRET));
    stage.restart(Limits::default(), Restart::Lossless);
    assert!(traces(&mut stage).contains(SECRET), "what was brought back is stored again");
    let host = stage.join(1, Role::Host);
    stage.moderate(host, json!({"t": "remove", "message_id": secret})).unwrap();
    assert!(!traces(&mut stage).contains("555"));
    stage.pass(Limits::default().removed_ms);
    let host = stage.join(1, Role::Host);
    assert_eq!(stage.moderate(host, json!({"t": "restore", "message_id": secret})), Err(Refusal::NotFound));
}

#[test]
fn a_muted_viewer_reads_but_does_not_speak_and_knows_until_when() {
    let mut stage = Stage::new();
    let (moderator, ana) = (stage.join(1, Role::Moderator), stage.viewer(2));
    stage.moderate(moderator, json!({"t": "mute", "viewer_id": viewer(2), "seconds": 60})).unwrap();
    let until = stage.take(ana).into_iter().find_map(|message| match message {
        ServerMessage::You { muted_until, .. } => muted_until,
        _ => None,
    });
    assert_eq!(until, Some(stage.now.plus_ms(60_000)));
    assert_eq!(stage.try_say(ana, "hello"), Err(Refusal::Muted));
    stage.pass(59_000);
    assert_eq!(stage.try_say(ana, "hello"), Err(Refusal::Muted));
    stage.pass(1_000);
    assert!(stage.try_say(ana, "hello").is_ok());
    stage.moderate(moderator, json!({"t": "mute", "viewer_id": viewer(2), "seconds": 86_400})).unwrap();
    stage.moderate(moderator, json!({"t": "unmute", "viewer_id": viewer(2)})).unwrap();
    stage.pass(2_000);
    assert!(stage.try_say(ana, "thank you").is_ok());
    for seconds in [0, 86_401] {
        let refused =
            stage.moderate(moderator, json!({"t": "mute", "viewer_id": viewer(2), "seconds": seconds}));
        assert_eq!(refused, Err(Refusal::NotUnderstood));
    }
    let actions: Vec<ModerationAction> = stage.moderated.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [ModerationAction::Mute, ModerationAction::Mute, ModerationAction::Unmute]);
}

#[test]
fn slow_mode_gives_viewers_turns_and_staff_their_word() {
    let mut stage = Stage::new();
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    stage.moderate(host, json!({"t": "slow", "seconds": 10})).unwrap();
    stage.say(ana, "first");
    stage.pass(9_999);
    assert_eq!(stage.try_say(ana, "second"), Err(Refusal::SlowMode));
    stage.pass(1);
    stage.say(ana, "second");
    stage.say(host, "one");
    stage.say(host, "two");
    assert_eq!(stage.moderate(host, json!({"t": "slow", "seconds": 301})), Err(Refusal::NotUnderstood));
    assert_eq!(stage.moderate(host, json!({"t": "slow", "seconds": 300})), Ok(()));
    let late = stage.open(stage.who(viewer(3), Role::Viewer));
    stage.send(late, json!({"t": "hello"}));
    stage.pass(200);
    assert!(stage.take(late).iter().any(|m| matches!(m, ServerMessage::Snapshot(s) if s.slow_s == 300)));
}

#[test]
fn five_messages_at_once_then_one_a_second_however_many_sockets() {
    let mut stage = Stage::new();
    let (ana, tab) = (stage.viewer(1), stage.viewer(1));
    for n in 0..5 {
        stage.say(if n % 2 == 0 { ana } else { tab }, &format!("line number {n}"));
    }
    for conn in [ana, tab] {
        assert_eq!(stage.try_say(conn, "one more"), Err(Refusal::RateLimited));
    }
    stage.pass(1_000);
    stage.say(tab, "one more");
    assert_eq!(stage.try_say(ana, "and more"), Err(Refusal::RateLimited));
}

#[test]
fn ten_hearts_a_second_count_and_the_rest_do_not() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    stage.pass(2_000);
    stage.take(ana);
    for _ in 0..5 {
        stage.send(ana, json!({"t": "react", "kind": "heart", "n": 10}));
    }
    stage.pass(400);
    let sum: u32 = stage
        .take(ana)
        .iter()
        .map(|message| match message {
            ServerMessage::Reactions { counts } => counts.values().sum(),
            _ => 0,
        })
        .sum();
    assert_eq!(sum, 10);
}

#[test]
fn what_was_just_said_is_not_said_again() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    stage.say(ana, "BUY my stuff");
    stage.pass(2_000);
    assert_eq!(stage.try_say(ana, "buy  my  stuff!!"), Err(Refusal::Duplicate));
    stage.pass(30_000);
    stage.say(ana, "buy my stuff");
}

#[test]
fn the_same_line_from_many_viewers_is_a_raid_and_short_words_are_not() {
    let mut stage = Stage::new();
    let conns: Vec<_> = (1..=8).map(|n| stage.viewer(n)).collect();
    let said =
        conns.iter().filter(|conn| stage.try_say(**conn, "join our other channel now").is_ok()).count();
    assert_eq!(said, 4);
    stage.pass(1_000);
    for conn in &conns {
        stage.say(*conn, "yes!");
    }
}

#[test]
fn fresh_tokens_do_not_flood_the_chat() {
    let mut stage = Stage::new();
    let regular = stage.viewer(1);
    stage.say(regular, "I was here before");
    let conns: Vec<_> = (100..160)
        .map(|n| {
            let conn = stage.open(stage.who(viewer(n), Role::Viewer));
            stage.send(conn, json!({"t": "hello"}));
            conn
        })
        .collect();
    stage.pass(100);
    let said = conns.iter().filter(|conn| stage.try_say(**conn, &format!("spam {}", conn.0)).is_ok()).count();
    assert!((20..=30).contains(&said), "{said}");
    stage.pass(1_000);
    stage.say(regular, "and I still speak");
}

#[test]
fn who_is_refused_ten_times_in_half_a_minute_is_muted_for_one() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    for _ in 0..20 {
        stage.pass(1_000);
        let _ = stage.try_say(ana, "look at evil.com");
    }
    assert_eq!(stage.try_say(ana, "hello"), Err(Refusal::Muted));
    assert_eq!(stage.moderated.iter().filter(|entry| entry.action == ModerationAction::AutoMute).count(), 1);
    stage.pass(60_000);
    stage.say(ana, "sorry");
}

#[test]
fn links_are_as_the_shop_says_and_staff_may_always() {
    let mut stage = Stage::new();
    let (host, ana) = (stage.join(1, Role::Host), stage.viewer(2));
    assert_eq!(stage.try_say(ana, "see evil.com"), Err(Refusal::Link));
    stage.say(host, "see shop.example.com");
    let mut seed = crate::stage::seed();
    seed.links = showfloor_edge_core::overlay::LinkPolicy::Allow;
    stage.input(Input::Seed(Box::new(seed)));
    stage.say(ana, "see good.com");
}

#[test]
fn a_reply_quotes_how_the_message_began() {
    let mut stage = Stage::new();
    let (ana, ben) = (stage.viewer(1), stage.viewer(2));
    let long = "word ".repeat(60);
    let first = stage.say(ana, &long);
    let named = stage.reference();
    stage.ask(ben, json!({"t": "say", "ref": named, "text": "yes", "reply_to": first})).unwrap();
    stage.pass(200);
    let quote = stage.take(ana).into_iter().find_map(|message| match message {
        ServerMessage::Chat { message, .. } => message.reply_to,
        _ => None,
    });
    let quote = quote.unwrap();
    assert_eq!((quote.id, quote.text.chars().count()), (first, 80));
}

#[test]
fn a_pinned_message_stays_above_the_chat_until_it_is_taken_down() {
    let (mut stage, host, secret) = scandal();
    let pinned = |stage: &mut Stage, n| {
        let conn = stage.open(stage.who(viewer(n), Role::Viewer));
        stage.send(conn, json!({"t": "hello"}));
        stage.pass(200);
        stage.take(conn).into_iter().find_map(|message| match message {
            ServerMessage::Snapshot(snapshot) => Some(snapshot.pinned_message.map(|message| message.id)),
            _ => None,
        })
    };
    assert_eq!(pinned(&mut stage, 10), Some(Some(secret)));
    stage.restart(Limits::default(), Restart::Lossless);
    assert_eq!(pinned(&mut stage, 11), Some(Some(secret)));
    let _ = host;
    let host = stage.join(1, Role::Host);
    stage.moderate(host, json!({"t": "pin_message", "message_id": Value::Null})).unwrap();
    assert_eq!(pinned(&mut stage, 12), Some(None));
}
