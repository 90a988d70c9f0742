//! `evaluate`: how good is it, on annotated reports, by each benchmark's own scorer?
//!
//! Each task is a row of [`tasks`]: which gold file, which predictor, which call of the scorer, and
//! which of the scorer's figures are shown, kept and held to a floor.

use crate::config::ReaderChoice;
use anyhow::{Context as _, Result, bail};
use clap::Parser;
use headwater_evaluate as adapters;
use headwater_reader::Reader;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Measures the program on annotated reports, with each benchmark's own scorer.
#[derive(Debug, Parser)]
#[command(name = "headwater evaluate")]
struct Arguments {
    /// Benchmarks or tasks, such as reading or geoparsing/lgl; all if none is named
    names: Vec<String>,
    /// Folder of the benchmarks
    #[arg(long, default_value = "../shared/benchmarks", value_name = "FOLDER")]
    benchmarks: PathBuf,
    /// Use this gold file (for picture-sample a folder) in place of the task's own
    #[arg(long, value_name = "FILE")]
    gold: Option<PathBuf>,
    /// For intake: the folder of pages that the gold file names
    #[arg(long, value_name = "FOLDER")]
    pages: Option<PathBuf>,
    /// Leave the predictions here
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How reports are read; if not said, readings are made with the tagger and pictures as by default
    #[arg(long, value_enum)]
    reader: Option<ReaderChoice>,
    /// Also run the tasks on test splits: for final figures only
    #[arg(long)]
    test: bool,
    /// Print all that the scorers print
    #[arg(long)]
    full: bool,
    /// Write the table into this Markdown file, between its markers
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Fail where a figure is below its floor in this file
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
}

/// What a task works on.
struct Work<'a> {
    gold: &'a Path,
    out: &'a Path,
    folder: &'a Path,
    pages: Option<&'a Path>,
    reader: ReaderChoice,
}

