//! Progress: how far is the work, and how long will it take?

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// A line on standard error that moves while work is done; nothing where nobody looks.
pub struct Progress {
    bar: ProgressBar,
    /// Whether the whole is known, so that the time left can be told.
    measured: bool,
    done: u64,
}

impl Progress {
    /// Starts the line. `whole` is the size of the work in the unit of [`Self::step`], if known.
    pub fn start(quiet: bool, whole: Option<u64>) -> Self {
        let whole = whole.filter(|&whole| whole > 0);
        let bar = match whole {
            _ if quiet => ProgressBar::hidden(),
            Some(whole) => ProgressBar::new(whole),
            None => ProgressBar::new_spinner(),
        };
        let template = match whole {
            Some(_) => "{spinner} {msg} [{bar:24}] {eta} left",
            None => "{spinner} {msg}, {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, measured: whole.is_some(), done: 0 }
    }

    /// One more report is done, which was so much of the whole.
    pub fn step(&mut self, size: u64) {
        self.done += 1;
        if self.measured {
            // What is packed is larger than it looks from outside.
            self.bar.set_position((self.bar.position() + size).min(self.bar.length().unwrap_or(u64::MAX)));
        }
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{} reports, {:.0} a second", self.done, self.done as f64 / seconds));
    }

    /// Says what is done after the reports.
    pub fn say(&self, message: &str) {
        self.bar.set_message(message.to_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
