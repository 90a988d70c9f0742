//! Headwater: arguments, exit codes, and who owns what.

use clap::Parser as _;
use headwater::arguments::Arguments;
use headwater::exit::{Exit, exit_of, explain};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) => {
            // Help and version come this way too.
            let exit = if asked.use_stderr() { Exit::Usage } else { Exit::Done };
            let _ = asked.print();
            return exit.into();
        }
    };
    log_to_stderr(arguments.general.verbose);
    match headwater::command::run(arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            anstream::eprint!("{}", explain(&error));
            exit_of(&error).into()
        }
    }
}

/// Logs go to standard error, with values as fields. HEADWATER_LOG refines what is logged.
fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("HEADWATER_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("headwater={level}")));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .init();
}
