"""One file's tree: parsing, comments, suppressions, rendering of rewrites. Knows no names."""
