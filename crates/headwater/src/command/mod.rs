//! Commands: what the user asks for, each in its own file.

mod evaluate;
mod export;
mod judge;
mod list;
mod pages;
mod picture;
mod rebuild;
mod samples;
mod show;
mod take_in;
mod verify;

use crate::arguments::{Arguments, Command, General};
use crate::config::{Layers, Settings};
use crate::exit::{Exit, Problem};
use crate::interrupt::Interrupt;
use crate::open::open;
use crate::pipeline::Pipeline;
use crate::render::{self, Page, Render};
use crate::view::View;
use crate::worker;
use anyhow::{Context as _, Result};
use headwater_analysis::policy::{BestRule, Policy};
use headwater_domain::marking::{Clearance, Marking};
use jiff::Timestamp;
use serde::Serialize;
use std::io::Write as _;

/// Does what is asked.
pub fn run(arguments: Arguments) -> Result<Exit> {
    let general = arguments.general;
    let settings = Settings::load(&layers(&general))?;
    // What needs no store comes first.
    match arguments.command {
        Command::Config => pages::config(),
        Command::Completions { shell } => pages::completions(shell),
        Command::Man { out } => pages::man(out.as_deref()),
        Command::Evaluate(what) => {
            Ok(if evaluate::run(&what.arguments)? { Exit::Done } else { Exit::Failed })
        }
        command => {
            let makes_store = matches!(command, Command::TakeIn(_));
            dispatch(command, &Session::begin(general, settings, makes_store)?)
        }
    }
}

fn dispatch(command: Command, session: &Session) -> Result<Exit> {
    match command {
        Command::TakeIn(what) => take_in::take_in(session, &what.targets),
        Command::Failures(what) if what.retry => take_in::retry(session),
        Command::Failures(_) => list::failures(session),
        Command::Picture(what) => picture::picture(session, &what),
        Command::Events(filter) => list::events(session, &filter),
        Command::Claims(filter) => list::claims(session, &filter),
        Command::Actors(filter) => list::actors(session, &filter),
        Command::Relations(filter) => list::relations(session, &filter),
        Command::Reports(filter) => list::reports(session, &filter),
        Command::Sources(length) => list::sources(session, length),
        Command::Copies(filter) => list::copies(session, &filter),
        Command::Disputes(length) => list::disputes(session, length),
        Command::Show(what) => show::show(session, &what),
        Command::Judge(what) => judge::judge(session, what),
        Command::Export(what) => export::export(session, &what),
        Command::Rebuild(what) => rebuild::rebuild(session, what.check),
        Command::Verify => verify::verify(session),
        Command::Config | Command::Completions { .. } | Command::Man { .. } | Command::Evaluate(_) => {
            Ok(Exit::Done)
        }
    }
}

/// What every command works with.
pub struct Session {
    /// Settings of this run.
    pub settings: Settings,
    /// The way in.
    pub pipeline: Pipeline,
    /// Whether the user wants to stop.
    pub interrupt: Interrupt,
    /// When the run began: the only clock.
    pub now: Timestamp,
    general: General,
}

impl Session {
    fn begin(general: General, settings: Settings, makes_store: bool) -> Result<Self> {
        let best = BestRule::from_word(&settings.policy.best).ok_or_else(|| {
            let message = format!("cannot use {} as policy.best", settings.policy.best);
            Problem::usage(message, "use weighed, conservative or recency")
        })?;
        let policy = Policy { best, ..Policy::default() };
        let marking = Marking::at(settings.marking);
        let threads = worker::threads(settings.threads);
        let interrupt = Interrupt::listen()?;
        let store = open(&settings.store, makes_store)?;
        let pipeline =
            Pipeline::new(store, settings.reader.reader(), policy, marking, &settings.user, threads);
        Ok(Self { settings, pipeline, interrupt, now: Timestamp::now(), general })
    }

    /// Opens what the user may see, as of when the user asks.
    pub fn view(&self) -> Result<View> {
        View::open(&self.pipeline, &Clearance::up_to(self.settings.clearance), self.general.as_of)
    }

    /// Refuses to change anything in the light of a past or partial picture.
    pub fn changes(&self) -> Result<()> {
        if self.general.as_of.is_some() {
            return Err(
                Problem::usage("cannot change anything as of an earlier time", "leave out --as-of").into()
            );
        }
        Ok(())
    }

    /// Whether nothing but the answer is wanted.
    pub fn is_quiet(&self) -> bool {
        self.general.quiet
    }

    /// Writes an answer, in the form that is asked for.
    pub fn answer<T: Render + Serialize>(&self, answer: &T) -> Result<Exit> {
        let text = if self.general.json {
            serde_json::to_string_pretty(answer).context("cannot write the answer as JSON")? + "\n"
        } else {
            let mut page = Page::new(render::width());
            answer.render(&mut page);
            page.finish()
        };
        say(&text)?;
        Ok(Exit::Done)
    }
}

/// Writes to standard output, without colour where nobody would see it. Whoever stops listening has
/// heard enough.
pub fn say(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("cannot write to standard output"),
    }
}

fn layers(general: &General) -> Layers {
    let mut arguments = general.set.clone();
    let mut given =
        |key: &str, value: Option<String>| arguments.extend(value.map(|value| (key.to_owned(), value)));
    let word = |level: headwater_domain::marking::Level| level.to_string();
    given("store", general.store.clone());
    given("marking", general.marking.map(word));
    given("clearance", general.clearance.map(word));
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Layers { file: general.config.clone(), environment, arguments }
}
