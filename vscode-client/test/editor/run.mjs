// Runs the tests in real VS Code: node test/editor/run.mjs [--repeat N] [NAME ...]
// Screenshots go to DJANGO_UPLIFT_SHOTS (default: ../build/screenshots). Ends with 77 where VS Code can't be had.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { address, CLIENT, forgetInstalled, openBrowser, startServer } from "./editor.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { UI } from "./ui.mjs";

const LIMIT_MS = 120_000;

const args = process.argv.slice(2);
const at = args.indexOf("--repeat");
const times = at === -1 ? 1 : Number(args.splice(at, 2)[1]);
const wanted = (name) => args.length === 0 || args.includes(name);
const shots = path.resolve(process.env.DJANGO_UPLIFT_SHOTS ?? path.join(CLIENT, "../build/screenshots"));
fs.mkdirSync(shots, { recursive: true });

const installation = spawnSync(path.join(CLIENT, "test/editor/install.sh"), { stdio: "inherit" });
if (installation.status !== 0) process.exit(installation.status ?? 1);

/** The report of one scenario's tests: [{name, error, milliseconds}]. */
async function inHost(name, scenario) {
  const env = typeof scenario.env === "function" ? scenario.env() : scenario.env;
  const server = await startServer({ ...scenario, env, driven: true });
  const browser = await openBrowser();
  try {
    const words = [];
    const code = await new Promise((resolve) => {
      const { page } = browser;
      page.on("console", (message) => words.push(message.text()));
      setTimeout(() => resolve("took too long"), LIMIT_MS).unref();
      void (async () => {
        await page.exposeFunction("codeAutomationLog", (_type, lines) => words.push(lines.join(" ")));
        await page.exposeFunction("codeAutomationExit", resolve);
        const open = path.join(server.workspace, scenario.open ?? "");
        await page.goto(
          address(server, { open, tests: path.join(CLIENT, `dist-test/host/${name}.test.js`) }),
        );
      })().catch((error) => resolve(String(error)));
    });
    const report = fs.existsSync(server.report) ? JSON.parse(fs.readFileSync(server.report, "utf8")) : [];
    if (code !== 0 && report.every(({ error }) => !error)) {
      await browser.page.screenshot({ path: path.join(shots, `failure-${name}.png`) });
      const tail = words.slice(-15).join("\n    ");
      report.push({ name: "the run itself", error: `ended with ${code}\n    ${tail}`, milliseconds: 0 });
    }
    return report;
  } finally {
    await browser.close();
    await server.stop();
  }
}

let failed = 0;
let passed = 0;
const begun = Date.now();
for (let round = 1; round <= times; round++) {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (!wanted(name)) continue;
    const start = Date.now();
    const report = await inHost(name, scenario).catch((error) => [
      { name: "the run itself", error: String(error.stack) },
    ]);
    show(name, report, start, round);
  }
  for (const [name, test] of Object.entries(UI)) {
    if (!wanted(name)) continue;
    const start = Date.now();
    const result = { name: test.title };
    const env = typeof test.scenario.env === "function" ? test.scenario.env() : test.scenario.env;
    const server = await startServer({ ...test.scenario, env });
    const browser = await openBrowser();
    try {
      await test.run({
        server,
        page: browser.page,
        shot: (shot) => browser.page.screenshot({ path: path.join(shots, `${shot}.png`) }),
      });
    } catch (error) {
      result.error = String(error.stack);
      await browser.page.screenshot({ path: path.join(shots, `failure-${name}.png`) }).catch(() => undefined);
    }
    await browser.close();
    await server.stop();
    show(name, [result], start, round);
  }
}
forgetInstalled();
console.log(
  `\n${passed} passed, ${failed} failed in real VS Code in ${((Date.now() - begun) / 1000).toFixed(0)} s`,
);
process.exit(failed ? 1 : 0);

function show(name, report, start, round) {
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`${name}${times > 1 ? ` (${round} of ${times})` : ""}: ${seconds} s`);
  for (const { name: test, error, note, milliseconds = 0 } of report) {
    console.log(
      `  ${error ? "FAILED" : "ok"}  ${test} (${(milliseconds / 1000).toFixed(1)} s)${note ? `: ${note}` : ""}`,
    );
    if (error) {
      failed += 1;
      console.log(`    ${error}`);
    } else {
      passed += 1;
    }
  }
}
