"""The ways to mend what the analysis found, a module for each kind of thing."""
