import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { running, suite, until, uri } from "./harness";

export const run = suite({
  "the interpreter that the Python Environments extension selects runs the server": async () => {
    const { state } = await running();
    assert.ok(state.kind === "running");
    assert.equal(state.interpreter.origin, "ms-python.vscode-python-envs");
    assert.equal(state.interpreter.command[0], uri(".venv/bin/python").fsPath);
  },
  "another selection restarts the server": async () => {
    const uplift = await running();
    const environments = vscode.extensions.getExtension<{ select(path: string): void }>(
      "ms-python.vscode-python-envs",
    );
    environments!.exports.select(process.env.DJANGO_UPLIFT_TEST_PYTHON!);
    await until(
      "the other interpreter",
      () =>
        uplift.state.kind === "running" &&
        uplift.state.interpreter.command[0] === process.env.DJANGO_UPLIFT_TEST_PYTHON!,
    );
  },
  "the same selection again does not": async () => {
    const uplift = await running();
    const { state } = uplift;
    vscode.extensions
      .getExtension<{ select(path: string): void }>("ms-python.vscode-python-envs")!
      .exports.select(process.env.DJANGO_UPLIFT_TEST_PYTHON!);
    await vscode.commands.executeCommand("djangoUplift.recheck");
    assert.equal(uplift.state, state);
  },
  "a selection that can't run the server is passed over": async () => {
    const uplift = await running();
    vscode.extensions
      .getExtension<{ select(path: string): void }>("ms-python.vscode-python-envs")!
      .exports.select("/nowhere/python");
    await until(
      "an interpreter on PATH",
      () => uplift.state.kind === "running" && uplift.state.interpreter.origin === "PATH",
    );
  },
});
