//! Signing in, and all that tries to without being allowed.

use axum::body::Body;
use http::Request;
use serde_json::json;
use showfloor_domain::Role;
use showfloor_http::testing::OWN_ORIGIN;
use showfloor_http::testing::walk::{Answer, send};
use showfloor_storage::AuditLog;

use crate::harness::{Harness, PASSWORD, empty, with_trusted_hops};

async fn sign_in(harness: &Harness, email: &str, password: &str, more: &[(&str, &str)]) -> Answer {
    let mut request = Request::post("/v1/auth/sign-in")
        .header("origin", OWN_ORIGIN)
        .header("content-type", "application/json");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let body = Body::from(json!({ "email": email, "password": password }).to_string());
    send(&harness.router, request.body(body).unwrap()).await
}

fn cookie(answer: &Answer, name: &str) -> String {
    let all: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    let found = all.iter().find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')?.split(';').next());
    found.unwrap_or_else(|| panic!("no cookie {name} in {all:?}")).to_owned()
}

#[tokio::test]
async fn an_owner_signs_in_and_out() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    let answer = sign_in(&harness, "User1@Example.com", PASSWORD, &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    assert_eq!(answer.json["user"]["role"], "owner");
    let set = answer.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap();
    for attribute in ["__Host-showfloor=", "; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Lax;"] {
        assert!(set.contains(attribute), "{set}");
    }
    let session = cookie(&answer, "__Host-showfloor");
    assert_eq!(harness.get("/v1/me", &session).await.json["shop"]["name"], "Shop 1");
    assert_eq!(harness.post("/v1/auth/sign-out", &session, json!({})).await.status, 204);
    assert_eq!(harness.get("/v1/me", &session).await.status, 401);
    let log = harness.store.verified(shop_id).await.unwrap();
    assert_eq!(log[0].action, "sign-in");
}

#[tokio::test]
async fn a4_a_hundred_tries_with_false_addresses_are_stopped_at_the_eleventh() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    for n in 1..=100 {
        let forwarded = format!("198.51.100.{n}");
        let more = [("x-forwarded-for", forwarded.as_str())];
        let answer = sign_in(&harness, "user1@example.com", "not the password", &more).await;
        let expected = if n <= 10 { 401 } else { 429 };
        assert_eq!(answer.status, expected, "try {n}");
        if n == 11 {
            assert!(answer.headers.contains_key("retry-after"));
            assert!(answer.headers.contains_key("ratelimit"));
        }
    }
    harness.clock.advance_ms(15 * 60 * 1_000);
    assert_eq!(sign_in(&harness, "user1@example.com", PASSWORD, &[]).await.status, 200);
}

#[tokio::test]
async fn a4_an_address_is_limited_over_all_accounts_and_is_the_one_our_proxy_saw() {
    let harness = with_trusted_hops(1);
    for n in 1..=31 {
        let forwarded = format!("198.51.100.{n}, 203.0.113.9");
        let more = [("x-forwarded-for", forwarded.as_str())];
        let answer = sign_in(&harness, &format!("nobody{n}@example.com"), "not the password", &more).await;
        assert_eq!(answer.status, if n <= 30 { 401 } else { 429 }, "try {n}");
    }
    let other = [("x-forwarded-for", "203.0.113.10")];
    assert_eq!(sign_in(&harness, "nobody@example.com", "not the password", &other).await.status, 401);
}

#[tokio::test]
async fn a4_a_known_device_keeps_its_own_allowance() {
    let harness = with_trusted_hops(1);
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    let first = sign_in(&harness, "user1@example.com", PASSWORD, &[("x-forwarded-for", "192.0.2.1")]).await;
    let device = format!("__Host-showfloor-device={}", cookie(&first, "__Host-showfloor-device"));
    for _ in 0..11 {
        sign_in(&harness, "user1@example.com", "not the password", &[("x-forwarded-for", "192.0.2.66")])
            .await;
    }
    let stranger = [("x-forwarded-for", "192.0.2.1")];
    assert_eq!(sign_in(&harness, "user1@example.com", PASSWORD, &stranger).await.status, 429);
    let known = [("x-forwarded-for", "192.0.2.1"), ("cookie", device.as_str())];
    assert_eq!(sign_in(&harness, "user1@example.com", PASSWORD, &known).await.status, 200);
    let forged = [("x-forwarded-for", "192.0.2.1"), ("cookie", "__Host-showfloor-device=00.00")];
    assert_eq!(sign_in(&harness, "user1@example.com", PASSWORD, &forged).await.status, 429);
}

