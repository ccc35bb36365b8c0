"""Curves in a picture, or in the terminal."""

from typing import TYPE_CHECKING, Any

from ..outputs.paper import Paper
from ..series import Inputs, read_inputs
from ..specs.quantities import Run
from .drawing import Drawing, checked, run_of, view_of

if TYPE_CHECKING:
    from ..logs.records import Progress


def drawing_of(
    specs: Inputs,
    run: Run | None = None,
    *,
    paper: Paper | None = None,
    folder: str = "",
    progress: "Progress | None" = None,
    **look: Any,
) -> Drawing:
    """Return the drawing of series over a run, with the settings of a `Look`.

    Values are as a config has them, `zoom="900:1100"`. Logs are looked for here, and named as they
    are found from `folder` on, and `progress` is told how far each is read. LrvizError for the
    first text or setting that is wrong.
    """
    given = checked("plot", look)
    run = run_of(given, run or Run())
    inputs, notes = read_inputs(specs, run, given.get("step_column"), progress=progress)
    seen = [one.seen_from(folder) for one in inputs] if folder else inputs
    view = view_of(seen, given, run)
    return Drawing([view], paper or Paper(), read=[*notes, *view.unseen])
