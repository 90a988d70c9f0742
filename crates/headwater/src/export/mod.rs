//! Export: how does the picture leave?

pub mod csv;
pub mod geojson;
pub mod jsonl;
pub mod picture;

use crate::arguments::Form;
use crate::view::View;
use anyhow::{Context as _, Result};
use headwater_domain::picture::Dossier;
use headwater_store::query::{EventQuery, Page};
use std::io::Write;
use std::path::Path;

/// Writes what may be seen, in one of the forms.
pub fn write(view: &View, form: Form, out: &mut dyn Write) -> Result<()> {
    match form {
        Form::Picture => picture::write(view, out),
        Form::Jsonl => jsonl::write(view, out),
        Form::Csv => csv::write(view, out),
        Form::Geojson => geojson::write(view, out),
    }
}

/// Writes to a file in one piece: whoever reads it meanwhile sees the old file or the new one.
pub fn write_file(view: &View, form: Form, path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = || format!("cannot write {}", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    let mut out = std::io::BufWriter::new(&mut file);
    write(view, form, &mut out)?;
    out.flush().with_context(cannot)?;
    drop(out);
    file.persist(path).with_context(cannot)?;
    Ok(())
}

/// Events at a time, so that memory stays bounded.
const EVENTS_AT_ONCE: usize = 500;

/// Hands on every event with its tellings.
fn each_dossier(view: &View, mut take: impl FnMut(Dossier) -> Result<()>) -> Result<()> {
    for skip in (0..).step_by(EVENTS_AT_ONCE) {
        let events = view.events(&EventQuery::default(), Page { skip, limit: EVENTS_AT_ONCE })?;
        if events.is_empty() {
            break;
        }
        for event in events {
            if let Some(dossier) = view.dossier(event.id)? {
                take(dossier)?;
            }
        }
    }
    Ok(())
}
