//! Configuration: defaults, file, environment, command line, in this order, parsed once.

use crate::exit::Problem;
use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;
use headwater_domain::marking::Level;
use headwater_intake::Limits;
use headwater_reader::Reader;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::{Table, Value};

/// Every key with its default and what it means; compiled in, so that it cannot be missing.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Variables that begin like keys and are none.
const NOT_KEYS: [&str; 2] = ["HEADWATER_CONFIG", "HEADWATER_LOG"];

/// The settings of a run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where everything is kept; empty for the usual place.
    pub store: String,
    /// Who takes in and judges; empty for the login name.
    pub user: String,
    /// What intake marks reports with.
    #[serde(deserialize_with = "level")]
    pub marking: Level,
    /// The strictest marking shown.
    #[serde(deserialize_with = "level")]
    pub clearance: Level,
    /// How many reports are read at once; 0 for one a processor.
    pub threads: usize,
    /// How reports are read.
    pub reader: ReaderChoice,
    /// How beliefs are formed.
    pub policy: PolicySettings,
    /// What a stranger may cost.
    #[serde(deserialize_with = "limits")]
    pub limits: Limits,
}

/// How reports are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ReaderChoice {
    /// By rules, lexicons and the tagger.
    Tagged,
    /// By rules and lexicons alone.
    Rules,
}

impl ReaderChoice {
    /// The reader.
    pub fn reader(self) -> Reader {
        match self {
            Self::Tagged => Reader::new(),
            Self::Rules => Reader::by_rules(),
        }
    }

    /// The value as the configuration writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tagged => "tagged",
            Self::Rules => "rules",
        }
    }
}

/// What of the policy can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySettings {
    /// Which of several values is best: `weighed`, `conservative` or `recency`.
    pub best: String,
}

/// Where settings come from, besides the defaults.
#[derive(Debug, Default)]
pub struct Layers {
    /// A configuration file that must exist; otherwise the usual one is read if it does.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// `key=value` pairs of the command line.
    pub arguments: Vec<(String, String)>,
}

impl Settings {
    /// Reads all layers.
    pub fn load(layers: &Layers) -> Result<Self> {
        let mut table: Table = DEFAULTS.parse().expect("config.default.toml is tested to be TOML");
        let keys = keys_of(&table);
        let named =
            layers.file.clone().or_else(|| layers.environment.get("HEADWATER_CONFIG").map(PathBuf::from));
        if let Some((path, file)) = read_file(named.as_deref())? {
            let shown = path.display().to_string();
            for (key, value) in flatten(&file) {
                set(&mut table, &keys, &key, value, &shown)?;
            }
        }
        for (key, text) in environment_keys(&layers.environment, &keys)? {
            set_text(&mut table, &keys, &key, &text, "the environment")?;
        }
        for (key, text) in &layers.arguments {
            set_text(&mut table, &keys, key, text, "the command line")?;
        }
        let mut settings: Self = table.try_into().map_err(|error: toml::de::Error| {
            Problem::usage(
                format!("cannot use the configuration: {}", error.message()),
                "`headwater config` prints every key with its meaning",
            )
        })?;
        if settings.user.is_empty() {
            let login = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| layers.environment.get(*name));
            settings.user = login.cloned().unwrap_or_else(|| "unknown".to_owned());
        }
        Ok(settings)
    }
}

/// The file in which everything is kept unless another is named.
pub fn usual_store() -> Result<PathBuf> {
    let folders = etcetera::choose_base_strategy().context("cannot find your data folder")?;
    Ok(folders.data_dir().join("headwater").join("headwater.sqlite"))
}

fn read_file(named: Option<&Path>) -> Result<Option<(PathBuf, Table)>> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match etcetera::choose_base_strategy() {
            Ok(folders) => folders.config_dir().join("headwater").join("config.toml"),
            Err(_) => return Ok(None),
        },
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let message = format!("cannot read the configuration file {}", path.display());
            return Err(Problem::usage(message, "check the path given with --config")
                .caused_by(error)
                .into());
        }
    };
    let table = text.parse().map_err(|error: toml::de::Error| {
        let message = format!("cannot read {} as TOML: {}", path.display(), error.message());
        Problem::usage(message, "`headwater config` prints an example")
    })?;
    Ok(Some((path, table)))
}

/// All keys with a dot between the levels: `limits.ratio_max`.
fn keys_of(table: &Table) -> Vec<String> {
    flatten(table).into_iter().map(|(key, _)| key).collect()
}

fn flatten(table: &Table) -> Vec<(String, Value)> {
    let mut flat = Vec::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => {
                flat.extend(flatten(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value)));
            }
            _ => flat.push((key.clone(), value.clone())),
        }
    }
    flat
}

