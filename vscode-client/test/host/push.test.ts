import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { diagnostics, running, set, show, suite, until, uri } from "./harness";

/** Everything that is in the extension's log so far. */
function log(): string {
  const root = path.join(path.dirname(process.env.DJANGO_UPLIFT_TEST_REPORT ?? ""), "data/logs");
  const names = fs.readdirSync(root, { recursive: true }) as string[];
  return names
    .filter((name) => name.endsWith("Django Uplift.log"))
    .map((name) => fs.readFileSync(path.join(root, name), "utf8"))
    .join("");
}

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
  "messages are in the log once that is wanted": async () => {
    assert.doesNotMatch(log(), /\[trace\]/);
    await set("trace.server", "verbose");
    await until("the log to hold messages", async () => {
      await vscode.commands.executeCommand(
        "vscode.executeHoverProvider",
        uri("shop/app.py"),
        new vscode.Position(0, 30),
      );
      return /\[trace\].*textDocument\/hover/.test(log());
    });
    await set("trace.server", undefined);
  },
});
