//! The program: configuration, the pipeline, commands, and how answers are laid out.
//!
//! | module | question |
//! |---|---|
//! | [`arguments`], [`config`] | What is asked, and under which settings? |
//! | [`command`] | What does each command do? |
//! | [`pipeline`] | What happens to a report, and to a decision? |
//! | [`worker`] | How is work spread over threads without losing its order? |
//! | [`identity`] | Which report is this? |
//! | [`open`] | Where is everything kept? |
//! | [`view`] | What may this reader see, and as of when? |
//! | [`named`] | Which thing does the user mean? |
//! | [`overview`], [`sheets`], [`texts`] | What is there to show, and which words does it rest on? |
//! | [`render`] | How is it laid out? |
//! | [`export`] | How does it leave? |
//! | [`digest`] | Is this the same picture as that one? |
//! | [`exit`], [`interrupt`], [`progress`] | How does a run end, stop, and get on? |

pub mod arguments;
pub mod command;
pub mod config;
pub mod digest;
pub mod exit;
pub mod export;
pub mod identity;
pub mod interrupt;
pub mod named;
pub mod open;
pub mod overview;
pub mod pipeline;
pub mod progress;
pub mod render;
pub mod sheets;
pub mod texts;
pub mod view;
pub mod worker;
