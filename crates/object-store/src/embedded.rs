//! An S3 endpoint over a folder, in this process, on a loopback address.
//!
//! The `s3s` crates speak the protocol and check signatures; requests without a valid one are refused (abuse case
//! D2). Objects are written to a temporary file first and renamed, so that a reader sees a whole object or none.
//! The access key is made at the first start and kept in a file that only its owner may read.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::client::{Config, Credentials};

/// The one bucket there is.
pub const BUCKET: &str = "showfloor";
/// The region it claims to be in.
pub const REGION: &str = "us-east-1";
/// Connections served at a time; more wait to be accepted.
pub const CONNECTIONS_MAX: usize = 1_024;
/// A request's headers come within this many milliseconds.
pub const HEADERS_TIMEOUT_MS: u64 = 10_000;
/// After a shutdown is asked for, what runs may finish for this many milliseconds.
pub const SHUTDOWN_GRACE_MS: u64 = 1_500;
/// Bytes of entropy in the secret access key.
const SECRET_BYTES: usize = 32;

/// A running endpoint. Dropping it stops it at once; [`shutdown`](Self::shutdown) lets it finish.
#[derive(Debug)]
pub struct EmbeddedStore {
    address: SocketAddr,
    credentials: Credentials,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl EmbeddedStore {
    /// Serves `folder` on a free loopback port. Both are made if they are not there, and so is the access key
    /// beside the objects.
    ///
    /// # Errors
    /// That the folder cannot be written or no port can be had.
    pub async fn start(folder: &Path) -> io::Result<Self> {
        let objects = folder.join("objects");
        tokio::fs::create_dir_all(objects.join(BUCKET)).await?;
        let credentials = credentials(folder.join("access-key")).await?;
        let files = FileSystem::new(&objects).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(
            credentials.access_key_id.clone(),
            credentials.secret_access_key.clone(),
        ));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, service.build(), objects.into(), stopped));
        Ok(Self { address, credentials, stop, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How a client reaches it.
    #[must_use]
    pub fn config(&self) -> Config {
        Config {
            endpoint: Some(format!("http://{}", self.address)),
            region: REGION.into(),
            bucket: BUCKET.into(),
            credentials: self.credentials.clone(),
        }
    }

    /// Stops accepting, waits for what runs within [`SHUTDOWN_GRACE_MS`], and stops.
    pub async fn shutdown(mut self) {
        // It fails only if the task is over already.
        let _ = self.stop.send(true);
        let _ = (&mut self.task).await;
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    service: S3Service,
    objects: Arc<Path>,
    mut stopped: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut http = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_millis(HEADERS_TIMEOUT_MS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let (stream, slot) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, most likely: others must close theirs first.
                tracing::warn!(%error, "the embedded object store cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (service, objects) = (service.clone(), objects.clone());
        let guarded = service_fn(move |request| guarded(service.clone(), objects.clone(), request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), guarded).into_owned());
        tokio::spawn(async move {
            // A client that breaks off is no news.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let grace = Duration::from_millis(SHUTDOWN_GRACE_MS);
    if tokio::time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("the embedded object store stopped with requests unfinished");
    }
}

/// Refuses paths that climb, signed or not, before anything reads them as a bucket or a key; tidies up after deletions.
async fn guarded(
    service: S3Service,
    objects: Arc<Path>,
    request: Request<Incoming>,
) -> Result<Response<s3s::Body>, s3s::HttpError> {
    if climbs(request.uri().path()) {
        let mut refusal = Response::new(s3s::Body::empty());
        *refusal.status_mut() = StatusCode::FORBIDDEN;
        return Ok(refusal);
    }
    let deleted = (request.method() == Method::DELETE).then(|| request.uri().path().to_owned());
    let response = Service::call(&service, request).await?;
    if let Some(path) = deleted.filter(|_| response.status().is_success()) {
        forget_attributes(&objects, &path).await;
    }
    Ok(response)
}

/// Removes what `s3s-fs` keeps beside an object and leaves behind when the object is deleted.
async fn forget_attributes(objects: &Path, path: &str) {
    let Some((bucket, key)) = path.trim_start_matches('/').split_once('/') else { return };
    let name = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for kind in ["metadata", "internal"] {
        let file = objects.join(format!(".bucket-{}.object-{}.{kind}.json", name(bucket), name(key)));
        // Not every object has both.
        let _ = tokio::fs::remove_file(file).await;
    }
}

fn climbs(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    plain.split('/').any(|segment| segment == "..")
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, slot))
}

/// Reads the access key, or makes one.
async fn credentials(path: PathBuf) -> io::Result<Credentials> {
    tokio::task::spawn_blocking(move || match std::fs::read_to_string(&path) {
        Ok(text) => parse_credentials(&text).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{} is damaged", path.display()))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = Credentials { access_key_id: hex::<10>(), secret_access_key: hex::<SECRET_BYTES>() };
            write_private(&path, &format!("{}\n{}\n", made.access_key_id, made.secret_access_key))?;
            Ok(made)
        }
        Err(error) => Err(error),
    })
    .await
    .map_err(io::Error::other)?
}

fn parse_credentials(text: &str) -> Option<Credentials> {
    let (id, secret) = text.trim_end().split_once('\n')?;
    let whole = !id.is_empty() && secret.len() == SECRET_BYTES * 2;
    whole.then(|| Credentials { access_key_id: id.into(), secret_access_key: secret.into() })
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let unfinished = path.with_extension("unfinished");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(unfinished, path)
}

fn hex<const N: usize>() -> String {
    use std::fmt::Write as _;
    let bytes: [u8; N] = std::array::from_fn(|_| rand::random());
    bytes.iter().fold(String::with_capacity(2 * N), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
