"""Models of the loss, and what they say of a schedule; sums over the steps of any run."""
