"""What a picture may lack, said where it is shown."""

from collections.abc import Iterable, Iterator

from ..sampling import is_exact
from ..series import Series


def unseen(
    shown: Iterable[Series], horizon: int, columns: int, first: int = 0, *, apart: bool = False
) -> Iterator[str]:
    """Yield a sentence for each series of which a picture may lack what lasts a few steps.

    It shows the steps from `first` on, below `horizon`, over so many columns of pixels; where each
    series is also shown `apart` from the first, there is one for their differences.
    """
    steps = horizon - first
    plans = [(one.label, one.plan) for one in shown if one.plan is not None]
    named = [label for label, plan in plans if not is_exact(plan, horizon, columns, first)]
    if apart and len(plans) > 1 and not is_exact(None, horizon, columns, first):
        named.append("the differences")
    for label in named:
        yield (
            f"{label}: not all of its {steps:,} steps are evaluated, so a rate that lasts a few of "
            "them may not be seen; a zoom shows it"
        )
