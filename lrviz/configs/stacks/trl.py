"""TRL: the keys of Transformers, and another rate for each of its trainers."""

from .. import stack
from ..settings import Settings
from ..trainer import check_not_sampled, length, scheduler_call, warmup

_RATES = {"sft": 2e-5, "reward": 1e-4}
"""The rates that are no 1e-6 where none is given, by trainer."""

_CLASSES = (
    *("SFTConfig", "RewardConfig", "DPOConfig", "GRPOConfig", "KTOConfig", "RLOOConfig"),
    *("GKDConfig", "OnlineDPOConfig", "ORPOConfig", "CPOConfig"),
)
"""What is made of the settings in a program."""

_TRAINERS = ("sft", "reward", "dpo", "grpo", "kto", "rloo", "gkd", "online_dpo", "orpo", "cpo")

_SAMPLING = ("grpo", "rloo")
"""Trainers that take each prompt several times."""


@stack(
    "TRL",
    keys=("beta loss_type learning_rate", "max_prompt_length learning_rate", "num_generations"),
    programs=("trl *", *(f"{name}*.py" for name in _TRAINERS), *_CLASSES),
    over=("transformers",),
)
def trl(settings: Settings) -> str:
    """Return the call of get_scheduler with the rate of the trainer that the command names."""
    words = " ".join(settings.program).removeprefix("trl ").rpartition("/")[2]
    words = words.lower().replace("_", "")
    trainer = next((one for one in _TRAINERS if words.startswith(one.replace("_", ""))), "")
    if trainer in _SAMPLING or "num_generations" in settings:
        check_not_sampled(settings)
    total = length(settings)
    lr = _RATES.get(trainer, 1e-6)
    if "learning_rate" not in settings and "lr" not in settings.known:
        if not trainer:
            settings.lack("learning_rate", "lr", "each trainer of TRL has another rate")
        settings.notes.append(f"learning_rate is not given, and {lr:g} with {trainer}")
    return scheduler_call(settings, total, warmup(settings, total), lr=lr)
