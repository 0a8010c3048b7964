"""Queries that run on an event loop."""
