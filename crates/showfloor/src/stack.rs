//! Everything in one process: listeners, keys, stores, planes, and who tells whom.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::get;
use http::StatusCode;
use showfloor_edge_core::token::Service;
use showfloor_edge_host::rooms::RoomLog;
use showfloor_edge_host::{Edge, EdgeDeps};
use showfloor_functions_admin::{SetupCode, StoredOrigins, StoredSessions};
use showfloor_functions_payments::ProviderAccounts;
use showfloor_http::headers::Sources;
use showfloor_http::rate::RateLimits;
use showfloor_http::{Context, OsEntropy, Pepper, Secret, Services, SystemClock};
use showfloor_object_store::ObjectStore;
use showfloor_object_store::embedded::EmbeddedStore;
use showfloor_origin_node::{Deps as OriginDeps, OriginConfig, OriginNode};
use showfloor_storage_sqlite::Sqlite;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Payments};
use crate::keys::Keys;
use crate::wiring::mail::MailFolder;
use crate::wiring::payments::{NoAccounts, SandboxAccounts};
use crate::wiring::peers::{OriginAuth, OriginAuthority, OriginHealth, peer};
use crate::wiring::sites::StoredSites;
use crate::wiring::tokens::Tokens;
use crate::wiring::{clock, images};
use crate::{functions, listen, pages, serve};

/// Everything, running.
pub struct Stack {
    /// Where people reach it, without a slash at the end.
    pub public_url: String,
    /// Where publishers connect.
    pub rtmp: SocketAddr,
    /// The code that makes the first owner; none when there is one.
    pub setup_code: Option<Secret>,
    stop: CancellationToken,
    tasks: TaskTracker,
    edge: Edge,
    origin: OriginNode,
    objects: EmbeddedStore,
    store: Sqlite,
}

impl Stack {
    /// Starts everything; when it returns, everything answers.
    ///
    /// # Errors
    /// When a port is taken, the data folder can't be used, or the web side is not built.
    pub async fn start(config: &Config) -> Result<Self> {
        let data = &config.data_dir;
        std::fs::create_dir_all(data).with_context(|| format!("making the folder {}", data.display()))?;
        let main = listen::loopback(config.port, "--port").await?;
        let main_url = format!("http://{}", main.local_addr()?);
        let origin_listener = listen::loopback(0, "--port").await?;
        let origin_url = format!("http://{}", origin_listener.local_addr()?);
        let keys = Keys::open(&data.join("keys"))?;
        let tokens = Tokens::new(&keys.token_signing)?;
        let store = Sqlite::open(&data.join("showfloor.db")).context("opening the database")?;
        let objects =
            EmbeddedStore::start(&data.join("objects")).await.context("starting the object store")?;
        let object_store = ObjectStore::new(objects.config());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());

        let origin = start_origin(config, &tokens, &main_url, &object_store).await?;
        tasks.spawn(serve::http(origin_listener, origin.router(), stop.clone()));
        let public_url = config.public_url.clone().unwrap_or_else(|| main_url.clone());
        let pepper = Pepper::new(*keys.pepper.expose());
        let edge = Edge::start(EdgeDeps {
            objects: Arc::new(object_store.clone()),
            origin: peer(&tokens, origin_url.clone(), "edge", Service::Origin),
            functions: peer(&tokens, main_url.clone(), "edge", Service::Functions),
            verifier: tokens.verifier(),
            log: RoomLog::open(&data.join("rooms.db"))?,
            limits: RateLimits::new(pepper.clone()),
            staff_origins: own_origins(config, &main, &public_url)?,
            clock: Arc::new(clock::now),
        });

        let (accounts, provider_url) = start_payments(config, &keys, &main_url, &tasks, &stop).await?;
        let context =
            context(config, &tokens, &store, pepper.clone(), own_origins(config, &main, &public_url)?);
        let owners = store_has_owner(&store).await?;
        let (setup_code, code) = if owners {
            (SetupCode::none(&pepper), None)
        } else {
            let (setup, code) = SetupCode::generate(&pepper, &OsEntropy);
            (setup, Some(code))
        };
        let functions = functions::start(functions::Parts {
            http: context.clone(),
            store: store.clone(),
            ingest: Arc::new(OriginHealth(peer(&tokens, origin_url, "functions", Service::Origin))),
            mailer: Arc::new(MailFolder::open(&data.join("mail"))?),
            image_store: Arc::new(images::StoredImages(object_store)),
            accounts,
            setup_code,
            rtmp_url: format!("rtmp://{}/live", origin.rtmp_addr()),
            tokens,
            main_url: main_url.clone(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        });
        let sources =
            Sources { edge: Some(public_url.clone()), payment_provider: provider_url, ..Sources::default() };
        let sites = StoredSites { shows: Arc::new(store.clone()), shops: Arc::new(store.clone()) };
        let pages = pages::router(&web(&config.web_dir)?, Arc::new(sites), sources, context.is_https());
        let ready = CancellationToken::new();
        let router = Router::new()
            .merge(health(ready.clone()))
            .merge(edge.router())
            .merge(pages)
            .fallback_service(showfloor_http::api(functions, &context));
        tasks.spawn(serve::http(main, router, stop.clone()));
        ready.cancel();
        Ok(Self {
            public_url,
            rtmp: origin.rtmp_addr(),
            setup_code: code,
            stop,
            tasks,
            edge,
            origin,
            objects,
            store,
        })
    }

