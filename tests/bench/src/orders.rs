//! How long a viewer waits from the tap on “Buy” to the confirmed order, over HTTP.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::report::{Row, percentile};
use crate::stack::Stack;

/// Viewers who buy, one after another.
const VIEWERS: u64 = 30;
/// Viewers before them who are not counted: they open connections and warm caches.
const WARM_UP: u64 = 3;

/// Measures.
///
/// # Errors
/// When a purchase is refused.
pub fn measure() -> Result<Vec<Row>> {
    let stack = Stack::start(&["--no-demo-stream"])?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut taken = Vec::new();
    for number in 0..WARM_UP + VIEWERS {
        let times = runtime.block_on(buy(&stack, number)).with_context(|| format!("viewer {number} buys"))?;
        if number >= WARM_UP {
            taken.push(times);
        }
    }
    let figure = |of: fn(&Times) -> Duration, share| {
        percentile(taken.iter().map(|times| of(times).as_secs_f64() * 1e3).collect(), share)
    };
    Ok(vec![Row {
        what: "tap to confirmed order".into(),
        measured: format!("p50 {:.0} ms, p95 {:.0} ms", figure(Times::all, 0.5), figure(Times::all, 0.95)),
        beside: String::new(),
        aim: "p50 ≤ 300 ms".into(),
        note: format!(
            "{VIEWERS} fresh viewers in turn over HTTP, nobody typing: line in the bag and checkout (p50 {:.0} ms), \
             address and payment ({:.0} ms), the provider's confirmation ({:.0} ms), then signed webhook, order and the \
             long poll's answer ({:.0} ms)",
            figure(|times| times.held, 0.5),
            figure(|times| times.payable, 0.5),
            figure(|times| times.confirmed, 0.5),
            figure(|times| times.ordered, 0.5),
        ),
    }])
}

/// What each step of one purchase took.
struct Times {
    held: Duration,
    payable: Duration,
    confirmed: Duration,
    ordered: Duration,
}

impl Times {
    fn all(&self) -> Duration {
        self.held + self.payable + self.confirmed + self.ordered
    }
}

/// A viewer's side of the API.
struct Viewer {
    http: Client,
    api: String,
    token: String,
    cart_secret: String,
}

impl Viewer {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.api)).bearer_auth(&self.token);
        if self.cart_secret.is_empty() {
            request
        } else {
            request.header("showfloor-cart", &self.cart_secret)
        }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        // An id of the cart or the checkout is in the path, so the path is a key that nobody else has.
        answer(self.request(method, path).header("idempotency-key", path).json(body)).await
    }
}

async fn answer(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let (status, address) = (response.status(), response.url().path().to_owned());
    let text = response.text().await?;
    ensure!(status.is_success(), "{address} answered {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}

fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str> {
    value[field].as_str().with_context(|| format!("the answer has `{field}`"))
}

async fn buy(stack: &Stack, number: u64) -> Result<Times> {
    let api = format!("http://{}", stack.address);
    let (http, show) = (Client::new(), stack.text("show_id")?);
    // Digits are base64url as well: 24 bytes.
    let device = json!({ "device_secret": format!("{number:032}") });
    let token = answer(http.post(format!("{api}/v1/shows/{show}/viewer-tokens")).json(&device)).await?;
    let mut viewer =
        Viewer { http, api, token: text(&token, "token")?.to_owned(), cart_secret: String::new() };
    let shelf =
        answer(viewer.request(Method::GET, &format!("/v1/shows/{show}/products?currency=EUR"))).await?;
    let products = shelf["items"].as_array().context("products")?;
    let mut variants = products.iter().filter_map(|product| product["variants"].as_array()).flatten();
    let variant =
        variants.find(|variant| variant["available"].as_u64() > Some(0)).context("a piece is left")?;
    let variant = text(variant, "id")?;
    let cart = json!({ "show_id": show, "currency": "EUR" });
    let cart = answer(viewer.request(Method::POST, "/v1/carts").json(&cart)).await?;
    viewer.cart_secret = text(&cart, "secret")?.to_owned();
    let cart = text(&cart, "id")?;

    let tapped = Instant::now();
    viewer.send(Method::PUT, &format!("/v1/carts/{cart}/lines/{variant}"), &json!({ "quantity": 1 })).await?;
    let checkout = viewer
        .send(Method::POST, &format!("/v1/carts/{cart}/checkouts"), &json!({ "country": "DE" }))
        .await?;
    let path = format!("/v1/checkouts/{}", text(&checkout, "id")?);
    let held = tapped.elapsed();

    let whom = json!({
        "contact": { "email": format!("buyer{number}@example.com"), "name": "Ana Ruiz" },
        "address": { "line1": "Bergstraße 14", "postal_code": "20095", "city": "Hamburg", "country": "DE" },
    });
    let checkout = viewer.send(Method::PUT, &path, &whom).await?;
    let quote = json!({ "quote_hash": text(&checkout["quote"], "hash")?, "method": "card" });
    let payment = viewer.send(Method::POST, &format!("{path}/payments"), &quote).await?;
    let payable = tapped.elapsed();

    let (provider, intent) = (text(&payment, "provider_url")?, text(&payment, "intent_id")?);
    let card = json!({
        "client_secret": text(&payment, "client_secret")?,
        "card": { "number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123" },
    });
    answer(viewer.http.post(format!("{provider}/v1/payment_intents/{intent}/confirm")).json(&card)).await?;
    let confirmed = tapped.elapsed();

    let mut version = 0;
    loop {
        let poll = format!("{path}?after={version}&wait_ms=15000");
        let checkout = answer(viewer.request(Method::GET, &poll)).await?;
        if checkout["state"] == "paid" {
            ensure!(!checkout["order"]["number"].is_null(), "a paid checkout has an order");
            break;
        }
        version = checkout["version"].as_u64().context("a version")?;
    }
    let ordered = tapped.elapsed();
    let (payable, confirmed, ordered) = (payable - held, confirmed - payable, ordered - confirmed);
    Ok(Times { held, payable, confirmed, ordered })
}
