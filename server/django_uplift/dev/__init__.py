"""Chores of the developers. Not shipped in the wheel."""