type Predictor = fn(&Work<'_>) -> Result<()>;
type LinePredictor = fn(Reader, &mut dyn BufRead, &mut dyn Write) -> Result<()>;

/// How a task's predictions are made.
enum Predict {
    /// From the lines of the gold file.
    Lines(LinePredictor),
    /// In any other way.
    Whole(Predictor),
    /// Not at all yet, and why.
    NotYet(&'static str),
}

/// A figure in what a scorer prints.
struct Figure {
    label: &'static str,
    /// Finds the figure; its first group is the number.
    pattern: &'static str,
    /// What others reach, as published or computed by the benchmark.
    others: &'static str,
    /// Whether smaller is better; such figures have no floor.
    lower_is_better: bool,
}

/// One run of a benchmark.
struct Task {
    /// `benchmark/part`.
    name: &'static str,
    /// Gold file, inside the folder of benchmarks.
    gold: &'static str,
    /// Whether it is a test split.
    test: bool,
    predict: Predict,
    /// Calls of the scorer; `{gold}` and `{out}` stand for the files, `{folder}` for the gold's folder.
    scorers: &'static [&'static [&'static str]],
    figures: Vec<Figure>,
}

fn figure(label: &'static str, pattern: &'static str, others: &'static str) -> Figure {
    Figure { label, pattern, others, lower_is_better: false }
}

fn lower(label: &'static str, pattern: &'static str, others: &'static str) -> Figure {
    Figure { label, pattern, others, lower_is_better: true }
}

#[expect(clippy::too_many_lines, reason = "a table with a row a task reads best in one piece")]
fn tasks() -> Vec<Task> {
    use Predict::{Lines, NotYet, Whole};
    let mut tasks = vec![
        Task {
            name: "samples",
            // The samples lie in the repository, not among the benchmarks.
            gold: "@samples/expected.toml",
            test: false,
            predict: Whole(samples),
            scorers: &[],
            figures: vec![
                figure("events found", r"events found ([\d.]+)", ""),
                figure("reports joined", r"reports joined ([\d.]+)", ""),
                figure("toll right", r"toll right ([\d.]+)", ""),
                figure("origins right", r"origins right ([\d.]+)", ""),
                figure("kept apart", r"kept apart ([\d.]+)", ""),
                figure("copies found", r"copies found ([\d.]+)", ""),
                figure("hard negatives quiet", r"hard negatives quiet ([\d.]+)", ""),
            ],
        },
        Task {
            name: "picture-sample",
            gold: "picture-sample/docs.jsonl",
            test: false,
            predict: Whole(picture),
            scorers: &[&["picture-sample/score.py", "--gold", "{folder}", "--pred", "{out}"]],
            figures: vec![
                figure("events F1", r"(?ms)^events\n.*?\bf1\s+([\d.]+)", "keyword list .45"),
                figure("killed exact", r"killed exact\s+([\d.]+)", ""),
                figure("status", r"status\s+([\d.]+)\s+\(n", ""),
                lower(
                    "false events per hard negative",
                    r"false events per document\s+([\d.]+)",
                    "keyword list 2.3",
                ),
                figure("claims, content F1", r"(?s)claims: content\n.*?f1\s+([\d.]+)", ""),
                figure("claims with source F1", r"(?s)claims: content and source\n.*?f1\s+([\d.]+)", ""),
                figure(
                    "event identity, CoNLL",
                    r"(?s)event identity, end to end\n.*?CoNLL F1\s+([\d.]+)",
                    "",
                ),
                figure("copies F1", r"(?ms)^copies\n.*?f1\s+([\d.]+)", ""),
            ],
        },
        Task {
            name: "reading/dev",
            gold: "reading/dev.jsonl",
            test: false,
            predict: Lines(|reader, gold, out| adapters::reading::predict(reader, gold, out)),
            scorers: &[&["reading/score.py", "{gold}", "{out}"]],
            figures: reading_figures(),
        },
        Task {
            name: "reading/train",
            gold: "reading/train.jsonl",
            test: false,
            predict: Lines(|reader, gold, out| adapters::reading::predict(reader, gold, out)),
            scorers: &[&["reading/score.py", "{gold}", "{out}"]],
            figures: reading_figures(),
        },
        Task {
            name: "isaf",
            gold: "isaf/dev.jsonl",
            test: false,
            predict: Lines(|reader, gold, out| adapters::isaf::predict(reader, gold, out)),
            scorers: &[&["isaf/score.py", "{gold}", "{out}"]],
            figures: vec![
                figure("date", r"start_date\s+([\d.]+)", "most frequent .403"),
                figure("province", r"province\s+([\d.]+)", "most frequent .180"),
                figure("group", r"target_group\s+([\d.]+)", "most frequent .564"),
                figure("killed", r"min_killed\s+([\d.]+)", "most frequent .727"),
                figure("captured", r"min_captured\s+([\d.]+)", "most frequent .340"),
                figure("air strike", r"airstrike\s+([\d.]+)", "most frequent .959"),
                figure("first five", r"all but last\s+([\d.]+)", "most frequent .025"),
            ],
        },
        Task {
            name: "intake",
            gold: "intake/dev.jsonl",
            test: false,
            predict: Whole(intake),
            scorers: &[&["intake/score.py", "{gold}", "{out}"]],
            figures: vec![
                figure("passages F1", r"F1 ([\d.]+)", "trafilatura (Python) .927; crate .916"),
                figure("title", r"title\s+exact ([\d.]+)", "trafilatura (Python) .609"),
                figure("date", r"date\s+exact ([\d.]+)", "trafilatura (Python) .835"),
                figure("author", r"author\s+exact ([\d.]+)", ""),
            ],
        },
        Task {
            name: "attribution-polnear/dev",
            gold: "attribution-polnear/dev.jsonl",
            test: false,
            predict: Lines(|reader, gold, out| adapters::attributions::predict(reader, gold, out)),
            scorers: &[&["attribution-polnear/score.py", "{gold}", "{out}"]],
            figures: polnear_figures(),
        },
        Task {
            name: "attribution-polnear/test",
            gold: "attribution-polnear/test.jsonl",
            test: true,
            predict: Lines(|reader, gold, out| adapters::attributions::predict(reader, gold, out)),
            scorers: &[&["attribution-polnear/score.py", "{gold}", "{out}", "--all-annotators"]],
            figures: polnear_figures(),
        },
        Task {
            name: "dates-timelines/meantime",
            gold: "dates-timelines/meantime.jsonl",
            test: false,
            predict: Lines(|_, gold, out| adapters::dates::predict(gold, out)),
            scorers: &[&["dates-timelines/score.py", "timex", "{gold}", "{out}", "--split", "dev"]],
            figures: timex_figures(
                "patterns (all 120) 86.3",
                "patterns (all 120) 74.8",
                "patterns (all 120) 76.4",
            ),
        },
        Task {
            name: "dates-timelines/tempeval3",
            gold: "dates-timelines/tempeval3.jsonl",
            test: true,
            predict: Lines(|_, gold, out| adapters::dates::predict(gold, out)),
            scorers: &[&["dates-timelines/score.py", "timex", "{gold}", "{out}"]],
            figures: timex_figures("HeidelTime 90.3", "HeidelTime 81.3", "HeidelTime 77.6; UWTime 82.4"),
        },
        Task {
            name: "dates-timelines/timelines",
            gold: "dates-timelines/timelines.jsonl",
            test: false,
            predict: NotYet("an actor's timeline across reports comes with the workbench"),
            scorers: &[],
            figures: vec![],
        },
        Task {
            name: "event-coref/dev",
            gold: "event-coref/ecbplus_dev.jsonl.gz",
            test: false,
            predict: Lines(adapters::coreference::predict),
            scorers: &[&["event-coref/score_coref.py", "{gold}", "{out}"]],
            figures: coreference_figures(),
        },
        Task {
            name: "event-coref/test",
            gold: "event-coref/ecbplus_test.jsonl",
            test: true,
            predict: Lines(adapters::coreference::predict),
            scorers: &[&["event-coref/score_coref.py", "{gold}", "{out}"]],
            figures: coreference_figures(),
        },
        Task {
            name: "case2021",
            gold: "case2021/dev.jsonl",
            test: false,
            predict: Lines(adapters::plover::predict_case2021),
            scorers: &[&["case2021/score_case2021.py", "{gold}", "{out}"]],
            figures: vec![
                figure("weighted F1, 30 classes", r"weighted_f1\s+([\d.]+)", "best team 77.1"),
                figure("macro F1", r"macro_f1\s+([\d.]+)", ""),
            ],
        },
        Task {
            name: "plover",
            gold: "plover/gsr.jsonl",
            test: false,
            predict: Lines(adapters::plover::predict_gold_records),
            scorers: &[&["plover/score_plover.py", "gsr", "{gold}", "{out}"]],
            figures: vec![
                figure("event class", r"event\s+accuracy ([\d.]+)", "flat verb list 38.5"),
                figure("quad class", r"group_accuracy ([\d.]+)", "flat verb list 59.9"),
            ],
        },
        Task {
            name: "plover/petrarch",
            gold: "plover/petrarch_unit.jsonl",
            test: false,
            predict: NotYet("needs loadable dictionaries of an invented world"),
            scorers: &[],
            figures: vec![],
        },
    ];
    tasks.extend(muc4_tasks());
    tasks.extend(geoparsing_tasks());
    tasks.extend(factuality_tasks());
    tasks.extend(reuse_tasks());
    tasks.extend(names_tasks());
    tasks.extend(
        [
            ("stance-fnc", "stance of one report towards another's claim is not computed"),
            ("truth", "comes with cross-checking in depth"),
            ("forecast", "comes with watching"),
        ]
        .map(|(name, why)| Task {
            name,
            gold: "",
            test: false,
            predict: NotYet(why),
            scorers: &[],
            figures: vec![],
        }),
    );
    tasks
}

fn reading_figures() -> Vec<Figure> {
    vec![
        figure("mention F1", r"(?m)^mention\s+\S+\s+\S+\s+([\d.]+)", ""),
        figure("event F1", r"(?m)^event\s+\S+\s+\S+\s+([\d.]+)", "word list .317"),
        figure("event typed F1", r"(?m)^event, typed\s+\S+\s+\S+\s+([\d.]+)", "word list .313"),
        figure("argument F1", r"(?m)^argument\s+\S+\s+\S+\s+([\d.]+)", ""),
        figure("attribution F1", r"(?m)^attribution\s+\S+\s+\S+\s+([\d.]+)", "one pattern .295"),
        figure(
            "attribution sourced F1",
            r"(?m)^attribution, sourced\s+\S+\s+\S+\s+([\d.]+)",
            "one pattern .247",
        ),
        figure("relation F1", r"(?m)^relation\s+\S+\s+\S+\s+([\d.]+)", ""),
        figure("status right", r"(?m)^status\s+([\d.]+)", "word list .42"),
        figure("killed right", r"(?m)^killed\s+([\d.]+)", ""),
        figure("date right", r"(?m)^date\s+([\d.]+)", ""),
    ]
}

fn polnear_figures() -> Vec<Figure> {
    vec![
        figure(
            "exact source F1",
            r"exact\s+source.*?F1\s+([\d.]+)",
            "rules 10.7, CRF 50.6, BERT-CRF 82.2 (test)",
        ),
        figure("exact cue F1", r"exact\s+cue.*?F1\s+([\d.]+)", "rules 22.8, CRF 53.4, BERT-CRF 74.9 (test)"),
        figure(
            "exact content F1",
            r"exact\s+content.*?F1\s+([\d.]+)",
            "rules 5.6, CRF 28.6, BERT-CRF 71.0 (test)",
        ),
        figure(
            "content+source F1",
            r"content\+source\s+.*?F1\s+([\d.]+)",
            "plain rules 22.5 (dev); a second person 73",
        ),
    ]
}

fn timex_figures(relaxed: &'static str, strict: &'static str, value: &'static str) -> Vec<Figure> {
    vec![
        figure("relaxed F1", r"(?m)^relaxed:.*?f1 ([\d.]+)", relaxed),
        figure("strict F1", r"(?m)^strict:.*?f1 ([\d.]+)", strict),
        figure("value F1", r"(?m)^value:.*?f1 ([\d.]+)", value),
    ]
}

fn coreference_figures() -> Vec<Figure> {
    vec![
        figure("CoNLL F1", r"conll\s+F1\s+([\d.]+)", "same head 62.1; best 86.7 (test)"),
        figure("LEA F1", r"lea\s.*?F1\s+([\d.]+)", "same head 43.4; best 79.3 (test)"),
    ]
}

fn muc4_tasks() -> Vec<Task> {
    let task = |name, gold, test| Task {
        name,
        gold,
        test,
        predict: Predict::Lines(adapters::muc4::predict),
        scorers: &[
            &["muc4/score_muc4.py", "{gold}", "{out}"],
            &["muc4/score_muc4_slots.py", "{gold}", "{out}"],
        ],
        figures: vec![
            figure(
                "template score F1",
                r"(?s)\ntemplate\n.*?micro_avg\s+P\s+\S+\s+R\s+\S+\s+F1\s+([\d.]+)",
                "perceptron 34.9, GTT 50.2, GE 1992 54.3 (test)",
            ),
            figure(
                "CEAF-REE F1",
                r"(?ms)^ree\n.*?micro_avg\s+P\s+\S+\s+R\s+\S+\s+F1\s+([\d.]+)",
                "perceptron 38.9, GTT 56.0, GE 1992 52.3 (test)",
            ),
            figure(
                "all slots F",
                r"all templates\s+P\s+\S+\s+R\s+\S+\s+F1\s+([\d.]+)",
                "GE 1992 56.6 (test)",
            ),
            figure(
                "relevant documents F",
                r"relevant documents\s+P\s+\S+\s+R\s+\S+\s+F1\s+([\d.]+)",
                "GE 1992 89.5 (test)",
            ),
        ],
    };
    vec![
        task("muc4/dev", "muc4/dev.jsonl", false),
        task("muc4/train", "muc4/train.jsonl", false),
        task("muc4/test", "muc4/test.jsonl", true),
    ]
}

fn geoparsing_tasks() -> Vec<Task> {
    const END_TO_END: &[&[&str]] = &[&["geoparsing/score.py", "{gold}", "--pred", "{out}", "--split", "dev"]];
    const GIVEN: &[&[&str]] =
        &[&["geoparsing/score.py", "{gold}", "--pred", "{out}", "--split", "dev", "--given-spans"]];
    let rows = [
        ("lgl", "geoparsing/lgl.jsonl", "CLAVIN 41.9, Spotlight 49.4, Yahoo! 50.9", "voting 77.3"),
        ("trnews", "geoparsing/trnews.jsonl", "CLAVIN 54.9, CamCoder 62.4", "voting 71.6"),
        ("gwn", "geoparsing/gwn.jsonl", "CamCoder 56.0, Edinburgh 56.6", "voting 67.4"),
        ("geovirus", "geoparsing/geovirus.jsonl", "CLAVIN 60.1, CamCoder 67.5", "voting 82.1"),
    ];
    let names = [
        ("geoparsing/lgl", "geoparsing/lgl-given"),
        ("geoparsing/trnews", "geoparsing/trnews-given"),
        ("geoparsing/gwn", "geoparsing/gwn-given"),
        ("geoparsing/geovirus", "geoparsing/geovirus-given"),
    ];
    let mut tasks = Vec::new();
    for ((_, gold, whole, given), (name, name_given)) in rows.into_iter().zip(names) {
        tasks.push(Task {
            name,
            gold,
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::places::predict(gold, out)),
            scorers: END_TO_END,
            figures: vec![
                figure("found (overlap) F1", r"detection overlap\D.*?f1\D+([\d.]+)", ""),
                figure("found and placed F1", r"end-to-end within 161 km\D.*?f1\D+([\d.]+)", whole),
            ],
        });
        tasks.push(Task {
            name: name_given,
            gold,
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::places::predict_given_spans(gold, out)),
            scorers: GIVEN,
            figures: vec![figure("placed within 161 km", r"acc161\D+([\d.]+)", given)],
        });
    }
    tasks
}

fn factuality_tasks() -> Vec<Task> {
    let rows = [
        ("factuality/uw", "factuality/uw.dev.jsonl", "graph network on BERT .83 (test)"),
        ("factuality/meantime", "factuality/meantime.dev.jsonl", "graph network on BERT .45 (test)"),
        ("factuality/uds-ih2", "factuality/uds-ih2.dev.jsonl", "graph network on BERT .91 (test)"),
        ("factuality/commitmentbank", "factuality/commitmentbank.dev.jsonl", ""),
    ];
    rows.into_iter()
        .map(|(name, gold, others)| Task {
            name,
            gold,
            test: false,
            predict: Predict::Lines(|reader, gold, out| adapters::factuality::predict(reader, gold, out)),
            scorers: &[&["factuality/score.py", "{gold}", "{out}"]],
            figures: vec![
                figure("Pearson r", r"\br (-?[\d.]+|nan)", others),
                lower("mean absolute error", r"mae ([\d.]+)", ""),
                figure("macro F1, three classes", r"macro_f1_3 ([\d.]+)", ""),
            ],
        })
        .collect()
}

fn reuse_tasks() -> Vec<Task> {
    let gold = "news-reuse/docs.jsonl";
    vec![
        Task {
            name: "news-reuse/pairs",
            gold,
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::reuse::predict_pairs(gold, out)),
            scorers: &[&["news-reuse/score.py", "pairs", "{out}", "--split", "dev"]],
            figures: vec![
                figure(
                    "near-duplicates, average precision",
                    r"near-duplicate.*?ap ([\d.]+)",
                    "5-word containment 97.2 (test)",
                ),
                figure(
                    "half copied, average precision",
                    r"half copied.*?ap ([\d.]+)",
                    "5-word containment 96.0 (test)",
                ),
                figure(
                    "prose reused, average precision",
                    r"prose reused.*?ap ([\d.]+)",
                    "8-word containment 80.3 (test)",
                ),
            ],
        },
        Task {
            name: "news-reuse/judged",
            gold,
            test: false,
            predict: Predict::Whole(judged),
            scorers: &[&["news-reuse/score.py", "judged", "{out}"]],
            figures: vec![
                figure("five labels, accuracy", r"five labels:.*?accuracy ([\d.]+)", ""),
                figure("reused or not, F1", r"reused text or not:.*?f1 ([\d.]+)", ""),
                figure("ranking, AUC", r"auc ([\d.]+)", "exact prose coverage .95"),
            ],
        },
        Task {
            name: "news-reuse/copies",
            gold,
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::reuse::predict_copies(gold, out)),
            scorers: &[&["news-reuse/score.py", "copies", "{out}", "--split", "dev"]],
            figures: vec![figure(
                "copies, B-cubed F1",
                r"copies.*?f1 ([\d.]+)",
                "5-word containment 99.5 (test)",
            )],
        },
        Task {
            name: "news-reuse/stories",
            gold,
            test: false,
            predict: Predict::NotYet("reports are grouped by event, not by story"),
            scorers: &[],
            figures: vec![],
        },
    ]
}

