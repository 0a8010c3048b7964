import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter } from "../../src/filter";
import { appOf, buildTree, itemsOf, worst, type Item, type Node } from "../../src/upgradeTree";

function item(more: Partial<Item> = {}): Item {
  return {
    uri: `file:///w/${more.path ?? "shop/views.py"}`,
    path: "shop/views.py",
    cell: null,
    line: 0,
    character: 0,
    message: "url() was removed in Django 4.0",
    code: "DUR4003",
    slug: "conf-urls-url",
    family: "upgrade",
    removedIn: "4.0",
    deprecatedIn: "3.1",
    app: appOf(more.path ?? "shop/views.py"),
    hop: null,
    severity: "error",
    safe: true,
    ...more,
  };
}

function names(nodes: readonly Node[]): string[] {
  return nodes.map((node) => (node.kind === "finding" ? node.item.path : node.name));
}

test("an app is the folder above its structure", () => {
  assert.equal(appOf("shop/views.py"), "shop");
  assert.equal(appOf("src/shop/migrations/0001_initial.py"), "src.shop");
  assert.equal(appOf("shop/management/commands/run.py"), "shop");
  assert.equal(appOf("tests/test_models.py"), "tests");
  assert.equal(appOf("manage.py"), "(top)");
});

test("releases are ordered as numbers, and findings without one come last", () => {
  const tree = buildTree([
    item({ removedIn: null, deprecatedIn: null, family: "async-orm" }),
    item({ removedIn: "10.0" }),
    item({ removedIn: "4.0" }),
    item({ removedIn: null, deprecatedIn: "5.1" }),
  ]);
  assert.deepEqual(names(tree), ["4.0", "5.1", "10.0", ""]);
});

test("what breaks on the way is under its hop, between what broke before and what will beyond", () => {
  const tree = buildTree([
    item({ removedIn: "6.0" }),
    item({ removedIn: "5.0", hop: ["4.2", "5.2"] }),
    item({ removedIn: "5.1", hop: ["4.2", "5.2"] }),
    item({ removedIn: "4.0" }),
  ]);
  assert.deepEqual(names(tree), ["4.0", "4.2 → 5.2", "6.0"]);
  assert.equal(itemsOf(tree[1]!).length, 2);
});

test("the app that the server tells is the one that is shown", () => {
  const [release] = buildTree([item({ path: "shop/lib/deep/a.py", app: "shop.lib" })]);
  assert.ok(release?.kind === "release" && release.children[0]?.kind === "family");
  assert.deepEqual(names(release.children[0].children), ["shop.lib"]);
});

test("every finding is in one leaf, below its family and app", () => {
  const items = [
    item({ path: "shop/b.py" }),
    item({ path: "shop/a.py", line: 9 }),
    item({ path: "shop/a.py", line: 3 }),
    item({ path: "accounts/a.py", family: "settings" }),
  ];
  const [release] = buildTree(items);
  assert.ok(release?.kind === "release");
  assert.deepEqual(names(release.children), ["settings", "upgrade"]);
  const [, upgrade] = release.children;
  assert.ok(upgrade?.kind === "family");
  const [shop] = upgrade.children;
  assert.ok(shop?.kind === "app");
  assert.deepEqual(
    shop.children.flatMap(itemsOf).map(({ path, line }) => [path, line]),
    [
      ["shop/a.py", 3],
      ["shop/a.py", 9],
      ["shop/b.py", 0],
    ],
  );
  assert.equal(itemsOf(release).length, items.length);
});

test("ids of the same app under two releases differ", () => {
  const ids = new Set<string>();
  const walk = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      assert.ok(!ids.has(node.id), node.id);
      ids.add(node.id);
      walk(node.kind === "finding" ? [] : node.children);
    }
  };
  walk(buildTree([item(), item({ removedIn: "5.0" }), item({ line: 4 })]));
});

test("the worst severity wins", () => {
  assert.equal(worst([item({ severity: "hint" }), item({ severity: "warning" })]), "warning");
});

test("words of a filter must all occur, marks are alternatives", () => {
  const passes = (text: string, more: Partial<Item> = {}): boolean => parseFilter(text)(item(more));
  assert.ok(passes(""));
  assert.ok(passes("VIEWS url"));
  assert.ok(passes("dur4003 shop/"));
  assert.ok(!passes("views models"));
  assert.ok(passes("@error @warning"));
  assert.ok(!passes("@warning"));
  assert.ok(passes("@fixable"));
  assert.ok(!passes("@fixable", { safe: false }));
  assert.ok(passes("@async-orm @upgrade"));
  assert.ok(!passes("@async-orm @error"));
});
