// Bundles the extension into dist/ (--production: minified), and with --tests the tests into dist-test/.
import * as esbuild from "esbuild";
import { readdirSync, rmSync } from "node:fs";

const production = process.argv.includes("--production");
const common = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });
await esbuild.build({
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  minify: production,
  sourcemap: !production,
  // The module build: with the other one nothing of vscode-languageclient could be dropped.
  mainFields: ["module", "main"],
});

// What runs in the plan page. It is put into the page itself.
await esbuild.build({
  ...common,
  entryPoints: ["webview/plan.ts"],
  outfile: "dist/planPage.js",
  platform: "browser",
  format: "iife",
  target: "es2022",
  external: [],
  minify: production,
});

if (process.argv.includes("--tests")) {
  rmSync("dist-test", { recursive: true, force: true });
  for (const kind of ["unit", "host"]) {
    const files = readdirSync(`test/${kind}`).filter((name) => name.endsWith(".test.ts"));
    await esbuild.build({
      ...common,
      entryPoints: files.map((name) => `test/${kind}/${name}`),
      outdir: `dist-test/${kind}`,
      sourcemap: "inline",
    });
  }
}
