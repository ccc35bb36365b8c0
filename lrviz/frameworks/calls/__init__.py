"""The calls of the frameworks, one file a framework; what they are written like is in `..`."""
