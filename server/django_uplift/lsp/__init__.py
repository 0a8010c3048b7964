"""The language-server front end; the only package that knows pygls and lsprotocol."""
