"""Pure functions from findings to the text of each output format."""
