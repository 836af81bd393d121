"""What is to become of one ticket, drawn when it is filed: who dawdles, who asks, what fails. Pure: dice only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from router.demo.words import ALL, IncidentText, phrases
from router.model.words import Party, PauseCause


@dataclass(slots=True)
class Plot:
    """`steps` are what the holder's team does in turn before it resolves; they are used up one by one."""

    text: IncidentText
    family: str
    slowness: float
    steps: list[str]
    first_level: str = "done"  # "done" | "advised" | "silent"
    answers: bool = True
    ends_wait: bool = True
    after: str = "silent"  # "confirm" | "reopen" | "silent"
    transfer_to: Party | None = None
    contests: int = 0
    duplicate_of: int | None = None
    done: dict[str, int] = field(default_factory=dict)


TROUBLES: Sequence[tuple[str, float]] = (
    ("note", 0.12),
    ("ask", 0.17),
    ("comment", 0.16),
    ("wait", 0.11),
    ("college_comment", 0.08),
)


def draw(rng: Random, text: IncidentText, family: str, *, recent: bool) -> Plot:
    """`recent`: filed in the last days; those are the ones still overdue when the demonstration opens."""
    steps = ["lead_assigns" if rng.random() < 0.3 else "take"]
    steps += [step for step, chance in TROUBLES if rng.random() < chance]
    plot = Plot(text=text, family=family, slowness=rng.lognormvariate(0, 0.6), steps=steps)
    plot.first_level = rng.choices(("done", "advised", "silent"), (0.5, 0.25, 0.25))[0]
    plot.answers = rng.random() < 0.82
    plot.ends_wait = rng.random() < 0.75
    plot.after = rng.choices(("confirm", "reopen", "silent"), (0.45, 0.04, 0.51))[0]
    plot.contests = rng.choices((0, 1, 2), (0.55, 0.3, 0.15))[0]
    if rng.random() < 0.055:
        steps.insert(1, "transfer")
    if recent and rng.random() < 0.3:
        plot.steps.insert(1, rng.choice(("ask", "wait")))
    if rng.random() < (0.2 if recent else 0.025):
        plot.slowness *= 6
    return plot


def delay(rng: Random, plot: Plot, hours: float, spread: float = 0.6) -> timedelta:
    """Service time until the next gesture: about `hours`, never nothing."""
    drawn = hours * plot.slowness * rng.lognormvariate(0, spread)
    return timedelta(minutes=max(3, round(drawn * 60)))


def phrase(rng: Random, kind: str, *keys: str) -> str:
    """A sentence of this kind, for the first of `keys` that has some."""
    known: Mapping[str, Sequence[str]] = phrases()[kind]
    found = next((known[key] for key in (*keys, ALL) if key in known), ("Fait.",))
    return rng.choice(found)


def pause_cause(rng: Random) -> PauseCause:
    return PauseCause.PART if rng.random() < 0.6 else PauseCause.SUPPLIER
