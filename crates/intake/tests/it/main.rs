//! Everything that can come in, made here and taken in: whole, odd, broken and hostile.

// Each is marked as a test, so that clippy lets its builders unwrap.
#[cfg(test)]
mod archives;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod web;
