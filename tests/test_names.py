"""Nobody asks a schedule for its family: what others must know of it, it says itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lrviz
from lrviz.families import families

PACKAGE = Path(lrviz.__file__).parent

FOLDERS = ("cli", "frameworks", "lint")

FILES = sorted(file for name in FOLDERS for file in (PACKAGE / name).rglob("*.py"))

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))


def asked(source: str) -> Iterator[str]:
    """Yield the names of families that something is compared with in a source.

    That is done by `==`, `in`, or `match`, and the names may stand in a list elsewhere in the file.
    The word that a user gives for a parameter of a call, such as `shape`, is no question about a
    schedule: its name is asked for as an attribute, or it stands in a list of its own.
    """
    tree = ast.parse(source)
    lists = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides: list[ast.AST] = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            sides = [node.subject, *(case.pattern for case in node.cases)]
        else:
            continue
        if any(isinstance(part, ast.Attribute) and part.attr == "name" for part in sides):
            yield from (word for side in sides for word in words(side, lists))


def words(node: ast.AST, lists: dict[str, ast.expr]) -> Iterator[str]:
    """Yield the names of families in a part of a source, and in the lists that it names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in families():
            yield part.value
        if isinstance(part, ast.Name) and part.id in lists:
            rest = {name: value for name, value in lists.items() if name != part.id}
            yield from words(lists[part.id], rest)


@every_file
def test_no_schedule_is_asked_for_its_family(file: Path) -> None:
    assert [*asked(file.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        "if part.name == 'cosine': pass",
        "if 'cosine' != part.name: pass",
        "any(p.name in ('tanh', 'cosine') for p in parts)",
        "DECAYS = ('tanh', 'cosine')\nBOTH = (*DECAYS, 'x')\nif part.name in BOTH: pass",
        "match part.name:\n    case 'cosine' | 'x': pass",
    ],
)
def test_a_question_would_be_found(source: str) -> None:
    assert "cosine" in [*asked(source)]


@pytest.mark.parametrize(
    "source",
    ["build('cosine', lr=1)", "if shape == 'cosine': pass", "if part.name == other.name: pass"],
)
def test_what_is_no_question_is_let_pass(source: str) -> None:
    assert [*asked(source)] == []


FIELDS = {field.name for kind in families().values() for field in kind.parameters()}


def probed(source: str) -> Iterator[str]:
    """Yield the fields of families that something is probed for, by getattr or hasattr."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
            _, asked_for, *_ = node.args
            if isinstance(asked_for, ast.Constant) and asked_for.value in FIELDS:
                yield asked_for.value


@every_file
def test_no_schedule_is_probed_for_its_fields(file: Path) -> None:
    assert [*probed(file.read_text())] == []


def test_a_probe_would_be_found() -> None:
    assert [*probed("getattr(schedule, 'staircase', False)")] == ["staircase"]


@pytest.mark.parametrize("file", sorted((PACKAGE / "lint").rglob("*.py")), ids=lambda f: f.name)
def test_no_warning_compares_anything_with_the_name_of_a_family(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Compare):
            assert [*words(node, {})] == []


def test_a_frozen_schedule_is_written_to_in_one_place() -> None:
    writers = [f.name for f in PACKAGE.rglob("*.py") if "object.__setattr__" in f.read_text()]
    assert writers == ["base.py"]
