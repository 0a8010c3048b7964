// Starts real VS Code (code-server) with the packaged extension in a clean profile, and a page in it (Chromium).
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const CLIENT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const HOME = path.resolve(process.env.DJANGO_UPLIFT_EDITOR ?? path.join(CLIENT, "../.cache/vscode"));
const VSIX = process.env.DJANGO_UPLIFT_VSIX ?? path.join(CLIENT, "django-uplift.vsix");

const USER_SETTINGS = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "window.commandCenter": false,
  "files.autoSave": "off",
};

/** The folder of the Node.js, version 24, that code-server runs on. */
function node24() {
  const found = spawnSync("find", [path.join(HOME, "n24/node_modules"), "-path", "*/include/node/node.h"]);
  return path.join(path.dirname(String(found.stdout).split("\n")[0]), "../../bin");
}

export async function freePort() {
  const server = net.createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    if (typeof content === "string" && content.startsWith("#!")) {
      fs.chmodSync(file, 0o755);
    }
  }
}

/** Installed once for all scenarios: unpacking takes longer than the tests. */
let extensions;
function installed(environment) {
  if (extensions === undefined) {
    extensions = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-exts-"));
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-install-"));
    const done = spawnSync(
      path.join(HOME, "cs/node_modules/.bin/code-server"),
      ["--user-data-dir", profile, "--extensions-dir", extensions, "--install-extension", VSIX],
      { env: environment, encoding: "utf8" },
    );
    fs.rmSync(profile, { recursive: true, force: true });
    if (done.status !== 0) {
      throw new Error(`the extension could not be installed: ${done.stdout}${done.stderr}`);
    }
  }
  return extensions;
}

export function forgetInstalled() {
  if (extensions !== undefined) {
    fs.rmSync(extensions, { recursive: true, force: true });
  }
}

/**
 * A running code-server. `scenario`: files of the workspace, settings of user and machine, env, trust, and more
 * extensions as {folder: files}.
 */
export async function startServer(scenario) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "uplift-vscode-")));
  const workspace = path.join(folder, "my shop");
  fs.mkdirSync(workspace);
  write(workspace, scenario.files ?? {});
  // On a remote, which code-server is, machine settings are read from Machine and not from User.
  write(folder, {
    "data/User/settings.json": { ...USER_SETTINGS, ...scenario.settings },
    "data/Machine/settings.json": scenario.machine ?? {},
  });
  const environment = {
    ...process.env,
    PATH: `${node24()}:${process.env.PATH}`,
    XDG_CONFIG_HOME: path.join(folder, "config"),
    XDG_DATA_HOME: path.join(folder, "xdg"),
    EXTENSIONS_GALLERY: "{}",
    DJANGO_UPLIFT_TEST_REPORT: path.join(folder, "report.json"),
    DJANGO_UPLIFT_TEST_PYTHON: String(
      spawnSync("python3", ["-c", "import sys; print(sys.executable)"]).stdout,
    ).trim(),
  };
  delete environment.VSCODE_IPC_HOOK_CLI;
  let exts = installed(environment);
  if (scenario.extensions) {
    const own = path.join(folder, "exts");
    fs.cpSync(exts, own, { recursive: true });
    fs.rmSync(path.join(own, "extensions.json"), { force: true }); // Made anew from the folders.
    write(own, scenario.extensions);
    exts = own;
  }
  const port = await freePort();
  const log = fs.openSync(path.join(folder, "server.log"), "w");
  const server = spawn(
    path.join(node24(), "node"),
    [
      path.join(HOME, "cs/node_modules/code-server/out/node/entry.js"),
      ...["--user-data-dir", path.join(folder, "data"), "--extensions-dir", exts],
      ...[
        "--auth",
        "none",
        "--bind-addr",
        `127.0.0.1:${port}`,
        "--disable-telemetry",
        "--disable-update-check",
      ],
      ...["--disable-getting-started-override", "--disable-proxy"],
      // Without it the tests in the payload are ignored; with it no message pops up.
      ...(scenario.driven ? ["--vscode-option", "enable-smoke-test-driver"] : []),
      ...(scenario.untrusted ? [] : ["--disable-workspace-trust"]),
    ],
    { env: { ...environment, ...scenario.env }, stdio: ["ignore", log, log], detached: true },
  );
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) break;
    } catch {
      // Not yet.
    }
    if (Date.now() > end || server.exitCode !== null) {
      throw new Error(
        `code-server did not start: ${fs.readFileSync(path.join(folder, "server.log"), "utf8")}`,
      );
    }
    await sleep(100);
  }
  return {
    folder,
    workspace,
    port,
    report: environment.DJANGO_UPLIFT_TEST_REPORT,
    async stop() {
      try {
        process.kill(-server.pid, "SIGTERM");
      } catch {
        // Gone.
      }
      await sleep(200);
      try {
        process.kill(-server.pid, "SIGKILL");
      } catch {
        // Gone.
      }
      if (!process.env.DJANGO_UPLIFT_KEEP)
        fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A browser of its own with one page. */
export async function openBrowser() {
  const { chromium } = createRequire(path.join(HOME, "e2e/x.js"))("playwright-core");
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-chromium-"));
  const executablePath = ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => String(spawnSync("sh", ["-c", `command -v ${name}`]).stdout).trim())
    .find(Boolean);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(45_000);
  return {
    page,
    async close() {
      await context.close().catch(() => undefined);
      fs.rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The address of a folder or .code-workspace, with what VS Code's own integration tests pass along. */
export function address(server, { open = server.workspace, tests } = {}) {
  const kind = open.endsWith(".code-workspace") ? "workspace" : "folder";
  const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
  const payload = tests && [
    ["extensionDevelopmentPath", remote(path.join(CLIENT, "test/editor/extension"))],
    ["extensionTestsPath", remote(tests)],
    ["enableProposedApi", ""],
    ["skipWelcome", "true"],
  ];
  return (
    `http://127.0.0.1:${server.port}/?${kind}=${encodeURIComponent(open)}` +
    (payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : "")
  );
}