fn environment_keys(
    environment: &BTreeMap<String, String>,
    keys: &[String],
) -> Result<Vec<(String, String)>> {
    let variable = |key: &str| format!("HEADWATER_{}", key.replace('.', "_").to_uppercase());
    let mut found = Vec::new();
    for (name, text) in environment.iter().filter(|(name, _)| name.starts_with("HEADWATER_")) {
        if NOT_KEYS.contains(&name.as_str()) {
            continue;
        }
        match keys.iter().find(|key| &variable(key) == name) {
            Some(key) => found.push((key.clone(), text.clone())),
            None => {
                let nearest = nearest(keys.iter().map(|key| variable(key)), name);
                let message = format!("cannot use the environment variable {name}: there is no such key");
                return Err(Problem::usage(message, format!("did you mean {nearest}?")).into());
            }
        }
    }
    Ok(found)
}

fn nearest(known: impl Iterator<Item = String>, given: &str) -> String {
    known.min_by_key(|key| strsim::damerau_levenshtein(key, given)).unwrap_or_default()
}

fn set_text(table: &mut Table, keys: &[String], key: &str, text: &str, from: &str) -> Result<()> {
    // A value that is no TOML by itself (a path, a word) is a string.
    let value = format!("value = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut parsed| parsed.remove("value"))
        .filter(|value| matches!(value, Value::Integer(_) | Value::Boolean(_) | Value::Float(_)))
        .unwrap_or_else(|| Value::String(text.to_owned()));
    set(table, keys, key, value, from)
}

fn set(table: &mut Table, keys: &[String], key: &str, value: Value, from: &str) -> Result<()> {
    if !keys.iter().any(|known| known == key) {
        let message = format!("cannot use the key {key} of {from}: there is no such key");
        let hint = format!("did you mean {}?", nearest(keys.iter().cloned(), key));
        return Err(Problem::usage(message, hint).into());
    }
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            if let Some(Value::Table(inner)) = table.get_mut(section) {
                inner.insert(rest.to_owned(), value);
            }
        }
    }
    Ok(())
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn limits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limits, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Keys {
        report_bytes_max: u64,
        expanded_bytes_max: u64,
        nested_archive_bytes_max: u64,
        ratio_max: u64,
        archive_entries_max: u64,
        nesting_max: usize,
        document_time_max: u64,
        http_time_max: u64,
        redirects_max: u32,
        allow_private_addresses: bool,
    }
    let keys = Keys::deserialize(deserializer)?;
    Ok(Limits {
        report_bytes_max: keys.report_bytes_max,
        expanded_bytes_max: keys.expanded_bytes_max,
        nested_archive_bytes_max: keys.nested_archive_bytes_max,
        ratio_max: keys.ratio_max,
        archive_entries_max: keys.archive_entries_max,
        nesting_max: keys.nesting_max,
        document_time_max: Duration::from_secs(keys.document_time_max),
        http_time_max: Duration::from_secs(keys.http_time_max),
        redirects_max: keys.redirects_max,
        allow_private_addresses: keys.allow_private_addresses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::{Exit, exit_of, explain};

    fn layers(
        file: &str,
        environment: &[(&str, &str)],
        arguments: &[(&str, &str)],
    ) -> (tempfile::TempDir, Layers) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, file).unwrap();
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        let layers = Layers {
            file: Some(path),
            environment: own(environment).into_iter().collect(),
            arguments: own(arguments),
        };
        (folder, layers)
    }

    #[test]
    fn the_defaults_are_the_limits_that_intake_documents() {
        let (_folder, layers) = layers("", &[], &[]);
        assert_eq!(Settings::load(&layers).unwrap().limits, Limits::default());
    }

    #[test]
    fn the_command_line_beats_the_environment_and_the_environment_the_file() {
        let file = "marking = \"green\"\nclearance = \"green\"\nthreads = 3\n";
        let environment = [("HEADWATER_CLEARANCE", "clear"), ("HEADWATER_THREADS", "4")];
        let (_folder, layers) = layers(file, &environment, &[("threads", "5")]);
        let settings = Settings::load(&layers).unwrap();
        assert_eq!((settings.marking, settings.clearance, settings.threads), (Level::Green, Level::Clear, 5));
    }

    #[test]
    fn an_unknown_key_names_the_nearest_known_one() {
        for (file, environment, hint) in [
            ("[limits]\nratio_maxx = 3\n", None, "hint: did you mean limits.ratio_max?"),
            ("", Some(("HEADWATER_STROE", "x")), "hint: did you mean HEADWATER_STORE?"),
        ] {
            let (_folder, layers) = layers(file, environment.as_slice(), &[]);
            let error = Settings::load(&layers).unwrap_err();
            assert_eq!(exit_of(&error), Exit::Usage);
            assert!(explain(&error).contains(hint), "{}", explain(&error));
        }
    }

    #[test]
    fn a_value_of_the_wrong_sort_is_an_error() {
        let (_folder, layers) = layers("", &[("HEADWATER_MARKING", "purple")], &[]);
        assert_eq!(exit_of(&Settings::load(&layers).unwrap_err()), Exit::Usage);
    }
}
