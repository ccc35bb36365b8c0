"""NeMo's annealing classes, which WeNet has taken over: their warmups, holds and landings."""

from .calls import formula
from .settings import Settings

DECAYS = {
    "WarmupPolicy": "1",
    "WarmupHoldPolicy": "1",
    "SquareAnnealing": "max((max({T} - t, 0) / {L}) ** 2, {m})",
    "SquareRootAnnealing": "max((max({T} - t, 0) / {T}) ** 0.5, {m})",
    "CosineAnnealing": "{m} + {d} * 0.5 * (1 + math.cos(math.pi * (t - {W}) / {L}))",
    "WarmupAnnealing": "{m} + {d} * (1 - (t - {W}) / {L})",
    "InverseSquareRootAnnealing": "(({W} + 1) / (t + 1)) ** 0.5",
    "PolynomialDecayAnnealing": "{m} + {d} * max(1 - (t - {W}) / {L}, 0) ** {p}",
    "PolynomialHoldDecayAnnealing": "{m} + {d} * max(1 - (t - {H}) / {R}, 0) ** {p}",
    "WarmupHoldAnnealLinear": "{m} + {d} * (1 - (t - {H}) / {R})",
    "NoamHoldAnnealing": "max({w} / max(1, max(t - {h}, 0) ** {r}), {m})",
}
"""By class the factor of the rate after warmup and hold.

Of T steps W are the warmup and L the others; the hold ends at H after h steps, and leaves R. m is
the lowest rate as a factor and d what is above it; p and r are exponents, w is W ** r.
"""


def annealed(settings: Settings, sched: str, name: str, lr: float, total: int) -> str:
    """Return the formula or the spec of a class, whose parameters stand at `sched`."""
    warm = part(settings, sched, "warmup", total)
    low = settings.number(f"{sched}.min_lr", default=1e-5 if name == "SquareAnnealing" else 0.0)
    least = low / lr
    constant = part(settings, sched, "constant", total) if name == "CosineAnnealing" else 0
    if constant:
        cosine = f"cosine:lr={lr!r},steps={total - constant - warm},end={low!r}"
        return f"warmup:steps={warm}/{cosine}" if warm else cosine
    hold = part(settings, sched, "hold", total) if "Hold" in name else 0
    held = warm + hold if hold else 0
    if name == "NoamHoldAnnealing" and not warm:
        settings.lack(f"{sched}.warmup_steps")
    power = settings.number(f"{sched}.power", default=1.0)
    if settings.flag(f"{sched}.cycle"):
        settings.refuse(f"{sched}.cycle", "starts the decay anew, which is not read")
    rate = settings.number(f"{sched}.decay_rate", default=0.5)
    decay = DECAYS[name].format(
        T=total,
        W=warm,
        L=max(total - warm, 1),
        H=held,
        h=hold,
        R=max(total - max(warm, held), 1),
        m=repr(least),
        d=repr(1 - least),
        p=repr(power),
        r=repr(rate),
        w=repr(max(1.0, warm**rate)),
    )
    factor = f"{decay} if t <= {total} else {least!r}"
    if hold:
        factor = f"1 if t < {held} else ({factor})"
    if warm:
        factor = f"(t + 1) / {warm + 1} if t <= {warm} else ({factor})"
    return formula(factor, lr)


def part(settings: Settings, sched: str, what: str, total: int) -> int:
    """Return the steps of a part of the run; a ratio is rounded down."""
    steps = settings.whole(f"{sched}.{what}_steps", default=None)
    ratio = settings.number(f"{sched}.{what}_ratio", default=None)
    if steps is not None and ratio is not None:
        settings.refuse(f"{sched}.{what}_ratio", f"and {what}_steps are both given; keep one")
    if (ratio or steps or 0) < 0:
        settings.refuse(f"{sched}.{what}_{'steps' if steps else 'ratio'}", "is at least 0")
    if ratio is None:
        return steps or 0
    found = int(ratio * total)
    settings.sums.append(f"{what} int({ratio:g} * {total}) = {found}")
    return found
