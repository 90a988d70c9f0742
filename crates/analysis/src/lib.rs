//! Readings in, events and assessments out: who, where, which event, and how sure?
//!
//! [`resolve::resolve`] says what one reading is about; [`settle::settle`] sorts tellings of many
//! reports into events and assesses them; [`assess::relations`] does the same for how actors stand
//! to one another. All are pure functions, so that every belief can be computed again.

pub mod assess;
pub mod lineage;
pub mod policy;
pub mod resolve;
mod sets;
pub mod settle;
pub mod wording;
