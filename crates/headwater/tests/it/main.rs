//! The program as its users meet it: each test is a session at the command line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod export;
mod identity;
mod judge;
mod rebuild;
mod scene;
mod show;
mod surface;
mod take_in;
mod view;