#[tokio::test]
async fn a4_an_unknown_account_costs_a_verification_and_is_answered_alike() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    let before = harness.deps.passwords.verified();
    let unknown = sign_in(&harness, "nobody@example.com", "not the password", &[]).await;
    assert_eq!(harness.deps.passwords.verified(), before + 1);
    let wrong = sign_in(&harness, "user1@example.com", "not the password", &[]).await;
    assert_eq!((unknown.status, unknown.json), (wrong.status, wrong.json));
}

#[tokio::test]
async fn a4_an_endless_password_is_refused_before_it_is_hashed() {
    let harness = empty();
    let before = harness.deps.passwords.verified();
    let answer = sign_in(&harness, "user1@example.com", &"x".repeat(1_000_000), &[]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json["errors"][0]["pointer"], "/password");
    assert_eq!(harness.deps.passwords.verified(), before);
}

#[tokio::test]
async fn a6_a_write_from_another_site_is_refused() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    let form = [("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")];
    let attacks: [&[(&str, &str)]; 6] = [
        &form,
        &[("origin", "https://evil.example"), ("content-type", "application/json")],
        &[("origin", "null"), ("content-type", "application/json")],
        &[("content-type", "application/json")],
        &[("origin", OWN_ORIGIN), ("content-type", "text/plain")],
        &[("origin", "https://showfloor.test.evil.example"), ("content-type", "application/json")],
    ];
    for attack in attacks {
        for path in ["/v1/admin/shows", "/v1/auth/sign-in", "/v1/auth/reset", "/v1/setup"] {
            let mut request = Request::post(path).header("cookie", format!("__Host-showfloor={session}"));
            for (name, value) in attack {
                request = request.header(*name, *value);
            }
            let answer = send(&harness.router, request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} with {attack:?}");
        }
    }
}

#[tokio::test]
async fn a6_a_reset_link_comes_from_configuration_and_works_once() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    harness.user(2, shop_id, Role::Owner).await;
    let signed_in = sign_in(&harness, "user1@example.com", PASSWORD, &[]).await;
    let session = cookie(&signed_in, "__Host-showfloor");

    let request = Request::post("/v1/auth/reset")
        .header("origin", OWN_ORIGIN)
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "email": "user1@example.com" }).to_string()))
        .unwrap();
    assert_eq!(send(&harness.router, request).await.status, 202);
    let mail = harness.mails.all().pop().unwrap();
    assert_eq!(mail.to, "user1@example.com");
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
    let token = mail.text.split("https://showfloor.test/dashboard/reset#").nth(1).unwrap();
    let token = token.split_whitespace().next().unwrap();

    let confirm = async |token: &str, password: &str| {
        let body = json!({ "token": token, "password": password });
        harness.post("/v1/auth/reset/confirm", "", body).await.status.as_u16()
    };
    assert_eq!(confirm(token, "too short").await, 422);
    assert_eq!(confirm("another token", "a brand new password").await, 422);
    assert_eq!(confirm(token, "a brand new password").await, 204);
    assert_eq!(confirm(token, "yet another password").await, 422, "a second use");
    assert_eq!(harness.get("/v1/me", &session).await.status, 401, "all sessions end");
    assert_eq!(sign_in(&harness, "user1@example.com", PASSWORD, &[]).await.status, 401);
    assert_eq!(sign_in(&harness, "user1@example.com", "a brand new password", &[]).await.status, 200);
    assert_eq!(
        sign_in(&harness, "user2@example.com", PASSWORD, &[]).await.status,
        200,
        "nobody else's changed"
    );
}

#[tokio::test]
async fn a6_asking_for_a_link_does_not_tell_who_has_an_account() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    let ask = async |email: &str| harness.post("/v1/auth/reset", "", json!({ "email": email })).await;
    for n in 1..=4 {
        let (known, unknown) = (ask("user1@example.com").await, ask("nobody@example.com").await);
        assert_eq!((known.status, &known.json), (unknown.status, &unknown.json));
        assert_eq!(known.status, if n <= 3 { 202 } else { 429 });
    }
    assert_eq!(harness.mails.all().len(), 3);
}

#[tokio::test]
async fn a7_the_first_owner_needs_the_consoles_code_once() {
    let harness = empty();
    let set_up = async |code: &str, n: u8| {
        let body = json!({
            "code": code, "email": format!("owner{n}@example.com"), "name": "Ida", "password": "a good long password",
            "shop_name": "Claywork", "currency": "EUR", "country": "DE", "timezone": "Europe/Berlin", "locale": "en",
        });
        harness.post("/v1/setup", "", body).await
    };
    for guess in ["", "admin", "123456", "abc123", "showfloor"] {
        assert_eq!(set_up(guess, 1).await.status, 403, "{guess}");
    }
    let code = harness.setup_code.reveal().to_owned();
    let answer = set_up(&code, 1).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    assert_eq!(answer.json["user"]["role"], "owner");
    assert_eq!(set_up(&code, 2).await.status, 403, "a second use");
}

