//! Abuse cases R2, R5 and R6: who may do what, now, and in this room alone.

use serde_json::{Value, json};
use showfloor_domain::event::{Event, OrderPaid, OrderPaidLine};
use showfloor_domain::{Currency, MessageId, Money, OrderId, ShopId, ShowId};
use showfloor_edge_core::overlay::RoomSeed;
use showfloor_edge_core::protocol::{CloseCode, Refusal, ServerMessage};
use showfloor_edge_core::room::{Input, Limits, Subject, origin_is_listed};
use showfloor_edge_core::token::Role;

use crate::stage::{Stage, T0, event, product, seed_json, show, user, variant, viewer};

const ROLES: [Role; 6] =
    [Role::Viewer, Role::Owner, Role::Manager, Role::Host, Role::Moderator, Role::Analyst];

/// What each role may say, as a committed table: v viewer, o owner, m manager, h host, k moderator, a analyst.
const TABLE: [(&str, &str); 15] = [
    ("ping", "vomhka"),
    ("ack", "vomhka"),
    ("say", "vomhk"),
    ("react", "vomhk"),
    ("name", "v"),
    ("remove", "omhk"),
    ("restore", "omhk"),
    ("mute", "omhk"),
    ("unmute", "omhk"),
    ("ban", "omhk"),
    ("unban", "omhk"),
    ("slow", "omhk"),
    ("pin_message", "omhk"),
    ("announce", ""),
    ("hello", ""),
];

/// What only the server says.
const SERVER_ONLY: [&str; 26] = [
    "welcome",
    "snapshot",
    "chat",
    "sold",
    "removed",
    "restored",
    "pin",
    "unpin",
    "banner",
    "flash",
    "flash_end",
    "price",
    "stock",
    "state",
    "slow_mode",
    "pinned_message",
    "reactions",
    "presence",
    "sent",
    "refused",
    "you",
    "done",
    "skipped",
    "pong",
    "bye",
    "persist",
];

fn letter(role: Role) -> char {
    match role {
        Role::Viewer => 'v',
        Role::Owner => 'o',
        Role::Manager => 'm',
        Role::Host => 'h',
        Role::Moderator => 'k',
        Role::Analyst => 'a',
    }
}

fn message(kind: &str, target: MessageId) -> Value {
    let mut message = match kind {
        "ping" => json!({}),
        "ack" => json!({"offset": 1}),
        "hello" => json!({}),
        "say" => json!({"ref": "r", "text": "hi there"}),
        "react" => json!({"kind": "heart", "n": 1}),
        "name" => json!({"name": "Ana"}),
        "remove" | "restore" => json!({"ref": "r", "message_id": target}),
        "mute" => json!({"ref": "r", "viewer_id": viewer(9), "seconds": 60}),
        "unmute" | "ban" | "unban" => json!({"ref": "r", "viewer_id": viewer(9)}),
        "slow" => json!({"ref": "r", "seconds": 5}),
        "pin_message" => json!({"ref": "r", "message_id": target}),
        _ => json!({
            "ref": "r", "offset": 1, "at": T0, "product_id": product(1), "version": 99, "available": 0, "reserved": 0,
            "variant_id": variant(1), "name": "Ana", "title": "Mug", "quantity": 3, "state": "ended", "viewers": 9,
            "text": "x", "counts": {"heart": 9}
        }),
    };
    message["t"] = json!(kind);
    message
}

#[test]
fn each_type_is_allowed_to_the_roles_in_the_table_and_to_nobody_else() {
    let kinds = TABLE.iter().map(|(kind, roles)| (*kind, *roles)).chain(SERVER_ONLY.map(|kind| (kind, "")));
    for (kind, roles) in kinds {
        for role in ROLES {
            let mut stage = Stage::new();
            let host = stage.join(1, Role::Host);
            let watcher = stage.viewer(2);
            let target = stage.say(watcher, "a message to moderate");
            if kind == "restore" {
                stage.moderate(host, json!({"t": "remove", "message_id": target})).unwrap();
            }
            if kind == "unban" {
                stage.moderate(host, json!({"t": "ban", "viewer_id": viewer(9)})).unwrap();
            }
            let conn = stage.join(3, role);
            stage.pass(2_000);
            let before = stage.room.offset();
            stage.take(conn);
            stage.take(watcher);
            stage.send(conn, message(kind, target));
            stage.pass(2_000);
            let refused =
                stage.take(conn).iter().any(|message| matches!(message, ServerMessage::Refused { .. }));
            let allowed = roles.contains(letter(role));
            assert_eq!(!refused, allowed, "{kind} by {role:?}");
            if !allowed {
                assert_eq!(stage.room.offset(), before, "{kind} by {role:?} changed something");
                assert_eq!(stage.take(watcher), [], "{kind} by {role:?} reached somebody");
            }
        }
    }
}

