//! Answers a benchmark: `predict NAME GOLD OUT`.

use std::fs::File;
use std::io::{BufReader, BufWriter};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, gold, out] = arguments.as_slice() else { anyhow::bail!("usage: predict NAME GOLD OUT") };
    let (gold, out) = (BufReader::new(File::open(gold)?), BufWriter::new(File::create(out)?));
    match name.as_str() {
        "reading" => headwater_evaluate::reading::predict(gold, out),
        name => anyhow::bail!("cannot answer {name}: there is no such benchmark"),
    }
}
