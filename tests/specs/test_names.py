"""Values for names that a program lacks: how they are written, and that none is without effect."""

import tomllib
from pathlib import Path

import pytest

import lrviz
from lrviz import LrvizError
from lrviz.errors import SpecError
from lrviz.specs.names import Several, as_typed, names_of
from lrviz.specs.quantities import Run
from tests.conftest import Run as RunCommand

RUN = Run(horizon=1000, steps_per_epoch=50)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n=3", 3),
        ("n=0.1", 0.1),
        ("n=3e-4", 3e-4),
        ("n=10k", 10_000),
        ("n=1.5M", 1_500_000),
        ("n=2ep", 100),
        ("n=10%", 100),
        ("n=True", True),
        ("n=None", None),
        ("n=cosine", "cosine"),
        ("n='5'", "5"),
        ("n=[30, 60]", [30, 60]),
        ("n={'a': 1}", {"a": 1}),
        ("n={0.1,0.03}", Several((0.1, 0.03))),
        ("n={1k,cosine}", Several((1000, "cosine"))),
        (" n = 3 ", 3),
    ],
)
def test_a_value_is_a_quantity_a_literal_or_a_word(text: str, value: object) -> None:
    (found,) = names_of("set", [text], RUN).values()
    assert found == value
    assert type(found) is type(value)


def test_a_name_may_be_what_the_text_says() -> None:
    texts = ["args.lr=1", "config['a=b']=2", "len(loader)=3", "f(x=1)=4"]
    assert names_of("set", texts, RUN) == {
        "args.lr": 1,
        "config['a=b']": 2,
        "len(loader)": 3,
        "f(x=1)": 4,
    }


def test_what_a_config_holds_is_read_back_as_the_same() -> None:
    names = names_of("set", ["a=1", "b=None", "c={1,2}", "d=(1, 2)", "e=[1]", "f=word"], RUN)
    typed = as_typed(names)
    assert names_of("set", [f"{name}={value}" for name, value in typed.items()], RUN) == names


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_name_is_the_same_however_it_is_quoted(quote: str, run: RunCommand) -> None:
    call = "StepLR(optimizer, config['size'], lr=len(loader))"
    options = ["--set", f"config[{quote}size{quote}]=5", "--set", "len( loader )=3"]
    assert run("table", call, *options, "--at", "0,5", "-q").out.split("\n")[1:] == [
        "0\t3.0",
        "5\t0.30000000000000004",
        "",
    ]


def test_several_values_are_several_curves(run: RunCommand) -> None:
    result = run(
        *("table", "s = StepLR(SGD(p, lr=args.lr), args.n)", "--set", "args.lr={1,0.5}"),
        *("--set", "args.n={10,20}", "--at", "10", "-q"),
    )
    assert result.out == (
        "step\ts args.lr=1 args.n=10\ts args.lr=1 args.n=20\t"
        "s args.lr=0.5 args.n=10\ts args.lr=0.5 args.n=20\n"
        "10\t0.1\t1.0\t0.05\t0.5\n"
    )


def test_values_hold_in_calls_that_are_stages_of_a_spec(run: RunCommand) -> None:
    words = ["warmup:steps=5/StepLR(optimizer, n, lr=1)", "--set", "n={10,20}", "--at", "17", "-q"]
    assert run("table", *words).out.splitlines()[1] == "17\t0.1\t1.0"


def test_a_value_is_for_all_texts_that_have_the_name(run: RunCommand) -> None:
    calls = ["a=StepLR(optimizer, n, lr=1)", "const:lr=1", "StepLR(optimizer, m, lr=n)"]
    result = run("table", *calls, "--set", "n=3", "--set", "m=1", "--at", "0", "-q")
    assert result.out.splitlines()[1] == "0\t1.0\t1.0\t3.0"


def test_a_name_that_no_text_has_is_refused_in_python_too() -> None:
    with pytest.raises(LrvizError) as error:
        lrviz.parse("StepLR(optimizer, args.size, lr=1)", names={"args.size": 3, "args.sizes": 4})
    assert error.value.message == (
        "names gives 'args.sizes' a value, and nothing that is read has that name; did you mean "
        "'args.size'?"
    )
    with pytest.raises(LrvizError) as error:
        lrviz.parse("const:lr=1", names={"n": 3})
    assert error.value.message == (
        "names gives 'n' a value, and nothing that is read has that name; take it away"
    )


