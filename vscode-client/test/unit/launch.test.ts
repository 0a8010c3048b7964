/** The launcher and the bundled libraries, started as the extension does, on every Python that is to be found here. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { launch, type Greeting, type ImportStrategy } from "../../src/launch";
import { isNewEnough, pythons } from "../pythons";

const LAUNCHER = path.resolve("bundled/launch.py");
const BUNDLED = fs.existsSync(path.resolve("bundled/libs/django_uplift"));

/** What comes of starting the server in a folder full of traps: its answer to `initialize`, and its words. */
async function start(
  python: string,
  strategy: ImportStrategy,
): Promise<{ greeting: Greeting | undefined; answer: string; words: string[]; trapped: string[] }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-launch-"));
  const traps = ["django_uplift.py", "sitecustomize.py", "jedi.py", "json.py", "logging.py", "attr.py"];
  for (const name of traps) {
    fs.writeFileSync(
      path.join(folder, name),
      `open(${JSON.stringify(path.join(folder, "MARK"))}, "a").write(__name__ + " ")\n`,
    );
  }
  const words: string[] = [];
  process.env.PYTHONPATH = "."; // Which is the folder that it is started in, and no more.
  const launched = await launch(
    {
      program: [python],
      launcher: LAUNCHER,
      strategy,
      args: [],
      cache: path.join(folder, "cache"),
      cwd: folder,
    },
    (line) => words.push(line),
  );
  const answer = launched?.greeting.usable === true ? await initialize(launched.process) : "";
  if (launched !== undefined) {
    launched.process.stdin?.end();
    launched.process.kill();
  }
  const mark = path.join(folder, "MARK");
  const trapped = fs.existsSync(mark) ? fs.readFileSync(mark, "utf8").trim().split(" ") : [];
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return { greeting: launched?.greeting, answer, words, trapped };
}

async function initialize({ stdin, stdout }: ChildProcess): Promise<string> {
  const message = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  stdin!.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
  let answer = "";
  for await (const data of stdout!) {
    answer += String(data);
    if (answer.includes('"serverInfo"')) {
      break;
    }
  }
  return answer;
}

for (const [version, python] of pythons()) {
  if (isNewEnough(version)) {
    test(`the bundled server answers on Python ${version}`, { skip: !BUNDLED && "no bundle" }, async () => {
      const { greeting, answer, trapped } = await start(python, "useBundled");
      assert.match(greeting?.python ?? "", new RegExp(`^${version}\\.`));
      assert.ok(fs.existsSync(greeting?.executable ?? ""));
      assert.match(answer, /"name":\s*"django-uplift"/);
      assert.deepEqual(trapped, []);
    });
  } else {
    test(`Python ${version} says that it is too old`, async () => {
      const { greeting } = await start(python, "useBundled");
      assert.equal(greeting?.usable, false);
      assert.ok(greeting.python.startsWith(`${version}.`));
    });
  }
}

test(
  "an environment without the server gets the bundled one",
  { skip: !BUNDLED && "no bundle" },
  async () => {
    const [, python] = [...pythons()].find(([version]) => isNewEnough(version)) ?? [];
    assert.ok(python);
    const { answer, words, trapped } = await start(python, "fromEnvironment");
    assert.match(answer, /"name":\s*"django-uplift"/);
    assert.match(words.join(), /has no django-uplift/);
    assert.deepEqual(trapped, ["sitecustomize"], "before the launcher, as PYTHONPATH wants it");
  },
);

test("what is no Python, or not there, is told apart from one that is too old", async () => {
  for (const program of ["false", "true", "/nowhere/python"]) {
    const { greeting, words } = await start(program, "useBundled");
    assert.equal(greeting, undefined);
    assert.equal(words.length, program === "/nowhere/python" ? 1 : 0);
  }
});
