"""LLaMA-Factory: the keys of Transformers, and thirds for warmup_stable_decay."""

from .. import stack
from ..settings import Settings
from ..trainer import check_not_sampled, length, scheduler_call, warmup


@stack(
    "LLaMA-Factory 0.9",
    keys=("finetuning_type", "stage do_train", "stage cutoff_len", "stage template"),
    programs=("llamafactory-cli train", "llamafactory-cli", "llamafactory"),
    over=("transformers",),
)
def llamafactory(settings: Settings) -> str:
    """Return the call of get_scheduler; a third of what follows a warmup is stable unless said."""
    stage = settings.get("stage")
    if stage == "pt":
        settings.tree = {"packing": True} | settings.tree
    if stage == "ppo":
        check_not_sampled(settings)
    total = length(settings)
    warm = warmup(settings, total)
    own = None
    if settings.get("lr_scheduler_type") == "warmup_stable_decay":
        stable = (total - warm) // 3
        thirds = {"num_stable_steps": stable, "num_decay_steps": total - warm - stable}
        own = thirds | settings.mapping("lr_scheduler_kwargs")
        if (
            "num_decay_steps" in settings.mapping("lr_scheduler_kwargs")
            and own["num_stable_steps"] == stable
        ):
            settings.notes.append(
                f"num_stable_steps is not given, and a third of the run, {stable} steps, is stable"
            )
    return scheduler_call(settings, total, warm, own=own)
