"""What modules hold that a program may use: which module a name means, and what is in it."""

from collections.abc import Mapping
from typing import Any

from ..frameworks import Call, calls_named, is_package
from .arrays import ARRAYS
from .functions import BISECT, MATH, native

MODULES: Mapping[str, str] = {
    "np": "numpy",
    "onp": "numpy",
    "jnp": "jax.numpy",
    "tf": "tensorflow",
    "K": "keras.backend",
    "ops": "keras.ops",
    "lr_scheduler": "torch.optim.lr_scheduler",
    "optim": "torch.optim",
    "nn": "torch.nn",
    "plt": "matplotlib.pyplot",
    **{
        name: name
        for name in [
            "math",
            "argparse",
            "cmath",
            "numpy",
            "jax",
            "torch",
            "tensorflow",
            "keras",
            "optax",
            "bisect",
            "functools",
            "itertools",
            "collections",
            "copy",
            "warnings",
            "logging",
            "logger",
            "os",
            "sys",
            "random",
            "time",
            "datetime",
            "wandb",
            "matplotlib",
            "seaborn",
            "pandas",
            "transformers",
            "timm",
            "paddle",
            "mmengine",
            "deepspeed",
            "pl",
            "lightning",
            "tqdm",
            "logging",
            "secrets",
            "uuid",
            "pathlib",
            "subprocess",
            "socket",
            "urllib",
            "requests",
            "tensorflow_addons",
            "tfa",
            "chainer",
            "mxnet",
            "mx",
            "io",
            "shutil",
            "glob",
        ]
    },
}
"""What a module is called when the text does not import it."""

TABLES: Mapping[str, Mapping[str, Any]] = {
    "math": MATH,
    "bisect": BISECT,
    "numpy": ARRAYS,
    "jax.numpy": ARRAYS,
    "jax.lax": ARRAYS,
    "torch": ARRAYS,
    "tensorflow": ARRAYS,
    "tensorflow.math": ARRAYS,
    "tensorflow.compat.v1": ARRAYS,
    "tensorflow.experimental.numpy": ARRAYS,
    "keras.backend": ARRAYS,
    "keras.ops": ARRAYS,
    "paddle": ARRAYS,
}
"""The tables of what modules compute."""

HARMLESS = frozenset(
    {
        *("print", "warnings", "logging", "logger", "wandb", "matplotlib", "seaborn", "tqdm", "pl"),
    }
)
"""Modules and functions that have no influence on rates, whose calls give nothing."""

FORBIDDEN: Mapping[str, str] = {
    **dict.fromkeys(("random", "secrets", "uuid"), "is chance"),
    **dict.fromkeys(("time", "datetime"), "is the clock"),
    **dict.fromkeys(
        (
            "os",
            "sys",
            "io",
            "pathlib",
            "subprocess",
            "socket",
            "urllib",
            "requests",
            "shutil",
            "glob",
        ),
        "is of the system",
    ),
    **dict.fromkeys(("open", "input", "eval", "exec", "compile", "__import__"), "is of the system"),
}
"""What is no function of the step, in words."""

OPTIMIZERS = frozenset(
    [
        "SGD",
        "SGDW",
        "Adam",
        "AdamW",
        "Adamax",
        "NAdam",
        "Nadam",
        "RAdam",
        "RMSprop",
        "Adagrad",
        "Adadelta",
        "ASGD",
        "LBFGS",
        "Rprop",
        "Lion",
        "LAMB",
        "LARS",
        "Lamb",
        "Lars",
        "Adafactor",
        "FusedAdam",
        "FusedLAMB",
        "FusedSGD",
        "DeepSpeedCPUAdam",
        "Momentum",
        "MomentumOptimizer",
        "AdamOptimizer",
        "GradientDescentOptimizer",
        "RMSPropOptimizer",
        "AdamWeightDecay",
        "AdamWeightDecayOptimizer",
        "AdamMini",
        "Muon",
        "SOAP",
        "Shampoo",
        "Ftrl",
        "Sophia",
        "SophiaG",
        "AdaBelief",
        "Ranger",
        "Novograd",
        "NovoGrad",
        "AdaBound",
        "SGDP",
        "AdamP",
        "Adam8bit",
        "AdamW8bit",
        "PagedAdamW8bit",
        "Apollo",
        "Yogi",
        "LookAhead",
        "Lookahead",
        "SparseAdam",
        "LAMBOptimizer",
    ]
)
"""Classes of optimizers, of whatever module."""

TRANSFORMS = frozenset(
    [
        "sgd",
        "noisy_sgd",
        "adam",
        "adamw",
        "adamax",
        "adamaxw",
        "adabelief",
        "adafactor",
        "adagrad",
        "adadelta",
        "amsgrad",
        "lamb",
        "lars",
        "lion",
        "nadam",
        "nadamw",
        "novograd",
        "radam",
        "rmsprop",
        "rprop",
        "sm3",
        "yogi",
        "adan",
        "fromage",
        "optimistic_gradient_descent",
        "dpsgd",
        "muon",
        "lbfgs",
    ]
)
"""Optimizers of optax."""

CALLBACKS = ("LearningRateScheduler", "LearningRateSchedulerCallback")


def known_module(name: str) -> str | None:
    """Return the module that a name means that the text does not define."""
    return MODULES.get(name) or (name if is_package(name) else None)


def real_path(path: str) -> str:
    """Return a dotted path with the module's own name in front."""
    first, dot, rest = path.partition(".")
    full = MODULES.get(first, first) + dot + rest
    return full.removeprefix("tensorflow.") if full.startswith("tensorflow.keras") else full


def inside(path: str) -> Any:
    """Return what a module that computes has at a path, a number or a Native; else None."""
    module, _, name = real_path(path).rpartition(".")
    table = TABLES.get(module)
    if table is None or name not in table:
        return None
    found = table[name]
    return native(name, found) if callable(found) else found


def framework_calls(path: str, imported: bool) -> list[Call]:
    """Return the calls of frameworks that a path means, the best known first.

    What the text imports from a module that is no framework's is none.
    """
    module = path.rpartition(".")[0]
    if imported and not module:
        return []
    if module.startswith("."):
        return []
    found = calls_named(path) or calls_named(module)
    if imported or module:
        own = [
            call
            for call in found
            if call.framework.has(module) or call.framework.has(module.rpartition(".")[0] or module)
        ]
        known = module.partition(".")[0] in MODULES or not imported
        return own or (found if known and not imported else [])
    return found


def root_of(path: str) -> str:
    """Return the module or function that a path begins with, by its own name."""
    return real_path(path).partition(".")[0]


def forbidden(path: str) -> str:
    """Return in words why a path is no function of the step; "" if that is not so."""
    full = real_path(path)
    for start in ("numpy.random", "torch.rand", "jax.random", "tensorflow.random", "torch.cuda"):
        if full.startswith(start):
            return "is chance"
    return FORBIDDEN.get(full.partition(".")[0], "")
