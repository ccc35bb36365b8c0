"""The warnings, one file each, named as the warning."""
