"""pygls' protocol with our own documents, initialization and ends."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from django_uplift.lsp.transport import BadMessage

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer

log = logging.getLogger(__name__)


class Raw(NamedTuple):
    """A result that is JSON already: the worker made it so, to spare the loop's thread."""

    value: Any


class Text(NamedTuple):
    """What is JSON already to its last letter: for what may be long."""

    json: str

    @classmethod
    def of(cls, value: Mapping[str, Any], /, **written: str) -> Text:
        """An object with some members more, which are JSON texts already."""
        members = [f"{json.dumps(name)}: {json.dumps(item)}" for name, item in value.items()]
        members += (f"{json.dumps(name)}: {text}" for name, text in written.items())
        return cls(f"{{{', '.join(members)}}}")


class Refused(JsonRpcException):
    """An answer that is an error of the protocol and no fault of ours, such as 'the content was modified'."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message=message, code=code)


class Protocol(LanguageServerProtocol):
    """What differs from pygls: it keeps no texts of its own, and nothing that a client sends stops it."""

    _server: UpliftServer  # pyright: ignore[reportIncompatibleVariableOverride] -- pygls has the wider type

    # Documents are kept by `Session`; None takes pygls' own handlers out, so that ours are called.
    lsp_text_document__did_open = None  # type: ignore[assignment]
    lsp_text_document__did_change = None  # type: ignore[assignment]
    lsp_text_document__did_close = None  # type: ignore[assignment]
    lsp_notebook_document__did_open = None  # type: ignore[assignment]
    lsp_notebook_document__did_change = None  # type: ignore[assignment]
    lsp_notebook_document__did_close = None  # type: ignore[assignment]
    lsp_workspace__did_change_workspace_folders = None  # type: ignore[assignment]

    def __init__(self, server: UpliftServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.initialized = False

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(  # type: ignore[override]
        self, params: types.InitializeParams
    ) -> types.InitializeResult:
        """Answer with what we can do for this client."""
        self.initialized = True
        self.client_capabilities = params.capabilities
        self.server_capabilities = self._server.initialize(params)
        return types.InitializeResult(self.server_capabilities, self.server_info)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: object) -> None:  # type: ignore[override]
        """End the process, with 0 if the client asked for a shutdown before."""
        self._server.end(0 if self._shutdown else 1)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command in the request's own task: pygls' is another, which a cancelled request leaves at work."""
        command = self.fm.commands.get(params.command)
        if command is None:
            raise Refused(types.ErrorCodes.InvalidParams, f"the command {params.command!r} is not defined")
        return await command(*(params.arguments or ()))

    def _execute_handler(self, msg_id: int | str, *args: Any, **more: Any) -> None:
        """As pygls, which keeps the outcome of every asynchronous notification and command for ever."""
        super()._execute_handler(msg_id, *args, **more)
        if (future := self._request_futures.get(msg_id)) is not None:
            # Later: a shutdown cancels them in a loop over all.
            future.add_done_callback(lambda ended: self._server.on_loop(self._let_go, msg_id, ended))

    def _let_go(self, id_: int | str, future: Future[Any]) -> None:
        # Not of another request with the same id, which a client must not send but may.
        if self._request_futures.get(id_) is future:
            del self._request_futures[id_]

    def receive(self, data: Any) -> None:
        """Handle one message. Raises nothing: what can't be understood gets an error, or is logged."""
        if isinstance(data, BadMessage):
            self._refuse(None, types.ErrorCodes.ParseError, f"the message is not JSON: {data.reason}")
            return
        if not isinstance(data, dict) or data.get("jsonrpc") != "2.0":
            self._refuse(None, types.ErrorCodes.InvalidRequest, "a message must be a JSON-RPC 2.0 object")
            return
        method, id_ = data.get("method"), data.get("id")
        if isinstance(method, str):
            if id_ is not None and not isinstance(id_, (int, str)):
                self._refuse(
                    None, types.ErrorCodes.InvalidRequest, "a request's id must be a number or a string"
                )
                return
            if not self._in_order(method, id_):
                return
        try:
            self.handle_message(self.structure_message(data))  # pyright: ignore[reportArgumentType]
        except Exception as error:
            log.warning("can't handle %s: %s", method or "a response", error)
            if id_ is not None and method is not None:
                self._refuse(
                    id_, types.ErrorCodes.InvalidParams, f"{method}: the parameters are not as specified"
                )

    def _in_order(self, method: str, id_: int | str | None) -> bool:
        if not self.initialized and method not in (types.INITIALIZE, types.EXIT):
            if id_ is not None:
                self._refuse(id_, types.ErrorCodes.ServerNotInitialized, "'initialize' must come first")
            return False
        if (self._shutdown and method != types.EXIT) or (self.initialized and method == types.INITIALIZE):
            if id_ is not None:
                self._refuse(id_, types.ErrorCodes.InvalidRequest, f"{method} can't be called at this point")
            return False
        return True

    def _refuse(self, id_: int | str | None, code: int, message: str) -> None:
        self._send_data({"jsonrpc": "2.0", "id": id_, "error": {"code": int(code), "message": message}})

    def tell(self, method: str, params: Any) -> None:
        """Send a notification whose parameters are JSON already."""
        if isinstance(params, Text):
            self._send_text(Text.of({"jsonrpc": "2.0", "method": method}, params=params.json))
            return
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Future[Any]:
        """Send a request whose parameters are JSON already; what the client answers."""
        id_, future = str(uuid.uuid4()), Future[Any]()
        self._request_futures[id_] = future
        self._result_types[id_] = self.get_result_type(method)
        future.add_done_callback(lambda _: self._result_types.pop(id_, None))
        self._send_data({"jsonrpc": "2.0", "id": id_, "method": method, "params": params})
        return future

    def _send_response(
        self, msg_id: int | str, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        if error is None and isinstance(result, Raw):
            self._result_types.pop(msg_id, None)
            if isinstance(result.value, Text):
                self._send_text(Text.of({"jsonrpc": "2.0", "id": msg_id}, result=result.value.json))
            else:
                self._send_data({"jsonrpc": "2.0", "id": msg_id, "result": result.value})
        else:
            super()._send_response(msg_id, result, error)

    def _send_text(self, message: Text) -> None:
        body = message.json.encode("utf-8", "surrogatepass")
        writer = self.writer
        if writer is not None:
            try:
                writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            except OSError:
                self._server.end(1)  # The client is gone.

    def _send_data(self, data: Any) -> None:
        try:
            super()._send_data(data)
        except OSError:
            self._server.end(1)  # The client is gone.
