//! Holds every store to the same promises, and the one on disk to surviving what happens to files.

mod contract;
mod crash;
mod events;
mod files;
mod upgrade;
