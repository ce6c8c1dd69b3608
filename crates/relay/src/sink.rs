//! A subscriber, and what it says to what it is sent.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use showfloor_domain::event::CloudEvent;

/// How long a sink may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A bearer token that proves who we are, fresh each time.
pub type ServiceToken = Arc<dyn Fn() -> String + Send + Sync>;

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Taken: a 2xx.
    Taken,
    /// It can't be reached or is overloaded: not the event's fault.
    Down(String),
    /// It failed; the event may be at fault.
    Failed(String),
    /// It will never take this.
    Refused(String),
}

/// Somebody who subscribes to events.
#[async_trait]
pub trait Sink: Send + Sync {
    /// How many events one delivery may carry.
    fn mode(&self) -> Mode;

    /// Delivers events, in this order.
    async fn deliver(&self, events: &[CloudEvent]) -> Verdict;
}

/// How events are put into requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One event a request, in structured mode (CloudEvents HTTP binding §3.2).
    Single,
    /// Many events a request, in batched mode (CloudEvents HTTP binding §3.3).
    Batched,
}

/// A subscriber over HTTP.
pub struct HttpSink {
    http: reqwest::Client,
    url: String,
    mode: Mode,
    token: ServiceToken,
}

impl HttpSink {
    /// The subscriber at `url`.
    ///
    /// # Panics
    /// When the HTTP client can't be made, which its fixed settings exclude.
    #[must_use]
    pub fn new(url: impl Into<String>, mode: Mode, token: ServiceToken) -> Self {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without TLS settings can always be made");
        Self { http, url: url.into(), mode, token }
    }
}

#[async_trait]
impl Sink for HttpSink {
    fn mode(&self) -> Mode {
        self.mode
    }

    async fn deliver(&self, events: &[CloudEvent]) -> Verdict {
        let (media_type, body) = match (self.mode, events) {
            (Mode::Single, [event]) => ("application/cloudevents+json", serde_json::to_vec(event)),
            (Mode::Single | Mode::Batched, events) => {
                ("application/cloudevents-batch+json", serde_json::to_vec(events))
            }
        };
        let Ok(body) = body else { return Verdict::Refused("the event can't be written as JSON".into()) };
        let request = self.http.post(&self.url).bearer_auth((self.token)());
        let request = request.header(reqwest::header::CONTENT_TYPE, media_type).body(body);
        match request.send().await {
            Ok(response) => verdict(response.status()),
            Err(error) => Verdict::Down(error.without_url().to_string()),
        }
    }
}

fn verdict(status: StatusCode) -> Verdict {
    let said = format!("it answered {status}");
    match status {
        status if status.is_success() => Verdict::Taken,
        // Our token, our pace, its health: none of these is the event's fault.
        StatusCode::UNAUTHORIZED
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Verdict::Down(said),
        status if status.is_server_error() => Verdict::Failed(said),
        _ => Verdict::Refused(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_event_itself_is_final() {
        assert_eq!(verdict(StatusCode::ACCEPTED), Verdict::Taken);
        for status in [401, 408, 429, 502, 503, 504] {
            assert!(matches!(verdict(StatusCode::from_u16(status).unwrap()), Verdict::Down(_)), "{status}");
        }
        assert!(matches!(verdict(StatusCode::INTERNAL_SERVER_ERROR), Verdict::Failed(_)));
        for status in [301, 400, 404, 413, 422] {
            assert!(
                matches!(verdict(StatusCode::from_u16(status).unwrap()), Verdict::Refused(_)),
                "{status}"
            );
        }
    }
}
