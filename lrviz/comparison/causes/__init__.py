"""The causes of a difference, one file each, named as the cause."""
