//! Pictures that strangers send: type by content, size from the header before anything is decoded, then
//! re-encoded. What is stored are our own bytes, without metadata (abuse case A9).

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits};
use showfloor_api_types::image::IMAGE_WIDTHS;
use showfloor_http::{Problem, Result};

/// The most bytes of an upload.
pub const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most pixels of a side.
pub const PICTURE_SIDE_MAX: u32 = 8_192;
/// The most pixels in all.
pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
/// The most memory that decoding may take: four bytes a pixel twice, for a colour conversion on the way.
const DECODE_BYTES_MAX: u64 = PICTURE_PIXELS_MAX * 8;
/// JPEG quality: above it files grow faster than what is seen.
const QUALITY: u8 = 82;

/// A picture as it is stored.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Pixels, after rotation.
    pub(crate) width: u32,
    /// Pixels, after rotation.
    pub(crate) height: u32,
    /// JPEG bytes for each of [`IMAGE_WIDTHS`].
    pub(crate) files: Vec<(u32, Vec<u8>)>,
}

/// Reads a picture and renders it in all widths; never enlarges. Transparency is laid on white.
///
/// # Errors
/// 415 for anything that is not PNG, JPEG or WebP; 422 when it is too large or broken.
pub(crate) fn render(bytes: &[u8]) -> Result<Rendered> {
    let picture = decode(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let pixels = on_white(picture);
    let source = Image::from_vec_u8(width, height, pixels, PixelType::U8x3).map_err(|_| broken())?;
    let mut resizer = Resizer::new();
    let mut files = Vec::with_capacity(IMAGE_WIDTHS.len());
    for target in IMAGE_WIDTHS {
        let to_width = target.min(width);
        let to_height = scaled(height, to_width, width);
        let mut resized = Image::new(to_width, to_height, PixelType::U8x3);
        resizer.resize(&source, &mut resized, &ResizeOptions::new()).map_err(|_| broken())?;
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, QUALITY)
            .encode(resized.buffer(), to_width, to_height, ExtendedColorType::Rgb8)
            .map_err(|_| broken())?;
        files.push((target, file));
    }
    Ok(Rendered { width, height, files })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(Problem::too_large(PICTURE_BYTES_MAX));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| broken())?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) => {}
        _ => return Err(Problem::unsupported_media_type("a PNG, JPEG or WebP picture")),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_SIDE_MAX);
    limits.max_image_height = Some(PICTURE_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    // Reads the header only.
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn check_size(width: u32, height: u32) -> Result<()> {
    let fits = width.max(height) <= PICTURE_SIDE_MAX
        && u64::from(width) * u64::from(height) <= PICTURE_PIXELS_MAX
        && width.min(height) > 0;
    if fits { Ok(()) } else { Err(too_many_pixels()) }
}

fn refused(error: &image::ImageError) -> Problem {
    match error {
        image::ImageError::Limits(_) => too_many_pixels(),
        _ => broken(),
    }
}

fn too_many_pixels() -> Problem {
    Problem::invalid_at("", "the picture has more than 40 megapixels, or a side above 8,192 pixels")
}

fn broken() -> Problem {
    Problem::invalid_at("", "the picture is broken")
}

fn on_white(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into_raw();
    }
    let pixels = picture.into_rgba8();
    let mut flat = Vec::with_capacity(pixels.len() / 4 * 3);
    for pixel in pixels.pixels() {
        let [red, green, blue, alpha] = pixel.0.map(u32::from);
        for channel in [red, green, blue] {
            let value = (channel * alpha + 255 * (255 - alpha) + 127) / 255;
            flat.push(u8::try_from(value).unwrap_or(u8::MAX));
        }
    }
    flat
}

/// The height that keeps the sides' proportion; at least one pixel.
fn scaled(height: u32, to_width: u32, width: u32) -> u32 {
    let scaled = (u64::from(height) * u64::from(to_width) + u64::from(width) / 2) / u64::from(width);
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    fn status(bytes: &[u8]) -> u16 {
        render(bytes).map_or_else(|problem| problem.kind().status.as_u16(), |_| 200)
    }

    /// A PNG whose header declares a size and whose data is a few bytes.
    fn declared(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(&RgbImage::new(1, 1).into());
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    #[test]
    fn a9_a_picture_is_rendered_in_every_width_and_never_enlarged() {
        let rendered = render(&png(&RgbImage::new(800, 400).into())).unwrap();
        assert_eq!((rendered.width, rendered.height), (800, 400));
        let sizes: Vec<_> = rendered
            .files
            .iter()
            .map(|(width, file)| {
                let picture = image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap();
                (*width, picture.width(), picture.height())
            })
            .collect();
        assert_eq!(sizes, [(160, 160, 80), (320, 320, 160), (640, 640, 320), (1200, 800, 400)]);
    }

    #[test]
    fn a9_what_is_no_picture_is_refused_by_its_content() {
        assert_eq!(status(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), 415);
        assert_eq!(status(b"<!doctype html><script>alert(1)</script>"), 415);
        assert_eq!(status(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), 415);
        assert_eq!(status(b""), 415);
    }

    #[test]
    fn a9_a_bomb_is_refused_from_its_header() {
        assert_eq!(status(&declared(64_000, 64_000)), 422);
        assert_eq!(status(&declared(PICTURE_SIDE_MAX + 1, 1)), 422);
        assert_eq!(status(&declared(8_000, 5_001)), 422);
        assert!(check_size(8_000, 5_000).is_ok());
        assert!(check_size(PICTURE_SIDE_MAX, 4_882).is_ok());
        assert!(check_size(PICTURE_SIDE_MAX, 4_883).is_err());
    }

    #[test]
    fn a9_a_polyglots_other_half_is_not_stored() {
        let mut bytes = png(&RgbImage::from_pixel(20, 20, Rgb([9, 9, 9])).into());
        bytes.extend_from_slice(b"<script>alert(document.domain)</script>");
        for (_, file) in render(&bytes).unwrap().files {
            assert!(file.starts_with(&[0xFF, 0xD8, 0xFF]));
            assert!(!file.windows(7).any(|window| window == b"<script"));
        }
    }

    #[test]
    fn a9_location_data_is_dropped_and_rotation_is_applied() {
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode(&vec![200; 40 * 20 * 3], 40, 20, ExtendedColorType::Rgb8).unwrap();
        // APP1 with one entry, orientation 6 (a quarter turn to the right), and a note where a place might be.
        let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 52.5200 N 13.4050 E");
        let mut bytes = jpeg[..2].to_vec();
        bytes.extend_from_slice(&[0xFF, 0xE1]);
        bytes.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        bytes.extend_from_slice(&exif);
        bytes.extend_from_slice(&jpeg[2..]);
        let rendered = render(&bytes).unwrap();
        assert_eq!((rendered.width, rendered.height), (20, 40));
        for (_, file) in rendered.files {
            assert!(!file.windows(4).any(|window| window == b"Exif" || window == b"GPS "));
        }
    }

    #[test]
    fn transparency_is_laid_on_white() {
        let clear = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
        let rendered = render(&png(&clear.into())).unwrap();
        let picture = image::load_from_memory(&rendered.files[0].1).unwrap().into_rgb8();
        assert!(picture.pixels().all(|pixel| pixel.0.iter().all(|channel| *channel > 250)));
    }

    #[test]
    fn a_truncated_picture_is_an_error_never_a_panic() {
        let bytes = png(&RgbImage::new(64, 64).into());
        for end in 0..bytes.len() {
            assert_ne!(status(&bytes[..end]), 500);
        }
    }
}
