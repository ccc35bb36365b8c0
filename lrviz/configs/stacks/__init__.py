"""One file a stack: what its configs are known by, and the call that they make."""