pub(crate) fn order_paid(name: Option<&str>) -> OrderPaid {
    OrderPaid {
        order_id: OrderId::generate(T0, [5; 10]),
        number: 1,
        show_id: Some(show()),
        viewer_id: Some(viewer(1)),
        shown_name: name.map(Into::into),
        lines: vec![OrderPaidLine {
            product_id: product(1),
            variant_id: variant(1),
            title: "Mug".into(),
            quantity: 2,
        }],
        total: Money::new(9_800, Currency::EUR),
        at: T0,
    }
}

#[test]
fn every_ticker_is_a_paid_order_and_a_bad_name_is_not_told() {
    for (given, told) in [
        (Some("Ana"), Some("Ana")),
        (None, None),
        (Some("Host ✓"), None),
        (Some("darn"), None),
        (Some("a.com"), None),
    ] {
        let mut stage = Stage::new();
        let ana = stage.viewer(1);
        stage.event(Event::OrderPaid(order_paid(given)));
        stage.pass(100);
        let sold = stage.take(ana).into_iter().find_map(|message| match message {
            ServerMessage::Sold { name, quantity, title, .. } => Some((name, quantity, title)),
            _ => None,
        });
        assert_eq!(sold, Some((told.map(Into::into), 2, "Mug".into())));
    }
    let mut stage = Stage::new();
    stage.event(Event::OrderPaid(OrderPaid { show_id: None, ..order_paid(None) }));
    stage.event(Event::OrderPaid(OrderPaid {
        show_id: Some(ShowId::generate(T0, [8; 10])),
        ..order_paid(None)
    }));
    let mut elsewhere = event(77, Event::OrderPaid(order_paid(None)));
    elsewhere.shopid = ShopId::generate(T0, [8; 10]);
    stage.input(Input::Event(Box::new(elsewhere)));
    assert_eq!(stage.room.offset(), 0, "orders of other shows and shops are not told");
}

#[test]
fn a_banned_viewer_is_out_at_once_on_every_socket_and_cannot_come_back_with_the_device() {
    let mut stage = Stage::new();
    let (host, ana, tab) = (stage.join(1, Role::Host), stage.viewer(2), stage.viewer(2));
    stage.moderate(host, json!({"t": "ban", "viewer_id": viewer(2), "reason": "spam"})).unwrap();
    for conn in [ana, tab] {
        assert_eq!(stage.closed[&conn], CloseCode::Banned);
    }
    let before = stage.room.offset();
    stage.send(ana, json!({"t": "say", "ref": "1", "text": "still here"}));
    assert_eq!(stage.room.offset(), before, "the next frame is not heard");
    let back = stage.open(stage.who(viewer(2), Role::Viewer));
    assert_eq!(stage.closed[&back], CloseCode::Banned);
    let mut other_name = stage.who(viewer(3), Role::Viewer);
    other_name.device = stage.who(viewer(2), Role::Viewer).device;
    let fresh = stage.open(other_name);
    assert_eq!(stage.closed[&fresh], CloseCode::Banned, "a fresh token from the same device");
    stage.moderate(host, json!({"t": "unban", "viewer_id": viewer(2)})).unwrap();
    let back = stage.viewer(2);
    assert!(!stage.closed.contains_key(&back));
    assert_eq!(stage.moderated.len(), 2);
    assert_eq!(stage.moderated[0].reason.as_deref(), Some("spam"));
}

#[test]
fn a_ban_outlives_a_restart() {
    let mut stage = Stage::new();
    let host = stage.join(1, Role::Host);
    stage.viewer(2);
    stage.moderate(host, json!({"t": "ban", "viewer_id": viewer(2)})).unwrap();
    stage.restart(Limits::default(), showfloor_edge_core::room::Restart::Lossless);
    let back = stage.open(stage.who(viewer(2), Role::Viewer));
    assert_eq!(stage.closed[&back], CloseCode::Banned);
}

#[test]
fn a_token_that_ends_closes_its_socket_at_that_very_moment() {
    let mut stage = Stage::new();
    let ana = stage.viewer(2);
    stage.pass(15 * 60_000 - 101);
    assert!(!stage.closed.contains_key(&ana));
    stage.pass(1);
    assert_eq!(stage.closed[&ana], CloseCode::Unauthorized);
    let (late, who) = (stage.viewer(3), stage.who(viewer(3), Role::Viewer));
    // A host that is late with its tick: the frame is refused all the same.
    stage.now = who.expires_at;
    let before = stage.room.offset();
    stage.send(late, json!({"t": "say", "ref": "1", "text": "after the end"}));
    assert_eq!((stage.room.offset(), stage.closed[&late]), (before, CloseCode::Unauthorized));
    let expired = stage.open(who);
    assert_eq!(stage.closed[&expired], CloseCode::Unauthorized);
}

