//! Holds every store to the same promises.

mod contract;
