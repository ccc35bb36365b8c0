"""What is known of a run from outside of its config."""

from typing import Any

from ..schedules.run import Run


def known(run: Run, devices: int | None) -> dict[str, Any]:
    """Return what is known from outside of a config, by the names of options.

    Steps that were counted from examples or epochs are left to the stack to count.
    """
    told = run.told
    facts = told._asdict() | {
        "drop_last": told.drop_last or None,
        "devices": told.devices or devices,
        "lr": run.lr,
        "horizon": told.horizon or (run.horizon if told.epochs is None else None),
        "steps_per_epoch": run.steps_per_epoch if told.dataset is None else None,
    }
    return {name: value for name, value in facts.items() if value is not None}
