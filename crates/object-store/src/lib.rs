//! (introduction)
