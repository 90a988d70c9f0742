"""Trains the tagger: from the published encoder to a checkpoint."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from . import corpora
from .batches import Batch, Part, collate, schedule
from .heads import BY_NAME, MUC_ROLES
from .model import Tagger, load_encoder
from .windows import Pieces, Window, windows

RATE_ENCODER, RATE_HEADS, RATE_PRODUCTS = 2e-4, 1e-3, 5e-3
WARM_UP_STEPS = 60
CHECKPOINT_STEPS = 25


@dataclass(frozen=True)
class Phase:
    """A stretch of the run with a learning rate that rises and falls of its own."""

    rate: float
    """Multiplies the learning rates."""
    parts: dict[str, Part]
    head_weights: dict[str, float] = field(default_factory=dict)
    """Multiplies the losses of heads."""
    products: bool = True
    """Whether pair heads learn their product term, which only disturbs at first."""


PHASES = (
    # What the corpora of others teach, with six passes over our own.
    Phase(
        1.0,
        {
            "reading": Part(6, 0.8),
            "polnear": Part(0.72),
            "muc4-lower": Part(0.6, empty_kept=0.5),
            "muc4-cased": Part(0.6, empty_kept=0.5),
            "uw": Part(0.9),
            "uds": Part(0.3),
            "meantime": Part(1.2),
            "commitment": Part(1.8),
            "geneva": Part(0.6),
            "re3d": Part(0.9),
            "crossner": Part(0.42),
            "ecb": Part(0.42),
            "ngec": Part(0.36),
        },
        products=False,
    ),
    # Our own terms above all; the others keep what they taught. Pairs are learnt late, so they count more.
    Phase(
        0.75,
        {
            "reading": Part(11),
            "composed": Part(3),
            "polnear": Part(0.7),
            "muc4-lower": Part(0.35, empty_kept=0.6),
            "muc4-cased": Part(0.35, empty_kept=0.6),
            "uw": Part(0.7),
            "uds": Part(0.2),
            "meantime": Part(0.5),
            "commitment": Part(1),
            "geneva": Part(0.3),
            "re3d": Part(0.6),
            "ecb": Part(0.2),
        },
        {"argument": 3.0, "voice": 2.0, "same_event": 2.0, "coref": 2.0, "relation": 2.0},
    ),
    # Exact spans of statements and fillers, which the large corpora have and which need the most passes.
    Phase(
        0.6,
        {
            "reading": Part(2.5),
            "composed": Part(1),
            "polnear": Part(0.7),
            "muc4-lower": Part(0.25, empty_kept=0.5),
            "muc4-cased": Part(0.25, empty_kept=0.5),
            "uw": Part(0.3),
        },
        {"argument": 3.0, "voice": 2.0, "same_event": 2.0, "coref": 2.0, "source": 1.5, "cue": 1.5}
        | dict.fromkeys(MUC_ROLES.values(), 3.0),
    ),
)


@dataclass(frozen=True)
class Run:
    """What one training run is given."""

    data: Path
    encoder: Path
    out: Path
    composed: Path
    seed: int


def loss_of(tagger: Tagger, batch: Batch, head_weights: dict[str, float]) -> tuple[Tensor, dict[str, float]]:
    """Returns the weighted sum of all heads' losses, and each by name."""
    hidden = tagger.encode(batch.ids, batch.case, batch.number, batch.mask)
    words = tagger.drop(hidden.reshape(-1, hidden.shape[-1])[batch.words_at])
    losses: dict[str, Tensor] = {}
    for name, (rows, codes, weights) in batch.tags.items():
        logits = tagger.logits(BY_NAME[name], words[rows])
        table = batch.tables.get(name)
        if table is None:
            each = F.cross_entropy(logits, codes, reduction="none")
        else:
            each = logits.logsumexp(1) - logits.masked_fill(~table[codes], -1e9).logsumexp(1)
        losses[name] = (each * weights).sum()
    for name, (rows, values, weights) in batch.classes.items():
        logits = tagger.logits(BY_NAME[name], words[rows])
        if BY_NAME[name].kind == "score":
            each = F.smooth_l1_loss(logits[:, 0], values, reduction="none")
        else:
            each = F.cross_entropy(logits, values, reduction="none")
        losses[name] = (each * weights).sum()
    for name, pairs in batch.pairs.items():
        logits = tagger.pair_logits(BY_NAME[name], words, pairs.first, pairs.second)
        losses[name] = (F.cross_entropy(logits, pairs.label, reduction="none") * pairs.weight).sum()
    if batch.relevant is not None:
        rows, values, weights = batch.relevant
        logits = tagger.logits(BY_NAME["relevant"], hidden[rows, 0])
        losses["relevant"] = (F.cross_entropy(logits, values, reduction="none") * weights).sum()
    weights = {name: BY_NAME[name].weight * head_weights.get(name, 1.0) for name in losses}
    total = torch.stack([losses[name] * weights[name] for name in losses]).sum()
    return total, {name: float(loss.detach()) * weights[name] for name, loss in losses.items()}


