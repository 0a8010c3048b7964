import assert from "node:assert/strict";
import { test } from "node:test";
import { dress, emptyPage, type Controls } from "../../src/planHtml";
import { readChoice, readMessage } from "../../src/planMessages";

const CONTROLS: Controls = {
  choice: { folder: "file:///b", from: "", to: "5.2" },
  folders: [],
  releases: ["4.2", "5.2", "6.0"],
  made: { from: "4.2", to: "5.2" },
  words: {
    controls: "Which plan",
    folder: "Folder",
    from: "From",
    to: "to",
    refresh: "Refresh",
    declared: "declared",
    configured: "the goal",
  },
};
const PAGE = "<html><head><title>t</title></head>\n<body class=x>\n<h1>plan</h1></body></html>";

test("the policy is the first thing in the page, and the script the last", () => {
  const page = dress(PAGE, "n0nce", "go()", CONTROLS);
  assert.ok(
    page.startsWith(
      '<html><head>\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\';',
    ),
  );
  assert.ok(page.includes('<body class=x>\n<div class="uplift" role="toolbar"'));
  assert.ok(page.includes('<script nonce="n0nce">go()</script>\n</body></html>'));
});

test("what is chosen is selected, what the server chose is named", () => {
  const page = dress(emptyPage("t"), "n", "", CONTROLS);
  assert.match(page, /<option value="" selected>4\.2 \(declared\)<\/option><option value="6\.0">/);
  assert.match(page, /<option value="">the goal<\/option>.*<option value="5\.2" selected>/);
  assert.ok(!page.includes("uplift-folder"), "a single folder is no choice");
});

test("a choice can be seen before the releases are known", () => {
  const page = dress(emptyPage("t"), "n", "", { ...CONTROLS, releases: [] });
  assert.match(page, /<option value="5\.2" selected>5\.2<\/option>/);
});

test("names of folders are text", () => {
  const folders = [
    { uri: "file:///a", name: "<script>alert(1)</script>" },
    { uri: "file:///b", name: '"b" & c' },
  ];
  const page = dress(emptyPage("t"), "n", "", { ...CONTROLS, folders });
  assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
  assert.ok(page.includes('<option value="file:///b" selected>&quot;b&quot; &amp; c</option>'));
});

test("what is no page is refused", () => {
  assert.throws(() => dress("{}", "n", "", CONTROLS), /no page/);
});

test("messages of the page are read, not believed", () => {
  assert.deepEqual(readMessage({ kind: "open", uri: "file:///a.py", line: -3, column: "x", endLine: 1e99 }), {
    kind: "open",
    uri: "file:///a.py",
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
  });
  assert.deepEqual(readMessage({ kind: "plan", to: "5.2", from: 4 }), {
    kind: "plan",
    folder: "",
    from: "",
    to: "5.2",
  });
  for (const wrong of [null, 1, "open", {}, { kind: "run" }, []]) {
    assert.equal(readMessage(wrong), undefined);
  }
  assert.deepEqual(readChoice(undefined), { folder: "", from: "", to: "" });
});
