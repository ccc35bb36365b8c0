"""Schedules and curves as series."""

from dataclasses import replace

from lrviz import Curve, Schedule
from lrviz.series import Planned, Series
from lrviz.series.recorded import Recorded


def series(one: Schedule | Curve, label: str = "") -> Series:
    """Return a schedule, or a curve as a recorded run, under a label or its own."""
    if isinstance(one, Schedule):
        return Planned(label or str(one), one)
    return Recorded(label or one.label, replace(one, recorded=True))