fn names_tasks() -> Vec<Task> {
    let search = |name, gold, scorers, others| Task {
        name,
        gold,
        test: false,
        predict: Predict::Whole(search_names),
        scorers,
        figures: vec![figure("linking without opaque, F1", r"linking without opaque:.*?f1 ([\d.]+)", others)],
    };
    vec![
        Task {
            name: "names/pairs",
            gold: "names/pairs.jsonl",
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::names::predict_pairs(gold, out)),
            scorers: &[&["names/score.py", "pairs", "{out}"]],
            figures: vec![
                figure("F1 at 0.7", r"all at 0\.7:.*?f1 ([\d.]+)", "OpenSanctions logic-v2 79.4"),
                figure("AUC", r"auc ([\d.]+)", "OpenSanctions logic-v2 .867"),
            ],
        },
        search(
            "names/armed-groups",
            "names/armed-groups.queries.jsonl",
            &[&["names/score.py", "search", "{gold}", "{out}", "--split", "dev"]],
            "trigrams and initials 55.8 (all)",
        ),
        search(
            "names/threat-actors",
            "names/threat-actors.queries.jsonl",
            &[&["names/score.py", "search", "{gold}", "{out}", "--split", "dev"]],
            "trigrams and initials 29.2 (all)",
        ),
        search(
            "names/un-persons",
            "names/un-persons.queries.jsonl",
            &[&["names/score.py", "search", "{gold}", "{out}", "--split", "dev"]],
            "trigrams and initials 99.3 (all)",
        ),
        Task {
            name: "names/transliteration",
            gold: "names/transliteration.jsonl",
            test: false,
            predict: Predict::Lines(|_, gold, out| adapters::names::predict_transliteration(gold, out)),
            scorers: &[&["names/score.py", "translit", "{out}", "--split", "dev"]],
            figures: vec![
                figure("Arabic, hit@1", r"(?m)^arabic:.*?hit1 ([\d.]+)", "plain table 70.6 (all)"),
                figure("Cyrillic, hit@1", r"(?m)^russian:.*?hit1 ([\d.]+)", "plain table 86.0 (all)"),
            ],
        },
    ]
}

