"""How examples become updates: the sums that stacks share, each with its own rounding."""

import math


def batches(examples: int, devices: int, batch: int, drop_last: bool = False) -> int:
    """Return how many batches an epoch has on each device, as torch's samplers and loaders count.

    Examples are split among the devices, and each share into batches; what is left over is filled
    up, or left out with `drop_last`.
    """
    if drop_last:
        return examples // devices // batch
    return math.ceil(math.ceil(examples / devices) / batch)


def counted(number: float, thing: str) -> str:
    """Return "1 step", "2 steps", "2 batches"."""
    plural = "es" if thing.endswith("batch") else "s"
    return f"{number:,g} {thing}{'' if number == 1 else plural}".replace(",", "")


def padded_batches(examples: int, devices: int, batch: int, drop_last: bool = False) -> int:
    """Return the same as Paddle's DistributedBatchSampler counts: shares are always filled up."""
    share = math.ceil(examples / devices)
    return share // batch if drop_last else math.ceil(share / batch)
