/** The launcher and the bundled libraries, on every Python that is to be found here. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { isOldEnough, pythons } from "../pythons";

const LAUNCHER = path.resolve("bundled/launch.py");
const BUNDLED = fs.existsSync(path.resolve("bundled/libs/django_uplift"));

/** The answer to `initialize`, from a server that is started in a folder full of traps. */
async function initialize(python: string, strategy: string): Promise<{ answer: string; trapped: string[] }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-launch-"));
  const traps = ["django_uplift.py", "sitecustomize.py", "jedi.py", "logging.py", "attr.py"];
  for (const name of traps) {
    fs.writeFileSync(
      path.join(folder, name),
      `open(${JSON.stringify(path.join(folder, "MARK"))}, "a").write(__name__)\n`,
    );
  }
  const isolated = strategy === "bundled" ? ["-I"] : [];
  const options = ["-u", "-X", "utf8", "-X", `pycache_prefix=${path.join(folder, "cache")}`];
  const child = spawn(python, [...isolated, ...options, LAUNCHER, strategy], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: "." },
  });
  const message = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  child.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
  let answer = "";
  let errors = "";
  child.stderr.on("data", (data) => (errors += String(data)));
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (data) => {
      answer += String(data);
      if (answer.includes('"serverInfo"')) {
        resolve();
      }
    });
    child.on("exit", () => {
      resolve();
    });
  });
  child.stdin.end();
  child.kill();
  const trapped = fs.readdirSync(folder).filter((name) => name === "MARK");
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return { answer: answer || errors, trapped };
}

for (const [version, python] of pythons()) {
  if (isOldEnough(version)) {
    test(`the bundled server answers on Python ${version}`, { skip: !BUNDLED && "no bundle" }, async () => {
      const { answer, trapped } = await initialize(python, "bundled");
      assert.match(answer, /"name":\s*"django-uplift"/);
      assert.deepEqual(trapped, []);
    });
  } else {
    test(`Python ${version} is told to be too old`, () => {
      const told = spawnSync(python, [LAUNCHER, "bundled"]);
      assert.equal(told.status, 3);
      assert.match(String(told.stderr), /needs Python 3\.10 or newer, this is \d+\.\d+/);
    });
  }
}

test(
  "an environment without the server gets the bundled one",
  { skip: !BUNDLED && "no bundle" },
  async () => {
    const [, python] = [...pythons()].find(([version]) => isOldEnough(version)) ?? [];
    assert.ok(python);
    const { answer } = await initialize(python, "environment");
    assert.match(answer, /"name":\s*"django-uplift"/);
  },
);
