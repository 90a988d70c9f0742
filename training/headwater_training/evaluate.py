"""How well does the tagger do on the dev files? With the corpora's own scorers."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import torch

from . import corpora
from .decode import Policy, Reading, attributions, characters, events, read, softmax, spans
from .heads import BY_NAME, HEADS, MUC_ROLES
from .model import Tagger
from .windows import UNKNOWN, Pieces

CALIBRATION_BINS = 10


def scorer(data: Path, path: str) -> ModuleType:
    """Loads a corpus's scoring script as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, data / path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dev_readings(
    tagger: Tagger, pieces: Pieces, data: Path, parts: tuple[str, ...]
) -> dict[str, list[Reading]]:
    """Runs the network over the dev files."""
    load = {
        "reading": lambda p: corpora.reading(p),
        "polnear": corpora.polnear,
        "muc4": lambda p: corpora.muc4(p),
        "uw": lambda p: corpora.factuality(p, "uw"),
        "uds": lambda p: corpora.factuality(p, "uds"),
    }
    return {part: read(tagger, load[part](corpora.path_of(data, part, "dev")), pieces) for part in parts}


def reading_prediction(tagger: Tagger, reading: Reading, policy: Policy) -> dict:
    """Returns a reading in the form that reading's scorer takes; an entity has one mention here."""
    found = spans(reading, "mention", policy)
    entities = [
        {"id": f"m{i}", "type": kind, "name": "", "mentions": [characters(reading, (a, b))]}
        for i, (a, b, kind) in enumerate(found)
    ]
    acts = []
    for event in events(tagger, reading, policy):
        acts.append(
            {
                "trigger": characters(reading, event.triggers[0]),
                "type": event.kind,
                "status": event.status,
                "args": {r: [characters(reading, s) for s in those] for r, those in event.arguments.items()},
            }
        )
    said = []
    for item in attributions(tagger, reading, policy):
        seen, at = reading.place(item.cue[0])
        for content in item.contents:
            said.append(
                {
                    "source": characters(reading, item.source) if item.source else None,
                    "cue": characters(reading, item.cue),
                    "content": characters(reading, content),
                    "stance": BY_NAME["stance"].labels[int(seen.logits["stance"][at].argmax())],
                    "source_kind": BY_NAME["source_kind"].labels[
                        int(seen.logits["source_kind"][at].argmax())
                    ],
                    "hedged": bool(seen.logits["hedged"][at].argmax()),
                }
            )
    return {
        "id": reading.document.key,
        "entities": entities,
        "events": acts,
        "attributions": said,
        "relations": [],
    }


def score_reading(
    tagger: Tagger, readings: list[Reading], policy: Policy, module: ModuleType
) -> dict[str, float]:
    """Returns F1 scores and accuracies of reading's own scorer."""
    names = [
        "mention",
        "mention, typed",
        "event",
        "event, typed",
        "argument",
        "attribution",
        "attribution, sourced",
    ]
    roles = ["actor", "target", "victim", "place", "time", "weapon", "killed", "injured", "detained"]
    counts = {n: module.Count() for n in [*names, "relation", *("argument " + r for r in roles)]}
    keys = ["status", "killed", "injured", "date", "country", "main", "stance", "hedged", "source_kind"]
    shares = {n: module.Share() for n in [*keys, "no killed invented", "no injured invented"]}
    for reading in readings:
        prediction = reading_prediction(tagger, reading, policy)
        module.score_document(reading.document.gold, prediction, counts, shares, [])
    out = {}
    for name in [*names, *("argument " + r for r in roles)]:
        p, r, f = counts[name].prf()
        out |= {name: f, name + " P": p, name + " R": r}
    for name in ("status", "stance", "hedged", "source_kind"):
        out[name] = shares[name].right / max(shares[name].all, 1)
    return out


def score_polnear(
    tagger: Tagger, readings: list[Reading], policy: Policy, module: ModuleType
) -> dict[str, float]:
    """Returns exact F1 of each role and of linked attributions, by PolNeAR's scorer."""
    tally = module.Tally()
    for reading in readings:
        predicted = [
            {
                "source": [characters(reading, a.source)] if a.source else [],
                "cue": [characters(reading, a.cue)],
                "content": [characters(reading, c) for c in a.contents],
            }
            for a in attributions(tagger, reading, policy)
        ]
        tally.add(
            reading.document.text, module.of(reading.document.gold), [p for p in predicted if p["content"]]
        )
    report = tally.report()
    out = {}
    for role in ("source", "cue", "content"):
        out[f"exact {role}"] = report["exact"][role]["f1"]
        out[f"token {role}"] = report["token"][role]["f1"]
        out[f"begin {role}"] = report["begin"][role]["f1"]
    return out | {k: v["f1"] for k, v in report["attribution"].items()}


def muc_entities(reading: Reading, policy: Policy) -> dict[str, list[list[str]]]:
    """Returns role fillers, one mention an entity: strings whose words contain one another are one."""
    out: dict[str, list[list[str]]] = {}
    for role, head in MUC_ROLES.items():
        strings: dict[str, str] = {}
        for a, b, _ in spans(reading, head, policy):
            start, end = characters(reading, (a, b))
            text = reading.document.text[start:end]
            strings.setdefault(" ".join(text.lower().split()), text)
        kept: list[str] = []
        for string in sorted(strings, key=lambda s: -len(s)):
            acronyms = [
                "".join(w[0] for w in k.split() if w not in ("of", "the", "and", "for")) for k in kept
            ]
            if string not in acronyms and not any(set(string.split()) <= set(k.split()) for k in kept):
                kept.append(string)
        out[role] = [[s] for s in kept]
    return out


