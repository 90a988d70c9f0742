//! Open: where is everything kept?

use crate::config::usual_store;
use crate::exit::Problem;
use anyhow::{Context as _, Result};
use headwater_store::sqlite::Options;
use headwater_store::{MemoryStore, SqliteStore, Store};
use std::path::PathBuf;
use std::sync::Arc;

/// Opens the store that a setting names: a path, `sqlite:PATH`, `memory:`, or the usual place if empty.
/// A store that is not there is made only if `create` says so.
pub fn open(setting: &str, create: bool) -> Result<Arc<dyn Store>> {
    let path = match setting.split_once(':') {
        _ if setting.is_empty() => usual_store()?,
        Some(("memory", "")) => return Ok(Arc::new(MemoryStore::new())),
        Some(("sqlite", path)) => PathBuf::from(path.strip_prefix("//").unwrap_or(path)),
        // One letter is a drive of Windows.
        Some((scheme, _)) if scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
            let message = format!("cannot open a store of the kind {scheme}");
            return Err(Problem::usage(message, "give a path, sqlite:PATH or memory:").into());
        }
        _ => PathBuf::from(setting),
    };
    if let Some(folder) = path.parent().filter(|folder| create && !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let options = Options { create, ..Options::default() };
    let store = SqliteStore::open(&path, options)
        .with_context(|| format!("cannot use the store {}", path.display()))?;
    Ok(Arc::new(store))
}
