//! Ways of working: `cargo xtask demo|test|evaluate|bench`.

use anyhow::{Context as _, Result, bail};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask demo              build, take in the sample reports, print the picture
cargo xtask test              all checks and tests, installing what they need
cargo xtask check             the checks alone: format, lints, dependencies, links
cargo xtask evaluate [NAME…]  score the benchmarks; options go to `headwater evaluate`
cargo xtask bench [N…]        measure speed and memory on N generated reports (default 1000 10000)";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = arguments.collect();
    let outcome = match command.to_string_lossy().as_ref() {
        "demo" => demo(),
        "test" => test(),
        "check" => check(),
        "evaluate" => evaluate(&rest),
        "bench" => bench(&rest),
        _ => {
            println!("{HELP}");
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command and fails with its name if it fails.
fn run(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("== {what}");
    let status = command.status().with_context(|| format!("cannot start: {what}"))?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}

/// How the program is built.
#[derive(Clone, Copy)]
enum Profile {
    /// As it is released.
    Release,
    /// As the tests build it, so that checking needs one build only.
    Test,
}

/// Builds the program, and gives its path.
fn build(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--locked", "--package", "headwater"]);
    let folder = match profile {
        Profile::Release => {
            command.arg("--release");
            "release"
        }
        Profile::Test => "debug",
    };
    run("build", &mut command)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(root().join(target).join(folder).join(format!("headwater{}", env::consts::EXE_SUFFIX)))
}

fn demo() -> Result<()> {
    let program = build(Profile::Release)?;
    let folder = root().join("target").join("demo");
    let store = folder.join("demo.sqlite");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("cannot clear the store of the last demo")?;
    }
    fs::create_dir_all(&folder).context("cannot make a folder for the demo")?;
    let headwater = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(root()).arg("--store").arg(&store).args(arguments);
        command
    };
    run("take in the sample reports", &mut headwater(&["take-in", "samples/reports"]))?;
    run("the picture", &mut headwater(&["picture"]))?;
    run("check the record and every quotation", &mut headwater(&["verify"]))?;
    let shown = program.strip_prefix(root()).unwrap_or(&program).display().to_string();
    println!("\nThe outlets and quotations in the samples are invented; the events were real.");
    println!("Look further with:");
    println!("  {shown} --store target/demo/demo.sqlite show ID      (any id above)");
    println!("  {shown} --store target/demo/demo.sqlite events --disputed");
    println!("  {shown} --help");
    Ok(())
}

fn test() -> Result<()> {
    check()?;
    // Where the benchmarks are not there, only the samples are measured.
    let program = build(Profile::Test)?;
    run(
        "hold scores to their floors",
        Command::new(program).current_dir(root()).args(["evaluate", "--floors", "corpus/floors.toml"]),
    )?;
    // Last, so that the runner's own summary ends the output.
    let has_nextest =
        Command::new("cargo-nextest").arg("--version").output().is_ok_and(|output| output.status.success());
    if has_nextest {
        run("doc tests", cargo().args(["test", "--workspace", "--locked", "--doc", "--quiet"]))?;
        run("tests", cargo().args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]))
    } else {
        run("tests", cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))
    }
}

fn check() -> Result<()> {
    run("format", cargo().args(["fmt", "--all", "--check"]))?;
    run(
        "lints",
        cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    licences()
}

/// Licences under which a dependency may come in: permissive ones.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// Holds every dependency to a permissive licence and to the registry as its source.
fn licences() -> Result<()> {
    eprintln!("== licences and sources");
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .context("cannot ask cargo for the dependencies")?;
    if !output.status.success() {
        bail!("cannot list the dependencies: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("cannot understand the list of dependencies")?;
    let packages = metadata["packages"].as_array().context("the list of dependencies is empty")?;
    let mut wrong = Vec::new();
    for package in packages {
        let name = format!(
            "{} {}",
            package["name"].as_str().unwrap_or("?"),
            package["version"].as_str().unwrap_or("?")
        );
        // Our own crates have no source.
        let Some(source) = package["source"].as_str() else { continue };
        if !source.starts_with("registry+") {
            wrong.push(format!("{name} comes from {source}"));
        }
        let licence = package["license"].as_str().unwrap_or("");
        let allowed = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|requirement| {
                requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
            })
        });
        if !allowed {
            wrong.push(format!("{name} is under {licence:?}"));
        }
    }
    if !wrong.is_empty() {
        bail!("these dependencies may not come in:\n{}", wrong.join("\n"));
    }
    Ok(())
}

fn evaluate(arguments: &[OsString]) -> Result<()> {
    let program = build(Profile::Release)?;
    let mut command = Command::new(program);
    command.current_dir(root()).arg("evaluate");
    // A run over everything as it stands renews the page; a run on other files or single tasks does not.
    let whole = arguments.iter().all(|argument| argument == "--test");
    if whole {
        command.args(["--write", "docs/EVALUATION.md"]);
    }
    run("evaluate", command.args(arguments))
}

fn bench(arguments: &[OsString]) -> Result<()> {
    build(Profile::Release)?;
    run(
        "bench",
        cargo()
            .args([
                "run",
                "--release",
                "--locked",
                "--quiet",
                "--package",
                "headwater",
                "--example",
                "measure",
                "--",
            ])
            .args(arguments),
    )
}
