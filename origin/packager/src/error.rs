//! What can be wrong with what a publisher declares.

/// A codec configuration that no initialisation segment can be made from. The publisher must change its
/// encoder; the packager goes on with what it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The H.264 configuration record cannot be parsed.
    #[error("the H.264 decoder configuration is damaged")]
    VideoRecord,
    /// The AAC configuration cannot be parsed.
    #[error("the AAC configuration is damaged")]
    AudioConfig,
    /// The picture does not fit the 16-bit fields of a sample entry.
    #[error("the picture is larger than 65,535 pixels on a side")]
    PictureTooLarge,
    /// The boxes could not be written.
    #[error("the configuration cannot be written as an initialisation segment")]
    Unwritable,
}
