//! Everything that can come in, made here and taken in: whole, odd, broken and hostile.

mod archives;
mod formats;
mod hostile;
mod samples;
mod web;
