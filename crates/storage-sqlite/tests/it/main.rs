//! SQLite against the suite that every store passes, and what is its own.

mod control_plane;
