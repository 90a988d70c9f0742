//! `config`, `completions`, `man`: what the program says about itself.

use super::say;
use crate::arguments::Arguments;
use crate::config::DEFAULTS;
use crate::exit::Exit;
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::path::Path;

/// Prints the configuration with its documentation.
pub fn config() -> Result<Exit> {
    say(DEFAULTS)?;
    Ok(Exit::Done)
}

/// Prints completions for a shell.
pub fn completions(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "headwater", &mut script);
    say(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// Prints the manual page, or writes one for every command into a folder.
pub fn man(folder: Option<&Path>) -> Result<Exit> {
    match folder {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command())
                .render(&mut page)
                .context("cannot write the manual page")?;
            say(&String::from_utf8_lossy(&page))?;
        }
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
                .with_context(|| format!("cannot write manual pages to {}", folder.display()))?;
        }
    }
    Ok(Exit::Done)
}
