"""Bytes and text of one file: encodings, line positions, edits, diffs. Knows no syntax."""
