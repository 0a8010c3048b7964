/** Finding a Python that can run the server. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Launched } from "./launch";
import { Problem } from "./problem";
import { selectedInterpreters } from "./pythonApis";
import { firstFolder } from "./settings";
import { mayStart } from "./trust";

interface Candidate {
  readonly command: readonly string[];
  /** Where it was found, in words for the log and the status item. */
  readonly origin: string;
}

export interface Interpreter extends Candidate {
  readonly version: string;
}

/** What started the server, and the process. */
export interface Started extends Launched {
  readonly interpreter: Interpreter;
}

/** What a command turned out to start, with the times at which both files were changed last. */
export interface Remembered {
  readonly executable: string;
  readonly stamps: readonly [number, number];
}

/** The interpreters behind shims and launchers, which cost up to a second each time. */
export interface Memory {
  get(key: string): Remembered | undefined;
  set(key: string, value: Remembered): void;
}

/** Start the server with a program; undefined if that is no Python. */
export type Start = (program: readonly string[]) => Promise<Launched | undefined>;

/**
 * Start the server with the setting's interpreter, else one selected in a Python extension, else one on PATH.
 *
 * An interpreter is not asked before it is started: it says itself what it is. Throws a `Problem` that says what to do.
 * An interpreter that the setting names is never replaced by another one.
 */
export async function startOnPython(
  setting: readonly string[],
  start: Start,
  log: vscode.LogOutputChannel,
  memory: Memory,
): Promise<Started> {
  if (setting.length > 0) {
    return await startOnSetting(setting, start);
  }
  const tooOld: string[] = [];
  for await (const candidate of candidates(log)) {
    const shown = candidate.command.join(" ");
    const launched = await start(recall(candidate.command, memory));
    if (launched?.greeting.usable) {
      remember(candidate.command, launched.greeting.executable, memory);
      return { ...launched, interpreter: { ...candidate, version: launched.greeting.python } };
    }
    const version = launched?.greeting.python;
    log.info(
      `${shown} (${candidate.origin}): ${version === undefined ? "not a working Python" : `Python ${version} is too old`}`,
    );
    if (version !== undefined) {
      tooOld.push(version);
    }
  }
  throw new Problem(
    tooOld.length > 0
      ? vscode.l10n.t(
          "Python {0} is too old to run Django Uplift: it needs Python 3.10 or newer. Your project may use another version.",
          [...new Set(tooOld)].join(", "),
        )
      : vscode.l10n.t(
          "Django Uplift found no Python to run on: it needs Python 3.10 or newer. Select an interpreter, or install Python.",
        ),
    "selectInterpreter",
  );
}

/** Started as the user wants it: it may be a wrapper with a purpose. */
async function startOnSetting(setting: readonly string[], start: Start): Promise<Started> {
  const shown = setting.join(" ");
  const launched = await start(setting);
  if (launched === undefined) {
    throw new Problem(
      vscode.l10n.t("The setting djangoUplift.interpreter names no working Python: {0}", shown),
      "selectInterpreter",
    );
  }
  const { python: version, usable } = launched.greeting;
  if (!usable) {
    throw new Problem(
      vscode.l10n.t(
        "The setting djangoUplift.interpreter names Python {0}, but Django Uplift needs 3.10 or newer ({1}).",
        version,
        shown,
      ),
      "selectInterpreter",
    );
  }
  return { ...launched, interpreter: { command: setting, origin: "djangoUplift.interpreter", version } };
}

/** The command that would be tried first now. */
export async function firstChoice(
  setting: readonly string[],
  log: vscode.LogOutputChannel,
): Promise<readonly string[] | undefined> {
  if (setting.length > 0) {
    return setting;
  }
  for await (const { command } of candidates(log)) {
    return command;
  }
  return undefined;
}

async function* candidates(log: vscode.LogOutputChannel): AsyncGenerator<Candidate> {
  const selected = await selectedInterpreters(firstFolder(), log);
  for (const candidate of [...selected, ...onPath()]) {
    const [program] = candidate.command;
    if (program === undefined || !mayStart(program)) {
      log.info(`${candidate.command.join(" ")} is inside this untrusted workspace: not started`);
    } else {
      yield candidate;
    }
  }
}

/**
 * The Pythons on PATH, as absolute paths, best names first.
 *
 * We look ourselves: on Windows a bare name would first be looked for in the folder that the process is started in.
 */
function onPath(): Candidate[] {
  const windows = process.platform === "win32";
  const names = windows
    ? ["py.exe", "python.exe", "python3.exe"]
    : ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = names.flatMap((name) => {
    const folder = folders.find((candidate) => isFile(path.join(candidate, name)));
    return folder === undefined ? [] : [path.join(folder, name)];
  });
  return [...new Set(found)].map((program) => ({ command: [program], origin: "PATH" }));
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What to start for a command: the interpreter itself, if it is known and neither file has changed. */
function recall(command: readonly string[], memory: Memory): readonly string[] {
  const known = memory.get(keyOf(command));
  const current =
    known !== undefined &&
    known.stamps[0] === stampOf(command[0]) &&
    known.stamps[1] === stampOf(known.executable);
  return current && mayStart(known.executable) ? [known.executable] : command;
}

function remember(command: readonly string[], executable: string, memory: Memory): void {
  const [program] = command;
  const stamps = [stampOf(program), stampOf(executable)] as const;
  if ((command.length > 1 || program !== executable) && stamps[0] !== undefined && stamps[1] !== undefined) {
    memory.set(keyOf(command), { executable, stamps: [stamps[0], stamps[1]] });
  }
}

function keyOf(command: readonly string[]): string {
  return command.join("\0");
}

function stampOf(file: string | undefined): number | undefined {
  try {
    return file === undefined ? undefined : fs.statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}