def score_muc(readings: list[Reading], policy: Policy, module: ModuleType) -> dict[str, float]:
    """Returns F1 of CEAF-REE, micro and by role."""
    total: dict[str, list[int]] = {}
    for reading in readings:
        record = reading.document.gold
        gold = {
            role: [[m["text"] for m in e["mentions"]] for e in record["entities"][role]] for role in MUC_ROLES
        }
        sides = [
            module.prepare({"": {"entities": entities, "templates": []}}, "exact")[""]
            for entities in (gold, muc_entities(reading, policy))
        ]
        for role, numbers in module.doc_ree(*sides).items():
            for name in (role, "micro"):
                module.add(total, name, *numbers)
    return {name: module.prf(numbers)[2] for name, numbers in total.items()} | {
        "P": module.prf(total["micro"])[0],
        "R": module.prf(total["micro"])[1],
    }


def score_factuality(readings: list[Reading]) -> dict[str, float]:
    """Returns Pearson's r and the mean absolute error."""
    gold, predicted = [], []
    for reading in readings:
        for seen in reading.seen:
            for word, value in seen.window.scores["factuality"]:
                gold.append(value)
                predicted.append(float(np.clip(seen.logits["factuality"][word, 0], -3, 3)))
    r = float(np.corrcoef(gold, predicted)[0, 1])
    return {"r": r, "mae": float(np.mean(np.abs(np.array(gold) - np.array(predicted))))}


def items(tagger: Tagger, readings: dict[str, list[Reading]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns the logits and gold labels of every annotated item of the dev files, by head."""
    logits: dict[str, list[np.ndarray]] = {}
    gold: dict[str, list[int]] = {}
    for part in readings.values():
        for seen in (s for r in part for s in r.seen):
            window = seen.window
            for head in HEADS:
                if head.kind == "tag" and head.name in window.tags:
                    known = np.flatnonzero(window.tags[head.name] != UNKNOWN)
                    logits.setdefault(head.name, []).append(seen.logits[head.name][known])
                    gold.setdefault(head.name, []).extend(window.tags[head.name][known].tolist())
                elif head.kind == "class" and window.classes.get(head.name):
                    rows = [w for w, _ in window.classes[head.name]]
                    logits.setdefault(head.name, []).append(seen.logits[head.name][rows])
                    gold.setdefault(head.name, []).extend(x for _, x in window.classes[head.name])
                elif head.kind == "pair" and head.name in window.pairs and window.pairs[head.name].first:
                    found = window.pairs[head.name]
                    with torch.inference_mode():
                        scores = tagger.pair_logits(
                            head, seen.words, torch.tensor(found.first), torch.tensor(found.second)
                        ).numpy()
                    logits.setdefault(head.name, []).append(scores)
                    gold.setdefault(head.name, []).extend(found.label)
                elif head.kind == "window" and window.document.relevant is not None:
                    with torch.inference_mode():
                        scores = tagger.logits(head, seen.start[None]).numpy()
                    logits.setdefault(head.name, []).append(scores)
                    gold.setdefault(head.name, []).append(int(window.document.relevant))
    return {name: (np.concatenate(x), np.array(gold[name])) for name, x in logits.items()}


def temperature(logits: np.ndarray, gold: np.ndarray) -> float:
    """Returns the temperature with the least log loss."""

    def loss(t: float) -> float:
        scaled = logits / t
        return float((np.logaddexp.reduce(scaled, axis=1) - scaled[np.arange(len(gold)), gold]).mean())

    return min((math.exp(x) for x in np.linspace(-1.0, 1.2, 45)), key=loss)


def calibration_error(probabilities: np.ndarray, gold: np.ndarray) -> float:
    """Returns the expected calibration error of the chosen labels."""
    sure, right = probabilities.max(1), probabilities.argmax(1) == gold
    error = 0.0
    for low in np.arange(CALIBRATION_BINS) / CALIBRATION_BINS:
        inside = (sure > low) & (sure <= low + 1 / CALIBRATION_BINS)
        if inside.any():
            error += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
    return float(error)


def label_scores(logits: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    """Returns accuracy, and F1 of all labels but the first ("none", "O", "no")."""
    guess = logits.argmax(1)
    right = int(((guess == gold) & (gold != 0)).sum())
    return {
        "accuracy": float((guess == gold).mean()),
        "f1": 2 * right / max(int((guess != 0).sum() + (gold != 0).sum()), 1),
    }


def report(
    tagger: Tagger, readings: dict[str, list[Reading]], data: Path, policy: Policy
) -> dict[str, dict[str, float]]:
    """Returns all scores on the dev files."""
    out = {
        "reading": score_reading(tagger, readings["reading"], policy, scorer(data, "reading/score.py")),
        "polnear": score_polnear(
            tagger, readings["polnear"], policy, scorer(data, "attribution-polnear/score.py")
        ),
        "muc4": score_muc(readings["muc4"], policy, scorer(data, "muc4/score_muc4.py")),
        "factuality uw": score_factuality(readings["uw"]),
        "factuality uds": score_factuality(readings["uds"]),
    }
    return out | report_heads(tagger, readings)


def report_heads(tagger: Tagger, readings: dict[str, list[Reading]]) -> dict[str, dict[str, float]]:
    """Returns how often each head's labels are right, item by item, and how far its probabilities are off."""
    return {
        f"head {name}": label_scores(logits, gold) | {"ece": calibration_error(softmax(logits), gold)}
        for name, (logits, gold) in items(tagger, readings).items()
    }
