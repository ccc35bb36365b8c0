"""The doors through which texts come in: what is given to each, and what it does with that."""

import contextlib
import functools
import io
import json
import re
import shlex
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from lrviz import LrvizError, cli, parse
from lrviz.builds.pictures import config_in, figures_of
from lrviz.families import families
from lrviz.logs import read as read_log
from lrviz.outputs import pictures
from lrviz.outputs.chart import chart
from lrviz.outputs.content import Panel
from lrviz.outputs.look import Look
from lrviz.outputs.paper import Paper
from lrviz.sampling import outline
from lrviz.series import read_inputs
from lrviz.specs import read
from lrviz.specs.quantities import Run
from tests.logs.test_formats import CASES as PLANTED
from tests.logs.test_formats import EVENTS, VERSION, event
from tests.logs.test_text import CASES as LINES_OF_TRAINERS
from tests.logs.test_text import EVERY, rate
from tests.outputs.test_stamp import FORMATS, drawn
from tests.programs.generator import Generator

HERE = Path(__file__).parents[1]
SAMPLES = HERE.parent / "sample_configs"
RUN = Run(horizon=1000, steps_per_epoch=10)
STEPS = np.array([0, 1, 2, 7, 500, 999])

EXAMPLES = [one.spec for kind in families().values() for one in kind.examples]
CALLS = [
    case["call"]
    for file in sorted((HERE / "golden").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8")).get("cases", [])[:40]
    if "call" in case
]


class Door(NamedTuple):
    """What is mutated, and what is done with it, which raises LrvizError at most."""

    seeds: Callable[[], Sequence[str]]
    enter: Callable[[str], object]
    rounds: int
    """How many texts are tried in the suite."""


DOORS: dict[str, Door] = {}
"""All of them, by name."""


def door(
    seeds: Callable[[], Sequence[str]], rounds: int
) -> Callable[[Callable[[str], object]], Callable[[str], object]]:
    """Register a function as a door."""

    def register(function: Callable[[str], object]) -> Callable[[str], object]:
        DOORS[function.__name__] = Door(seeds, function, rounds)
        return function

    return register


def _drawn(text: str) -> None:
    """Read a text of a command line, and evaluate, write and outline its schedules."""
    for one in read([text], RUN):
        assert isinstance(str(one.schedule), str)
        one.schedule(STEPS)
        outline(one.schedule, 3000, 100)


@door(lambda: EXAMPLES, rounds=700)
def specs(text: str) -> None:
    """Read a spec."""
    _drawn(text)


def _calls() -> list[str]:
    """Return the calls whose rates were recorded, and programs that say the rate outside."""
    plain = (call.partition(" with ")[0] for call in CALLS)
    return [f"{call[:-1]}, lr=0.1)" if call.endswith(")") else call for call in plain]


@door(_calls, rounds=120)
def calls(text: str) -> None:
    """Read a call of a framework."""
    _drawn(text)


@door(
    lambda: [f"{Generator(n).program()}\nLambdaLR(opt, rate, lr=0.1)" for n in range(60)], rounds=40
)
def programs(text: str) -> None:
    """Read a program."""
    _drawn(text)


def _recorded() -> list[dict[str, Any]]:
    found = sorted((HERE / "configs" / "recorded").glob("*.json"))
    return [case for file in found for case in json.loads(file.read_text(encoding="utf-8"))]


def _configs() -> list[str]:
    """Return the configs whose rates were recorded; the first line is the name of the file."""
    return [
        f"{name}\n{text}"
        for case in _recorded()
        for name, text in case["files"].items()
        if len(text) < 3000 and name.endswith((".yaml", ".yml", ".json", ".toml", ".cfg", ".py"))
    ]


@door(_configs, rounds=60)
def configs(text: str) -> None:
    """Read a config file, with the ending of that which it was made from."""
    _, _, rest = text.partition("\n")
    ending = re.match(r"[\w./-]*(\.(?:yaml|yml|json|toml|cfg|py))\n", text)
    file = Path(f"config{ending[1] if ending else '.yaml'}")
    file.write_text(rest, encoding="utf-8", errors="surrogatepass")
    for one in read_inputs([f"@{file}"], RUN)[0]:
        one.outline(1000, 100)


@door(
    lambda: (
        [
            case["words"][0]
            for case in _recorded()
            if len(case["words"][0].split()) > 1 and "(" not in case["words"][0]
        ]
        or ["torchrun train.py --lr_scheduler_type cosine --learning_rate 1e-3 --max_steps 100"]
    ),
    rounds=150,
)
def command_lines(text: str) -> None:
    """Read a command line that starts a run."""
    _drawn(text)


def _log(name: str, text: str) -> None:
    """Read a log of that name."""
    data = text.encode("latin-1") if name.startswith("events") else text.encode(errors="replace")
    Path(name).write_bytes(data)
    log = read_log(name)
    assert (np.diff(log.curve.steps) > 0).all()
    assert np.isfinite(log.curve.values).all()


def _planted(*endings: str) -> list[str]:
    return [text for name, text, _ in PLANTED if name.endswith(endings)]


@door(lambda: _planted(".csv", ".tsv", ".txt"), rounds=200)
def csv_logs(text: str) -> None:
    """Read a table in text."""
    _log("run.csv", text)


@door(lambda: _planted(".json"), rounds=200)
def json_logs(text: str) -> None:
    """Read a log in JSON."""
    _log("run.json", text)


@door(lambda: _planted(".jsonl"), rounds=200)
def jsonl_logs(text: str) -> None:
    """Read a log of JSON lines."""
    _log("run.jsonl", text)


@door(
    lambda: [
        "".join(f"{line(step, str(rate(step)))}\n" for step in EVERY)
        for line, _ in LINES_OF_TRAINERS.values()
    ],
    rounds=120,
)
def text_logs(text: str) -> None:
    """Read the lines of a console."""
    _log("run.log", text)


@door(
    lambda: [
        EVENTS.decode("latin-1"),
        (VERSION + b"".join(event(step, lr=0.1) for step in range(9))).decode("latin-1"),
    ],
    rounds=200,
)
def event_logs(text: str) -> None:
    """Read TensorBoard's events."""
    _log("events.out.tfevents.1", text.encode("latin-1", "replace").decode("latin-1"))


MARK = "lrviz says this"


@functools.cache
def _bare(form: str) -> bytes:
    """Return a small picture that says the mark, without a seal."""
    return drawn(form, MARK)


def _saying(form: str, text: str) -> bytes:
    """Return a small picture that says a text."""
    said = text.encode("latin-1", "backslashreplace").replace(b"\0", b"")
    if form != "png":
        return _bare(form).replace(MARK.encode(), said)
    chunk = b"tEXtlrviz\0" + said
    length, check = struct.pack(">I", len(chunk) - 4), struct.pack(">I", zlib.crc32(chunk))
    return _bare(form)[:33] + length + chunk + check + _bare(form)[33:]


def _said() -> list[str]:
    """Return what the pictures of the samples say."""
    found = [pictures.read(file.read_bytes()) for file in sorted(SAMPLES.glob("*.png"))]
    return [one.about for one in found if one is not None]


@door(_said, rounds=120)
def pictures_given(text: str) -> None:
    """Explain pictures that say anything, and such as are no whole pictures."""
    for form in FORMATS:
        data = _saying(form, text)
        with contextlib.suppress(ValueError):  # no place for a seal is left
            data = FORMATS[form].sealed(data)
        Path(f"given.{form}").write_bytes(data)
        with contextlib.suppress(LrvizError):
            config_in(f"given.{form}")


@door(lambda: [f.read_text(encoding="utf-8") for f in SAMPLES.glob("*.toml")], rounds=60)
def build_configs(text: str) -> None:
    """Read the config of figures, without drawing them."""
    Path("run.csv").write_text("step,lr\n0,0.1\n5,0.2\n", encoding="utf-8")
    Path("figures.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    figures, _ = figures_of(["figures.toml"], None)
    for figure in figures:
        for picture in figure.pictures[:1]:
            assert picture.drawing.about()


OPTIONS = [
    "plot cosine:lr=1,steps=100 -n 50 --zoom 3:20 --log --title t --width 60 --dtype float32",
    "plot const:lr=1 @run.csv --zoom 10%:50% --steps-per-epoch 10 --lr 0.1 --no-lint --color never",
    "table exp:lr=0.1,rate=0.9,steps=9 --at 0,3,5:9 --format csv --dtype float32 -n 20",
    "table step:lr=1,rate=0.5,steps=30 --every 10 --format md --set x=3",
    "compare const:lr=1 const:lr=2 -n 30 --rtol 0.1 --atol 1e-3 -q --format json",
    "compare linear:lr=1,steps=9 @run.csv --step-column step --rtol 1%",
    "explain warmup:steps=5/cosine:lr=1,steps=50 -n 60 --steps-per-epoch 7",
    "list curves --color always",
]


@door(lambda: OPTIONS, rounds=100)
def options(text: str) -> None:
    """Run a command with any words, but not with the names of files to write."""
    Path("run.csv").write_text("step,lr\n0,0.1\n5,0.2\n", encoding="utf-8")
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    words = [word.replace("\0", "") for word in words if not word.startswith(("-o", "--o", "--s"))]
    status, said = _ran(words[:1] + [w for w in words[1:] if w not in ("--show", "build")])
    assert status in (0, 1, 2), said
    assert "this is a fault of lrviz" not in said, said
    assert "Traceback" not in said, said


def _ran(words: list[str]) -> tuple[int, str]:
    """Return the exit status of a command, and what it told."""
    out, told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    before = sys.argv
    sys.argv = ["lrviz", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            cli.main()
    except SystemExit as ended:
        return int(ended.code or 0), told.getvalue()
    finally:
        sys.argv = before
    return 0, told.getvalue()


@door(lambda: ["a & b", "学习率 é", "<i>x</i>", "$\\alpha$", "a_b^c", "-x", "x=y", "{a,b}"], 12)
def labels(text: str) -> None:
    """Draw a curve under a label, and with it as a title, in the terminal and in files."""
    curve = outline(parse("cosine:lr=1,steps=50"), 50, 100, label=text)
    look = Look(steps=50, title=text)
    assert "\x1b" not in chart([curve], look, colour=False)
    drawn = pictures.find("svg")
    assert drawn is not None
    panel = Panel([curve], look)
    data = drawn.render([panel], Paper(3, 2), title=text, about=f"title = {json.dumps(text)}").data
    ET.fromstring(data.decode())  # noqa: S314, which we have written
