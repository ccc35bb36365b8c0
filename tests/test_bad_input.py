"""Hundreds of kinds of bad input: each gets one sentence, and nothing else happens."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lrviz.errors import LrvizError, SpecError
from lrviz.families import families
from lrviz.schedules.base import Schedule
from lrviz.schedules.fields import Points
from lrviz.specs import read
from lrviz.specs.quantities import Run as TrainingRun
from tests.conftest import Run

KINDS = families()

BAD_NUMBERS = [
    "",
    "x",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "1__0",
    "1,5x",
    "0x10",
    "1 2",
    "--1",
    "1e",
    "½",
]
BAD_UNITS = ["1Q", "1m", "1T", "1e3k5", "10%", "5ep", "5 epochs"]


def bad_values() -> Iterator[str]:
    """Yield the examples of all families with one thing spoilt."""
    for kind in KINDS.values():
        spec = kind.examples[0].spec
        stage = next((s for s in spec.split("/") if s.startswith(kind.name)), "")
        for field in kind.parameters():
            if field.item in (Points, Schedule, bool) or f"{field.key}=" not in stage:
                continue
            for bad in (*BAD_NUMBERS, *BAD_UNITS):
                if bad in ("nan", "inf", "-inf", "1e999") and not field.param.finite:
                    continue
                if bad == "10%" and field.param.unit in ("rate", "share"):
                    continue
                yield re.sub(rf"\b{field.key}=[^,/]*", f"{field.key}={bad}", spec)
            if field.required:
                yield re.sub(rf"\b{field.key}=[^,/]*(,|$|(?=/))", "", spec)
            yield re.sub(rf"\b({field.key})=", r"\1x=", spec)
            yield re.sub(rf"\b({field.key}=[^,/]*)", r"\1,\1", spec)


def bad_texts() -> Iterator[str]:
    """Yield texts that are no specs."""
    yield from (
        "",
        " ",
        "/",
        ":",
        "=",
        ",",
        "{",
        "}",
        "{}",
        "@",
        "%",
        "-",
        ".",
        "\n",
        "\x00"[:0] or "\t",
    )
    yield from (f"{name}:" for name in KINDS)
    yield from (f"{name[:-1]}x:lr=1" for name in KINDS)
    yield from (f"{name.upper()}:lr=1" for name in KINDS)
    yield from (f"{kind.examples[0].spec}/" for kind in KINDS.values())
    yield from (f"/{kind.examples[0].spec}" for kind in KINDS.values())
    yield from (f"={kind.examples[0].spec}" for kind in KINDS.values())
    yield from (f"{kind.examples[0].spec},," for kind in KINDS.values())
    yield from (f"{kind.examples[0].spec},nonsense" for kind in KINDS.values())
    yield from (f"{kind.examples[0].spec},nonsense=1" for kind in KINDS.values())
    yield from (f"{kind.examples[0].spec}/end" for kind in KINDS.values() if not kind.inner())


OPTIONS = [
    *(
        ["-n", value]
        for value in ("", "0", "-1", "x", "1.5", "nan", "inf", "1e17", "5ep", "5%", "1Q")
    ),
    *(["--steps-per-epoch", value] for value in ("", "0", "-1", "x", "nan", "5ep", "10%")),
    *(["--dtype", value] for value in ("", "float16", "double", "FLOAT32", "int")),
    *(["--color", value] for value in ("", "yes", "no", "Always")),
    *(["--nonsense"], ["-z"], ["--log=1"], ["-n"]),
]
PLOT_OPTIONS = [
    *(["-o", name] for name in ("x", "x.jpg", "x.PNGG", ".png", "-", "", "x.csv", "x/.", "x.png/")),
    *(["--format", value] for value in ("png", "gif", "", "PNG")),
    *(
        ["-o", "x.png", "--size", value]
        for value in ("", "8", "x", "8x", "0x0", "-1x4", "8x4x2", "axb")
    ),
    *(["-o", "x.png", "--dpi", value] for value in ("", "0", "-1", "x", "1e9", "nan")),
    *(["-o", "x.png", "--theme", value] for value in ("", "Dark", "blue")),
]
TABLE_OPTIONS = [
    *(
        ["--at", value]
        for value in ("", ",", "x", "1:", ":1", "2:1", "1:2:3", "-1", "1.5", "5%%", "1-5")
    ),
    *(["--every", value] for value in ("", "0", "-1", "x", "1.5", "nan")),
    *(["--format", value] for value in ("", "xls", "CSV", "png", "text")),
    *(["-o", value] for value in ("x", "x.png", "", ".", "x.csvv")),
    ["--at", "0", "--every", "1"],
]
OTHERS = [
    *(["nonsense"], ["Plot"], ["plot"], ["table"], ["explain"], ["completion"]),
    *(["explain", "nonsense"], ["explain", "exp", "exp"], ["completion", "ksh"], ["list", "expo"]),
    *(["--nonsense"], ["plot", "--at", "0", "const:lr=1"], ["table", "--title", "t", "const:lr=1"]),
]
COMMANDS = [
    *(["table", spec] for spec in bad_values()),
    *(["table", spec] for spec in bad_texts()),
    *([command, "const:lr=1", *option] for command in ("plot", "table") for option in OPTIONS),
    *(["plot", "const:lr=1", *option] for option in PLOT_OPTIONS),
    *(["table", "const:lr=1", *option] for option in TABLE_OPTIONS),
    *OTHERS,
]


def test_there_are_hundreds_of_kinds() -> None:
    assert len({tuple(command) for command in COMMANDS}) > 800


@pytest.mark.parametrize("command", COMMANDS, ids=shlex.join)
def test_each_gets_one_sentence_and_touches_nothing(
    command: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*command)
    assert (status, out) == (2, "")
    first, *place = err.splitlines()
    assert first.startswith("lrviz: error: ")
    assert "Traceback" not in err
    assert "this is a fault of lrviz" not in err
    assert len(place) in (0, 2)
    assert not list(tmp_path.iterdir())


WORDS = [
    *KINDS,
    "lr",
    "rate",
    "steps",
    "end",
    "at",
    "staircase",
    "for",
    "floor",
    "then",
    "0",
    "1",
    "1e9",
]
texts = st.lists(
    st.sampled_from(
        [*WORDS, *":=,/{}()@%.-+ ", "..", "k", "M", "ep", "nan", "中", "\x1b", "\ud800"]
    ),
    max_size=25,
).map("".join)


@settings(max_examples=1000)
@given(texts | st.text(max_size=50))
@example("warmup:steps=1/" * 50 + "const:lr=1")
@example("{" * 5000)
@example("const:lr=1," * 900)
@example("a=" * 4000)
@example("/".join(["const:lr=1,for=1"] * 600))
@example("multistep:lr=1,rate=1,at=" + "1," * 4000 + "1")
def test_any_text_is_a_spec_or_gets_one_sentence(text: str) -> None:
    try:
        named = read([text], TrainingRun(1000, 10))
    except SpecError as error:
        assert 0 <= error.start <= len(text) * 2  # noqa: PT017
        assert "\n" not in error.message  # noqa: PT017
        assert error.pointer().isprintable() or "\n" in error.pointer()  # noqa: PT017
    except LrvizError as error:
        assert "\n" not in error.message  # noqa: PT017
    else:
        for one in named:
            assert str(one.schedule)
