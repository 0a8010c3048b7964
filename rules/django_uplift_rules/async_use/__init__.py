"""Async code that is misused, superfluous, or stops the event loop."""