#[test]
fn a_demoted_moderator_is_refused_with_the_next_frame_and_a_revoked_one_is_out() {
    let mut stage = Stage::new();
    let (moderator, ana) = (stage.join(1, Role::Moderator), stage.viewer(2));
    let message = stage.say(ana, "hello");
    let who = user(Role::Moderator as u8);
    stage.input(Input::RoleChanged { user: who, role: Role::Analyst });
    let refused = stage.moderate(moderator, json!({"t": "remove", "message_id": message}));
    assert_eq!(refused, Err(Refusal::NotAllowed));
    stage.input(Input::Revoked(Subject::User(who)));
    assert_eq!(stage.closed[&moderator], CloseCode::Unauthorized);
    let back = stage.open(stage.who(viewer(1), Role::Moderator));
    assert_eq!(stage.closed[&back], CloseCode::Unauthorized, "its token is not good here any more");
    stage.input(Input::Revoked(Subject::Viewer(viewer(2))));
    assert_eq!(stage.closed[&ana], CloseCode::Unauthorized);
}

#[test]
fn a_moderator_cannot_turn_on_those_who_run_the_show() {
    let mut stage = Stage::new();
    let (host, moderator) = (stage.join(1, Role::Host), stage.join(2, Role::Moderator));
    let message = stage.say(host, "from the host");
    for command in [
        json!({"t": "remove", "message_id": message}),
        json!({"t": "mute", "viewer_id": viewer(1), "seconds": 60}),
        json!({"t": "ban", "viewer_id": viewer(1)}),
    ] {
        assert_eq!(stage.moderate(moderator, command.clone()), Err(Refusal::NotAllowed), "{command}");
    }
    let own = stage.say(moderator, "from the moderator");
    assert_eq!(stage.moderate(host, json!({"t": "remove", "message_id": own})), Ok(()));
}

#[test]
fn a_token_of_another_show_or_shop_opens_nothing_here() {
    let mut stage = Stage::new();
    let mut other_show = stage.who(viewer(1), Role::Owner);
    other_show.show = ShowId::generate(T0, [8; 10]);
    let mut other_shop = stage.who(viewer(1), Role::Owner);
    other_shop.shop = ShopId::generate(T0, [8; 10]);
    for who in [other_show, other_shop] {
        let conn = stage.open(who);
        assert_eq!(stage.closed[&conn], CloseCode::Unauthorized);
    }
    assert_eq!(stage.room.sockets(), 0);
}

#[test]
fn two_shops_rooms_side_by_side_share_nothing() {
    let other: RoomSeed = {
        let mut json = seed_json();
        json["shop_id"] = json!(ShopId::generate(T0, [81; 10]));
        json["show_id"] = json!(ShowId::generate(T0, [82; 10]));
        serde_json::from_value(json).unwrap()
    };
    let (shop_b, show_b) = (other.shop_id, other.show_id);
    let (mut a, mut b) = (Stage::new(), Stage::with(Limits::default(), other));
    let ana = a.viewer(1);
    let mut who = b.who(viewer(1), Role::Viewer);
    (who.shop, who.show) = (shop_b, show_b);
    let bea = b.open(who);
    b.send(bea, json!({"t": "hello"}));
    b.pass(100);
    b.take(bea);
    for n in 0..20 {
        a.say(ana, &format!("secret of a {n}"));
        b.say(bea, &format!("secret of b {n}"));
        // Events of either shop are brought to both.
        let mut of_a = event(n, Event::OrderPaid(order_paid(Some("Of A"))));
        let mut of_b =
            event(n, Event::OrderPaid(OrderPaid { show_id: Some(show_b), ..order_paid(Some("Of B")) }));
        of_b.shopid = shop_b;
        a.input(Input::Event(Box::new(of_b.clone())));
        b.input(Input::Event(Box::new(of_a.clone())));
        // Nor does a wrong shop with the right show, or the reverse.
        of_a.shopid = shop_b;
        of_b.shopid = crate::stage::shop();
        a.input(Input::Event(Box::new(of_b)));
        b.input(Input::Event(Box::new(of_a)));
        a.pass(1_100);
        b.pass(1_100);
    }
    let told = |messages: Vec<ServerMessage>| serde_json::to_string(&messages).unwrap();
    let (at_a, at_b) = (told(a.take(ana)), told(b.take(bea)));
    assert!(
        at_a.contains("secret of a 19") && !at_a.contains("secret of b") && !at_a.contains("Of "),
        "{at_a}"
    );
    assert!(
        at_b.contains("secret of b 19") && !at_b.contains("secret of a") && !at_b.contains("Of "),
        "{at_b}"
    );
}

#[test]
fn staff_open_sockets_from_listed_pages_only() {
    let listed = ["https://shop.example".to_owned()];
    for role in ROLES {
        assert!(origin_is_listed(role, Some("https://shop.example"), &listed));
        assert!(origin_is_listed(role, None, &listed), "no page at all");
        for evil in ["https://evil.example", "null", "https://shop.example.evil", "http://shop.example", ""] {
            assert_eq!(origin_is_listed(role, Some(evil), &listed), role == Role::Viewer, "{evil}");
        }
    }
}
