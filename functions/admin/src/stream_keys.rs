//! Stream keys: a public id to find it by, a secret to prove it. The whole key is shown once (abuse case M2).

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use showfloor_api_types::list::Items;
use showfloor_api_types::show::{CreatedStreamKey, StreamKey};
use showfloor_domain::{ShowId, StreamKeyId};
use showfloor_http::{Path, Problem, Purpose, Result, Secret, SecretHash, Staff};
use showfloor_storage::{StoreError, StreamKeyRecord};

use crate::deps::Deps;

/// Characters of a key's public half: its prefix, `_`, 32 hex digits.
const PUBLIC_CHARS: usize = 36;
/// The longest text that is looked at as a key.
pub const KEY_CHARS_MAX: usize = 128;

/// Makes a stream key. This answer is the only one that holds it.
#[utoipa::path(post, path = "/v1/admin/shows/{show}/stream-keys", operation_id = "create_stream_key", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 201, body = CreatedStreamKey)))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<(StatusCode, Json<CreatedStreamKey>)> {
    let show = deps.show(staff.shop_id, show_id).await?;
    let now = deps.http.now();
    let id = StreamKeyId::generate(now, deps.http.entropy.id_bytes());
    let secret = Secret::generate(deps.http.entropy.as_ref());
    let key = format!("{id}_{}", secret.reveal());
    let hint = key[key.len() - 4..].to_owned();
    let record = StreamKeyRecord {
        id,
        shop_id: show.shop_id,
        show_id,
        secret_hash: deps.http.pepper.hash(Purpose::StreamKey, secret.reveal().as_bytes()).0,
        hint: hint.clone(),
        created_at: now,
        last_used_at: None,
    };
    deps.stream_keys.create(record).await.map_err(|error| match error {
        StoreError::Taken(_) => {
            Problem::conflict("A show has at most 10 stream keys.", "Revoke one that is not used.")
        }
        other => other.into(),
    })?;
    deps.audit(&staff, "stream-key.created", id, "").await?;
    Ok((StatusCode::CREATED, Json(CreatedStreamKey { id, key, rtmp_url: deps.rtmp_url.clone(), hint })))
}

/// The show's stream keys, without the keys.
#[utoipa::path(get, path = "/v1/admin/shows/{show}/stream-keys", operation_id = "list_stream_keys", tag = "shows",
    params(("show" = ShowId, Path)), security(("session" = [])), responses((status = 200, body = Items<StreamKey>)))]
pub(crate) async fn list(
    State(deps): State<Deps>,
    staff: Staff,
    Path(show_id): Path<ShowId>,
) -> Result<Json<Items<StreamKey>>> {
    deps.show(staff.shop_id, show_id).await?;
    let keys = deps.stream_keys.list(staff.shop_id, show_id).await?;
    let items = keys
        .into_iter()
        .map(|key| StreamKey {
            id: key.id,
            hint: key.hint,
            created_at: key.created_at.into(),
            last_used_at: key.last_used_at.map(Into::into),
        })
        .collect();
    Ok(Json(Items { items }))
}

/// Revokes a stream key; its next publisher is refused.
#[utoipa::path(delete, path = "/v1/admin/shows/{show}/stream-keys/{key}", operation_id = "revoke_stream_key",
    tag = "shows", params(("show" = ShowId, Path), ("key" = StreamKeyId, Path)), security(("session" = [])),
    responses((status = 204, description = "Revoked")))]
pub(crate) async fn revoke(
    State(deps): State<Deps>,
    staff: Staff,
    Path((show_id, key_id)): Path<(ShowId, StreamKeyId)>,
) -> Result<StatusCode> {
    deps.stream_keys.revoke(staff.shop_id, show_id, key_id).await?;
    deps.audit(&staff, "stream-key.revoked", key_id, "").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The key that this text is, if it is one. A public half that does not exist costs the same comparison.
pub(crate) async fn verify(deps: &Deps, text: &str) -> Result<Option<StreamKeyRecord>> {
    let halves = (text.len() <= KEY_CHARS_MAX && text.is_char_boundary(PUBLIC_CHARS))
        .then(|| text.split_at(PUBLIC_CHARS.min(text.len())))
        .and_then(|(id, rest)| Some((id.parse::<StreamKeyId>().ok()?, rest.strip_prefix('_')?)));
    let Some((id, secret)) = halves else { return Ok(None) };
    let kept = deps.stream_keys.find(id).await?;
    let hash = SecretHash(kept.as_ref().map_or([0; 32], |key| key.secret_hash));
    let matches = deps.http.pepper.verify(Purpose::StreamKey, secret, &hash);
    Ok(kept.filter(|_| matches))
}
