//! Uploading pictures.

use axum::Json;
use axum::extract::{Request, State};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use showfloor_api_types::image::{EditImage, ImageRef};
use showfloor_domain::ImageId;
use showfloor_domain::text;
use showfloor_http::json::{media_type, read_body};
use showfloor_http::{AdminJson, Path, Problem, Query, RateClass, RateKey, Result, Staff};
use showfloor_storage::ImageRecord;
use utoipa::IntoParams;

use crate::deps::Deps;
use crate::picture::{self, PICTURE_BYTES_MAX};

/// The most characters of a picture's description.
pub const ALT_CHARS_MAX: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// What the picture shows, up to 200 characters.
    #[serde(default)]
    alt: Option<String>,
}

/// Uploads a picture: PNG, JPEG or WebP of at most 10 MiB, 40 megapixels and 8,192 pixels a side.
#[utoipa::path(post, path = "/v1/admin/images", operation_id = "upload_image", tag = "products", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "image/jpeg"), security(("session" = [])),
    responses((status = 201, body = ImageRef)))]
pub(crate) async fn upload(
    State(deps): State<Deps>,
    staff: Staff,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<(StatusCode, Json<ImageRef>)> {
    deps.http.limit(RateClass::Upload, RateKey::Name(&staff.shop_id.to_string()))?;
    if !matches!(media_type(request.headers()), "image/png" | "image/jpeg" | "image/webp") {
        return Err(Problem::unsupported_media_type("image/png, image/jpeg or image/webp"));
    }
    let alt = alt(query.alt.as_deref().unwrap_or_default())?;
    let bytes = read_body(request, PICTURE_BYTES_MAX).await?;
    let rendered = {
        let _permit = deps.pictures.acquire().await.map_err(|_| Problem::unavailable())?;
        tokio::task::spawn_blocking(move || picture::render(&bytes)).await.map_err(|error| {
            tracing::error!(%error, "a picture could not be rendered");
            Problem::internal()
        })??
    };
    let now = deps.http.now();
    let id = ImageId::generate(now, deps.http.entropy.id_bytes());
    for (width, file) in rendered.files {
        deps.image_store.put(&format!("images/{id}/{width}.jpg"), Bytes::from(file), "image/jpeg").await?;
    }
    let image = ImageRecord {
        id,
        shop_id: staff.shop_id,
        alt,
        width: rendered.width,
        height: rendered.height,
        created_at: now,
    };
    deps.images.create(image.clone()).await?;
    Ok((StatusCode::CREATED, Json(image_ref(image))))
}

/// Changes what a picture says it shows.
#[utoipa::path(patch, path = "/v1/admin/images/{image}", operation_id = "edit_image", tag = "products",
    params(("image" = ImageId, Path)), request_body = EditImage, security(("session" = [])),
    responses((status = 200, body = ImageRef)))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    Path(image_id): Path<ImageId>,
    AdminJson(body): AdminJson<EditImage>,
) -> Result<Json<ImageRef>> {
    let alt = alt(&body.alt)?;
    let image = deps.images.describe(staff.shop_id, image_id, alt).await?;
    Ok(Json(image_ref(image)))
}

fn alt(text: &str) -> Result<String> {
    text::optional_line(text, ALT_CHARS_MAX).map_err(|error| Problem::invalid_at("/alt", error.to_string()))
}

pub(crate) fn image_ref(image: ImageRecord) -> ImageRef {
    ImageRef::new(image.id, image.alt, image.width, image.height)
}
