import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import { itemsOf, type Node } from "../../src/upgradeTree";
import { actions, diagnostics, running, suite, until, uri } from "./harness";

const BOOK = "shop/orders.ipynb";

let book: vscode.NotebookDocument;

function cell(index: number): vscode.TextDocument {
  return book.cellAt(index).document;
}

async function found(index: number, ...codes: string[]): Promise<vscode.Diagnostic[]> {
  const told = (): unknown[] =>
    diagnostics(cell(index).uri).map(({ code }) => (code as { value: string }).value);
  return await until(`${codes.join(", ") || "nothing"} in cell ${index}`, () => {
    const here = told();
    return (
      here.length === codes.length &&
      codes.every((code) => here.includes(code)) &&
      diagnostics(cell(index).uri)
    );
  });
}

function leaves(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => (node.kind === "finding" ? [node] : leaves(node.children)));
}

export const run = suite({
  "the cells of a notebook are checked together, as code that runs on an event loop": async () => {
    await running();
    book = await vscode.workspace.openNotebookDocument(uri(BOOK));
    await vscode.window.showNotebookDocument(book);
    const [first] = await found(1, "DUR4001");
    assert.deepEqual([first!.range.start.line, first!.range.start.character], [0, 34]);
    await found(2);
    const [query] = await found(3, "DUA101");
    assert.deepEqual([query!.range.start.line, query!.range.start.character], [1, 0]);
  },
  "a hover in a cell tells what the whole notebook knows": async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      cell(1).uri,
      new vscode.Position(0, 36),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((one) => (one as vscode.MarkdownString).value),
    );
    assert.match(text.join("\n"), /force_str/);
  },
  "the upgrade view names the notebook and the cell": async () => {
    const uplift = await running();
    const items = await until("the leaves", () => {
      const all = leaves(uplift.upgradeTree).flatMap(itemsOf);
      return all.length === 2 && all;
    });
    assert.deepEqual(
      items.map(({ path, cell }) => [path, cell]),
      [
        [BOOK, 2],
        [BOOK, 4],
      ],
    );
  },
  "a quick fix changes all cells that it must": async () => {
    const [finding] = diagnostics(cell(1).uri);
    const offered = await actions(cell(1).uri, finding!.range);
    const preferred = offered.find(({ isPreferred }) => isPreferred);
    assert.ok(await vscode.workspace.applyEdit(preferred!.edit!));
    assert.equal(
      cell(1).getText(),
      "from django.utils.encoding import force_str\nfrom shop.models import Order",
    );
    assert.equal(cell(3).getText(), "é = '𝒳'; force_str(é)\nOrder.objects.get(pk=1)");
    await found(1);
  },
  "cells that are changed, added, moved or deleted are checked as they are": async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(cell(3).uri, new vscode.Range(0, 0, 2, 0), "await Order.objects.aget(pk=1)");
    assert.ok(await vscode.workspace.applyEdit(edit));
    await found(3);
    const added = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      "from django.utils.translation import ugettext",
      "python",
    );
    const change = new vscode.WorkspaceEdit();
    change.set(book.uri, [vscode.NotebookEdit.insertCells(1, [added])]);
    assert.ok(await vscode.workspace.applyEdit(change));
    await found(1, "DUR4002");
    const gone = cell(1).uri;
    const removal = new vscode.WorkspaceEdit();
    removal.set(book.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2))]);
    assert.ok(await vscode.workspace.applyEdit(removal));
    await until("no diagnostics of a cell that went", () => diagnostics(gone).length === 0);
  },
});
