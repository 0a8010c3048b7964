import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { FileMemory } from "../../src/memory";

const ANSWER = { executable: "/usr/bin/python3.12", stamps: [1, 2] } as const;

test("what is remembered is there for the next window", () => {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "uplift-memory-")), "new");
  new FileMemory(folder).set("python3", ANSWER);
  assert.deepEqual(new FileMemory(folder).get("python3"), ANSWER);
  assert.equal(new FileMemory(folder).get("python"), undefined);
});

test("a damaged file is as good as none", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-memory-"));
  for (const text of ["{", "[]", "null", '"x"', '{"python3": {"executable": 3}}', '{"python3": null}']) {
    fs.writeFileSync(path.join(folder, "interpreters.json"), text);
    assert.equal(new FileMemory(folder).get("python3"), undefined, text);
  }
});

test("a folder that can't be written is no reason to fail", () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "uplift-memory-")), "file");
  fs.writeFileSync(file, "");
  const memory = new FileMemory(file);
  memory.set("python3", ANSWER);
  assert.deepEqual(memory.get("python3"), ANSWER);
});
