import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, diagnostics, running, set, show, suite, until, uri } from "./harness";

const { Error, Warning } = vscode.DiagnosticSeverity;

async function severities(folder: number, wanted: vscode.DiagnosticSeverity): Promise<void> {
  await until(`severity ${wanted} in folder ${folder}`, () => {
    const here = diagnostics(uri("app.py", folder));
    return here.length === 2 && here.every(({ severity }) => severity === wanted);
  });
}

export const run = suite({
  "each folder has the target that it declares": async () => {
    await running();
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
    const uplift = await api();
    await show("app.py", 0);
    await until("3.2", () => uplift.statusText === "Django 3.2");
    await show("app.py", 1);
    await until("5.2", () => uplift.statusText === "Django 5.2");
    await severities(0, Warning);
    await severities(1, Error);
  },
  "a folder's own setting concerns that folder alone": async () => {
    await set("targetVersion", "4.2", vscode.ConfigurationTarget.WorkspaceFolder, uri("", 0));
    await severities(0, Error);
    await set("targetVersion", undefined, vscode.ConfigurationTarget.WorkspaceFolder, uri("", 0));
    await severities(0, Warning);
    await severities(1, Error);
  },
});
