//! The sandbox: a stand-in for a card payment provider that behaves as the real ones do on their worst days.
//!
//! It is a service of its own, reached over HTTP only: merchants' servers make intents and refunds with an API key,
//! buyers' browsers pay them with test cards and a client secret, and signed webhooks tell the merchant what became
//! of it: late, twice, out of order, and again until they are taken. It moves no money, and it is no place to learn
//! what a merchant's server should do: it imports nothing of the project.
//!
//! Contract:
//! - What was answered is in the state file: a restart forgets no intent, no refund and no webhook.
//! - A key makes one intent or refund; the same key with another body is refused. Refunds never exceed what was paid.
//! - Webhooks come at least once and in no order, each try signed afresh ([`sign`]), until a 2xx or
//!   [`DELIVERY_ATTEMPTS_MAX`] tries.
//! - Card numbers are forgotten once checked; brand, last four digits and a keyed fingerprint stay. Client secrets
//!   are derived, not stored.
//! - Everything is bounded, and past a bound the request is refused and nothing changes.
//!
//! Merchants (`Authorization: Bearer <API key>`): `POST /v1/payment_intents`, `GET /v1/payment_intents/{id}`,
//! `POST /v1/payment_intents/{id}/cancel`, `POST /v1/refunds`, `GET /v1/refunds/{id}`. Browsers (any origin, with
//! `client_secret`): `POST /v1/payment_intents/{id}/confirm` and `…/challenge`, `GET /v1/payment_intents/{id}`.
//! People: `GET /challenge/{id}`, linked from `next_action.url`.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use showfloor_sandbox_provider::{CARDS, Config, Endpoint, SandboxProvider};
//!
//! let config = Config::new("sk_test_0123456789abcdef", "whsec_0123456789abcdef");
//! let sandbox = SandboxProvider::start_on_loopback(config).await?;
//! sandbox.provider.set_endpoint("shop_1", Endpoint::new("http://127.0.0.1:9/webhooks"));
//!
//! let client = reqwest::Client::new();
//! let intents = format!("{}/v1/payment_intents", sandbox.url);
//! let asked = serde_json::json!({
//!     "amount": {"minor": 4_900, "currency": "EUR"}, "account": "shop_1", "mode": "test",
//!     "reference": {"payment_id": "pay_1", "quote_id": "quo_1"}, "idempotency_key": "pay_1",
//! });
//! let intent = client.post(&intents).bearer_auth("sk_test_0123456789abcdef").json(&asked);
//! let intent: serde_json::Value = intent.send().await?.json().await?;
//!
//! let (_, number) = CARDS[0];
//! let confirm = format!("{intents}/{}/confirm", intent["id"].as_str().unwrap());
//! let card = serde_json::json!({"number": number, "exp_month": 12, "exp_year": 2999, "cvc": "123"});
//! let paid = serde_json::json!({"client_secret": intent["client_secret"], "card": card});
//! let paid: serde_json::Value = client.post(confirm).json(&paid).send().await?.json().await?;
//! assert_eq!(paid["status"], "succeeded");
//! sandbox.stop().await?;
//! # Ok(()) }
//! ```

mod card;
mod config;
mod courier;
mod event;
mod intent;
mod ledger;
mod loopback;
mod problem;
mod provider;
mod refund;
mod routes;
mod secret;
mod signature;
mod state_file;
mod table;
mod transport;

pub use card::{CARD_REFUND_FAILS, CARDS};
pub use config::{Clock, Config, Endpoint, Entropy, LATE_DELAY, SECRET_BYTES_MIN};
pub use courier::{DELIVERIES_AT_ONCE, SHUTDOWN_GRACE};
pub use intent::{AMOUNT_MINOR_MAX, CARDS_PER_INTENT_MAX, TEXT_BYTES_MAX};
pub use ledger::{
    BACKOFF_FIRST_MS, BACKOFF_MAX_MS, CREATED_HELD_MS_MAX, DELIVERY_ATTEMPTS_MAX, INTENT_OPEN_MS_MAX,
    INTENTS_MAX, OUT_OF_ORDER_GAP_MS, REPEAT_DELAY_MS, WEBHOOKS_PENDING_MAX,
};
pub use loopback::{Running, StartError};
pub use provider::SandboxProvider;
pub use refund::{REASON_BYTES_MAX, REFUNDS_PER_INTENT_MAX};
pub use routes::BODY_BYTES_MAX;
pub use signature::{SIGNATURE_HEADER, sign, verify};
pub use state_file::OpenError;
pub use transport::{NoAnswer, Transport, WEBHOOK_TIMEOUT, Webhook};
