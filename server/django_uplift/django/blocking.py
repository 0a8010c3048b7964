"""Calls that stop an event loop without any error: nothing else runs until they return."""

from __future__ import annotations

from typing import NamedTuple


class Blocking(NamedTuple):
    """`instead` is the async way, in words; `code` the code of flake8-async that covers the call too."""

    instead: str
    code: str = ""


_SLEEP = Blocking("use 'await asyncio.sleep(...)'", "ASYNC251")
_HTTP = Blocking("use an async client such as httpx.AsyncClient", "ASYNC210")
_PROCESS = Blocking("use 'asyncio.create_subprocess_exec'", "ASYNC221")
FILE = Blocking("read files in a thread, with 'asyncio.to_thread' or anyio", "ASYNC230")
_MAIL = Blocking("send it in a thread: 'await sync_to_async(...)(...)'")
_HASH = Blocking("hash in a thread: 'await sync_to_async(...)(...)'")

CALLS: dict[str, Blocking] = {
    "time.sleep": _SLEEP,
    **{
        f"requests.{name}": _HTTP
        for name in ("get", "post", "put", "patch", "delete", "head", "options", "request")
    },
    **{
        f"requests.Session.{name}": _HTTP
        for name in ("get", "post", "put", "patch", "delete", "head", "request")
    },
    **{
        f"httpx.{name}": _HTTP
        for name in ("get", "post", "put", "patch", "delete", "head", "options", "request", "stream")
    },
    **{
        f"httpx.Client.{name}": _HTTP
        for name in ("get", "post", "put", "patch", "delete", "head", "request", "send")
    },
    "urllib.request.urlopen": _HTTP,
    "urllib.request.urlretrieve": _HTTP,
    **{
        f"subprocess.{name}": _PROCESS
        for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
    },
    "os.system": _PROCESS,
    "os.popen": _PROCESS,
    "builtins.open": FILE,
    "io.open": FILE,
    **{
        f"pathlib.Path.{name}": FILE
        for name in ("read_text", "read_bytes", "write_text", "write_bytes", "open")
    },
    **{
        f"django.core.mail.{name}": _MAIL
        for name in ("send_mail", "send_mass_mail", "mail_admins", "mail_managers")
    },
    "django.contrib.auth.hashers.make_password": _HASH,
    "django.contrib.auth.hashers.check_password": _HASH,
    "socket.create_connection": Blocking("use 'asyncio.open_connection'"),
    "socket.getaddrinfo": Blocking("use 'loop.getaddrinfo'"),
    "socket.gethostbyname": Blocking("use 'loop.getaddrinfo'"),
    "smtplib.SMTP": _MAIL,
    "smtplib.SMTP_SSL": _MAIL,
    "shutil.copyfile": FILE,
    "shutil.copytree": FILE,
    "shutil.rmtree": FILE,
}
