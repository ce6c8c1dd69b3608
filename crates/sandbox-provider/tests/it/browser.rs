//! What a buyer's browser meets.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;
use showfloor_sandbox_provider::BODY_BYTES_MAX;

use crate::stack::{Stack, card, path};

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_and_an_unknown_intent_look_the_same() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let other = stack.intent("other").await;
    let right = intent["client_secret"].as_str().unwrap();
    let unknown = json!({"id": "pi_000000000000000000000000", "client_secret": right});
    let (_, nothing) = stack.confirm(&unknown, card("succeeds")).await;
    let long = format!("{right}0");
    for wrong in ["x", &right[..right.len() - 1], &long, other["client_secret"].as_str().unwrap()] {
        let forged = json!({"id": intent["id"], "client_secret": wrong});
        assert_eq!(stack.confirm(&forged, card("succeeds")).await, (404, nothing.clone()));
        assert_eq!(stack.answer(&forged, "pass").await, (404, nothing.clone()));
        let read = path(&intent, &format!("?client_secret={wrong}"));
        assert_eq!(stack.call(Method::GET, &read, None, None).await, (404, nothing.clone()));
    }
    assert_eq!(stack.get(&path(&intent, "")).await.1["attempts_left"], 5);
}

#[tokio::test(start_paused = true)]
async fn a_buyer_sees_their_intent_and_nothing_of_the_merchants() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    stack.confirm(&intent, card("challenge")).await;
    let read = path(&intent, &format!("?client_secret={}", intent["client_secret"].as_str().unwrap()));
    let (status, seen) = stack.call(Method::GET, &read, None, None).await;
    assert_eq!((status, seen["status"].as_str()), (200, Some("requires_action")));
    let fields: Vec<_> = seen.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["amount", "attempts_left", "id", "next_action", "status"]);
}

#[tokio::test(start_paused = true)]
async fn any_page_may_pay_and_only_merchants_servers_may_do_more() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let preflight = |path: String| {
        Request::builder().method(Method::OPTIONS).uri(path).header("origin", "https://shop.test")
    };
    for rest in ["", "/confirm", "/challenge"] {
        let request = preflight(path(&intent, rest)).body(Body::empty()).unwrap();
        let (status, headers, _) = stack.send(request).await;
        assert_eq!((status.as_u16(), &headers["access-control-allow-origin"]), (204, &"*".parse().unwrap()));
        assert_eq!(headers["access-control-allow-headers"], "content-type");
        assert!(!headers.contains_key("access-control-allow-credentials"));
    }
    let request = Request::post(path(&intent, "/confirm")).body(Body::empty()).unwrap();
    let (status, headers, _) = stack.send(request).await;
    assert_eq!((status.as_u16(), headers.contains_key("access-control-allow-origin")), (415, true));
    for closed in ["/v1/payment_intents".to_owned(), path(&intent, "/cancel"), "/v1/refunds".to_owned()] {
        let (_, headers, _) = stack.send(preflight(closed).body(Body::empty()).unwrap()).await;
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_taken_up_to_its_limit() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let body = json!({"client_secret": intent["client_secret"], "answer": "pass"}).to_string();
    for (size_bytes, expected) in [(BODY_BYTES_MAX, 409), (BODY_BYTES_MAX + 1, 413)] {
        let padded = format!("{body}{}", " ".repeat(size_bytes - body.len()));
        assert_eq!(padded.len(), size_bytes);
        let request = Request::post(path(&intent, "/challenge")).header("content-type", "application/json");
        let (status, headers, _) = stack.send(request.body(Body::from(padded)).unwrap()).await;
        assert_eq!(status.as_u16(), expected);
        assert_eq!(headers["content-type"], "application/problem+json");
    }
}

#[tokio::test(start_paused = true)]
async fn a_person_can_answer_the_bank_on_its_page() {
    let stack = Stack::start();
    let intent = stack.intent("k").await;
    let (_, asked) = stack.confirm(&intent, card("challenge")).await;
    let url =
        asked["next_action"]["url"].as_str().unwrap().strip_prefix("http://bank.test").unwrap().to_owned();
    let (status, headers, page) = stack.send(Request::get(&url).body(Body::empty()).unwrap()).await;
    assert_eq!(status.as_u16(), 200);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
    assert!(
        page.contains("lang=\"en\"") && page.contains("<h1>Is this you?</h1>") && page.contains("49.00 EUR")
    );
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("_secret_"));

    let (route, token) = url.split_once("?token=").unwrap();
    let answer = |token: &str, answer: &str| {
        Request::post(route)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}&answer={answer}")))
            .unwrap()
    };
    assert_eq!(stack.send(answer("forged", "pass")).await.0.as_u16(), 404);
    assert_eq!(stack.send(answer(token, "maybe")).await.0.as_u16(), 422);
    let (status, _, page) = stack.send(answer(token, "fail")).await;
    assert!(status.is_success() && page.contains("Nothing was charged"));

    stack.confirm(&intent, card("challenge")).await;
    assert_eq!(stack.send(answer(token, "pass")).await.0.as_u16(), 404, "each question has its own link");
    let (_, asked) = stack.call(Method::GET, &path(&intent, ""), Some(crate::stack::API_KEY), None).await;
    let token = asked["next_action"]["url"].as_str().unwrap().split_once("?token=").unwrap().1.to_owned();
    let (status, _, page) = stack.send(answer(&token, "pass")).await;
    assert!(status.is_success() && page.contains("went through"));
    assert_eq!(stack.get(&path(&intent, "")).await.1["status"], "succeeded");
}

#[tokio::test(start_paused = true)]
async fn every_answer_has_the_safe_headers() {
    let stack = Stack::start();
    for route in ["/", "/v1/refunds/re_1", "/challenge/pi_1", "/challenge.css"] {
        let (_, headers, _) = stack.send(Request::get(route).body(Body::empty()).unwrap()).await;
        assert_eq!(headers["cache-control"], "no-store", "{route}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{route}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{route}");
        assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    }
}
