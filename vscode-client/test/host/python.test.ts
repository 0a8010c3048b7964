import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { running, suite, until, uri } from "./harness";

function select(path: string): void {
  vscode.extensions.getExtension<{ select(path: string): void }>("ms-python.python")!.exports.select(path);
}

export const run = suite({
  "the interpreter that the Python extension selects runs the server": async () => {
    const { state } = await running();
    assert.ok(state.kind === "running");
    assert.equal(state.interpreter.origin, "ms-python.python");
    assert.equal(state.interpreter.command[0], uri(".venv/bin/python").fsPath);
  },
  "another selection restarts the server, and one that can't run it is passed over": async () => {
    const uplift = await running();
    select(process.env.DJANGO_UPLIFT_TEST_PYTHON!);
    await until(
      "the other interpreter",
      () =>
        uplift.state.kind === "running" &&
        uplift.state.interpreter.command[0] === process.env.DJANGO_UPLIFT_TEST_PYTHON!,
    );
    select("/nowhere/python");
    await until(
      "an interpreter on PATH",
      () => uplift.state.kind === "running" && uplift.state.interpreter.origin === "PATH",
    );
  },
});
