//! ffmpeg in, playlists and frames out.
