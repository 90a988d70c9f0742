//! Exit: how does a run end, and what can the user do about it?

use headwater_store::StoreError;
use std::fmt::Write as _;
use std::process::ExitCode;

/// How a run ends. The numbers are part of the program's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// Something went wrong.
    Failed = 1,
    /// The arguments or the configuration cannot be understood.
    Usage = 2,
    /// Done, but some things could not be taken in: `headwater failures` lists them.
    SomeFailed = 3,
    /// There is no such thing, or it may not be seen.
    NotFound = 4,
    /// The store does not hold what it should.
    NotVerified = 5,
    /// Stopped by the user; repeating the command goes on.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Something that went wrong, with what the user can do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    message: String,
    hint: String,
    exit: Exit,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem with a way out.
    pub fn new(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), exit, source: None }
    }

    /// Arguments that cannot be understood.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message, hint)
    }

    /// Something that is not there, or may not be seen.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, message, hint)
    }

    /// Adds what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// The exit code that an error asks for.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    let exit = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref() {
        Some(StoreError::Missing) => Some(Exit::NotFound),
        _ => cause.downcast_ref::<Problem>().map(|problem| problem.exit),
    };
    error.chain().find_map(exit).unwrap_or(Exit::Failed)
}

/// Writes an error as the user sees it: what went wrong, why, and what can be done.
pub fn explain(error: &anyhow::Error) -> String {
    let mut said = format!("headwater: {error}\n");
    for cause in error.chain().skip(1) {
        let _ = writeln!(said, "  because: {cause}");
    }
    if let Some(hint) = hint_of(error) {
        let _ = writeln!(said, "hint: {hint}");
    }
    said
}

fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(problem) = cause.downcast_ref::<Problem>() {
            return (!problem.hint.is_empty()).then(|| problem.hint.clone());
        }
        cause.downcast_ref::<StoreError>().and_then(store_hint).map(str::to_owned)
    })
}

fn store_hint(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::TooNew { .. } => Some("use the newer version of headwater that wrote it"),
        StoreError::NotAStore => Some("name another file with --store"),
        StoreError::Missing => Some("`headwater take-in FOLDER` makes one; --store names another"),
        StoreError::Busy => Some("wait until the other process is done and repeat the command"),
        StoreError::Full => Some("free some space and repeat the command: it goes on where it stopped"),
        StoreError::Damaged { .. } => {
            Some("`headwater verify` lists all damage; `headwater rebuild` derives the picture again")
        }
        StoreError::Backend(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn an_error_shows_its_cause_and_a_way_out() {
        let error = anyhow::Error::from(StoreError::NotAStore).context("cannot show the picture");
        assert_eq!(
            explain(&error),
            "headwater: cannot show the picture\n  because: cannot open the store: the file is not a Headwater \
             store\nhint: name another file with --store\n"
        );
    }

    #[test]
    fn a_problem_keeps_its_exit_code_under_context() {
        let gone: Result<(), _> = Err(Problem::not_found("cannot find evt-1", "see `headwater events`"));
        assert_eq!(exit_of(&gone.context("cannot show it").unwrap_err()), Exit::NotFound);
    }
}
