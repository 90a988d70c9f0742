"""In which order is what learnt? A schedule that depends on nothing but the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from .heads import BY_NAME, HEADS
from .windows import CASE_OTHER, MASK, UNKNOWN, Window

PIECES_PER_BATCH = 2304
CASE_DROPPED = 0.15
PIECES_MASKED = 0.04
OTHER_WORDS_PER_TRIGGER = 8


@dataclass(frozen=True)
class Part:
    """How often a corpus is seen, and how late: lateness 1 is evenly, below 1 later."""

    passes: float
    lateness: float = 1.0
    empty_kept: float = 1.0


def schedule(windows: dict[str, list[Window]], parts: dict[str, Part], seed: int) -> list[list[Window]]:
    """Returns all batches of a run: windows of similar length from all corpora together."""
    rng = random.Random(seed)
    placed: list[tuple[float, Window]] = []
    for name, part in parts.items():
        for window in windows[name]:
            if part.empty_kept < 1 and _empty(window) and rng.random() >= part.empty_kept:
                continue
            times = int(part.passes) + (rng.random() < part.passes % 1)
            for turn in range(times):
                placed.append((((turn + rng.random()) / max(times, 1)) ** part.lateness, window))
    placed.sort(key=lambda item: item[0])
    batches: list[list[Window]] = []
    chunk_size = 600
    for begin in range(0, len(placed), chunk_size):
        chunk = sorted((w for _, w in placed[begin : begin + chunk_size]), key=lambda w: w.length)
        made: list[list[Window]] = [[]]
        for window in chunk:
            if (len(made[-1]) + 1) * window.length > PIECES_PER_BATCH:
                made.append([])
            made[-1].append(window)
        rng.shuffle(made)
        batches += made
    return batches


def _empty(window: Window) -> bool:
    return not any(row.any() for row in window.tags.values())


@dataclass
class PairTargets:
    """Pairs as rows of the flattened words of a batch."""

    first: Tensor
    second: Tensor
    label: Tensor
    weight: Tensor


@dataclass
class Batch:
    """Tensors of one step; words are flattened over the batch in the order of `words_at`."""

    ids: Tensor
    case: Tensor
    number: Tensor
    mask: Tensor
    words_at: Tensor
    """Row of each word in the flattened pieces."""
    tags: dict[str, tuple[Tensor, Tensor, Tensor]] = field(default_factory=dict)
    """Word rows, codes and weights of a tag head."""
    tables: dict[str, Tensor] = field(default_factory=dict)
    """Labels allowed by each code of a tag head; without one, a code is a label."""
    classes: dict[str, tuple[Tensor, Tensor, Tensor]] = field(default_factory=dict)
    pairs: dict[str, PairTargets] = field(default_factory=dict)
    relevant: tuple[Tensor, Tensor, Tensor] | None = None


def collate(windows: list[Window], rng: random.Random | None = None) -> Batch:
    """Makes the tensors of a batch; with `rng`, drops case and masks pieces as in training."""
    length = max(w.length for w in windows)
    ids = np.zeros((len(windows), length), np.int64)
    case = np.zeros_like(ids)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        n = window.length
        ids[row, :n], case[row, :n], mask[row, :n] = window.ids, window.case, 1
        if rng:
            if rng.random() < CASE_DROPPED:
                case[row] = CASE_OTHER
            for place in range(1, n - 1):
                if rng.random() < PIECES_MASKED:
                    ids[row, place] = MASK
    firsts = np.cumsum([0, *(len(w.words) for w in windows)])
    batch = Batch(
        torch.from_numpy(ids),
        torch.from_numpy(case),
        torch.tensor([w.number for w in windows]),
        torch.from_numpy(mask),
        torch.from_numpy(np.concatenate([w.heads_at + row * length for row, w in enumerate(windows)])),
    )
    for head in HEADS:
        if head.kind == "tag":
            _collate_tags(batch, head.name, windows, firsts)
        elif head.kind in ("class", "score"):
            _collate_points(batch, head.name, head.kind, windows, firsts)
        elif head.kind == "pair":
            _collate_pairs(batch, head.name, windows, firsts, rng)
    known = [(row, w) for row, w in enumerate(windows) if w.document.relevant is not None]
    if known:
        batch.relevant = (
            torch.tensor([row for row, _ in known]),
            torch.tensor([int(w.document.relevant) for _, w in known]),
            torch.tensor([w.document.weights.get("relevant", 1.0) for _, w in known]),
        )
    return batch


def _collate_tags(batch: Batch, name: str, windows: list[Window], firsts: np.ndarray) -> None:
    rows, codes, weights = [], [], []
    count = len(BY_NAME[name].labels)
    extra: dict[tuple[int, ...], int] = {}
    for window, first in zip(windows, firsts, strict=False):
        if name not in window.tags:
            continue
        code = window.tags[name].copy()
        for word, allowed in window.choices.get(name, {}).items():
            if code[word] != 0:
                continue
            code[word] = extra.setdefault(allowed, count + len(extra)) if allowed else UNKNOWN
        kept = np.flatnonzero(code != UNKNOWN)
        rows.append(kept + first)
        codes.append(code[kept])
        weights.append(np.full(len(kept), window.document.weights.get(name, 1.0), np.float32))
    if not rows:
        return
    batch.tags[name] = tuple(torch.from_numpy(np.concatenate(x)) for x in (rows, codes, weights))
    if extra:
        table = torch.zeros(count + len(extra), count, dtype=torch.bool)
        table[:count] = torch.eye(count, dtype=torch.bool)
        for allowed, code in extra.items():
            table[code, list(allowed)] = True
        batch.tables[name] = table


def _collate_points(batch: Batch, name: str, kind: str, windows: list[Window], firsts: np.ndarray) -> None:
    rows, values, weights = [], [], []
    for window, first in zip(windows, firsts, strict=False):
        for word, value in (window.classes if kind == "class" else window.scores).get(name, []):
            rows.append(word + first)
            values.append(value)
            weights.append(window.document.weights.get(name, 1.0))
    if rows:
        kind_of = torch.long if kind == "class" else torch.float32
        batch.classes[name] = (torch.tensor(rows), torch.tensor(values, dtype=kind_of), torch.tensor(weights))


def _collate_pairs(
    batch: Batch, name: str, windows: list[Window], firsts: np.ndarray, rng: random.Random | None
) -> None:
    first_words, second_words, labels, weights = [], [], [], []
    for window, begin in zip(windows, firsts, strict=False):
        items = window.pairs.get(name)
        if items is None or not items.first:
            continue
        one, two, label = list(items.first), list(items.second), list(items.label)
        if rng and name == "argument":
            others = sorted(set(range(len(window.words))) - set(two))
            for anchor in sorted(set(one)):
                for other in rng.sample(others, min(OTHER_WORDS_PER_TRIGGER, len(others))):
                    one.append(anchor)
                    two.append(other)
                    label.append(0)
        first_words += [w + begin for w in one]
        second_words += [w + begin for w in two]
        labels += label
        weights += [window.document.weights.get(name, 1.0)] * len(one)
    if labels:
        batch.pairs[name] = PairTargets(
            torch.tensor(first_words), torch.tensor(second_words), torch.tensor(labels), torch.tensor(weights)
        )
