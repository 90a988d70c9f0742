//! Numbers of people: how many, and what happened to them?

pub(crate) mod number;
