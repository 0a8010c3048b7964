import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as vscode from "vscode";
import { api, diagnostics, running, show, suite, until, uri } from "./harness";

export const run = suite({
  "an untrusted workspace is checked by the interpreter on PATH": async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const { state } = await running();
    assert.equal(state.kind === "running" && state.interpreter.origin, "PATH");
    await show("shop/app.py");
    await until("2 diagnostics", () => diagnostics(uri("shop/app.py")).length === 2);
  },
  "its settings that name programs are not followed, those that don't are": async () => {
    const uplift = await api();
    await until(`the target (${uplift.statusText})`, () => uplift.statusText === "Django 4.2 → 5.2");
    assert.deepEqual(vscode.workspace.getConfiguration("djangoUplift").get("args"), []);
  },
  "the server is told that it is not trusted": async () => {
    await running();
    await vscode.commands.executeCommand("djangoUplift.showDebugInformation");
    const text = await until("the information", () => {
      const shown = vscode.window.activeTextEditor?.document.getText() ?? "";
      return shown.includes("trusted") && shown;
    });
    assert.match(text, /the workspace is trusted: no/);
  },
  "no program and no module in it was run": async () => {
    await vscode.commands.executeCommand("djangoUplift.restartServer");
    await running();
    const root = uri("").fsPath;
    const marks = (fs.readdirSync(root, { recursive: true }) as string[]).filter((name) =>
      name.endsWith("MARK"),
    );
    assert.deepEqual(marks, []);
  },
});
