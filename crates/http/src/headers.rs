//! The headers that every answer has, by kind of route.

use std::fmt::Write as _;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Where the parts of a deployment are served from, as CSP sources; an empty one is `'self'` alone.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Pictures: `MEDIA`.
    pub media: Option<String>,
    /// Playlists, segments, rooms: `https://edge.example`.
    pub edge: Option<String>,
    /// The functions.
    pub api: Option<String>,
    /// WHEP and WHIP.
    pub origin: Option<String>,
    /// The payment provider that the checkout connects to.
    pub payment_provider: Option<String>,
}

/// What a route serves.
#[derive(Clone, Debug)]
pub enum Surface {
    /// JSON.
    Api,
    /// The dashboard's HTML.
    Dashboard(Sources),
    /// A watch page, framed only by ourselves and these origins (abuse case P2). It contains the checkout.
    WatchPage {
        /// Where things come from.
        sources: Sources,
        /// The shop's listed origins.
        frame_ancestors: Vec<String>,
    },
    /// The player's files and the media: any page may load them.
    Embeddable,
}

impl Surface {
    /// The Content-Security-Policy.
    #[must_use]
    pub fn content_security_policy(&self) -> String {
        match self {
            Self::Api | Self::Embeddable => "default-src 'none'; frame-ancestors 'none'".into(),
            Self::Dashboard(sources) => {
                let mut policy = page(sources, false);
                policy.push_str("; frame-ancestors 'none'; require-trusted-types-for 'script'");
                policy
            }
            Self::WatchPage { sources, frame_ancestors } => {
                let mut policy = page(sources, true);
                policy.push_str("; frame-ancestors 'self'");
                for origin in frame_ancestors {
                    let _ = write!(policy, " {origin}");
                }
                policy
            }
        }
    }

    /// Writes the headers into an answer; HSTS only where we are reached over TLS.
    pub fn write_headers(&self, headers: &mut HeaderMap, https: bool) {
        let csp = self.content_security_policy();
        if let Ok(value) = HeaderValue::from_str(&csp) {
            headers.insert(header::CONTENT_SECURITY_POLICY, value);
        }
        if matches!(self, Self::WatchPage { .. }) {
            headers.insert(
                header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
                HeaderValue::from_static("require-trusted-types-for 'script'"),
            );
        }
        let mut set = |name: HeaderName, value: &'static str| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(
            header::REFERRER_POLICY,
            match self {
                Self::Api => "no-referrer",
                Self::Dashboard(_) | Self::WatchPage { .. } | Self::Embeddable => {
                    "strict-origin-when-cross-origin"
                }
            },
        );
        set(
            HeaderName::from_static("cross-origin-opener-policy"),
            match self {
                Self::WatchPage { .. } => "same-origin-allow-popups",
                Self::Api | Self::Dashboard(_) | Self::Embeddable => "same-origin",
            },
        );
        set(
            HeaderName::from_static("cross-origin-resource-policy"),
            match self {
                Self::Embeddable => "cross-origin",
                Self::Api | Self::Dashboard(_) | Self::WatchPage { .. } => "same-origin",
            },
        );
        set(
            HeaderName::from_static("permissions-policy"),
            match self {
                Self::Dashboard(_) => {
                    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
                }
                Self::WatchPage { .. } => {
                    "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(self), usb=()"
                }
                Self::Api | Self::Embeddable => {
                    "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"
                }
            },
        );
        if https {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
        }
    }
}

fn page(sources: &Sources, checkout: bool) -> String {
    let list = |origins: &[&Option<String>]| {
        let mut text = String::new();
        for origin in origins.iter().filter_map(|origin| origin.as_deref()) {
            let _ = write!(text, " {origin}");
        }
        text
    };
    // `https` → `wss`, `http` → `ws`: the same place over its other protocol.
    let sockets = sources.edge.as_ref().map(|edge| edge.replacen("http", "ws", 1));
    let img = list(&[&sources.media]);
    let media = list(&[&sources.edge]);
    let mut connect = list(&[&sources.api, &sources.edge, &sockets, &sources.origin]);
    let mut frame_src = String::new();
    if checkout && sources.payment_provider.is_some() {
        let provider = list(&[&sources.payment_provider]);
        connect.push_str(&provider);
        frame_src = format!("frame-src{provider}; ");
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{img}; \
         media-src 'self'{media} blob:; connect-src 'self'{connect}; {frame_src}base-uri 'none'; form-action 'self'"
    )
}

/// Middleware that writes the headers of `surface`: `from_fn(move |request, next| write(surface.clone(), https, request, next))`.
pub async fn write(surface: Surface, https: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    surface.write_headers(response.headers_mut(), https);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources {
            media: Some("https://media.example".into()),
            edge: Some("https://edge.example".into()),
            api: Some("https://api.example".into()),
            origin: Some("https://origin.example".into()),
            payment_provider: Some("https://pay.example".into()),
        }
    }

    #[test]
    fn the_dashboard_is_never_framed_and_enforces_trusted_types() {
        assert_eq!(
            Surface::Dashboard(sources()).content_security_policy(),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://media.example; \
             media-src 'self' https://edge.example blob:; connect-src 'self' https://api.example \
             https://edge.example wss://edge.example https://origin.example; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        );
    }

    #[test]
    fn p2_a_watch_page_is_framed_only_by_the_shops_list() {
        let page =
            Surface::WatchPage { sources: sources(), frame_ancestors: vec!["https://shop.example".into()] };
        let policy = page.content_security_policy();
        assert!(policy.ends_with("frame-ancestors 'self' https://shop.example"), "{policy}");
        assert!(policy.contains("frame-src https://pay.example;"), "{policy}");
    }

    #[test]
    fn hsts_is_sent_only_over_tls() {
        for https in [true, false] {
            let mut headers = HeaderMap::new();
            Surface::Api.write_headers(&mut headers, https);
            assert_eq!(headers.contains_key("strict-transport-security"), https);
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        }
    }
}
