//! What is promised around every handler, over a router made for it.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, Request};
use showfloor_domain::{Role, ShopId, UserId};
use showfloor_http::cache::Public;
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{FixedOrigins, FixedSessions, ManualClock, OWN_ORIGIN, START, context};
use showfloor_http::{Context, Operation, Problem, Service, Session, Staff, Viewer, operation};

fn setup() -> (Context, Arc<ManualClock>) {
    let sessions = Arc::new(FixedSessions::default());
    for role in Role::ALL {
        let session = Session {
            user_id: UserId::generate(START, [1; 10]),
            shop_id: ShopId::generate(START, [1; 10]),
            role,
            name: "Ida".into(),
            password_confirmed_at: START,
        };
        sessions.put(role.as_str(), session);
    }
    let clock = Arc::new(ManualClock::default());
    (context(clock.clone(), sessions, Arc::new(FixedOrigins::default())), clock)
}

async fn whoever(_: Staff) -> &'static str {
    "in"
}

fn routes(context: &Context) -> Router {
    let routes = Router::new()
        .route("/named", operation(Operation::ReadOrders, get(whoever)))
        .route("/named/write", operation(Operation::EditShows, post(whoever)))
        .route("/unnamed", get(whoever))
        .route("/viewer", get(async |viewer: Viewer| viewer.viewer_id.to_string()))
        .route("/service", get(async |service: Service| service.service))
        .route("/panics", get(async || -> Json<u8> { panic!("the secret is 42") }))
        .route("/private", get(async || "mine"))
        .route("/public", get(async || ([("set-cookie", "a=b")], Public { max_age_s: 9, body: "ours" })))
        .route("/public/fails", get(async || Err::<Public<&str>, _>(Problem::not_found())))
        .with_state(context.clone());
    showfloor_http::api(routes, context)
}

async fn ask(router: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_route_that_names_no_operation_is_refused_to_everyone() {
    let (context, _) = setup();
    let router = routes(&context);
    for role in Role::ALL {
        let cookie = format!("__Host-showfloor={}", role.as_str());
        let cookie = [("cookie", cookie.as_str())];
        assert_eq!(ask(&router, "GET", "/unnamed", &cookie).await.problem(), "not-allowed");
        let named = ask(&router, "GET", "/named", &cookie).await;
        assert_eq!(named.status == 200, Operation::ReadOrders.allows(role), "{role:?}");
    }
}

#[tokio::test]
async fn credentials_of_one_kind_are_none_of_another() {
    let (context, _) = setup();
    let router = routes(&context);
    let cookie = ("cookie", "__Host-showfloor=owner");
    for headers in
        [vec![], vec![cookie], vec![("authorization", "Bearer x")], vec![("authorization", "Basic x")]]
    {
        for path in ["/viewer", "/service"] {
            assert_eq!(ask(&router, "GET", path, &headers).await.status, 401, "{path} {headers:?}");
        }
    }
    let wrong_cookies =
        ["showfloor=owner", "__Host-showfloor=", "__Host-showfloor=nobody", "x__Host-showfloor=owner"];
    for cookie in wrong_cookies {
        assert_eq!(ask(&router, "GET", "/named", &[("cookie", cookie)]).await.status, 401, "{cookie}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let (context, _) = setup();
    let router = routes(&context);
    let unknown = ask(&router, "GET", "/nowhere", &[]).await;
    assert_eq!((unknown.status.as_u16(), unknown.problem()), (404, "not-found"));
    let method = ask(&router, "DELETE", "/private", &[]).await;
    assert_eq!((method.status.as_u16(), method.problem()), (405, "method-not-allowed"));
    assert!(method.headers["allow"].to_str().unwrap().contains("GET"));
    assert_eq!(method.headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_panic_costs_its_own_request_and_tells_nothing() {
    let (context, _) = setup();
    let router = routes(&context);
    let answer = ask(&router, "GET", "/panics", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (500, "internal"));
    assert!(!answer.json.to_string().contains("42"));
    assert_eq!(ask(&router, "GET", "/private", &[]).await.status, 200);
}

#[tokio::test]
async fn d7_an_answer_is_private_unless_its_type_says_public() {
    let (context, _) = setup();
    let router = routes(&context);
    for (path, cache) in [
        ("/private", "no-store"),
        ("/public", "public, max-age=9"),
        ("/public/fails", "no-store"),
        ("/nowhere", "no-store"),
        ("/panics", "no-store"),
    ] {
        let answer = ask(&router, "GET", path, &[]).await;
        assert_eq!(answer.headers["cache-control"], cache, "{path}");
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let (context, _) = setup();
    let router = routes(&context);
    for path in ["/private", "/public", "/nowhere", "/panics", "/named"] {
        let headers: HeaderMap = ask(&router, "GET", path, &[]).await.headers;
        assert_eq!(
            headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert_eq!(headers["strict-transport-security"], "max-age=63072000; includeSubDomains");
    }
}

#[tokio::test]
async fn writes_are_limited_more_than_reads_and_say_when_to_come_back() {
    let (context, clock) = setup();
    let router = routes(&context);
    let headers = [("cookie", "__Host-showfloor=owner"), ("origin", OWN_ORIGIN)];
    for n in 1..=51 {
        let status = ask(&router, "POST", "/named/write", &headers).await.status.as_u16();
        assert_eq!(status, if n <= 50 { 200 } else { 429 }, "write {n}");
    }
    let refused = ask(&router, "POST", "/named/write", &headers).await;
    assert_eq!(refused.headers["ratelimit-policy"], "\"default\";q=50;w=5");
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(ask(&router, "GET", "/named", &headers).await.status, 200);
    clock.advance_ms(100);
    assert_eq!(ask(&router, "POST", "/named/write", &headers).await.status, 200);
}

/// A log that a test can read.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn d4_the_log_names_route_actor_and_outcome_and_holds_no_secret() {
    let (context, _) = setup();
    let router = routes(&context);
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    {
        let _guard = tracing::subscriber::set_default(subscriber);
        let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, 77], 4_711)));
        let request = Request::post("/named/write?token=marked-query")
            .extension(peer)
            .header("cookie", "__Host-showfloor=analyst; other=marked-cookie")
            .header("authorization", "Bearer marked-token")
            .header("origin", OWN_ORIGIN)
            .header("content-type", "application/json")
            .body(Body::from("{\"password\":\"marked-body\"}"))
            .unwrap();
        assert_eq!(send(&router, request).await.status, 403);
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let fields = &line["fields"];
    assert_eq!(fields["route"], "/named/write");
    assert_eq!(fields["status"], 403);
    assert_eq!(fields["reason"], "not-allowed");
    assert_eq!(fields["actor"], UserId::generate(START, [1; 10]).to_string());
    assert_eq!(fields["client"], "203.0.113.0/24");
    assert!(!text.contains("marked") && !text.contains("203.0.113.77"), "{text}");
}
