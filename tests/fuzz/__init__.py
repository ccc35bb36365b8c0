"""Texts of all kinds, mutated at random: each is read, or refused in one sentence, and in time.

`python -m tests.fuzz DOOR SECONDS [SEED]` goes on for long, and prints what is a fault.
"""
