//! Abuse case R4: what people write, made fit to be shown and to be compared.

use proptest::prelude::*;
use serde_json::json;
use showfloor_edge_core::protocol::{Badge, Refusal, ServerMessage};
use showfloor_edge_core::text::{Blocklist, MARKS_PER_BASE_MAX, ReservedNames, clean, fold, has_link};
use showfloor_edge_core::token::Role;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::is_nfc;

use crate::stage::{Stage, viewer};

/// Names that would be taken for the host (Mira Kovač), the shop (Clay & Co) or the staff.
const IMPOSTORS: [&str; 78] = [
    "host",
    "Host",
    "HOST",
    "Host ✓",
    "✓ Host",
    "Host ☑",
    "the host",
    "Host!",
    "h o s t",
    "h.o.s.t",
    "H-O-S-T",
    "Ηost",
    "Ноst",
    "Hοst",
    "Hоst",
    "Hоѕt",
    "ｈｏｓｔ",
    "𝐇𝐨𝐬𝐭",
    "𝓗𝓸𝓼𝓽",
    "𝕳𝖔𝖘𝖙",
    "🅷🅾🆂🆃",
    "🄷🄾🅂🅃",
    "🇭🇴🇸🇹",
    "ⓗⓞⓢⓣ",
    "h0st",
    "h05t",
    "ho\u{200B}st",
    "ho\u{00AD}st",
    "ho\u{2060}st",
    "\u{202E}host",
    "host\u{FE0F}",
    "h\u{0301}ost",
    "hös\u{0308}t",
    "ho\u{034F}st",
    "\u{2066}host\u{2069}",
    "moderator",
    "Moderator",
    "Moderatοr",
    "Моderatоr",
    "m0derat0r",
    "mod",
    "MOD",
    "Mods",
    "xXmoderatorXx",
    "moder\u{200D}ator",
    "rnoderator",
    "mo-derator",
    "admin",
    "Admin",
    "аdmin",
    "adrnin",
    "4dmin",
    "@dmin",
    "adm1n",
    "Administrator",
    "a d m i n",
    "showfloor",
    "Show floor",
    "ShowFloor Team",
    "Sh0wfl00r",
    "support",
    "Support 24/7",
    "$upport",
    "official",
    "Official Shop",
    "staff",
    "5taff",
    "System",
    "verified ✔",
    "owner",
    "bot",
    "Mira Kovač",
    "Mira Kovac",
    "M1ra Kovač",
    "mirakovac",
    "Clay & Co",
    "Clay&Co",
    "C1ay and Co",
];

/// Names of people.
const PEOPLE: [&str; 36] = [
    "Ana",
    "Jürgen",
    "José",
    "Łukasz",
    "Zoë",
    "Nguyễn Văn A",
    "李雷",
    "さくら",
    "Иван",
    "Мария",
    "محمد",
    "שרה",
    "प्रिया",
    "สมชาย",
    "Ελένη",
    "O'Brien",
    "Anne-Marie",
    "D.J.",
    "Mike 84",
    "ana_k",
    "🌸 Lily",
    "Ghostly",
    "Modesto",
    "Hostetler",
    "Adminah",
    "Botticelli",
    "Systema K",
    "Teamo",
    "Mira",
    "Clayton",
    "Coco",
    "Sally ✨",
    "xX_kay_Xx",
    "Ümit",
    "Øyvind",
    "Bé",
];

/// Texts that hold the blocked word `darn` or the blocked phrase `cheap copy`.
const BLOCKED: [&str; 32] = [
    "darn",
    "DARN",
    "oh darn it",
    "darn!",
    "(darn)",
    "d a r n",
    "d.a.r.n",
    "d-a-r-n",
    "d_a_r_n",
    "dаrn",
    "dа\u{0433}n darn",
    "ｄａｒｎ",
    "𝐝𝐚𝐫𝐧",
    "𝕕𝕒𝕣𝕟",
    "ⓓⓐⓡⓝ",
    "🅳🅰🆁🅽",
    "d4rn",
    "d@rn",
    "dar\u{200B}n",
    "da\u{00AD}rn",
    "d\u{2060}arn",
    "dàrn",
    "da\u{0301}\u{0302}rn",
    "\u{202E}darn",
    "cheap copy",
    "CHEAP   COPY",
    "cheap-copy",
    "cheap, copy",
    "сhеар сору",
    "ch3ap c0py",
    "what a cheap\ncopy",
    "darn.",
];

