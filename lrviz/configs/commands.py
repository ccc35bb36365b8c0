"""Command lines that start a run: which program, its options as a tree, and how many devices.

A command is read as text and never run; what is not in the text, such as $LR, is not known.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword
from typing import Any, NamedTuple

from ..errors import LrvizError
from .documents import ENDINGS, Tree

_BEFORE = frozenset(
    ("sudo", "nohup", "time", "env", "uv", "poetry", "pipenv", "pixi", "run", "bash", "sh")
)
"""Words before a command that say nothing of the run."""

_DEVICES = {
    "torchrun": ("nproc_per_node",),
    "torch.distributed.launch": ("nproc_per_node",),
    "torch.distributed.run": ("nproc_per_node",),
    "paddle.distributed.launch": ("gpus", "selected_gpus", "devices", "nproc_per_node"),
    "accelerate": ("num_processes",),
    "deepspeed": ("num_gpus",),
    "horovodrun": ("np",),
    "mpirun": ("np", "n"),
    "mpiexec": ("np", "n"),
    "srun": ("ntasks", "n"),
    "composer": ("nproc", "n"),
    "tune": ("nproc_per_node", "nproc"),
}
"""Launchers, and their options that say how many processes a machine, or all of them, has."""

_MACHINES = {"torchrun": "nnodes", "torch.distributed.run": "nnodes", "deepspeed": "num_nodes"}
_MACHINES |= {"torch.distributed.launch": "nnodes", "tune": "nnodes"}

_TAKES_ALL = frozenset(("accelerate", "deepspeed", "llamafactory-cli", "axolotl"))
"""What starts a process on each device that it can see."""

_STARTERS = frozenset(
    (
        *(name for name in _DEVICES if "." not in name),
        *("python", "python3", "swift", "megatron", "yolo", "axolotl", "llamafactory-cli"),
        *("llamafactory", "tune", "fairseq-train", "fairseq-hydra-train", "litgpt", "trl"),
        "spacy",
    )
)
"""Programs that start a run, with or without options."""

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_OPTION = re.compile(r"--?[A-Za-z][\w.-]*(?:=.*)?", re.DOTALL)
_OVERRIDE = re.compile(r"[+~]{0,2}([A-Za-z_][\w./@-]*)=(.*)", re.DOTALL)
_KEY_OF_YACS = re.compile(r"[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)+")
"""A bare word that is the name of a setting, whose value is the next word: SOLVER.BASE_LR."""

_OF_OPENMMLAB = ("cfg_options", "options")

_SETS = frozenset(("o", "opt", "override", "overrides", *_OF_OPENMMLAB))
"""Options whose values K=V are settings of the run."""

_UNKNOWN = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\$[A-Za-z_]\w*")
_RUN = re.compile(r"\$\([^()]*\)|`[^`]*`")
_GLUE = "\N{NO-BREAK SPACE}"
_ENDS = frozenset(("|", ">", ">>", "&", "2>&1", "2>", "&>", "||", "<"))
_PROMPT = re.compile(r"\s*(?:!|\$\s)\s*(?=([\w./-]+)\s(?:[^\n]|(?<=\\)\n)*\s*$)")
_FIRST = re.compile(r"(?:export\s+)?((?:[A-Za-z_]\w*=)?(?:'[^']*'|\"[^\"]*\"|\S+))\s*")


_WORDS = {"True": "true", "False": "false", "None": "null"}


class Command(NamedTuple):
    """A command line: its program, bare words, the options as a tree, and what launches it.

    `program` are the words that name it, such as `("swift", "sft")` or `("train.py",)`; `files` are
    the configs that it names, with the option before each, "" for a bare word. `takes_all` is what
    starts a process on each device that it sees, of which the text says no number, and `launcher`
    the config of what launches it.
    """

    program: tuple[str, ...]
    words: tuple[str, ...]
    tree: Tree
    files: tuple[tuple[str, str], ...]
    devices: int | None
    takes_all: str = ""
    launcher: str = ""


def label_of(text: str) -> tuple[str, str]:
    """Return the label before a command and the command, `LABEL=torchrun ...`; "" if none.

    A prompt before a command that is all there is, such as a notebook's `!`, is passed over.
    """
    prompt = _PROMPT.match(text)
    if prompt and _starts(prompt[1]):
        text = text[prompt.end() :]
    match = re.match(r"\s*([^\s=:'\"()]+)=([\w./-]+)(?=\s)", text)
    if match and _starts(match[2]):
        return match[1], text[match.start(2) :]
    return "", text


def is_command(text: str) -> bool:
    """Return whether a text is a command line; no spec and no call looks like one."""
    rest = label_of(text)[1].lstrip()
    while (match := _FIRST.match(rest)) and (
        _ASSIGNMENT.fullmatch(match[1]) or match[1] in _BEFORE or match[1] == "\\"
    ):
        if ":" in match[1].partition("=")[0] or "(" in match[1]:
            return False
        rest = rest[match.end() :]
    if not match:
        return False
    first, others = match[1], rest[match.end() :]
    if iskeyword(first) or re.match(r"[-+*/]?=", others):
        return False  # it is Python
    if _starts(first):
        # A file's name alone, or what Python may go on with, is no command.
        return bool(others) and not re.match(r"[.,:(\[]", others)
    has_options = re.search(r"(?:^|\s)--[A-Za-z]", others) is not None
    if re.fullmatch(r"--[A-Za-z][\w-]*(?:=\S*)?", first):
        return bool(others) or "=" in first
    return has_options and re.fullmatch(r"[\w./-]+", first) is not None and "#" not in others


def _starts(word: str) -> bool:
    """Return whether a word is a program that starts runs."""
    name = word.rpartition("/")[2]
    return name in _STARTERS or (name.endswith((".py", ".sh")) and "(" not in word)


def parse(text: str) -> Command:
    """Return what a command line says; LrvizError if its quotes do not close."""
    words, environment = _words(label_of(text)[1])
    launcher, options, rest = _launched(words)
    program, rest = _program(launcher, rest)
    tree: Tree = {}
    bare: list[str] = []
    files: list[tuple[str, str]] = []
    for option, words in _options(rest):
        values = _own(option, words)
        for word in words[len(values) :]:
            match = _OVERRIDE.fullmatch(word)
            if match:
                put(tree, match[1], _value_of(option, match[2]))
                files += [(match[1], match[2])] if _names_a_file(match[1], match[2]) else []
            else:
                bare.append(word)
                files += [("", word)] if word.endswith(ENDINGS) else []
        if not option or (option in _SETS and not values):
            continue
        value: Any = True if not values else values[0] if len(values) == 1 else values
        put(tree, option, value)
        files += [(option, word) for word in values if word.endswith(ENDINGS)]
    # What a launcher takes may also be said to the program that starts it.
    given = {key: tree[key] for key in ("nproc_per_node", "nnodes", "num_processes") if key in tree}
    devices = _devices(launcher, program, given | options, environment)
    by = next((name for name in (launcher, *program[:1]) if name in _TAKES_ALL), "")
    if not by and devices is None and "nproc_per_node" in given | options:
        by = launcher or " ".join(program)
    own = str(options.get("config_file", "")) if launcher == "accelerate" else ""
    by = "" if devices else by
    return Command(program, tuple(bare), tree, tuple(files), devices, by, own)


def _value_of(option: str, text: str) -> Any:
    """Return the value of an override; OpenMMLab's also are `[8,11]`, `8,11` or `True`."""
    if option not in _OF_OPENMMLAB:
        return None if text in ("null", "None") else text
    words = re.sub(r"\b(True|False|None)\b", lambda one: _WORDS[one[0]], text)
    listed = words.translate(str.maketrans("()'", '[]"'))
    for form in (listed, f"[{listed}]") if "," in listed else (listed,):
        try:
            return json.loads(form)
        except (ValueError, RecursionError):
            continue
    return text


