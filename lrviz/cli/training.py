"""The options that describe the training run, which most commands have."""

import math
from inspect import signature
from typing import Annotated

import typer

from ..errors import LrvizError, quoted
from ..specs.quantities import Run, count, horizon, number, quantity
from . import console
from .options import taking


def _run(
    steps: Annotated[
        str | None,
        typer.Option(
            "-n", "--steps", metavar="STEPS", help="Length of the run: 1000, 10k, 1e12, 90ep."
        ),
    ] = None,
    epochs: Annotated[
        str | None, typer.Option(metavar="N", help="Length of the run in epochs.")
    ] = None,
    steps_per_epoch: Annotated[
        str | None, typer.Option(metavar="STEPS", help="What one epoch (ep) is in steps.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(metavar="N", help="Examples in an epoch, in place of its steps.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="N", help="Examples in a device's batch.")
    ] = None,
    devices: Annotated[
        str, typer.Option(metavar="N", help="How many devices share the dataset.")
    ] = "1",
    accumulate: Annotated[
        str, typer.Option(metavar="N", help="Batches whose gradients make a step.")
    ] = "1",
    drop_last: Annotated[
        bool, typer.Option("--drop-last", help="Leave out a last batch that is not full.")
    ] = False,
    lr: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="The optimizer's rate, for calls that take it."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="What a name of a pasted program is: args.lr=0.1."
        ),
    ] = None,
    *,
    quiet: bool = False,
) -> Run:
    """Return what the options say of the run; say the sums that were done to find it."""
    if steps is not None and epochs is not None:
        raise LrvizError("-n and --epochs both say how long the run is; keep one of them")
    per_epoch = None if steps_per_epoch is None else number("--steps-per-epoch", steps_per_epoch)
    sums = None
    if dataset is not None:
        if steps_per_epoch is not None:
            raise LrvizError(
                "--dataset and --steps-per-epoch both say how long an epoch is; keep one of them"
            )
        if batch is None:
            raise LrvizError("--dataset needs the size of a batch; add --batch N")
        per_epoch, sums = _steps_in(
            count("--dataset", dataset, Run()),
            count("--batch", batch, Run()),
            count("--devices", devices, Run()),
            count("--accumulate", accumulate, Run()),
            drop_last,
        )
    elif batch is not None or drop_last or devices != "1" or accumulate != "1":
        raise LrvizError(
            "--batch, --devices, --accumulate and --drop-last count with the examples of an epoch; "
            "add --dataset N"
        )
    run = Run(steps_per_epoch=per_epoch, lr=None if lr is None else _rate(lr))
    if epochs is not None:
        if per_epoch is None:
            raise LrvizError(
                "--epochs needs the length of an epoch; add --steps-per-epoch STEPS, "
                "or --dataset N --batch N"
            )
        length = number("--epochs", epochs, least=1e-9) * per_epoch
        run = run._replace(horizon=max(math.floor(length + 0.5), 1))
        sums = sums and f"{sums}; {epochs} epochs are {run.horizon} steps"
    elif steps is not None:
        run = run._replace(horizon=horizon("-n", steps, run))
    if names:
        from ..specs.names import names_of

        run = run._replace(names=names_of("--set", names, run))
    console.tell([sums] if sums else [], quiet)
    return run


_OPTIONS = {name: one for name, one in signature(_run).parameters.items() if name != "quiet"}

takes_run = taking("run", _OPTIONS, _run)
"""Gives a command the options that describe the run, in place of its parameter `run`."""


def _steps_in(
    dataset: int, batch: int, devices: int, accumulate: int, drop_last: bool
) -> tuple[int, str]:
    """Return how many steps an epoch has, and how that comes about.

    The dataset is split among the devices, each share into batches, and those into steps; what is
    left over in the end makes a step too, as the Trainer of Transformers 5.23 counts.
    """
    share = dataset // devices if drop_last else -(-dataset // devices)
    batches = share // batch if drop_last else -(-share // batch)
    steps = -(-batches // accumulate)
    if steps == 0:
        raise LrvizError(
            f"no batch of {batch} is full with {share} examples a device, and --drop-last leaves "
            "out the others; take it away, or make --batch smaller"
        )
    each = f"{dataset} examples"
    if devices > 1:
        each += f" on {devices} devices, {share} each,"
    made = f"{each} make {batches} batches of {batch}"
    if accumulate > 1:
        made += f", {accumulate} of them a step"
    return steps, f"{made}: an epoch has {steps} steps"


def _rate(text: str) -> float:
    """Return the learning rate that `--lr` gives."""
    try:
        value = quantity(text, Run(), counts_steps=False)
    except LrvizError as error:
        raise LrvizError(f"--lr {quoted(text)} " + error.sentence) from None
    if not 0 <= value < math.inf:
        raise LrvizError(f"--lr is a finite number of at least 0, not {quoted(text)}")
    return value
