//! Whole-system tests: the real binary with a real publisher, read back over HTTP by what any viewer would use.

mod demo;
mod media;
mod purchase;
mod start;