#[tokio::test]
async fn a7_no_default_password_works() {
    let harness = with_trusted_hops(1);
    harness.shop(1).await;
    let names = [
        "admin@example.com",
        "root@example.com",
        "owner@example.com",
        "demo@example.com",
        "test@example.com",
    ];
    let passwords =
        ["admin", "password", "changeme", "showfloor", "abc123", "letmein", "owncast", "123456", "demo", ""];
    for (n, name) in names.iter().enumerate() {
        for (m, password) in passwords.iter().enumerate() {
            let address = format!("192.0.2.{}", n * passwords.len() + m);
            let answer = sign_in(&harness, name, password, &[("x-forwarded-for", &address)]).await;
            assert_eq!(answer.status, 401, "{name} {password}");
        }
    }
}

#[tokio::test]
async fn a2_nobody_grants_above_themselves_and_the_last_owner_stays() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let owner = harness.session(1, shop_id, Role::Owner).await;
    let manager = harness.session(2, shop_id, Role::Manager).await;
    let person = |role: &str, n: u8| json!({ "email": format!("new{n}@example.com"), "name": "New", "role": role, "password": "a good long password" });
    assert_eq!(harness.post("/v1/admin/people", &manager, person("owner", 3)).await.status, 403);
    let added = harness.post("/v1/admin/people", &manager, person("manager", 4)).await;
    assert_eq!(added.status, 201, "{:?}", added.json);
    let owner_id = showfloor_storage_testkit::fixtures::user(1, shop_id, Role::Owner).id;
    let manager_id = showfloor_storage_testkit::fixtures::user(2, shop_id, Role::Manager).id;
    let change = async |session: &str, id, body| {
        harness.write("PATCH", &format!("/v1/admin/people/{id}"), session, body).await.status.as_u16()
    };
    assert_eq!(change(&manager, manager_id, json!({ "role": "owner" })).await, 403);
    assert_eq!(change(&manager, owner_id, json!({ "role": "analyst" })).await, 403);
    assert_eq!(change(&owner, owner_id, json!({ "role": "analyst" })).await, 409, "the last owner stays");
    assert_eq!(
        harness.write("DELETE", &format!("/v1/admin/people/{owner_id}"), &owner, json!({})).await.status,
        409
    );
}

#[tokio::test]
async fn a_sensitive_operation_needs_a_password_typed_within_ten_minutes() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    harness.user(1, shop_id, Role::Owner).await;
    let show_id = harness.show(1, shop_id, showfloor_domain::event::ShowState::Draft).await;
    let signed_in = sign_in(&harness, "user1@example.com", PASSWORD, &[]).await;
    let session = cookie(&signed_in, "__Host-showfloor");
    let make_key =
        async || harness.post(&format!("/v1/admin/shows/{show_id}/stream-keys"), &session, json!({})).await;
    harness.clock.advance_ms(10 * 60 * 1_000 - 1);
    assert_eq!(make_key().await.status, 201);
    harness.clock.advance_ms(1);
    assert_eq!(make_key().await.problem(), "confirm-password");
    let confirm = async |password: &str| {
        harness.post("/v1/auth/confirm-password", &session, json!({ "password": password })).await.status
    };
    assert_eq!(confirm("not the password").await, 401);
    assert_eq!(make_key().await.status, 403);
    assert_eq!(confirm(PASSWORD).await, 204);
    assert_eq!(make_key().await.status, 201);
}

#[tokio::test]
async fn d6_no_request_changes_a_shops_mode() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    for field in ["mode", "id", "country"] {
        let body = json!({ field: "live" });
        let answer = harness.write("PATCH", "/v1/admin/shop", &session, body).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json["errors"][0]["pointer"], format!("/{field}"));
    }
    assert_eq!(harness.get("/v1/admin/shop", &session).await.json["mode"], "test");
}

#[tokio::test]
async fn p2_a_shop_lists_whole_origins_only() {
    let harness = empty();
    let shop_id = harness.shop(1).await;
    let session = harness.session(1, shop_id, Role::Owner).await;
    let list = async |origins: serde_json::Value| {
        let body = json!({ "allowed_origins": origins });
        harness.write("PATCH", "/v1/admin/shop", &session, body).await.status.as_u16()
    };
    assert_eq!(list(json!(["https://shop.example", "http://localhost:5173"])).await, 200);
    for origin in
        ["*", "null", "https://*.example", "http://shop.example", "https://shop.example/path", "//x"]
    {
        harness.clock.advance_ms(1_000);
        assert_eq!(list(json!([origin])).await, 422, "{origin}");
    }
    assert_eq!(list(json!(["https://a.example", "https://a.example"])).await, 422, "twice");
}
