"""Hydra: a tree whose `_target_` names the class that is called."""

from .. import stack
from ..settings import Settings
from ..targets import only_schedule, rate_of, written_call


@stack("Hydra", keys=("**._target_=*[sS]ched*|*optim*|*LR|optax.*",))
def hydra(settings: Settings) -> str:
    """Return the call of the one schedule in the tree."""
    settings.reads_exponents = True  # by OmegaConf
    _, found = only_schedule(settings)
    settings.notes.append("a step is one of the scheduler, be it of an update or of an epoch")
    return written_call(found, lr=rate_of(settings))
