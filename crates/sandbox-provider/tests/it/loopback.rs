//! Over a real port, with a real receiver that fails at first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use showfloor_sandbox_provider::{
    Config, Endpoint, SHUTDOWN_GRACE, SIGNATURE_HEADER, SandboxProvider, verify,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::stack::{API_KEY, WEBHOOK_SECRET, asked, card};

#[tokio::test]
async fn a_payment_is_told_to_a_receiver_that_fails_at_first() {
    let (taken, mut arrived) = mpsc::channel(8);
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let hook = move |headers: HeaderMap, body: String| {
        let (taken, counted) = (taken.clone(), Arc::clone(&counted));
        async move {
            let signature = headers[SIGNATURE_HEADER].to_str().unwrap();
            assert!(verify(WEBHOOK_SECRET, signature, body.as_bytes()).is_some());
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                return StatusCode::INTERNAL_SERVER_ERROR;
            }
            taken.send(serde_json::from_str::<Value>(&body).unwrap()).await.unwrap();
            StatusCode::NO_CONTENT
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let receiver = format!("http://{}/hook", listener.local_addr().unwrap());
    let server =
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(hook))).await });

    let sandbox = SandboxProvider::start_on_loopback(Config::new(API_KEY, WEBHOOK_SECRET)).await.unwrap();
    sandbox.provider.set_endpoint("shop_1", Endpoint::new(receiver));
    let client = reqwest::Client::new();
    let intents = format!("{}/v1/payment_intents", sandbox.url);
    let intent: Value = client
        .post(&intents)
        .bearer_auth(API_KEY)
        .json(&asked("k"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let card = json!({"number": card("succeeds"), "exp_month": 12, "exp_year": 2999, "cvc": "123"});
    let paid: Value = client
        .post(format!("{intents}/{}/confirm", intent["id"].as_str().unwrap()))
        .json(&json!({"client_secret": intent["client_secret"], "card": card}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(paid["status"], "succeeded");

    let mut kinds = Vec::new();
    for _ in 0..2 {
        kinds.push(arrived.recv().await.unwrap()["type"].as_str().unwrap().to_owned());
    }
    kinds.sort();
    assert_eq!(kinds, ["payment_intent.created", "payment_intent.succeeded"]);
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    sandbox.stop().await.unwrap();
    server.abort();
}

#[tokio::test(start_paused = true)]
async fn it_stops_in_time_though_a_browser_holds_a_connection_open() {
    let sandbox = SandboxProvider::start_on_loopback(Config::new(API_KEY, WEBHOOK_SECRET)).await.unwrap();
    let address = sandbox.url.strip_prefix("http://").unwrap();
    let _silent = TcpStream::connect(address).await.unwrap();
    // Connections are accepted in turn: once this one is answered, the silent one is open.
    assert_eq!(reqwest::get(&sandbox.url).await.unwrap().status(), 404);
    let asked = Instant::now();
    sandbox.stop().await.unwrap();
    assert!(asked.elapsed() <= SHUTDOWN_GRACE + Duration::from_millis(1));
}
