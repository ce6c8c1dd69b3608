//! Requests that spend have their effect once, however often they are sent (abuse case C11).
//!
//! The client chooses a key and sends it as `Idempotency-Key`. A record under shop, principal, method, path and
//! key is claimed before the effect; a success is recorded and given again. A refusal or failure is not: it had no
//! effect, so the same request may be sent again and is decided anew. Ids that come from the claim's seed are the
//! same each time, so that a crash between effect and record repeats nothing.

use std::future::Future;

use axum::body::Body;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use showfloor_domain::{EventId, ShopId};
use showfloor_storage::{Claim, IdempotencyRecords, IdempotencyScope, RecordedAnswer};

use crate::Context;
use crate::problem::{Problem, ProblemType, Result};
use crate::secret::Purpose;

/// The request's header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The most characters of a key.
pub const KEY_CHARS_MAX: usize = 255;
/// The most bytes of an answer that is recorded.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

const KEY_MISSING: ProblemType = ProblemType {
    slug: "idempotency-key-missing",
    title: "The Idempotency-Key is missing",
    status: StatusCode::BAD_REQUEST,
};
const KEY_REUSED: ProblemType = ProblemType {
    slug: "idempotency-key-reused",
    title: "The Idempotency-Key was used for another request",
    status: StatusCode::UNPROCESSABLE_ENTITY,
};
const IN_FLIGHT: ProblemType = ProblemType {
    slug: "request-in-flight",
    title: "The same request is being worked on",
    status: StatusCode::CONFLICT,
};

/// A request that carries a key. 400 when it carries none.
#[derive(Clone, Debug)]
pub struct IdempotentRequest {
    method: String,
    route: String,
    key: String,
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotentRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let key = key(&parts.headers).ok_or_else(|| {
            Problem::new(
                KEY_MISSING,
                "This request spends something, so it needs a key.",
                "Send Idempotency-Key: a new random text of up to 255 visible ASCII characters per intention.",
            )
        })?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Self { method: parts.method.to_string(), route: uri.path().into(), key: key.into() })
    }
}

fn key(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?;
    let fits = (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    fits.then_some(key)
}

impl IdempotentRequest {
    /// Does `effect` once for this shop, principal, method, path and key. `effect` is handed sixteen bytes, a
    /// UUIDv7, that are the same each time the same request is begun again; the ids it makes come from them.
    ///
    /// # Errors
    /// 409 while the same request is being worked on, 422 when the key was used with another body, and whatever
    /// `effect` refuses.
    pub async fn once<B, F, Fut>(
        self,
        context: &Context,
        records: &dyn IdempotencyRecords,
        shop_id: ShopId,
        principal: String,
        body: &B,
        effect: F,
    ) -> Result<Response>
    where
        B: Serialize + ?Sized,
        F: FnOnce([u8; 16]) -> Fut,
        Fut: Future<Output = Result<Response>>,
    {
        let now = context.now();
        let text = serde_json::to_vec(body).map_err(|_| Problem::internal())?;
        let body_hash = context.pepper.hash(Purpose::IdempotentRequest, &text).0;
        let fresh = EventId::generate(now, context.entropy.id_bytes()).uuid().into_bytes();
        let Self { method, route, key } = self;
        let scope = IdempotencyScope { shop_id, principal, method, route, key };
        let seed = match records.claim(&scope, body_hash, fresh, now).await? {
            Claim::Begin { seed } => seed,
            Claim::Replay(answer) => return replay(answer),
            Claim::OtherBody => {
                return Err(Problem::new(
                    KEY_REUSED,
                    "The key was used with another body.",
                    "Use a new key for a new intention; send the same body to repeat the old one.",
                ));
            }
            Claim::InFlight => {
                return Err(Problem::new(
                    IN_FLIGHT,
                    "The first request with this key has no answer yet.",
                    "Wait a second and send it again.",
                )
                .retry_after_s(1));
            }
        };
        match settle(effect(seed).await).await {
            Ok((parts, answer)) => {
                let body = answer.body.clone();
                records.record(&scope, answer).await?;
                Ok(Response::from_parts(parts, Body::from(body)))
            }
            Err(problem) => {
                records.release(&scope).await?;
                Err(problem)
            }
        }
    }
}

async fn settle(answer: Result<Response>) -> Result<(http::response::Parts, RecordedAnswer)> {
    let (parts, body) = answer?.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|_| Problem::internal())?.to_vec();
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let answer = RecordedAnswer {
        status: parts.status.as_u16(),
        content_type: content_type.unwrap_or("application/json").into(),
        body,
    };
    Ok((parts, answer))
}

