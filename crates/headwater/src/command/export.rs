//! `export`: the picture leaves, as far as it may be seen.

use super::Session;
use crate::arguments::Export;
use crate::exit::Exit;
use crate::export;
use anyhow::Result;
use std::io::Write as _;
use std::path::Path;

/// Writes the picture to a file, or to standard output.
pub fn export(session: &Session, what: &Export) -> Result<Exit> {
    let view = session.view()?;
    if what.out != "-" {
        export::write_file(&view, what.form, Path::new(&what.out))?;
        return Ok(Exit::Done);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match export::write(&view, what.form, &mut out).and_then(|()| Ok(out.flush()?)) {
        // Whoever stops listening has heard enough.
        Err(error) if is_broken_pipe(&error) => Ok(Exit::Done),
        outcome => outcome.map(|()| Exit::Done),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let inside_json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(inside_json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}