OWN = [
    ("lr = 0.1\nStepLR(SGD(p, lr=lr), 30)", "lr", "lr"),
    ("lr, n = 0.1, 3\nStepLR(SGD(p, lr=lr), 30)", "lr", "lr"),
    ("args.lr = 0.1\nStepLR(SGD(p, lr=args.lr), 30)", "args.lr", "args.lr"),
    ("lr = 0.1; s = StepLR(SGD(p, lr=lr), 30)", "lr", "lr"),
    ("def rate(step, peak=0.1):\n    return peak / (step + 1)", "peak", "peak=0.1"),
    ("def rate(step):\n    peak = 0.1\n    return peak / (step + 1)", "peak", "peak"),
]


@pytest.mark.parametrize(("text", "name", "place"), OWN)
def test_a_name_that_has_a_value_in_the_text_is_refused(text: str, name: str, place: str) -> None:
    with pytest.raises(SpecError) as error:
        lrviz.parse(text, names={name: 2})
    assert error.value.message == (
        f"names gives '{name}' a value, and the text gives it its own; change that"
    )
    assert place.startswith(text[error.value.start : error.value.end])


OPEN = [
    ("args.lr = args.lr * 2\nStepLR(SGD(p, lr=args.lr), 30)", "args.lr", 4),
    ("table = [args.lr * 0.5, 1, 2]\nrates = table", "args.lr", 1),
    ("lr *= 3\nStepLR(SGD(p, lr=lr), 30)", "lr", 6),
    (
        "p.add_argument('--lr', default=1)\na = p.parse_args()\nStepLR(SGD(p, lr=a.lr), 9)",
        "a.lr",
        2,
    ),
    ("def rate(step, peak):\n    return peak / (step + 1)", "peak", 2),
    (
        "def other(x, peak=5):\n    return peak\ndef rate(step):\n    return peak / (step + 1)",
        "peak",
        2,
    ),
]


@pytest.mark.parametrize(("text", "name", "rate"), OPEN)
def test_a_value_counts_where_the_text_asks_for_it(text: str, name: str, rate: float) -> None:
    assert lrviz.parse(text, names={name: 2})(0) == pytest.approx(rate)


def test_several_schedules_of_a_program_where_one_is_asked_for() -> None:
    with pytest.raises(SpecError) as error:
        lrviz.parse("a = optax.constant_schedule(1)\nb = optax.constant_schedule(2)")
    assert error.value.message == (
        "this makes 2 schedules, a and b, and one is asked for; keep one of them"
    )


def test_python_and_config_files_say_in_their_words_how_names_get_values() -> None:
    with pytest.raises(SpecError) as error:
        lrviz.parse("def rate(step):\n    return args.lr * config['n'] / (step + 1)")
    assert error.value.message == (
        "rate needs args.lr and config['n'], which the text does not give; add "
        "names={'args.lr': VALUE, \"config['n']\": VALUE}"
    )


def test_a_config_has_the_values_and_draws_the_same(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["StepLR(SGD(p, lr=args.lr), args.n)", "--set", "args.lr={1,0.5}", "--set", "args.n=9"]
    done = run("plot", *words, "-n", "50", "-o", "a.png", "--save-config", "x.toml", "-q")
    assert done == (0, "", "")
    figure = tomllib.loads(Path("x.toml").read_text())["figure"]["a"]
    assert figure["set"] == {"args.lr": "{1,0.5}", "args.n": 9}
    assert run("build", "x.toml", "--check", "--pixels", "-q") == (0, "", "")


CONFIG = """\
set = {{ n = "2ep", {more} }}
steps_per_epoch = 10
[figure.a]
curves = ["StepLR(optimizer, n, lr=1)"]
[figure.b]
curves = ["StepLR(optimizer, m, lr=1)"]
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("m = 5", None),
        (
            "m = 5, args = 2",
            (
                "line 1: set gives 'args' a value, and nothing that is read has that name; take it "
                "away"
            ),
        ),
        (
            'm = "5zz"',
            "line 1: set 'm=5zz' has the unknown unit 'zz'; the units are k, M, G, ep and %",
        ),
    ],
)
def test_a_value_in_a_file_is_for_all_of_its_figures(
    more: str, said: str | None, run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text(CONFIG.format(more=more))
    result = run("build", "x.toml", "-q")
    if said is None:
        assert result == (0, "", "")
        assert Path("a.png").exists()
    else:
        assert result == (2, "", f"lrviz: error: x.toml, {said}\n")
