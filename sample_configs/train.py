"""A piece of a training script, which lrviz reads and never runs."""

import math

learning_rate = 6e-4
min_lr = learning_rate / 10
warmup_iters = 2000
lr_decay_iters = 600_000


def get_lr(it):
    """Return the learning rate of an iteration: a warmup, then a cosine."""
    if it < warmup_iters:
        return learning_rate * (it + 1) / (warmup_iters + 1)
    if it > lr_decay_iters:
        return min_lr
    decay_ratio = (it - warmup_iters) / (lr_decay_iters - warmup_iters)
    coeff = 0.5 * (1.0 + math.cos(math.pi * decay_ratio))
    return min_lr + coeff * (learning_rate - min_lr)


def get_momentum(it):
    """Return the momentum of an iteration."""
    return min(0.95, 0.85 + 0.1 * it / 300)
