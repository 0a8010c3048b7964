import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as vscode from "vscode";
import { itemsOf } from "../../src/upgradeTree";
import { actions, api, diagnostics, ID, running, set, show, suite, until, uri } from "./harness";

const APP = "shop/app.py";
const FIXED = `from django.utils.encoding import force_str
from django.utils.translation import gettext as _

é = "é𝒳"; x = _("hello"), force_str(é)
`;

async function found(count: number, name = APP): Promise<vscode.Diagnostic[]> {
  return await until(`${count} diagnostics in ${name}`, () => {
    const here = diagnostics(uri(name));
    return here.length === count && here;
  });
}

export const run = suite({
  "it is active in a Django folder, and runs the bundled server without a Python extension": async () => {
    assert.equal(vscode.extensions.getExtension("ms-python.python"), undefined);
    const { started, timing } = await api();
    await started;
    const { state } = await running();
    assert.equal(state.kind === "running" && state.interpreter.origin, "PATH");
    const [activated, launched, first] = [timing.activated, timing.launched, timing.running].map((ms) =>
      ms.toFixed(0),
    );
    return `activated after ${activated} ms, server started after ${launched} ms, and running after ${first} ms`;
  },
  "its commands are there, each with a category": async () => {
    const declared = (
      vscode.extensions.getExtension(ID)?.packageJSON as {
        contributes: { commands: { command: string; category: string }[] };
      }
    ).contributes.commands;
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      declared.filter(({ command }) => !known.includes(command)),
      [],
    );
    assert.ok(declared.every(({ category }) => category === "Django Uplift"));
  },
  "the status tells the target that the requirements declare": async () => {
    const uplift = await api();
    await show(APP);
    await until(`the target (${uplift.statusText})`, () => uplift.statusText === "Django 4.2");
  },
  "diagnostics stand where they should in a line with characters beyond ASCII": async () => {
    const here = await found(2);
    assert.deepEqual(
      here.map(({ range, severity, code }) => [
        range.start.line,
        range.start.character,
        severity,
        typeof code === "object" ? code.value : code,
      ]),
      [
        [0, 34, vscode.DiagnosticSeverity.Error, "DUR4001"],
        [1, 37, vscode.DiagnosticSeverity.Error, "DUR4002"],
      ],
    );
    assert.ok(here.every(({ code }) => typeof code === "object" && code.target.scheme === "https"));
  },
  "what pyproject.toml ignores is ignored: defaults of settings are not sent": async () => {
    await show("accounts/ignored.py");
    await show("shop/models.py");
    await found(1, "shop/models.py");
    assert.deepEqual(diagnostics(uri("accounts/ignored.py")), []);
  },
  "a hover tells why, and what to use instead": async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri(APP),
      new vscode.Position(0, 36),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((content) => (content as vscode.MarkdownString).value),
    );
    assert.match(text.join("\n"), /force_str/);
  },
  "the upgrade view groups the findings of open files": async () => {
    const uplift = await api();
    const tree = await until(
      "the tree",
      () =>
        uplift.upgradeTree.reduce((sum, node) => sum + itemsOf(node).length, 0) === 3 && uplift.upgradeTree,
    );
    assert.deepEqual(
      tree.map((node) => node.kind !== "finding" && [node.kind, node.name, node.items.length]),
      [["release", "4.0", 3]],
    );
    await vscode.commands.executeCommand("djangoUplift.filterUpgradeView", "ugettext @error");
    assert.equal(
      uplift.upgradeTree.reduce((sum, node) => sum + itemsOf(node).length, 0),
      2,
    );
    await vscode.commands.executeCommand("djangoUplift.clearUpgradeFilter");
    assert.equal(
      uplift.upgradeTree.reduce((sum, node) => sum + itemsOf(node).length, 0),
      3,
    );
  },
  "the whole workspace is checked where that is wanted": async () => {
    assert.deepEqual(diagnostics(uri("accounts/ignored.py")), []);
    fs.writeFileSync(uri("accounts/extra.py").fsPath, "from django.utils.encoding import force_text\n");
    await vscode.commands.executeCommand("djangoUplift.toggleWorkspaceMode");
    await found(1, "accounts/extra.py");
    await vscode.commands.executeCommand("djangoUplift.toggleWorkspaceMode");
    await found(0, "accounts/extra.py");
  },
  "another target in the settings shows at once": async () => {
    const uplift = await api();
    await set("targetVersion", "3.2");
    await until("warnings", () =>
      diagnostics(uri(APP)).every(({ severity }) => severity === vscode.DiagnosticSeverity.Warning),
    );
    await set("targetVersion", "5.2");
    await until("errors", () =>
      diagnostics(uri(APP)).every(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
    );
    await until(`the journey (${uplift.statusText})`, () => uplift.statusText === "Django 4.2 → 5.2");
    await set("targetVersion", undefined);
    await until("the declared target", () => uplift.statusText === "Django 4.2");
  },
  "a file that is closed is no longer told of": async () => {
    // As the user does it: what an extension opens stays open for minutes.
    await vscode.commands.executeCommand("vscode.open", uri("shop/admin.py"));
    await found(1, "shop/admin.py");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await found(0, "shop/admin.py");
  },
  "a template's findings are shown while it is edited": async () => {
    const name = "shop/templates/order.html";
    await show(name);
    const [finding] = await found(1, name);
    assert.equal(typeof finding!.code === "object" && finding!.code.value, "DUT0003");
    const offered = await actions(uri(name), finding!.range);
    assert.ok(offered.some(({ isPreferred }) => isPreferred));
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  },
  "the plan page has the server's plan, and lets nothing run but the extension's script": async () => {
    const uplift = await api();
    await vscode.commands.executeCommand("djangoUplift.showPlan");
    const page = await until("the plan", () => uplift.planHtml);
    assert.match(page, /<h1>Django 4\.2 → \d\.\d<\/h1>/);
    const policies = [...page.matchAll(/Content-Security-Policy" content="([^"]*)"/g)].map(
      ([, text]) => text,
    );
    const nonces = new Set(
      [...page.matchAll(/<(?:style|script) nonce="([^"]*)"/g)].map(([, nonce]) => nonce),
    );
    assert.equal(nonces.size, 1);
    assert.equal(page.match(/<script/g)?.length, 1);
    const [nonce] = nonces;
    assert.deepEqual(
      policies[0],
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`,
    );
    assert.doesNotMatch(page, /\son[a-z]+=|\sstyle=/);
    // Made anew it has another nonce.
    await vscode.commands.executeCommand("djangoUplift.refreshPlan");
    assert.ok(uplift.planHtml?.includes(nonce!) === false);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await until("the page to be gone", () => uplift.planHtml === undefined);
  },
  "what can be made async is offered, with the changes of each file": async () => {
    await show("shop/views.py");
    const offered = await until("the offer", async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uri("shop/views.py"),
        new vscode.Range(3, 4, 3, 4),
        vscode.CodeActionKind.RefactorRewrite.value,
        5,
      );
      return found.find(({ title }) => title.includes("to async"));
    });
    const edit = offered.edit!;
    assert.deepEqual(
      edit.entries().map(([file]) => file.path),
      [uri("shop/views.py").path],
    );
    assert.match(
      edit
        .entries()[0]![1]
        .map(({ newText }) => newText)
        .join(),
      /async/,
    );
  },
  "a quick fix changes what it should": async () => {
    await show(APP);
    const [first] = await found(2);
    const offered = await actions(uri(APP), first!.range);
    const preferred = offered.find(({ isPreferred }) => isPreferred);
    assert.match(preferred?.title ?? "", /force_str/, offered.map(({ title }) => title).join());
    assert.ok(await vscode.workspace.applyEdit(preferred!.edit!));
    await found(1);
    await vscode.commands.executeCommand("undo");
    await found(2);
  },
  "saving fixes all that is safe, byte by byte": async () => {
    const document = await show(APP);
    const editor = vscode.window.activeTextEditor!;
    // Only a changed document is saved.
    await editor.edit((edit) => {
      edit.insert(document.lineAt(document.lineCount - 1).range.end, "\n");
    });
    await until("a saved and fixed file", async () => {
      await document.save();
      return fs.readFileSync(document.uri.fsPath, "utf8").startsWith(FIXED.trimEnd());
    });
    assert.equal(fs.readFileSync(document.uri.fsPath, "utf8"), `${FIXED}\n`);
    await found(0);
  },
  "a killed server is started again, and goes on": async () => {
    const uplift = await running();
    const pid = uplift.state.kind === "running" ? uplift.state.pid : undefined;
    assert.ok(pid);
    process.kill(pid, "SIGKILL");
    await until("another process", () => uplift.state.kind === "running" && uplift.state.pid !== pid);
    await show("shop/models.py");
    await found(1, "shop/models.py");
  },
  "a server that keeps dying is given up, until the user restarts it": async () => {
    const uplift = await running();
    let deaths = 0;
    for (; deaths < 10 && (await running_or_failed()); deaths++) {
      const { state } = uplift;
      if (state.kind === "running" && state.pid !== undefined) {
        process.kill(state.pid, "SIGKILL");
        await until("its death to be noticed", () => uplift.state !== state);
      }
    }
    assert.equal(uplift.state.kind, "failed");
    assert.ok(deaths >= 3, `given up after ${deaths} deaths`);
    await vscode.commands.executeCommand("djangoUplift.restartServer");
    await running();
    await found(1, "shop/models.py");

    /** Whether it runs again; false once it was given up. */
    async function running_or_failed(): Promise<boolean> {
      const end = await until("a running or failed server", () =>
        uplift.state.kind === "running" || uplift.state.kind === "failed" ? uplift.state.kind : undefined,
      );
      return end === "running";
    }
  },
  "it can be turned off and on": async () => {
    const uplift = await running();
    await set("enable", false);
    await until(
      "nothing",
      () => uplift.state.kind === "disabled" && diagnostics(uri("shop/models.py")).length === 0,
    );
    await set("enable", undefined);
    await running();
    await found(1, "shop/models.py");
  },
  "a wrong setting is said once, and the others hold": async () => {
    await set("minConfidence", "certainly");
    await set("targetVersion", "3.2");
    await until("warnings", () =>
      diagnostics(uri("shop/models.py")).some(
        ({ severity }) => severity === vscode.DiagnosticSeverity.Warning,
      ),
    );
    await set("minConfidence", undefined);
    await set("targetVersion", undefined);
  },
});
