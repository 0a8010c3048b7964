"""What the engine itself reports: files that it can't check, and suppressions that do nothing."""
