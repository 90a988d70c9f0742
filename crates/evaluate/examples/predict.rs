//! Answers a benchmark: `predict NAME GOLD OUT`.

use std::fs::File;
use std::io::{BufReader, BufWriter};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, gold, out] = arguments.as_slice() else { anyhow::bail!("usage: predict NAME GOLD OUT") };
    let (mut gold, mut out) = (BufReader::new(File::open(gold)?), BufWriter::new(File::create(out)?));
    match name.as_str() {
        "attributions" => headwater_evaluate::attributions::predict(gold, out),
        "case2021" => headwater_evaluate::plover::predict_case2021(&mut gold, &mut out),
        "coreference" => headwater_evaluate::coreference::predict(&mut gold, &mut out),
        "dates" => headwater_evaluate::dates::predict(gold, out),
        "factuality" => headwater_evaluate::factuality::predict(gold, out),
        "isaf" => headwater_evaluate::isaf::predict(gold, out),
        "muc4" => headwater_evaluate::muc4::predict(&mut gold, &mut out),
        "plover" => headwater_evaluate::plover::predict_gold_records(&mut gold, &mut out),
        "reading" => headwater_evaluate::reading::predict(gold, out),
        name => anyhow::bail!("cannot answer {name}: there is no such benchmark"),
    }
}
