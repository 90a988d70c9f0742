//! Answers a benchmark: `predict NAME GOLD OUT [MODEL]`, by rules alone or with the model in a folder.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use headwater_reader::Reader;
use headwater_tagger::Tagger;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, gold, out, model @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: predict NAME GOLD OUT [MODEL]")
    };
    let reader = match model.first() {
        Some(folder) => {
            let read = |name: &str| std::fs::read(Path::new(folder).join(name));
            let (embeddings, weights) = (read("embeddings.safetensors")?, read("tagger.safetensors")?);
            let vocabulary = String::from_utf8(read("vocab.txt")?)?;
            Reader::with(Box::leak(Box::new(Tagger::from_bytes(&embeddings, &weights, &vocabulary)?)))
        }
        None => Reader::by_rules(),
    };
    let (mut gold, mut out) = (BufReader::new(File::open(gold)?), BufWriter::new(File::create(out)?));
    match name.as_str() {
        "attributions" => headwater_evaluate::attributions::predict(reader, gold, out),
        "case2021" => headwater_evaluate::plover::predict_case2021(reader, &mut gold, &mut out),
        "coreference" => headwater_evaluate::coreference::predict(reader, &mut gold, &mut out),
        "dates" => headwater_evaluate::dates::predict(gold, out),
        "factuality" => headwater_evaluate::factuality::predict(reader, gold, out),
        "isaf" => headwater_evaluate::isaf::predict(reader, gold, out),
        "muc4" => headwater_evaluate::muc4::predict(reader, &mut gold, &mut out),
        "plover" => headwater_evaluate::plover::predict_gold_records(reader, &mut gold, &mut out),
        "reading" => headwater_evaluate::reading::predict(reader, gold, out),
        name => anyhow::bail!("cannot answer {name}: there is no such benchmark"),
    }
}