fn replay(answer: RecordedAnswer) -> Result<Response> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| Problem::internal())?;
    let content_type = HeaderValue::from_str(&answer.content_type).map_err(|_| Problem::internal())?;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use axum::response::IntoResponse;
    use showfloor_domain::UtcMs;
    use showfloor_storage::StoreError;

    use super::*;
    use crate::testing::{FixedOrigins, FixedSessions, ManualClock, context};

    type Row = ([u8; 32], [u8; 16], bool, Option<RecordedAnswer>);

    #[derive(Default)]
    struct Records(Mutex<HashMap<IdempotencyScope, Row>>);

    #[async_trait]
    impl IdempotencyRecords for Records {
        async fn claim(
            &self,
            scope: &IdempotencyScope,
            body_hash: [u8; 32],
            seed: [u8; 16],
            _: UtcMs,
        ) -> Result<Claim, StoreError> {
            let mut rows = self.0.lock().unwrap();
            let row = rows.entry(scope.clone()).or_insert((body_hash, seed, false, None));
            if row.0 != body_hash {
                return Ok(Claim::OtherBody);
            }
            if let Some(answer) = &row.3 {
                return Ok(Claim::Replay(answer.clone()));
            }
            if std::mem::replace(&mut row.2, true) {
                return Ok(Claim::InFlight);
            }
            Ok(Claim::Begin { seed: row.1 })
        }

        async fn record(&self, scope: &IdempotencyScope, answer: RecordedAnswer) -> Result<(), StoreError> {
            self.0.lock().unwrap().get_mut(scope).unwrap().3 = Some(answer);
            Ok(())
        }

        async fn release(&self, scope: &IdempotencyScope) -> Result<(), StoreError> {
            self.0.lock().unwrap().get_mut(scope).unwrap().2 = false;
            Ok(())
        }
    }

    struct Desk {
        context: Context,
        records: Records,
        effects: AtomicU32,
        seeds: Mutex<Vec<[u8; 16]>>,
    }

    impl Desk {
        fn new() -> Self {
            let context = context(
                Arc::<ManualClock>::default(),
                Arc::<FixedSessions>::default(),
                Arc::<FixedOrigins>::default(),
            );
            Self { context, records: Records::default(), effects: AtomicU32::new(0), seeds: Mutex::default() }
        }

        async fn ask(&self, principal: &str, key: &str, body: &str, answer: Result<&str>) -> (u16, Vec<u8>) {
            let request =
                IdempotentRequest { method: "POST".into(), route: "/v1/refunds".into(), key: key.into() };
            let shop_id = "shp_00000000000070008000000000000001".parse().unwrap();
            let effect = async |seed: [u8; 16]| {
                self.seeds.lock().unwrap().push(seed);
                let text = answer?;
                self.effects.fetch_add(1, Ordering::SeqCst);
                Ok((StatusCode::CREATED, text.to_owned()).into_response())
            };
            let answer =
                request.once(&self.context, &self.records, shop_id, principal.into(), body, effect).await;
            let response = answer.unwrap_or_else(IntoResponse::into_response);
            let status = response.status().as_u16();
            (status, axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec())
        }
    }

    #[tokio::test]
    async fn c11_a_success_is_given_again_and_done_once() {
        let desk = Desk::new();
        assert_eq!(desk.ask("ada", "k", "{}", Ok("one")).await, (201, b"one".to_vec()));
        assert_eq!(desk.ask("ada", "k", "{}", Ok("two")).await, (201, b"one".to_vec()));
        assert_eq!(desk.effects.load(Ordering::SeqCst), 1);
        assert_eq!(desk.ask("ada", "k", "[]", Ok("two")).await.0, 422);
        assert_eq!(desk.ask("bo", "k", "[]", Ok("two")).await, (201, b"two".to_vec()));
    }

    #[tokio::test]
    async fn what_was_refused_may_be_sent_again_with_the_same_ids() {
        let desk = Desk::new();
        assert_eq!(desk.ask("ada", "k", "{}", Err(Problem::unavailable())).await.0, 503);
        assert_eq!(desk.ask("ada", "k", "{}", Ok("done")).await.0, 201);
        let seeds = desk.seeds.lock().unwrap();
        assert_eq!(seeds[0], seeds[1]);
    }

    #[test]
    fn a_key_is_visible_ascii_up_to_its_limit() {
        let with = |key: &str| HeaderMap::from_iter([(IDEMPOTENCY_KEY, key.parse().unwrap())]);
        for (chars, taken) in [(0, false), (1, true), (KEY_CHARS_MAX, true), (KEY_CHARS_MAX + 1, false)] {
            assert_eq!(key(&with(&"k".repeat(chars))).is_some(), taken, "{chars}");
        }
        assert_eq!(key(&with("two words")), None);
        assert_eq!(key(&HeaderMap::new()), None);
    }
}