/// Runs what is asked for; gives false where a figure fell below its floor.
pub fn run(arguments: &[String]) -> Result<bool> {
    let mut words = vec!["headwater evaluate".to_owned()];
    words.extend_from_slice(arguments);
    let arguments = Arguments::try_parse_from(words).unwrap_or_else(|error| error.exit());
    if !arguments.benchmarks.is_dir() && arguments.gold.is_none() {
        println!(
            "no benchmarks: there is no folder {}; only the samples are measured",
            arguments.benchmarks.display()
        );
        println!("hint: name another with --benchmarks FOLDER");
    }
    let asked = |task: &Task| {
        let named = |name: &String| task.name == name || task.name.split('/').next() == Some(name);
        if arguments.names.is_empty() {
            !task.test || arguments.test
        } else {
            arguments.names.iter().any(named)
        }
    };
    let tasks: Vec<Task> = tasks().into_iter().filter(asked).collect();
    // A benchmark named by its first part means its tasks that are no test split, unless asked for.
    let exact = |task: &Task| arguments.names.iter().any(|name| name == task.name);
    let tasks: Vec<Task> =
        tasks.into_iter().filter(|task| !task.test || arguments.test || exact(task)).collect();
    if tasks.is_empty() {
        bail!("cannot find a benchmark of that name");
    }
    if (arguments.gold.is_some() || arguments.out.is_some()) && tasks.len() > 1 {
        let names = tasks.iter().map(|task| task.name).collect::<Vec<_>>().join(", ");
        bail!("cannot use one file for several tasks: name one of {names}");
    }
    let scratch = tempfile::tempdir().context("cannot make a folder for predictions")?;
    let mut results: Vec<(Task, Option<Vec<Option<f64>>>)> = Vec::new();
    for task in tasks {
        let outcome = run_task(&task, &arguments, scratch.path())?;
        print_task(&task, outcome.as_deref());
        results.push((task, outcome));
    }
    if let Some(file) = &arguments.write {
        write_table(file, &results)?;
    }
    match &arguments.floors {
        Some(file) => hold_floors(file, &results),
        None => Ok(true),
    }
}

