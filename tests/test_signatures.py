"""A call's parameters are the framework's, in its order and with its defaults, as recorded."""

import inspect
import json

import pytest

from lrviz.frameworks import Call, all_calls
from tests.recorded import GOLDEN

RECORDED = json.loads((GOLDEN / "signatures.json").read_text(encoding="utf-8"))

DEVIATIONS = {
    "mmengine.param_scheduler_list": "a name of ours for the list that a config holds",
    "torch.ReduceLROnPlateau": "verbose, which older versions have, may still be given",
    "torchtitan.LRSchedulersContainer": "fields of its Config, and its optimizer before them",
    "transformers.get_greedy_schedule": "what it hands on to GreedyLR is said one by one",
    "transformers.get_reduce_on_plateau_schedule": "so is what it hands on to ReduceLROnPlateau",
}
"""The calls whose parameters are not quite the framework's, and why."""


def name_of(call: Call) -> str:
    return f"{call.framework.name}.{call.name}"


def ours(call: Call) -> str:
    """Return the framework's part of a call's signature; what stands after * is ours."""
    theirs = [p for p in call.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    return str(inspect.Signature([p.replace(annotation=p.empty) for p in theirs]))


def recorded(call: Call) -> str:
    text: str = RECORDED[call.framework.name]["calls"][call.name]
    return text


@pytest.mark.parametrize(
    "call", [call for call in all_calls() if name_of(call) not in DEVIATIONS], ids=name_of
)
def test_a_signature_is_as_the_framework_prints_it(call: Call) -> None:
    assert ours(call) == recorded(call)


def test_no_deviation_is_listed_that_is_none() -> None:
    differing = {name_of(call) for call in all_calls() if ours(call) != recorded(call)}
    assert differing == set(DEVIATIONS)


def test_every_recorded_call_is_read() -> None:
    known = {(call.framework.name, call.name) for call in all_calls()}
    assert {(one, name) for one in RECORDED for name in RECORDED[one]["calls"]} == known
