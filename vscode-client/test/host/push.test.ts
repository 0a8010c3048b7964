import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { diagnostics, running, show, suite, until, uri } from "./harness";

export const run = suite({
  "diagnostics are pushed to a client that can't pull them": async () => {
    await running();
    await show("shop/app.py");
    await until("2 diagnostics", () => diagnostics(uri("shop/app.py")).length === 2);
    await vscode.commands.executeCommand("djangoUplift.toggleWorkspaceMode");
    await until("a file that is not open", () => diagnostics(uri("shop/models.py")).length === 1);
    await vscode.commands.executeCommand("djangoUplift.toggleWorkspaceMode");
    await until("it to go", () => diagnostics(uri("shop/models.py")).length === 0);
  },
  "and follow the typing": async () => {
    const editor = vscode.window.visibleTextEditors.find(({ document }) =>
      document.fileName.endsWith("app.py"),
    );
    assert.ok(editor);
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(0, 0, 1, 0));
    });
    await until("1 diagnostic", () => diagnostics(uri("shop/app.py")).length === 1);
  },
});