def _own(option: str, words: list[str]) -> list[str]:
    """Return the words that are values of an option; after them come overrides K=V of the run."""
    if not option:
        return []
    is_override = [_OVERRIDE.fullmatch(word) is not None for word in words]
    if option in _SETS:
        return [] if all(is_override) else words
    if is_override[:1] == [True]:  # the option is one that takes words K=V
        return words
    return words[: is_override.index(True)] if any(is_override) else words


def _names_a_file(key: str, value: str) -> bool:
    """Return whether an override names a config, and not one of a model or of data."""
    return key in ("cfg", "config") and value.endswith(ENDINGS)


def put(tree: Tree, path: str, value: object) -> None:
    """Give the key `a.b` of a tree its value."""
    *outer, last = path.split(".")
    for part in outer:
        inner = tree.get(part)
        if not isinstance(inner, dict):
            inner = tree[part] = {}
        tree = inner
    tree[last] = value


def _words(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of the last command of a text, and the variables that it sets."""
    import shlex  # for command lines alone

    text = re.sub(r"\\[ \t]*\r?\n", " ", text)
    text = _RUN.sub(lambda match: match[0].replace(" ", _GLUE), text)  # is one word
    lexer = shlex.shlex(text.replace("\r", ""), posix=True, punctuation_chars=";\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = "#"
    commands: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word == "&&" or not word.strip(";\n"):
                commands.append([])
            else:
                commands[-1].append(word.replace(_GLUE, " "))
    except ValueError as error:
        raise LrvizError(
            f"the command line cannot be read ({str(error).lower()}); close its quotes"
        ) from None
    environment: dict[str, str] = {}
    found: list[str] = []
    for words in commands:
        known = [_expanded(word, environment) for word in words if word != "export"]
        while known and (match := _ASSIGNMENT.fullmatch(known[0])):
            environment[match[1]] = match[2]
            known.pop(0)
        if known and (not found or _starts(known[0])):
            found = known
    end = next((i for i, word in enumerate(found) if word in _ENDS), len(found))
    while end and found[0] in _BEFORE:
        found, end = found[1:], end - 1
    while end and (match := _ASSIGNMENT.fullmatch(found[0])):  # after `env`
        environment[match[1]] = match[2]
        found, end = found[1:], end - 1
    return found[:end], environment


def _expanded(word: str, environment: Mapping[str, str]) -> str:
    """Return a word with the variables that the text itself has set."""

    def value(match: re.Match[str]) -> str:
        return environment.get(match[1] or match[2], match[0])

    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, word)


def _launched(words: Sequence[str]) -> tuple[str, Tree, list[str]]:
    """Return the launcher, its own options, and the words from the program on."""
    rest = list(words)
    launcher, options = "", Tree()
    while rest:
        name = rest[0].rpartition("/")[2]
        if re.fullmatch(r"python[\d.]*", name):
            rest.pop(0)
            while rest and re.fullmatch(r"-[uOBIEsW]+", rest[0]):
                rest.pop(0)
            if not rest or not _is_module(rest[0]):
                return launcher, options, rest
            if rest[1:2] and rest[1] not in _DEVICES:
                return launcher, options, rest[1:]
            name = rest[1] if rest[1:] else ""
            rest = rest[1:]
        if name not in _DEVICES:
            return launcher, options, rest
        launcher = name
        if name == "tune" and rest[1:2] == ["run"]:
            # It is the program as well, with a recipe after its options.
            options, rest = _own_options(rest[2:])
            return launcher, options, ["tune", "run", *rest]
        rest.pop(0)
        if name == "accelerate" and rest[:1] == ["launch"]:
            rest.pop(0)
        taken, rest = _own_options(rest)
        options |= taken
        if rest and _is_module(rest[0]):
            return launcher, options, rest[1:]
    return launcher, options, rest


def _is_module(word: str) -> bool:
    """Return whether a word says that the next is the name of a module."""
    return word.startswith("-") and word.lstrip("-") in ("m", "module")


def _own_options(words: list[str]) -> tuple[Tree, list[str]]:
    """Return the options of a launcher, and the words from what it launches on."""
    options: Tree = {}
    at = 0
    while at < len(words) and _OPTION.fullmatch(words[at]) and not _is_module(words[at]):
        name, equals, value = words[at].partition("=")
        at += 1
        has_value = at < len(words) and not _OPTION.fullmatch(words[at])
        if not equals and has_value and not words[at].endswith(".py"):
            value = words[at]
            at += 1
        options[_key(name)] = value
    return options, words[at:]


def _program(launcher: str, words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return what names the program, and the words after that."""
    if not words or words[0].startswith("--"):
        return ((launcher,) if launcher else ()), words
    name = words[0].rpartition("/")[2]
    if name.endswith(".py") or "." in name:
        return (words[0],), words[1:]
    end = 1
    while end < min(len(words), 3) and re.fullmatch(r"[a-z][a-z_-]*", words[end]):
        end += 1
    return (name, *words[1:end]), words[end:]


def _options(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield options with their values; bare words stand before the first, or are overrides."""
    option, values = "", list[str]()
    for word in words:
        if _KEY_OF_YACS.fullmatch(option) and values:
            yield option, values
            option, values = "", []
        if _KEY_OF_YACS.fullmatch(word):
            yield option, values
            option, values = word, []
        elif _OPTION.fullmatch(word):
            yield option, values
            name, equals, value = word.partition("=")
            option, values = _key(name), [value] if equals else []
            if equals:
                yield option, values
                option, values = "", []
        else:
            values.append(word)
    yield option, values


def _key(option: str) -> str:
    """Return the name of an option as argparse keeps it."""
    return option.lstrip("-").replace("-", "_")


def _devices(
    launcher: str, program: Sequence[str], options: Tree, environment: Mapping[str, str]
) -> int | None:
    """Return how many processes a run has; None if the command does not say that in a number."""
    names = _DEVICES.get(launcher, ("nproc_per_node", "num_processes"))
    given = next((options[name] for name in names if name in options), None)
    if given is not None and "," in str(given):  # each device is named
        given = str(len(str(given).split(",")))
    seen = environment.get("CUDA_VISIBLE_DEVICES", "")
    if launcher == "deepspeed" and "@" not in str(options.get("include", "@")):  # is one machine
        seen = str(options["include"]).partition(":")[2]
    machines = options.get(_MACHINES.get(launcher, "nnodes"), environment.get("NNODES", "1"))
    if given is None:
        given = environment.get("NPROC_PER_NODE", environment.get("WORLD_SIZE"))
    if given is None and {launcher, *program[:1]} & _TAKES_ALL:
        given = str(len(seen.split(","))) if seen else None
    try:
        return int(str(given)) * int(str(machines).rpartition(":")[2]) or None
    except ValueError:
        return None


def unknown_in(value: object) -> str | None:
    """Return what only a shell knows in a value, such as `$LR`; None if there is nothing such."""
    match = _UNKNOWN.search(value) if isinstance(value, str) else None
    return match and match[0]
