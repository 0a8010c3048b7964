"""One module's names: imports, scopes, and what a node's qualified name is."""
