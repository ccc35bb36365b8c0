"""The shapes that rates are held to: one file each."""
