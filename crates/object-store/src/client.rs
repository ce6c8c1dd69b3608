//! The client: one bucket of any S3.

use std::fmt;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::{Builder, tls};
use bytes::Bytes;
use futures_util::Stream;

use crate::error::StoreError;
use crate::key::ObjectKey;
use crate::range::ByteRange;

/// An operation is tried this often at most.
pub const ATTEMPTS_MAX: u32 = 3;
/// The wait before the first retry, in milliseconds; it doubles, with jitter.
pub const BACKOFF_FIRST_MS: u64 = 50;
/// The longest wait between two tries, in milliseconds.
pub const BACKOFF_MAX_MS: u64 = 1_000;
/// A connection is made within this many milliseconds.
pub const CONNECT_TIMEOUT_MS: u64 = 1_000;
/// The store sends the first byte of its answer within this many milliseconds.
pub const READ_TIMEOUT_MS: u64 = 3_000;
/// One try takes this many milliseconds at most.
pub const ATTEMPT_TIMEOUT_MS: u64 = 5_000;
/// All tries together take this many milliseconds at most.
pub const OPERATION_TIMEOUT_MS: u64 = 12_000;

/// An access key. Its secret is not shown by `Debug`.
#[derive(Clone)]
pub struct Credentials {
    /// Names the key.
    pub access_key_id: String,
    /// Proves it.
    pub secret_access_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Where the bucket is.
#[derive(Clone, Debug)]
pub struct Config {
    /// Such as `http://127.0.0.1:9000`; `None` for AWS itself.
    pub endpoint: Option<String>,
    /// Such as `eu-central-1`.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// How to sign.
    pub credentials: Credentials,
}

/// How long an object may be kept by caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheControl {
    /// It never changes: `public, max-age=31536000, immutable`.
    Immutable,
    /// It may change: `no-cache`.
    Revalidate,
}

impl CacheControl {
    /// The header's value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "no-cache",
        }
    }
}

/// What is put beside the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put<'a> {
    /// `Content-Type`.
    pub content_type: &'a str,
    /// `Cache-Control`.
    pub cache_control: CacheControl,
}

/// What is known of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectMeta {
    /// Bytes of the answer's body: of the range, if one was asked for.
    pub content_length: u64,
    /// `bytes 0-99/1000`, if a range was asked for.
    pub content_range: Option<String>,
    /// As it was put.
    pub content_type: Option<String>,
    /// As it was put.
    pub cache_control: Option<String>,
    /// Quoted, as HTTP has it.
    pub e_tag: Option<String>,
}

/// An object's bytes, as they come.
pub struct Body(ByteStream);

impl Body {
    /// All of it, in memory: for objects whose size is known to be bounded.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the store breaks off.
    pub async fn collect(self) -> Result<Bytes, StoreError> {
        let all = self.0.collect().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(all.into_bytes())
    }

    /// Chunk by chunk; an error ends it.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, StoreError>> + Send + Unpin + 'static {
        Box::pin(futures_util::stream::unfold(Some(self.0), |state| async move {
            let mut body = state?;
            match body.next().await? {
                Ok(chunk) => Some((Ok(chunk), Some(body))),
                Err(error) => Some((Err(StoreError::Unavailable(error.to_string())), None)),
            }
        }))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}

/// An object, as got.
#[derive(Debug)]
pub struct Object {
    /// What is known of it.
    pub meta: ObjectMeta,
    /// Its bytes.
    pub body: Body,
}

/// One bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ObjectStore {
    client: Client,
    bucket: String,
}

impl ObjectStore {
    /// A client of the bucket in `config`. Connects when first used.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let http = Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let Credentials { access_key_id, secret_access_key } = config.credentials;
        let credentials =
            aws_sdk_s3::config::Credentials::new(access_key_id, secret_access_key, None, None, "showfloor");
        let retry = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS_MAX)
            .with_initial_backoff(Duration::from_millis(BACKOFF_FIRST_MS))
            .with_max_backoff(Duration::from_millis(BACKOFF_MAX_MS));
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_millis(CONNECT_TIMEOUT_MS))
            .read_timeout(Duration::from_millis(READ_TIMEOUT_MS))
            .operation_attempt_timeout(Duration::from_millis(ATTEMPT_TIMEOUT_MS))
            .operation_timeout(Duration::from_millis(OPERATION_TIMEOUT_MS))
            .build();
        let mut s3 = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(http)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .region(Region::new(config.region))
            .retry_config(retry)
            .timeout_config(timeouts)
            // Not every S3 knows the newer checksums, and TLS or loopback already guard the bytes.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .force_path_style(true);
        s3.set_endpoint_url(config.endpoint);
        Self { client: Client::from_conf(s3.build()), bucket: config.bucket }
    }

    /// Stores an object, whole.
    ///
    /// # Errors
    /// [`StoreError`]; the object is then there or not, never half.
    pub async fn put(&self, key: &ObjectKey, bytes: Bytes, put: Put<'_>) -> Result<(), StoreError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(put.content_type)
            .cache_control(put.cache_control.as_str())
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(|error| classify(&error))?;
        Ok(())
    }

    /// Gets an object, or a range of it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::RangeNotSatisfiable`], or that the store fails.
    pub async fn get(&self, key: &ObjectKey, range: Option<ByteRange>) -> Result<Object, StoreError> {
        let got = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .set_range(range.map(|range| range.to_string()))
            .send()
            .await
            .map_err(|error| classify(&error))?;
        let meta = ObjectMeta {
            content_length: got.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            content_range: got.content_range,
            content_type: got.content_type,
            cache_control: got.cache_control,
            e_tag: got.e_tag,
        };
        Ok(Object { meta, body: Body(got.body) })
    }

    /// What is known of an object.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or that the store fails.
    pub async fn head(&self, key: &ObjectKey) -> Result<ObjectMeta, StoreError> {
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .send()
            .await
            .map_err(|error| classify(&error))?;
        Ok(ObjectMeta {
            content_length: head.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0),
            content_range: None,
            content_type: head.content_type,
            cache_control: head.cache_control,
            e_tag: head.e_tag,
        })
    }

    /// Deletes an object; one that is not there is fine too.
    ///
    /// # Errors
    /// That the store fails.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        let deleted = self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await;
        match deleted.map_err(|error| classify(&error)) {
            Ok(_) | Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether the bucket answers: for readiness probes.
    ///
    /// # Errors
    /// That the store fails or refuses.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.client.head_bucket().bucket(&self.bucket).send().await.map_err(|error| classify(&error))?;
        Ok(())
    }
}

fn classify<E>(error: &SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    if let SdkError::TimeoutError(_) = error {
        return StoreError::Timeout;
    }
    let status = error.raw_response().map(|response| response.status().as_u16());
    match status {
        Some(404) => StoreError::NotFound,
        Some(416) => StoreError::RangeNotSatisfiable,
        Some(401 | 403) => StoreError::Denied,
        Some(status) => {
            StoreError::Unavailable(format!("status {status}, {}", error.code().unwrap_or("no code")))
        }
        None => StoreError::Unavailable(aws_sdk_s3::error::DisplayErrorContext(error).to_string()),
    }
}
