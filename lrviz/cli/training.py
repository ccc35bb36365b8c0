"""The options that describe the training run, which most commands have."""

import math
from inspect import signature
from typing import Annotated

import typer

from ..errors import LrvizError, quoted
from ..schedules.run import Told
from ..specs.quantities import Run, count, horizon, number, quantity
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
        str | None,
        typer.Option(metavar="N", help="How many devices share the dataset, if more than 1."),
    ] = None,
    accumulate: Annotated[
        str | None,
        typer.Option(metavar="N", help="Batches whose gradients make a step, if more than 1."),
    ] = None,
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
) -> Run:
    """Return what the options say of the run."""
    if steps is not None and epochs is not None:
        raise LrvizError("-n and --epochs both say how long the run is; keep one of them")
    if dataset is not None and steps_per_epoch is not None:
        raise LrvizError(
            "--dataset and --steps-per-epoch both say how long an epoch is; keep one of them"
        )
    per_epoch = None if steps_per_epoch is None else number("--steps-per-epoch", steps_per_epoch)
    told = Told(
        _count("--dataset", dataset),
        _count("--batch", batch),
        _count("--devices", devices),
        _count("--accumulate", accumulate),
        drop_last,
    )
    if told.dataset is not None and told.batch is not None:
        per_epoch, sums = _steps_in(
            told.dataset, told.batch, told.devices or 1, told.accumulate or 1, drop_last
        )
        told = told._replace(sums=sums)
    elif told.dataset is not None:
        told = told._replace(unsettled="--dataset needs the size of a batch; add --batch N")
    elif told != Told():
        told = told._replace(
            unsettled="--batch, --devices, --accumulate and --drop-last count with the examples of "
            "an epoch; add --dataset N"
        )
    run = Run(steps_per_epoch=per_epoch, lr=None if lr is None else _rate(lr))
    if epochs is not None:
        run, told = _in_epochs(epochs, run, told)
    elif steps is not None:
        run = run._replace(horizon=horizon("-n", steps, run))
        told = told._replace(horizon=run.horizon)
    if names:
        from ..specs.names import names_of

        run = run._replace(names=names_of("--set", names, run))
    return run._replace(told=told)


def _count(option: str, text: str | None) -> int | None:
    """Return the whole number that an option gives, if it is given."""
    return None if text is None else count(option, text, Run())


def _in_epochs(epochs: str, run: Run, told: Told) -> tuple[Run, Told]:
    """Return a run that lasts so many epochs, the last of which may end early."""
    times = number("--epochs", epochs, least=1e-9)
    told = told._replace(epochs=times)
    if run.steps_per_epoch is None:
        lack = (
            "--epochs needs the length of an epoch; add --steps-per-epoch STEPS, "
            "or --dataset N --batch N"
        )
        return run, told._replace(unsettled=told.unsettled or lack)
    length = round(times * run.steps_per_epoch, 6)  # 1.1 epochs of 10 steps are 11, not a bit more
    run = run._replace(horizon=max(math.ceil(length), 1))
    sums = told.sums and f"{told.sums}; {epochs} epochs are {run.horizon} steps"
    return run, told._replace(sums=sums)


takes_run = taking("run", signature(_run).parameters, _run, "Run")
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
