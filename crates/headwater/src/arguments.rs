//! Arguments: what can be asked of the program? Parser, help, completions and man page come from here.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use headwater_domain::kind::{EventStatus, Family};
use headwater_domain::marking::Level;
use headwater_domain::reading::{SourceKind, SpeechActKind, Stance};
use headwater_domain::report::Reliability;
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;

/// Reads reports on political violence and builds a picture that can be checked: events, claims,
/// voices and relations, each value with the passage it comes from.
#[derive(Debug, Parser)]
#[command(name = "headwater", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub general: General,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "Exit codes: 0 done, 1 failed, 2 the arguments or the configuration cannot be understood, \
3 done but some things could not be taken in, 4 no such thing (or it may not be seen), 5 the store does not hold \
what it should, 130 interrupted.";

/// What holds for every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct General {
    /// Where everything is kept: a path, sqlite:PATH, or memory: for a store forgotten at the end
    #[arg(long, global = true, value_name = "URL")]
    pub store: Option<String>,
    /// Read this configuration file instead of the usual one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Set a key of the configuration, such as limits.ratio_max=500
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Mark what is taken in: clear, green, amber, amber+strict or red
    #[arg(long, global = true, value_name = "LEVEL")]
    pub marking: Option<Level>,
    /// Show only what is marked no stricter than this, and derive the picture from nothing else
    #[arg(long, global = true, value_name = "LEVEL")]
    pub clearance: Option<Level>,
    /// Show the picture as it was at this time, such as 2024-03-28 or 2024-03-28T12:00:00Z
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but the answer
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more about the work on standard error; twice for everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take in files, folders, archives, feeds and pages
    TakeIn(TakeIn),
    /// Show the overview: what is known, from whom, and what does not go together
    Picture(PictureRows),
    /// List events
    Events(EventFilter),
    /// List what is said, and by whom
    Claims(ClaimFilter),
    /// List who is mentioned
    Actors(TextFilter),
    /// List how actors stand to one another
    Relations(RelationFilter),
    /// List reports
    Reports(ReportFilter),
    /// List outlets and agencies with their grades
    Sources(Length),
    /// List which report derives from which
    Copies(CopyFilter),
    /// List what does not go together
    Disputes(Length),
    /// Show anything by its id, with the passages behind every value
    Show(Show),
    /// Decide something, and say why
    #[command(subcommand)]
    Judge(Judge),
    /// Write the picture to a file
    Export(Export),
    /// Derive the picture again from what was kept
    Rebuild(Rebuild),
    /// Check that the store holds what it should
    Verify,
    /// Measure the program on annotated reports
    Evaluate(Evaluate),
    /// List what could not be taken in
    Failures(Failures),
    /// Print the configuration with every key, its unit and its default
    Config,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// Write a page for every command into this folder
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

/// What to take in.
#[derive(Debug, Args)]
pub struct TakeIn {
    /// Files, folders, archives, feeds or addresses; - for standard input
    #[arg(required = true, value_name = "PATH|URL")]
    pub targets: Vec<String>,
}

/// How much of the overview.
#[derive(Debug, Args)]
pub struct PictureRows {
    /// Show at most so many rows a section
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub rows: usize,
    /// Show all rows
    #[arg(long, conflicts_with = "rows")]
    pub all: bool,
}

/// How much of a list.
#[derive(Debug, Clone, Copy, Args)]
pub struct Length {
    /// List at most so many; 0 for all
    #[arg(long, short = 'n', default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// Leave out so many first
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub skip: usize,
}

/// Which events.
#[derive(Debug, Args)]
pub struct EventFilter {
    /// Only with these words in title, actors or place
    pub text: Option<String>,
    /// Only of this family: violence, protest, coercion, threat, mobilization, cooperation, talk
    #[arg(long, value_parser = family)]
    pub family: Option<Family>,
    /// Only with this status: happened, alleged, denied, planned, foiled, threatened, hypothetical
    /// or historical-background
    #[arg(long, value_parser = status)]
    pub status: Option<EventStatus>,
    /// Only in this country (ISO 3166-1 alpha-3)
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
    /// Only at a place of this name
    #[arg(long)]
    pub place: Option<String>,
    /// Only with this actor on either side, by id
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Only those told by this report, by id
    #[arg(long, value_name = "ID")]
    pub report: Option<String>,
    /// Only if it may have been on or after this day
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// Only if it may have been on or before this day
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// Only with at least so many independent origins
    #[arg(long, value_name = "N")]
    pub origins: Option<u32>,
    /// Only with conflicts
    #[arg(long)]
    pub disputed: bool,
    /// Only what some report exists to tell of
    #[arg(long)]
    pub main: bool,
    /// What is told by most reports first
    #[arg(long)]
    pub most_reported: bool,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// Which claims.
#[derive(Debug, Args)]
pub struct ClaimFilter {
    /// Only of this report, by id
    #[arg(long, value_name = "ID")]
    pub report: Option<String>,
    /// Only what this actor says, by id
    #[arg(long, value_name = "ID")]
    pub speaker: Option<String>,
    /// Only by speakers of this kind: named-person, named-organisation, official, unnamed, media,
    /// document, author
    #[arg(long, value_parser = source_kind)]
    pub by: Option<SourceKind>,
    /// Only with this stance: asserts, denies, claims-responsibility, accuses, predicts, speculates,
    /// demands, promises
    #[arg(long, value_parser = stance)]
    pub stance: Option<Stance>,
    /// Only this act: claims-responsibility, denies, accuses, threatens, promises and so on
    #[arg(long, value_parser = act)]
    pub act: Option<SpeechActKind>,
    /// Only of this sort
    #[arg(long)]
    pub is: Option<Sort>,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// What a saying is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// That something happened.
    Event,
    /// How two actors stand to one another.
    Relation,
    /// A promise, a denial, a threat and the like.
    SpeechAct,
    /// A judgement of what things mean.
    Assessment,
    /// What may come.
    Outlook,
    /// Anything else.
    Statement,
}

impl Sort {
    /// The word that the domain uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Relation => "relation",
            Self::SpeechAct => "speech-act",
            Self::Assessment => "assessment",
            Self::Outlook => "outlook",
            Self::Statement => "statement",
        }
    }
}

