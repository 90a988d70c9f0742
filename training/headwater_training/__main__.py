"""The command line: compose sentences, train, export what was trained."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import torch

from . import compose, corpora, evaluate, export, settle
from . import train as training
from .decode import Policy
from .model import Tagger, load_encoder
from .parity_texts import PARITY_TEXTS
from .windows import Pieces

PARTS = ("reading", "polnear", "muc4", "uw", "uds")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m headwater_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    own = commands.add_parser("compose", help="make the corpus of own sentences from their marked source")
    own.add_argument("source", type=Path)
    own.add_argument("target", type=Path)
    own.add_argument("--seed", type=int, default=5)
    for name, help_text in (
        ("train", "train from the published encoder, or go on from the last checkpoint"),
        ("export", "settle thresholds and temperatures on dev, then write the files that the program reads"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument(
            "--data", type=Path, default=Path("../shared/benchmarks"), help="the benchmark folder"
        )
        command.add_argument(
            "--encoder", type=Path, required=True, help="folder with model.safetensors, vocab.txt"
        )
        command.add_argument("--out", type=Path, required=True, help="folder to write to")
        command.add_argument("--seed", type=int, default=11)
        command.add_argument("--threads", type=int, default=1)
        if name == "train":
            command.add_argument(
                "--composed", type=Path, default=Path("corpus/composed.jsonl"), help="own sentences"
            )
        else:
            command.add_argument("--checkpoint", type=Path, required=True)
            command.add_argument("--parity", type=Path, help="where to write what a correct reader computes")
            command.add_argument(
                "--unsettled", action="store_true", help="keep the standard decisions; no scores"
            )
    args = parser.parse_args()
    if args.command == "compose":
        print(compose.write(args.source, args.target, args.seed), "documents")
        return
    torch.set_num_threads(args.threads)
    if args.command == "train":
        training.train(training.Run(args.data, args.encoder, args.out, args.composed, args.seed))
    else:
        _export(args)


def _export(args: argparse.Namespace) -> None:
    pieces = Pieces(args.encoder / "vocab.txt")
    tagger = Tagger()
    saved = torch.load(args.checkpoint, weights_only=True)
    tagger.load_state_dict(saved["tagger"])
    about: dict = {"seed": args.seed, "steps": saved["step"], "cpu_seconds": round(saved["cpu_seconds"])}
    args.out.mkdir(parents=True, exist_ok=True)
    fresh = load_encoder(args.encoder)
    export.write_embeddings(fresh, args.out / "embeddings.safetensors")
    shutil.copy(args.encoder / "vocab.txt", args.out / "vocab.txt")
    if args.unsettled:
        export.round_weights(tagger)
        about["decoding"] = asdict(Policy())
    else:
        about |= _settle(tagger, pieces, args.data)
    if args.parity:
        found = export.parity(tagger, pieces, PARITY_TEXTS)
        aside = args.parity.with_suffix(".new")
        aside.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        os.replace(aside, args.parity)
    export.write_tagger(tagger, args.out / "tagger.safetensors", about)


def _settle(tagger: Tagger, pieces: Pieces, data: Path) -> dict:
    """Settles temperatures and thresholds for the rounded weights, and returns what to tell of it."""
    export.round_weights(tagger)
    readings = evaluate.dev_readings(tagger, pieces, data, PARTS)
    before = evaluate.report_heads(tagger, readings)
    warmth = settle.temperatures(tagger, readings)
    settle.cool(tagger, readings, warmth)
    policy = settle.settle(tagger, readings, data)
    scores = evaluate.report(tagger, readings, data, policy)
    for name, found in before.items():
        scores[name] |= {"ece before": found["ece"], "temperature": warmth[name.removeprefix("head ")]}
    for part, found in scores.items():
        print(part, " ".join(f"{name} {value:.3f}" for name, value in found.items()), flush=True)
    print(json.dumps(asdict(policy)), flush=True)
    return {"decoding": asdict(policy), "scores": _rounded(scores), "data": corpora.digests(data)}


def _rounded(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {part: {name: round(value, 4) for name, value in found.items()} for part, found in scores.items()}


if __name__ == "__main__":
    main()