    /// Ends everything in order: publishers first, so that what is open is stored; the database last.
    pub async fn shutdown(self) {
        self.origin.shutdown().await;
        self.edge.shutdown().await;
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.objects.shutdown().await;
        self.store.close().await;
    }
}

async fn start_origin(
    config: &Config,
    tokens: &Tokens,
    functions_url: &str,
    object_store: &ObjectStore,
) -> Result<OriginNode> {
    let functions = peer(tokens, functions_url.to_owned(), "origin", Service::Functions);
    let authority = Arc::new(OriginAuthority::new(functions));
    let deps = OriginDeps {
        store: object_store.clone(),
        authority: authority.clone(),
        events: authority,
        service_auth: Arc::new(OriginAuth(tokens.verifier())),
    };
    let rtmp_bind = SocketAddr::from((Ipv4Addr::LOCALHOST, config.rtmp_port));
    let node = OriginNode::spawn(OriginConfig { rtmp_bind, ..OriginConfig::default() }, deps).await;
    Ok(node.map_err(|error| listen::error(config.rtmp_port, "--rtmp-port", error))?)
}

async fn start_payments(
    config: &Config,
    keys: &Keys,
    functions_url: &str,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<(Arc<dyn ProviderAccounts>, Option<String>)> {
    match config.payments {
        Payments::None => Ok((Arc::new(NoAccounts), None)),
        Payments::Sandbox => {
            let listener = listen::loopback(0, "--port").await?;
            let provider_url = format!("http://{}", listener.local_addr()?);
            let mut sandbox = showfloor_sandbox_provider::Config::new(
                keys.sandbox_api.expose_hex(),
                keys.sandbox_webhook.expose_hex(),
            );
            sandbox.public_url.clone_from(&provider_url);
            sandbox.state_path = Some(config.data_dir.join("sandbox.json"));
            let provider = showfloor_sandbox_provider::SandboxProvider::open(sandbox)?;
            tasks.spawn(serve::http(listener, provider.router(), stop.clone()));
            let (courier, stopped) = (provider.clone(), stop.clone());
            tasks.spawn(async move { courier.run(stopped).await });
            let accounts = SandboxAccounts {
                provider,
                provider_url: provider_url.clone(),
                api_key: keys.sandbox_api.clone(),
                webhook_secret: keys.sandbox_webhook.clone(),
                functions_url: functions_url.to_owned(),
                opened: Mutex::default(),
            };
            Ok((Arc::new(accounts), Some(provider_url)))
        }
    }
}

fn context(
    config: &Config,
    tokens: &Tokens,
    store: &Sqlite,
    pepper: Pepper,
    own_origins: Vec<String>,
) -> Context {
    let store = Arc::new(store.clone());
    Context::new(Services {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        issuer: Arc::new(tokens.clone()),
        verifier: Arc::new(tokens.clone()),
        sessions: Arc::new(StoredSessions::new(store.clone(), pepper.clone())),
        listed_origins: Arc::new(StoredOrigins(store)),
        limits: RateLimits::new(pepper.clone()),
        pepper,
        own_origins,
        trusted_hops: usize::from(config.trusted_proxies),
    })
}

/// The origins of our own pages: where people reach us, and on one machine both of its loopback names.
fn own_origins(config: &Config, main: &TcpListener, public_url: &str) -> Result<Vec<String>> {
    let mut origins = vec![public_url.to_owned()];
    if config.public_url.is_none() {
        origins.push(format!("http://localhost:{}", main.local_addr()?.port()));
    }
    Ok(origins)
}

async fn store_has_owner(store: &Sqlite) -> Result<bool> {
    use showfloor_storage::Accounts;
    Ok(store.any().await?)
}

fn web(folder: &Path) -> Result<std::path::PathBuf> {
    let built = folder.join("player/dist/showfloor-show.js");
    anyhow::ensure!(
        built.is_file(),
        "the player is not built in {}: run `cargo xtask demo`, or `npm ci && npm run build` there",
        folder.display()
    );
    Ok(folder.to_owned())
}

fn health(ready: CancellationToken) -> Router {
    let readiness = move || async move {
        if ready.is_cancelled() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    };
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(readiness))
}
