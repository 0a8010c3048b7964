import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, previewed } from "../../src/preview";

const EXISTING = "file:///extension/package.json";
const CHANGE = {
  textDocument: { uri: "file:///a.py", version: null },
  edits: [
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
      newText: "b",
      annotationId: "other",
    },
  ],
};
const edit = (needsConfirmation: boolean): Parameters<typeof asked>[0] => ({
  documentChanges: [CHANGE],
  changeAnnotations: { other: { label: "Other files", description: "callers", needsConfirmation } },
});

test("what a preview asks for is one change that does nothing; the others are ticked as they are", () => {
  const { documentChanges, changeAnnotations } = previewed(edit(true), EXISTING);
  const [asking, ...others] = documentChanges ?? [];
  assert.ok(asking && "kind" in asking && asking.kind === "create");
  assert.deepEqual([asking.uri, asking.options], [EXISTING, { ignoreIfExists: true }]);
  assert.deepEqual(others, [CHANGE]);
  assert.equal(changeAnnotations?.[asking.annotationId ?? ""]?.needsConfirmation, true);
  assert.deepEqual(changeAnnotations.other, {
    label: "Other files",
    description: "callers",
    needsConfirmation: false,
  });
});

test("what the server does not want to be confirmed is made at once", () => {
  for (const plain of [edit(false), { documentChanges: [CHANGE] }, { changes: {} }]) {
    assert.equal(asked(plain, EXISTING), plain);
  }
  assert.deepEqual(asked(edit(true), EXISTING), previewed(edit(true), EXISTING));
});
