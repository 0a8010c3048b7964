"""``--stdio`` and ``--tcp``: the language server."""

from __future__ import annotations

import gc

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options

HOST = "127.0.0.1"


def run(options: Options, console: Console) -> int:
    """Serve until the client leaves; the exit code is the protocol's, 1 where the client did not say goodbye."""
    address: tuple[str, int] | None = None
    if options.tcp is not None:
        host, _, port = options.tcp.rpartition(":")
        if not port.isdecimal() or int(port) > 65535:
            console.error(f"--tcp: expected PORT or HOST:PORT, not {options.tcp!r}")
            return 2
        address = host.strip("[]") or HOST, int(port)
    # As in `main`: a tree is many objects. Without this an analysis takes a tenth longer, and the loop's thread stands
    # still while the collector looks through what the analysis keeps.
    gc.set_threshold(50_000, 20, 100)
    from django_uplift.lsp.server import serve

    try:
        return serve(stdio=address is None, tcp=address)
    except OSError as error:
        if address is None:
            raise
        console.error(f"--tcp: can't listen on {address[0]}:{address[1]}: {error.strerror or error}")
        return 2