/// Which actors.
#[derive(Debug, Args)]
pub struct TextFilter {
    /// Only with these words in a name
    pub text: Option<String>,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// Which relations.
#[derive(Debug, Args)]
pub struct RelationFilter {
    /// Only of this actor, by id
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// Which reports.
#[derive(Debug, Args)]
pub struct ReportFilter {
    /// Only with these words in title or text
    pub words: Option<String>,
    /// Only of this source, by name or id
    #[arg(long, value_name = "NAME|ID")]
    pub source: Option<String>,
    /// Only published on or after this day
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// Only published on or before this day
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// Which copies.
#[derive(Debug, Args)]
pub struct CopyFilter {
    /// Only of this report, by id
    #[arg(long, value_name = "ID")]
    pub report: Option<String>,
    /// How many.
    #[command(flatten)]
    pub length: Length,
}

/// What to show.
#[derive(Debug, Args)]
pub struct Show {
    /// An id, or the beginning of one
    pub id: String,
    /// The whole text of a report
    #[arg(long)]
    pub text: bool,
    /// An earlier version of a report
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
}

/// Why something is decided.
#[derive(Debug, Args)]
pub struct Because {
    /// Why
    #[arg(long, value_name = "REASON")]
    pub because: String,
}

/// What to decide.
#[derive(Debug, Subcommand)]
pub enum Judge {
    /// A claim is read rightly and counts
    Accept {
        /// The claim
        claim: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// A claim is read wrongly, or does not count
    Reject {
        /// The claim
        claim: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// Two events, or two actors, are one; actors go by the first
    Same {
        /// An event or an actor
        first: String,
        /// Another
        second: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// Two events, or two actors, are two
    NotSame {
        /// An event or an actor
        first: String,
        /// Another
        second: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// How reliable a source is
    Rate {
        /// The source, by name or id
        source: String,
        /// From A, completely reliable, to E, unreliable; F where there is nothing to judge by
        #[arg(value_parser = reliability)]
        grade: Reliability,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// A source belongs to another: the two are one family
    Belongs {
        /// The source, by name or id
        source: String,
        /// The source that it belongs to, by name or id
        to: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// Take a judgement back
    Withdraw {
        /// The judgement
        judgement: String,
        /// Why.
        #[command(flatten)]
        because: Because,
    },
    /// List all judgements
    List,
}

/// What to write where.
#[derive(Debug, Args)]
pub struct Export {
    /// In which form
    #[arg(long = "as", value_name = "FORM")]
    pub form: Form,
    /// Where to; - for standard output
    #[arg(long, value_name = "FILE")]
    pub out: String,
}

/// Forms of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// One line a report with its events, claims and relations, and one for what crosses reports
    Picture,
    /// One line an event, with all its tellings and the passages
    Jsonl,
    /// One row an event, in ACLED's manner
    Csv,
    /// Events on the map, RFC 7946
    Geojson,
}

/// How to rebuild.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Only check that deriving again, in other orders too, gives the same picture
    #[arg(long)]
    pub check: bool,
}

/// What to measure; passed on as it is.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct Evaluate {
    /// Arguments of the measurement
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// What to do with failures.
#[derive(Debug, Args)]
pub struct Failures {
    /// Try to take them in again
    #[arg(long)]
    pub retry: bool,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// A moment, or the end of a day in UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day = text.parse::<Date>().map_err(|_| "expected a day or a moment such as 2024-03-28T12:00:00Z")?;
    let end = day.to_datetime(jiff::civil::time(23, 59, 59, 999_999_999));
    end.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
}

fn one_of<T: Copy + std::fmt::Display>(all: &[T], found: Option<T>) -> Result<T, String> {
    let words = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("expected one of {words}"))
}

fn family(text: &str) -> Result<Family, String> {
    one_of(Family::ALL, Family::from_word(text))
}

fn status(text: &str) -> Result<EventStatus, String> {
    one_of(EventStatus::ALL, EventStatus::from_word(text))
}

fn source_kind(text: &str) -> Result<SourceKind, String> {
    one_of(SourceKind::ALL, SourceKind::from_word(text))
}

fn stance(text: &str) -> Result<Stance, String> {
    one_of(Stance::ALL, Stance::from_word(text))
}

fn act(text: &str) -> Result<SpeechActKind, String> {
    one_of(SpeechActKind::ALL, SpeechActKind::from_word(text))
}

fn reliability(text: &str) -> Result<Reliability, String> {
    Reliability::from_letter(text).ok_or_else(|| "expected a letter from A to F".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_day_means_its_end() {
        assert_eq!(moment("2024-03-28").unwrap().to_string(), "2024-03-28T23:59:59.999999999Z");
        assert!(moment("yesterday").is_err());
    }
}
