import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../src/extension";
import { api, running, set, show, suite, until, uri } from "./harness";

async function problem(uplift: Api, pattern: RegExp): Promise<void> {
  const message = await until(
    `${pattern.source} (${JSON.stringify(uplift.state)})`,
    () =>
      uplift.state.kind === "failed" &&
      pattern.test(uplift.state.problem.message) &&
      uplift.state.problem.message,
  );
  assert.doesNotMatch(message, /\n|Error:|\bat .*:\d+/, "no stack traces");
}

export const run = suite({
  "without any Python the extension is active and says what is missing": async () => {
    const uplift = await api();
    await uplift.started;
    await problem(uplift, /found no Python.*3\.10 or newer/);
    assert.match(uplift.statusText, /does not run/);
  },
  "commands that need the server say so instead of raising": async () => {
    for (const command of ["recheck", "selectTarget", "fixFile", "showDebugInformation"]) {
      await vscode.commands.executeCommand(`djangoUplift.${command}`);
    }
    await show("shop/app.py");
  },
  "a Python that is too old is told by its version": async () => {
    await set("interpreter", [uri("tools/old").fsPath]);
    await problem(await api(), /names Python 3\.8\.18.*needs 3\.10 or newer/);
  },
  "an interpreter that does not work, or is not there, is told by its name": async () => {
    await set("interpreter", [uri("tools/broken").fsPath]);
    await problem(await api(), /no working Python: .*broken/);
    await set("interpreter", ["/nowhere/python"]);
    await problem(await api(), /no working Python: \/nowhere\/python/);
  },
  "a server that ends while it starts is no reason to wait": async () => {
    await set("interpreter", [uri("tools/crashing").fsPath]);
    await problem(await api(), /could not be started/);
  },
  "once the setting is right the server runs": async () => {
    await set("interpreter", [process.env.DJANGO_UPLIFT_TEST_PYTHON!]);
    const { state } = await running();
    assert.equal(state.kind === "running" && state.interpreter.origin, "djangoUplift.interpreter");
  },
  "a server from the environment is not needed: the bundled one stands in": async () => {
    const uplift = await api();
    const before = uplift.state;
    await set("importStrategy", "fromEnvironment");
    await until("another server", () => uplift.state !== before && uplift.state.kind === "running");
    await set("importStrategy", undefined);
  },
});
