"""What a script or a notebook asks for: schedules, texts and curves as arguments, one by one.

Notes on how they were read, and what looks like a mistake, which a command writes to the terminal,
go to the logger "lrviz".
"""

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..curves import Curve
from ..errors import LrvizError, one_of, option
from ..outputs.settings import DTYPES
from ..schedules.base import Schedule
from ..series import Input, Inputs, Planned, Recorded, horizon_of
from ..specs.quantities import Run
from ..specs.quantities import horizon as length

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .compare import Report
    from .table import Table
    from .translate import Translated

_LOGGER = logging.getLogger("lrviz")


def plot(
    *specs: Inputs,
    ax: "Axes | None" = None,
    run: Run | None = None,
    horizon: int | str | None = None,
    steps_per_epoch: float | None = None,
    lr: float | None = None,
    names: Mapping[str, Any] | None = None,
    size: str | None = None,
    dpi: int | str | None = None,
    theme: str | None = None,
    silence: str = "",
    **look: Any,
) -> "Figure":
    """Return a figure of schedules, texts of a command line, curves and logs, `"@run.csv"`.

    It is that of the command `plot`, whose options are keywords here, `log=True, title="a plan"`,
    as all that a panel of a config may have: `annotations={500: "warmup ends"}`. It looks and is
    saved the same whatever matplotlibrc says; a notebook shows it. On axes that are given the
    curves are drawn as those have them, and their figure is returned. What is known of the run is
    a `Run`, or said by keywords that have the names of its fields. LrvizError for the first text
    or setting that is wrong.
    """
    from ..outputs.paper import WITH_DIFFERENCES, Paper, paper
    from .mistakes import warnings_of
    from .plot import drawing_of

    run = _known(run, horizon, steps_per_epoch, lr, names)
    usual = WITH_DIFFERENCES if look.get("differences") else Paper()
    on = paper(size or usual.size, str(dpi or usual.dpi), theme or usual.theme)
    drawing = drawing_of(_one_by_one(specs), run, paper=on, **_as_in_config(look))
    (view,) = drawing.views
    mistakes = warnings_of(view.inputs, horizon_of(view.inputs, run), run, silence, brief=True)
    if ax is None:
        figure, lacking = drawing.figure()
    else:
        given = {"size": size, "dpi": dpi, "theme": theme, "differences": look.get("differences")}
        for name in (name for name, value in given.items() if value):
            raise LrvizError(
                option(name)
                + " is for a figure that is made here, and axes are given; leave out one of them"
            )
        figure, lacking = drawing.draw_on(ax), []
    _tell([*drawing.notes, *lacking, *mistakes])
    return figure


def table(
    *specs: Inputs,
    run: Run | None = None,
    horizon: int | str | None = None,
    steps_per_epoch: float | None = None,
    lr: float | None = None,
    names: Mapping[str, Any] | None = None,
    at: str | int | Iterable[int | str] | None = None,
    every: str | int | None = None,
    dtype: str = DTYPES[0],
    step_column: str | None = None,
) -> "Table":
    """Return the rates of schedules, texts, curves and logs at some steps.

    Those are at round numbers and where schedules turn, or `at` steps, `[0, 10, 20]`,
    `range(100)` or `"0,10,1k:2k"`, or `every` so many. Of the run is known what `plot` takes.
    LrvizError for the first text that cannot be read, and for a step that is none.
    """
    from .table import table as tabulated

    one_of(option("dtype"), dtype, DTYPES)
    run = _known(run, horizon, steps_per_epoch, lr, names)
    answer = tabulated(
        _one_by_one(specs),
        run,
        at=None if at is None else _steps_text(at),
        every=None if every is None else str(every),
        dtype=dtype,
        step_column=step_column,
    )
    _tell(answer.notes)
    return answer


def compare(
    *specs: Inputs,
    run: Run | None = None,
    horizon: int | str | None = None,
    steps_per_epoch: float | None = None,
    lr: float | None = None,
    names: Mapping[str, Any] | None = None,
    rtol: float = 1e-9,
    atol: float | None = None,
    silence: str = "",
    step_column: str | None = None,
) -> "Report":
    """Return how schedules, texts, curves and logs differ from the first of them, and why.

    Gaps differ that are larger than `atol` + `rtol` * the larger rate, and than the digits of a
    log allow; `atol` is 1e-12 of the larger peak unless given. `silence` names warnings not to
    give. Of the run is known what `plot` takes. LrvizError for the first text that cannot be read,
    or a series that cannot be compared.
    """
    from .compare import compare as compared

    run = _known(run, horizon, steps_per_epoch, lr, names)
    answer = compared(
        _one_by_one(specs), run, rtol=rtol, atol=atol, silence=silence, step_column=step_column
    )
    _tell([*answer.notes, *answer.warnings])
    return answer


def _one_by_one(specs: Iterable[Inputs]) -> list[Input]:
    """Return arguments one by one, of which some may be lists of them."""
    alone = str | Schedule | Curve | Planned | Recorded
    return [one for spec in specs for one in ([spec] if isinstance(spec, alone) else spec)]


def translate(
    spec: Input,
    to: str = "torch",
    *,
    run: Run | None = None,
    horizon: int | str | None = None,
    steps_per_epoch: float | None = None,
    lr: float | None = None,
    names: Mapping[str, Any] | None = None,
) -> "Translated":
    """Return code that makes a schedule in the words of `to`; it prints as the code.

    `to` is torch, keras, optax, transformers, timm, paddle, python or numpy. Of the run is known
    what `plot` takes. UntranslatableError if nothing has the same rates, LrvizError if the input is
    not one schedule.
    """
    from .translate import translate as translated

    answer = translated(spec, to, _known(run, horizon, steps_per_epoch, lr, names))
    _tell(answer.notes)
    return answer


def _known(
    run: Run | None,
    horizon: int | str | None,
    steps_per_epoch: float | None,
    lr: float | None,
    names: Mapping[str, Any] | None,
) -> Run:
    """Return what is known of a run, what the keywords say before what the run says."""
    run = run or Run()
    run = run._replace(
        steps_per_epoch=run.steps_per_epoch if steps_per_epoch is None else steps_per_epoch,
        lr=run.lr if lr is None else lr,
        names=run.names if names is None else names,
    )
    if horizon is None:
        return run
    return run._replace(horizon=length(option("horizon"), str(horizon), run))


def _steps_text(at: str | int | Iterable[int | str]) -> str:
    """Return steps as the command line has them."""
    if isinstance(at, str | int):
        return str(at)
    if isinstance(at, range) and at.step == 1 and at:
        return f"{at[0]}:{at[-1]}"
    return ",".join(str(step) for step in at)


def _as_in_config(look: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of panels as a config has them: lists, and texts for steps."""
    written = dict(look)
    if isinstance(rates := look.get("rates"), tuple):
        written["rates"] = [*rates]
    if isinstance(notes := look.get("annotations"), Mapping):
        written["annotations"] = {str(step): text for step, text in notes.items()}
    if isinstance(zoom := look.get("zoom"), range):
        written["zoom"] = _steps_text(zoom)
    return written


def _tell(notes: Iterable[str]) -> None:
    """Say what a command would write to the terminal."""
    for note in notes:
        _LOGGER.warning(note.removeprefix("warning: "))
