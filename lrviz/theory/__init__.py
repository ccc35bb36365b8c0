"""What theory says a schedule does to the loss: models of it, and sums over the steps of any run."""
