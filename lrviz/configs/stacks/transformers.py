"""Transformers: the TrainingArguments of a Trainer, which many others take over."""

from .. import stack
from ..settings import Settings
from ..trainer import length, scheduler_call, warmup

_KEYS = (
    *(
        "lr_scheduler_type",
        "num_train_epochs",
        "per_device_train_batch_size",
        "lr_scheduler_kwargs",
    ),
    *("warmup_ratio learning_rate", "learning_rate max_steps", "learning_rate warmup_steps"),
)


@stack(
    "Transformers 5.23",
    keys=_KEYS,
    programs=("trl *", "run_*.py", "sft.py", "dpo.py", "grpo.py", "*TrainingArguments"),
)
def transformers(settings: Settings) -> str:
    """Return the call of get_scheduler that the Trainer makes of its TrainingArguments."""
    total = length(settings)
    return scheduler_call(settings, total, warmup(settings, total))
