/** The Pythons that are to be found here. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Interpreters by version: those on PATH, and pyenv's. */
export function pythons(): Map<string, string> {
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), ".pyenv"), "versions");
  const candidates = [
    ...["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"].map((version) => `python${version}`),
    "python3",
    ...(fs.existsSync(pyenv)
      ? fs.readdirSync(pyenv).map((name) => path.join(pyenv, name, "bin/python"))
      : []),
  ];
  const found = new Map<string, string>();
  for (const candidate of candidates) {
    const told = spawnSync(candidate, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const version = told.status === 0 ? String(told.stdout).trim() : "";
    if (/^\d+\.\d+$/.test(version) && !found.has(version)) {
      found.set(version, candidate);
    }
  }
  return found;
}

/** Whether the server runs on it. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= 10;
}