def train(run: Run) -> Path:
    """Runs the whole schedule, from the last checkpoint if there is one; returns the last one."""
    torch.manual_seed(run.seed)
    run.out.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(run.encoder / "vocab.txt")
    documents = corpora.training_documents(run.data, run.composed, run.seed)
    cut = {name: [w for d in found for w in windows(d, pieces)] for name, found in documents.items()}
    made = [schedule(cut, phase.parts, run.seed + number) for number, phase in enumerate(PHASES)]
    batches = [batch for phase in made for batch in phase]
    for name, found in cut.items():
        print(f"{name:12} {len(documents[name]):5} texts {len(found):6} windows {_pieces(found):8} pieces")
    print(f"{len(batches)} steps, {sum(map(_pieces, batches))} pieces", flush=True)

    tagger = load_encoder(run.encoder)
    encoder_names = ("pos.", "type0", "ln.", "layers.")
    named = [(n, p) for n, p in tagger.named_parameters() if p.requires_grad]
    products = [pair.p for pair in tagger.pair.values()]
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for n, p in named if n.startswith(encoder_names)]},
            {"params": [p for n, p in named if not n.startswith(encoder_names) and not n.endswith(".p")]},
            {"params": products},
        ],
        weight_decay=0.01,
        fused=True,
    )
    checkpoint = run.out / "checkpoint.pt"
    step, cpu_before = 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        tagger.load_state_dict(saved["tagger"])
        optimiser.load_state_dict(saved["optimiser"])
        step, cpu_before = saved["step"], saved["cpu_seconds"]
        print(f"goes on after step {step}", flush=True)
    started, wall = time.process_time(), time.time()
    sums: dict[str, float] = {}
    seen = 0
    tagger.train()
    while step < len(batches):
        torch.manual_seed(run.seed * 1_000_003 + step)  # so that a resumed run is the same run
        phase, rate = _phase_and_rate(step, [len(m) for m in made])
        for group, full in zip(
            optimiser.param_groups, (RATE_ENCODER, RATE_HEADS, RATE_PRODUCTS), strict=True
        ):
            group["lr"] = full * rate
        for product in products:
            product.requires_grad = phase.products
        batch = collate(batches[step], random.Random(f"{run.seed}-{step}"))
        loss, by_head = loss_of(tagger, batch, phase.head_weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        for name, value in by_head.items():
            sums[name] = sums.get(name, 0.0) + value
        seen += int(batch.mask.sum())
        step += 1
        if step % CHECKPOINT_STEPS == 0 or step == len(batches):
            cpu = time.process_time() - started
            shown = " ".join(f"{n} {v / CHECKPOINT_STEPS:.3f}" for n, v in sums.items())
            print(
                f"step {step} of {len(batches)}, {seen / cpu:.0f} pieces/s, {time.time() - wall:.0f} s:",
                shown,
                flush=True,
            )
            sums = {}
            _save(checkpoint, tagger, optimiser, step, cpu_before + cpu)
    return checkpoint


def _phase_and_rate(step: int, sizes: list[int]) -> tuple[Phase, float]:
    """Returns the phase of a step and its share of the full learning rate."""
    number = 0
    while step >= sizes[number]:
        step -= sizes[number]
        number += 1
    phase = PHASES[number]
    return phase, phase.rate * min(1.0, (step + 1) / WARM_UP_STEPS) * (1 - step / sizes[number])


def _pieces(windows: list[Window]) -> int:
    return sum(window.length for window in windows)


def _save(
    path: Path, tagger: Tagger, optimiser: torch.optim.Optimizer, step: int, cpu_seconds: float
) -> None:
    """Writes aside and renames, so that a killed run leaves a whole checkpoint."""
    aside = path.with_suffix(".new")
    torch.save(
        {
            "tagger": {n: t for n, t in tagger.state_dict().items() if n != "tok.weight"}
            | {"tok.weight": tagger.tok.weight},
            "optimiser": optimiser.state_dict(),
            "step": step,
            "cpu_seconds": cpu_seconds,
        },
        aside,
    )
    os.replace(aside, path)
