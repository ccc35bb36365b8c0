"""`python -m lrviz` is `lrviz`."""

from .cli import main

main()
