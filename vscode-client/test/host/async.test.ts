import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { diagnostics, running, set, show, suite, until, uri } from "./harness";

const VIEWS = "shop/views.py";

/** What a hover, lens or hint says. */
function texts(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value))
    .join("\n");
}

export const run = suite({
  "a query on the event loop is found, with the way to it": async () => {
    await running();
    await show(VIEWS);
    const [finding] = await until("the finding", () => {
      const here = diagnostics(uri(VIEWS));
      return here.length === 1 && here;
    });
    assert.equal(finding!.range.start.line, 4);
    assert.ok(finding!.relatedInformation!.some(({ location }) => location.uri.path.endsWith("helpers.py")));
  },
  "a hover says where a call runs": async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri(VIEWS),
      new vscode.Position(5, 34),
    );
    assert.match(texts(hovers), /worker thread/);
  },
  "code lens and inlay hints come when they are turned on, and go": async () => {
    const lenses = (): Thenable<vscode.CodeLens[]> =>
      vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri(VIEWS), 20);
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand(
        "vscode.executeInlayHintProvider",
        uri(VIEWS),
        new vscode.Range(0, 0, 20, 0),
      );
    assert.deepEqual([(await lenses()).length, (await hints()).length], [0, 0]);
    await set("codeLens", true);
    await set("inlayHints", true);
    const titles = await until("a lens", async () => {
      const found = await lenses();
      return found.length > 0 && found.map(({ command }) => command?.title);
    });
    assert.deepEqual(titles, ["1 query on the event loop"]);
    const [hint] = await until("a hint", async () => {
      const found = await hints();
      return found.length > 0 && found;
    });
    assert.equal(hint!.position.line, 4);
    await set("codeLens", undefined);
    await set("inlayHints", undefined);
    await until("no lens", async () => (await lenses()).length === 0);
  },
  "the call hierarchy leads down to the query, and up again": async () => {
    const [view] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
      "vscode.prepareCallHierarchy",
      uri(VIEWS),
      new vscode.Position(3, 11),
    );
    assert.equal(view?.name, "view");
    const down = await vscode.commands.executeCommand<vscode.CallHierarchyOutgoingCall[]>(
      "vscode.provideOutgoingCalls",
      view,
    );
    const newest = down.find(({ to }) => to.name === "newest");
    assert.ok(newest);
    const up = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      "vscode.provideIncomingCalls",
      newest.to,
    );
    assert.ok(up.some(({ from }) => from.name === "view"));
  },
  "a helper is made async together with those that call it": async () => {
    const [finding] = diagnostics(uri(VIEWS));
    const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri(VIEWS),
      finding!.range,
      vscode.CodeActionKind.RefactorRewrite.value,
      5,
    );
    const make = offered.find(({ title }) => title.includes("Make newest() async"));
    assert.ok(make?.edit, offered.map(({ title }) => title).join());
    assert.deepEqual(
      make.edit
        .entries()
        .map(([file]) => vscode.workspace.asRelativePath(file))
        .sort(),
      ["shop/helpers.py", "shop/views.py"],
    );
    const edits = make.edit.entries().flatMap(([, changes]) => changes.map(({ newText }) => newText));
    assert.ok(edits.some((text) => text.includes("await")) && edits.some((text) => text.includes("async")));
  },
});
