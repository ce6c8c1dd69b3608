//! What people open: the watch page, the player's files, the dashboard.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{Path as UrlPath, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use showfloor_domain::ShowId;
use showfloor_http::Problem;
use showfloor_http::headers::{self, Sources, Surface};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

/// Files whose name changes with their content.
const HASHED: &str = "public, max-age=31536000, immutable";
/// Files that are asked for anew each time, and answered with 304 while they are the same.
const REVALIDATED: &str = "no-cache";

/// Knows which sites may frame a show's page.
#[async_trait]
pub trait FrameAncestors: Send + Sync {
    /// The origins that the show's shop lists; none if there is no such show.
    async fn of_show(&self, show: ShowId) -> Result<Option<Vec<String>>, Problem>;
}

/// What the pages need.
#[derive(Clone)]
pub struct Pages {
    /// Who may frame a show.
    pub frame_ancestors: Arc<dyn FrameAncestors>,
    /// Where the pages' parts come from.
    pub sources: Sources,
    /// Whether people reach us over TLS.
    pub https: bool,
    watch: ServeFile,
}

/// The routes of all pages, served from the TypeScript workspace's built folders.
pub fn router(web: &Path, frame_ancestors: Arc<dyn FrameAncestors>, sources: Sources, https: bool) -> Router {
    let player = web.join("player/dist");
    let dashboard = web.join("dashboard/dist");
    let watch = ServeFile::new(player.join("watch/index.html"));
    let pages = Pages { frame_ancestors, sources: sources.clone(), https, watch };
    let player = Router::new()
        .fallback_service(ServeDir::new(player).append_index_html_on_directories(false))
        .layer(from_fn(cache_by_name))
        .layer(from_fn(readable_by_any_page))
        .layer(from_fn(move |request: Request, next: Next| {
            headers::write(Surface::Embeddable, https, request, next)
        }));
    let spa = ServeDir::new(&dashboard).fallback(ServeFile::new(dashboard.join("index.html")));
    let dashboard = Router::new().fallback_service(spa).layer(from_fn(cache_by_name)).layer(from_fn(
        move |request: Request, next: Next| {
            headers::write(Surface::Dashboard(sources.clone()), https, request, next)
        },
    ));
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/dashboard/") }))
        .route("/dashboard", get(|| async { Redirect::temporary("/dashboard/") }))
        .route("/s/{show}", get(watch_page).with_state(pages))
        .nest_service("/player", player)
        .nest_service("/dashboard/", dashboard)
}

async fn watch_page(
    State(pages): State<Pages>,
    UrlPath(show): UrlPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    let show: ShowId = show.parse().map_err(|_| Problem::not_found())?;
    let ancestors = pages.frame_ancestors.of_show(show).await?.ok_or_else(Problem::not_found)?;
    let mut response = match pages.watch.oneshot(request).await {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => response.into_response(),
        Ok(_) | Err(_) => {
            tracing::error!("the watch page is not built: run `npm run build` in the web folder");
            return Err(Problem::unavailable());
        }
    };
    let surface = Surface::WatchPage { sources: pages.sources.clone(), frame_ancestors: ancestors };
    surface.write_headers(response.headers_mut(), pages.https);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(REVALIDATED));
    Ok(response)
}

/// A foreign shop's page loads the player as a module script, which needs its consent to be read.
async fn readable_by_any_page(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn cache_by_name(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let policy = match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT if hashed => HASHED,
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => REVALIDATED,
        _ => "no-store",
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    response
}

/// Whether a built file's name carries a digest of its content: `name-AB12CD34.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let digest = stem.rsplit_once('-').map_or("", |(_, digest)| digest);
    matches!(extension, "js" | "css" | "svg" | "png" | "jpg" | "webp" | "woff2")
        && digest.len() == 8
        && digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_cached_for_good() {
        assert!(is_hashed("/chunk-QX5PI2LM.js") && is_hashed("/assets/index-DiwrgTda.css"));
        for path in ["/showfloor-show.js", "/watch/index.html", "/chunk-abc.js", "/data-12345678.json"] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