/// Texts that hold neither.
const HARMLESS: [&str; 12] = [
    "darning needle",
    "the darner",
    "cheap copies",
    "copy cheap",
    "a cheap and good copy",
    "radar now",
    "how much is it?",
    "😍😍😍",
    "wie groß?",
    "да",
    "Does it come in blue",
    "1 or 2",
];

#[test]
fn the_table_has_a_hundred_and_fifty_strings() {
    assert!(IMPOSTORS.len() + PEOPLE.len() + BLOCKED.len() + HARMLESS.len() >= 150);
}

#[test]
fn names_that_could_be_taken_for_the_show_are_refused_and_others_are_not() {
    let reserved = ReservedNames::new(["Mira Kovač", "Clay & Co"]);
    let passed: Vec<_> = IMPOSTORS.iter().filter(|name| !reserved.forbids(&clean(name))).collect();
    assert!(passed.is_empty(), "{:?}", passed.iter().map(|name| (name, fold(name))).collect::<Vec<_>>());
    let refused: Vec<_> = PEOPLE.iter().filter(|name| reserved.forbids(&clean(name))).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn blocked_words_are_found_however_they_are_dressed() {
    let blocklist = Blocklist::new(["darn", "Cheap copy"]);
    let passed: Vec<_> = BLOCKED.iter().filter(|text| !blocklist.finds(&clean(text))).collect();
    assert!(passed.is_empty(), "{:?}", passed.iter().map(|text| (text, fold(text))).collect::<Vec<_>>());
    let found: Vec<_> = HARMLESS.iter().filter(|text| blocklist.finds(&clean(text))).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_name_is_shown_clean_or_not_at_all() {
    let mut stage = Stage::new();
    let ana = stage.viewer(1);
    for name in IMPOSTORS {
        stage.pass(2_000);
        stage.take(ana);
        stage.send(ana, json!({"t": "name", "name": name}));
        let answer = stage.take(ana);
        assert!(
            matches!(
                &answer[..],
                [ServerMessage::Refused { reason: Refusal::NameTaken | Refusal::Empty, .. }]
            ),
            "{name}: {answer:?}"
        );
    }
    for name in PEOPLE {
        stage.pass(2_000);
        stage.take(ana);
        stage.send(ana, json!({"t": "name", "name": name}));
        let answer = stage.take(ana);
        assert!(
            matches!(&answer[..], [ServerMessage::You { name: Some(shown), .. }] if *shown == clean(name)),
            "{name}"
        );
    }
    for (name, reason) in [
        ("", Refusal::Empty),
        ("   ", Refusal::Empty),
        ("\u{200B}\u{202E}", Refusal::Empty),
        ("\u{3164}", Refusal::Empty),
        ("...", Refusal::Empty),
        ("darn", Refusal::Blocked),
        ("shop-here.com", Refusal::Link),
        (&"n".repeat(33), Refusal::TooLong),
    ] {
        stage.pass(2_000);
        stage.take(ana);
        stage.send(ana, json!({"t": "name", "name": name}));
        let answer = stage.take(ana);
        assert!(
            matches!(&answer[..], [ServerMessage::Refused { reason: r, .. }] if *r == reason),
            "{name}: {answer:?}"
        );
    }
}

#[test]
fn a_badge_comes_from_the_role_and_never_from_the_name() {
    let mut stage = Stage::new();
    let badges = [
        (Role::Viewer, Badge::Viewer),
        (Role::Host, Badge::Host),
        (Role::Moderator, Badge::Moderator),
        (Role::Owner, Badge::Shop),
        (Role::Manager, Badge::Shop),
    ];
    for (n, (role, badge)) in badges.into_iter().enumerate() {
        let conn = stage.join(n as u64 + 1, role);
        stage.say(conn, &format!("number {n}"));
        stage.pass(100);
        let shown = stage.take(conn).into_iter().find_map(|message| match message {
            ServerMessage::Chat { message, .. } => Some(message.from.role),
            _ => None,
        });
        assert_eq!(shown, Some(badge));
    }
    // A token that names a viewer "Host" gets another name.
    let mut who = stage.who(viewer(50), Role::Viewer);
    who.name = Some("Host ✓".into());
    let conn = stage.open(who);
    stage.send(conn, json!({"t": "hello", "name": "Mоderator"}));
    stage.pass(100);
    let messages = stage.take(conn);
    assert!(
        messages
            .iter()
            .any(|m| matches!(m, ServerMessage::Welcome { you, .. } if you.name.starts_with("Guest ")))
    );
    assert!(messages.iter().any(|m| matches!(m, ServerMessage::Refused { reason: Refusal::NameTaken, .. })));
}

#[test]
fn what_is_shown_is_one_clean_line() {
    for (given, shown) in [
        ("  two   words\n\tand more  ", "two words and more"),
        ("e\u{0301}", "é"),
        ("a\u{0}b\u{7}c\u{1b}[31m", "abc[31m"),
        ("abc\u{202E}def\u{202C}", "abcdef"),
        ("a\u{200B}b\u{FEFF}c\u{2060}d\u{00AD}e", "abcde"),
        ("\u{E0041}\u{E007F}tag", "tag"),
        ("\u{FDFD}", ""),
        ("👩\u{200D}👩\u{200D}👧 family", "👩\u{200D}👩\u{200D}👧 family"),
        ("❤\u{FE0F}", "❤\u{FE0F}"),
        ("क\u{094D}\u{200D}ष", "क\u{094D}\u{200D}ष"),
        ("a\u{200D}b", "ab"),
        ("x\u{200D}", "x"),
        ("👩\u{200D}\u{200D}\u{200D}", "👩"),
        ("<b onclick=x>bold</b>", "<b onclick=x>bold</b>"),
        ("\u{0301}\u{0302}lone marks", "lone marks"),
        ("private \u{E000}\u{10FFFF} use", "private use"),
    ] {
        assert_eq!(clean(given), shown, "{given:?}");
    }
    let tower = format!("Z{}", "\u{0337}".repeat(500));
    assert_eq!(clean(&tower).chars().count(), 1 + MARKS_PER_BASE_MAX);
}

#[test]
fn links_are_found_also_when_they_are_spelled_out() {
    for link in [
        "https://evil.example",
        "http://1.2.3.4/x",
        "www.evil",
        "evil.com",
        "go to EVIL.COM now",
        "evil。com",
        "ｅｖｉｌ．ｃｏｍ",
        "evil (dot) com",
        "evil dot com",
        "evil[.]com",
        "t.me/x",
        "bit.ly/abc",
        "mail me@evil.org",
        "sub.domain.co/x",
        "evil.xyz?a=b",
        "ev\u{200B}il.com",
        "evil.zzz/path",
        "evil.com.",
        "(evil.com)",
        "bücher.de",
    ] {
        assert!(has_link(link), "{link}");
    }
    for text in [
        "how much is it?",
        "nice...so nice",
        "ok.thanks",
        "v1.2",
        "3.50",
        "e.g. this",
        "Mr. Smith",
        "a.b",
        "what?no",
        "12/24",
        "wait.what",
        "1.000,00",
        "size 4.5",
        "😍.😍",
    ] {
        assert!(!has_link(text), "{text}");
    }
}

proptest! {
    #[test]
    fn clean_text_stays_clean(text in "\\PC{0,60}|(.|\u{202E}|\u{200D}|\u{0301}|\u{3164}|[\u{E000}-\u{E010}]){0,60}") {
        let shown = clean(&text);
        prop_assert_eq!(clean(&shown), shown.clone(), "cleaning again changes nothing");
        prop_assert!(is_nfc(&shown));
        let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        let unfit = shown.chars().any(|c| c.is_control() || turns(c));
        prop_assert!(!unfit);
        let mut marks = 0;
        for c in shown.chars() {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            prop_assert!(marks <= MARKS_PER_BASE_MAX);
        }
    }

    #[test]
    fn folding_never_fails_and_case_does_not_matter(text in "[a-zA-Z ]{0,40}", other in "\\PC{0,40}") {
        prop_assert_eq!(fold(&text), fold(&text.to_uppercase()));
        let _ = (fold(&other), has_link(&other));
    }
}
