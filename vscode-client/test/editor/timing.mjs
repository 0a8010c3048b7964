// How long the extension takes to start, in a new window of a profile that has been used before:
// node test/editor/timing.mjs [TIMES]
import fs from "node:fs";
import path from "node:path";
import { address, forgetInstalled, openBrowser, sleep, startServer } from "./editor.mjs";
import { SHOP } from "./scenarios.mjs";

const times = Number(process.argv[2] ?? 5);
const server = await startServer({ files: SHOP });
const told = () => {
  const found = [];
  const look = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) look(file);
      else if (entry.name.includes("Uplift") && entry.name.endsWith(".log")) {
        const match = /process (\d+) ms, to its answer (\d+) ms/.exec(fs.readFileSync(file, "utf8"));
        if (match) found.push({ match, at: fs.statSync(file).mtimeMs });
      }
    }
  };
  look(server.folder);
  return found.sort((a, b) => a.at - b.at).map(({ match }) => [Number(match[1]), Number(match[2])]);
};
for (let i = 0; i <= times; i++) {
  const browser = await openBrowser();
  await browser.page.goto(address(server));
  const end = Date.now() + 60_000;
  while (told().length <= i && Date.now() < end) await sleep(200);
  await browser.close();
  const [launched, answered] = told().at(-1) ?? [];
  console.log(
    `${i === 0 ? "first" : "later"} window: process started after ${launched} ms, it answers after ${answered} ms`,
  );
}
await server.stop();
forgetInstalled();