/// The figures of a task; nothing where it cannot be scored yet or its data is not there.
fn run_task(task: &Task, arguments: &Arguments, scratch: &Path) -> Result<Option<Vec<Option<f64>>>> {
    let own = || match task.gold.strip_prefix('@') {
        Some(here) => PathBuf::from(here),
        None => arguments.benchmarks.join(task.gold),
    };
    let gold = arguments.gold.clone().unwrap_or_else(own);
    if matches!(task.predict, Predict::NotYet(_)) {
        return Ok(None);
    }
    if !gold.exists() {
        return Ok(None);
    }
    let folder =
        if gold.is_dir() { gold.clone() } else { gold.parent().map_or_else(PathBuf::new, Path::to_path_buf) };
    let out = arguments.out.clone().unwrap_or_else(|| scratch.join(task.name.replace('/', "-") + ".jsonl"));
    let work = Work {
        gold: &gold,
        out: &out,
        folder: &folder,
        pages: arguments.pages.as_deref(),
        reader: arguments.reader.unwrap_or(ReaderChoice::Rules),
    };
    match task.predict {
        Predict::Lines(predict) => {
            let mut lines = open_lines(&gold)?;
            let file = File::create(&out).with_context(|| format!("cannot write {}", out.display()))?;
            let mut writer = BufWriter::new(file);
            predict(arguments.reader.unwrap_or(ReaderChoice::Tagged).reader(), &mut lines, &mut writer)
                .with_context(|| format!("cannot answer {}", task.name))?;
            writer.flush().context("cannot write the predictions")?;
        }
        Predict::Whole(predict) => predict(&work).with_context(|| format!("cannot answer {}", task.name))?,
        Predict::NotYet(_) => {}
    }
    let mut printed = String::new();
    if task.scorers.is_empty() {
        printed = fs::read_to_string(&out).context("cannot read the figures")?;
    }
    for scorer in task.scorers {
        printed.push_str(&score(scorer, &work, &arguments.benchmarks)?);
        printed.push('\n');
    }
    if arguments.full {
        println!("{printed}");
    }
    let find = |figure: &Figure| -> Result<Option<f64>> {
        let pattern = Regex::new(figure.pattern).context("cannot understand the pattern of a figure")?;
        Ok(pattern.captures(&printed).and_then(|groups| groups[1].parse().ok()))
    };
    Ok(Some(task.figures.iter().map(find).collect::<Result<_>>()?))
}

