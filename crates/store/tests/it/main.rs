//! Holds every store to the same promises, and the one on disk to surviving what happens to files.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

mod contract;
mod crash;
mod events;
mod files;
mod upgrade;
