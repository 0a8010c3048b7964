"""The whole program: where code runs, and what it reaches through calls."""
