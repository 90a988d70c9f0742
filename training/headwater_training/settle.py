"""Which decisions fit best? Thresholds and temperatures, settled on the dev files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from .decode import Policy, Reading
from .evaluate import items, score_muc, score_polnear, score_reading, scorer, temperature
from .heads import BY_NAME, MUC_ROLES
from .model import Tagger

OUTSIDE = (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5)
LEAST = (0.05, 0.2, 0.35, 0.5, 0.65)


def settle(tagger: Tagger, readings: dict[str, list[Reading]], data: Path) -> Policy:
    """Returns the policy that scores best, one decision after another."""
    of_reading, of_polnear, of_muc = (
        scorer(data, path)
        for path in ("reading/score.py", "attribution-polnear/score.py", "muc4/score_muc4.py")
    )

    half = readings["polnear"][::2]  # its scorer is slow, and half is as many as reading has

    def in_reading(name: str) -> Callable[[Policy], float]:
        return lambda policy: score_reading(tagger, readings["reading"], policy, of_reading)[name]

    def in_both(policy: Policy) -> float:
        """Headwater's own reports and PolNeAR count alike."""
        own = score_reading(tagger, readings["reading"], policy, of_reading)["attribution, sourced"]
        return own + score_polnear(tagger, half, policy, of_polnear)["content+source"] / 100

    policy = Policy()
    policy = _outside(policy, "mention", in_reading("mention, typed"))
    policy = _outside(policy, "trigger", in_reading("event, typed"))
    policy = _least(policy, "same_event_min", in_reading("event, typed"))
    policy = _outside(policy, "detail", in_reading("argument"))
    policy = _least(policy, "argument_min", in_reading("argument"))
    policy = _outside(policy, "cue", in_both)
    policy = _outside(policy, "content", in_both)
    policy = _least(policy, "content_min", in_both)
    policy = _outside(policy, "source", in_both)
    policy = _least(policy, "source_min", in_both)
    for role, head in MUC_ROLES.items():
        policy = _outside(policy, head, lambda p, r=role: score_muc(readings["muc4"], p, of_muc)[r])
    return policy


def _outside(policy: Policy, head: str, score: Callable[[Policy], float]) -> Policy:
    tried = [replace(policy, outside=policy.outside | {head: x}) for x in OUTSIDE]
    return max(tried, key=score)


def _least(policy: Policy, name: str, score: Callable[[Policy], float]) -> Policy:
    tried = [replace(policy, **{name: x}) for x in LEAST]
    return max(tried, key=score)


def temperatures(tagger: Tagger, readings: dict[str, list[Reading]]) -> dict[str, float]:
    """Returns each head's temperature; a factuality score has none."""
    return {name: round(temperature(*found), 4) for name, found in items(tagger, readings).items()}


@torch.no_grad()
def cool(tagger: Tagger, readings: dict[str, list[Reading]], warmth: dict[str, float]) -> None:
    """Divides the weights of each head by its temperature, and the logits already read.

    So the heads give calibrated probabilities as they are, and no program has to know of temperatures.
    """
    for name, t in warmth.items():
        last = tagger.pair[name].v if BY_NAME[name].kind == "pair" else tagger.flat[name]
        last.weight.div_(t)
        last.bias.div_(t)
    for seen in (s for part in readings.values() for r in part for s in r.seen):
        for name, logits in seen.logits.items():
            logits /= warmth.get(name, 1.0)
    for reading in (r for part in readings.values() for r in part):
        reading.found.clear()
