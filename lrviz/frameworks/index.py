"""The modules and the calls of each framework, as its file has them.

tests/test_frameworks.py writes this anew.
"""

INDEX = {
    "composer": (
        "composer.optim composer.optim.scheduler",
        (
            "StepScheduler MultiStepScheduler ConstantScheduler LinearScheduler "
            "ExponentialScheduler CosineAnnealingScheduler CosineAnnealingWarmRestartsScheduler"
            " PolynomialScheduler MultiStepWithWarmupScheduler ConstantWithWarmupScheduler "
            "LinearWithWarmupScheduler CosineAnnealingWithWarmupScheduler "
            "PolynomialWithWarmupScheduler"
        ),
    ),
    "deepspeed": (
        "deepspeed.runtime.lr_schedules",
        "LRRangeTest OneCycle WarmupLR WarmupDecayLR WarmupCosineLR",
    ),
    "keras": (
        (
            "keras.optimizers.schedules tf.keras.optimizers.schedules "
            "tensorflow.keras.optimizers.schedules tf_keras.optimizers.schedules"
        ),
        (
            "ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay "
            "CosineDecay CosineDecayRestarts"
        ),
    ),
    "megatron_core": (
        "megatron.core.optimizer_param_scheduler",
        "OptimizerParamScheduler",
    ),
    "mmengine": (
        "mmengine.optim mmengine.optim.scheduler",
        (
            "StepLR MultiStepLR ConstantLR LinearLR ExponentialLR CosineAnnealingLR PolyLR "
            "OneCycleLR CosineRestartLR ReduceOnPlateauLR param_scheduler_list"
        ),
    ),
    "optax": (
        "optax optax.schedules",
        (
            "constant_schedule linear_schedule polynomial_schedule exponential_decay "
            "cosine_decay_schedule piecewise_constant_schedule piecewise_interpolate_schedule "
            "linear_onecycle_schedule cosine_onecycle_schedule warmup_constant_schedule "
            "warmup_cosine_decay_schedule warmup_exponential_decay_schedule sgdr_schedule "
            "join_schedules"
        ),
    ),
    "paddle": (
        "paddle.optimizer.lr",
        (
            "NoamDecay PiecewiseDecay NaturalExpDecay InverseTimeDecay PolynomialDecay "
            "LinearWarmup ExponentialDecay MultiStepDecay StepDecay LambdaDecay "
            "MultiplicativeDecay CosineAnnealingDecay OneCycleLR CyclicLR LinearLR "
            "CosineAnnealingWarmRestarts ReduceOnPlateau"
        ),
    ),
    "tensorflow1": (
        "tf.train tf.compat.v1.train tensorflow.compat.v1.train tensorflow.train",
        (
            "exponential_decay natural_exp_decay inverse_time_decay polynomial_decay "
            "cosine_decay cosine_decay_restarts linear_cosine_decay noisy_linear_cosine_decay "
            "piecewise_constant piecewise_constant_decay"
        ),
    ),
    "timm": (
        (
            "timm.scheduler timm.scheduler.scheduler_factory timm.scheduler.cosine_lr "
            "timm.scheduler.tanh_lr timm.scheduler.poly_lr timm.scheduler.step_lr "
            "timm.scheduler.multistep_lr timm.scheduler.wsd_lr timm.scheduler.plateau_lr"
        ),
        (
            "CosineLRScheduler TanhLRScheduler PolyLRScheduler StepLRScheduler "
            "MultiStepLRScheduler WSDLRScheduler PlateauLRScheduler create_scheduler_v2"
        ),
    ),
    "torch": (
        "torch.optim.lr_scheduler torch.optim.swa_utils",
        (
            "LambdaLR MultiplicativeLR StepLR MultiStepLR ConstantLR LinearLR ExponentialLR "
            "PolynomialLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR OneCycleLR "
            "ReduceLROnPlateau SWALR SequentialLR ChainedScheduler"
        ),
    ),
    "torchtitan": (
        (
            "torchtitan.components.lr_scheduler torchtitan.components.optimizer.lr_scheduler "
            "torchtitan.components.optimizer"
        ),
        "LRSchedulersContainer",
    ),
    "transformers": (
        "transformers transformers.optimization",
        (
            "get_scheduler get_constant_schedule get_constant_schedule_with_warmup "
            "get_linear_schedule_with_warmup get_cosine_schedule_with_warmup "
            "get_cosine_with_hard_restarts_schedule_with_warmup "
            "get_polynomial_decay_schedule_with_warmup get_inverse_sqrt_schedule "
            "get_cosine_with_min_lr_schedule_with_warmup "
            "get_cosine_with_min_lr_schedule_with_warmup_lr_rate get_wsd_schedule "
            "get_reduce_on_plateau_schedule GreedyLR get_greedy_schedule"
        ),
    ),
}
"""By the name of its file."""