fn open_lines(file: &Path) -> Result<Box<dyn BufRead>> {
    let open = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_gzip = file.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_gzip {
        Box::new(BufReader::new(flate2::read::GzDecoder::new(open)))
    } else {
        Box::new(BufReader::new(open))
    })
}

fn score(scorer: &[&str], work: &Work<'_>, benchmarks: &Path) -> Result<String> {
    let mut words = scorer.iter();
    let script = benchmarks.join(words.next().context("a scorer has a name")?);
    let filled = words.map(|word| {
        word.replace("{gold}", &work.gold.to_string_lossy())
            .replace("{out}", &work.out.to_string_lossy())
            .replace("{folder}", &work.folder.to_string_lossy())
    });
    let output = Command::new("python3")
        .arg("-B")
        .arg(&script)
        .args(filled)
        .output()
        .context("cannot start python3")?;
    if !output.status.success() {
        bail!("cannot score: {} says: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Compares the picture of the sample reports with what is expected of them.
fn samples(work: &Work<'_>) -> Result<()> {
    fs::write(work.out, super::samples::measure(work.gold, work.reader.reader())?)
        .context("cannot write the figures")
}

/// Takes the documents in with this very program, in a store of its own, and exports the picture.
fn picture(work: &Work<'_>) -> Result<()> {
    let documents = if work.gold.is_dir() { work.gold.join("docs.jsonl") } else { work.gold.to_path_buf() };
    let scratch = tempfile::tempdir().context("cannot make a folder for a store")?;
    let store = scratch.path().join("store.sqlite");
    let program = std::env::current_exe().context("cannot find the program itself")?;
    let call = |arguments: &[&std::ffi::OsStr]| -> Result<()> {
        let status = Command::new(&program)
            .args(["--quiet", "--store"])
            .arg(&store)
            .env("HEADWATER_READER", work.reader.word())
            .args(arguments)
            .status()
            .context("cannot start the program")?;
        if !status.success() {
            bail!("cannot make the picture: the program ended with {status}");
        }
        Ok(())
    };
    call(&["take-in".as_ref(), documents.as_os_str()])?;
    call(&["export".as_ref(), "--as".as_ref(), "picture".as_ref(), "--out".as_ref(), work.out.as_os_str()])
}

/// Extracts the article of each page.
fn intake(work: &Work<'_>) -> Result<()> {
    let scratch = tempfile::tempdir().context("cannot make a folder for pages")?;
    let pages = match work.pages {
        Some(pages) => pages.to_path_buf(),
        None => {
            let archive = work.folder.join("dev-pages.tar.xz");
            let status = Command::new("tar").arg("-xJf").arg(&archive).arg("-C").arg(scratch.path()).status();
            if !status.is_ok_and(|status| status.success()) {
                bail!("cannot unpack {}: name the folder of pages with --pages", archive.display());
            }
            scratch.path().to_path_buf()
        }
    };
    let files = files_below(&pages)?;
    let file = File::create(work.out).context("cannot write the predictions")?;
    let mut out = BufWriter::new(file);
    adapters::gold::each_line(&mut *open_lines(work.gold)?, &mut out, |record| {
        let id = adapters::gold::string(record, "id");
        let Some(path) = files.get(id) else { return Ok(serde_json::json!({"id": id, "text": ""})) };
        let bytes = fs::read(path).with_context(|| format!("cannot read page {id}"))?;
        let url = record["url"].as_str();
        Ok(match headwater_intake::extract_page(&bytes, url) {
            Ok(page) => serde_json::json!({
                "id": id, "text": page.text, "title": page.title, "author": page.author,
                "date": page.published.map(|published| published.date.to_string()),
            }),
            Err(_) => serde_json::json!({"id": id, "text": ""}),
        })
    })?;
    out.flush().context("cannot write the predictions")
}

fn files_below(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.file_name() {
                files.insert(name.to_string_lossy().into_owned(), path);
            }
        }
    }
    Ok(files)
}

fn judged(work: &Work<'_>) -> Result<()> {
    let mut pairs = open_lines(&work.folder.join("judged.jsonl"))?;
    let file = File::create(work.out).context("cannot write the predictions")?;
    adapters::reuse::predict_judged(&mut *open_lines(work.gold)?, &mut *pairs, &mut BufWriter::new(file))
}

/// Looks names up in the list that lies beside the queries.
fn search_names(work: &Work<'_>) -> Result<()> {
    let queries = work.gold.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let entries = work.folder.join(queries.replace(".queries.", ".kb."));
    let file = File::create(work.out).context("cannot write the predictions")?;
    adapters::names::predict_search(
        &mut *open_lines(&entries)?,
        &mut *open_lines(work.gold)?,
        &mut BufWriter::new(file),
    )
}

fn print_task(task: &Task, figures: Option<&[Option<f64>]>) {
    match (&task.predict, figures) {
        (Predict::NotYet(why), _) => println!("{:<28} not yet: {why}", task.name),
        (_, None) => println!("{:<28} not run: its data is not there", task.name),
        (_, Some(values)) => {
            for (figure, value) in task.figures.iter().zip(values) {
                let value = value.map_or_else(|| "none".to_owned(), |value| format!("{value}"));
                println!("{:<28} {:<36} {value:>8}   {}", task.name, figure.label, figure.others);
            }
        }
    }
}

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// Puts the figures between the markers of the page; rows of tasks that were not run stay.
fn write_table(file: &Path, results: &[(Task, Option<Vec<Option<f64>>>)]) -> Result<()> {
    let page = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (Some(begin), Some(end)) = (page.find(BEGIN), page.find(END)) else {
        bail!("cannot find the markers {BEGIN} and {END} in {}", file.display());
    };
    let mut rows: BTreeMap<(String, usize), String> = BTreeMap::new();
    for (number, line) in page[begin..end].lines().filter(|line| line.starts_with("| ")).enumerate().skip(1) {
        if let Some(name) = line.split('|').nth(1) {
            rows.insert((name.trim().to_owned(), number), line.to_owned());
        }
    }
    for (task, figures) in results {
        rows.retain(|(name, _), _| name != task.name);
        match (&task.predict, figures) {
            (Predict::NotYet(why), _) => {
                rows.insert((task.name.to_owned(), 0), format!("| {} | not yet | | {why} |", task.name));
            }
            (_, None) => {}
            (_, Some(values)) => {
                for (number, (figure, value)) in task.figures.iter().zip(values).enumerate() {
                    let value = value.map_or_else(|| "none".to_owned(), |value| format!("{value}"));
                    let row = format!("| {} | {} | {value} | {} |", task.name, figure.label, figure.others);
                    rows.insert((task.name.to_owned(), number), row);
                }
            }
        }
    }
    let mut table = format!("{BEGIN}\n| task | figure | Headwater | others |\n|---|---|---|---|\n");
    for row in rows.values() {
        writeln!(table, "{row}").context("cannot put the table together")?;
    }
    fs::write(file, format!("{}{table}{}", &page[..begin], &page[end..]))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Tells whether every figure that has a floor stands on it.
fn hold_floors(file: &Path, results: &[(Task, Option<Vec<Option<f64>>>)]) -> Result<bool> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let floors: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&text).with_context(|| format!("cannot understand {}", file.display()))?;
    let mut held = true;
    for (task, figures) in results {
        let Some(figures) = figures else { continue };
        for (figure, value) in task.figures.iter().zip(figures) {
            let Some(floor) = floors.get(task.name).and_then(|floors| floors.get(figure.label)) else {
                continue;
            };
            let falls = match value {
                Some(value) if figure.lower_is_better => value > floor,
                Some(value) => value < floor,
                None => true,
            };
            if falls {
                held = false;
                let value = value.map_or_else(|| "no figure".to_owned(), |value| value.to_string());
                println!("{} {}: {value} has fallen below its floor {floor}", task.name, figure.label);
            }
        }
    }
    Ok(held)
}
