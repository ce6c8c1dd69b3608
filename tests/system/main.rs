//! Whole-system tests: the real binary with a real publisher, read back over HTTP by what any viewer would use.

mod demo;
mod follow;
mod media;
mod publisher;
mod purchase;
mod start;
