/** Finding a Python that can run the server. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { Problem } from "./problem";
import { selectedInterpreters } from "./pythonApis";
import { firstFolder } from "./settings";
import { mayStart } from "./trust";

const run = promisify(execFile);

/** The oldest Python that the server runs on. */
export const OLDEST = [3, 10] as const;

const PROBE_LIMIT_MS = 10_000;

export interface Interpreter {
  readonly command: readonly string[];
  /** What to start: the program itself where `command` is a shim or launcher, which cost up to a second each time. */
  readonly program: readonly string[];
  readonly version: string;
  /** Where it was found, in words for the log and the status item. */
  readonly origin: string;
}

interface Candidate {
  readonly command: readonly string[];
  readonly origin: string;
}

interface Answer {
  readonly version: string;
  /** Where the interpreter itself is, whatever started it. */
  readonly executable: string;
}

type Probed = (Answer & { readonly usable: boolean }) | undefined;

/** An answer, with the times at which the files that it is about were changed last. */
export type Remembered = Answer & { readonly stamps: readonly [number, number] };

/** What interpreters said about themselves, remembered as long as their files stay as they are. */
export interface Memory {
  get(key: string): Remembered | undefined;
  set(key: string, value: Remembered): void;
}

/**
 * The interpreter to run the server with: the setting's, else one selected in a Python extension, else one on PATH.
 *
 * Throws a `Problem` that says what to do. An interpreter that the setting names is never replaced by another one.
 */
export async function findInterpreter(
  setting: readonly string[],
  log: vscode.LogOutputChannel,
  memory: Memory,
): Promise<Interpreter> {
  if (setting.length > 0) {
    return await fromSetting(setting, memory);
  }
  const tooOld: string[] = [];
  for await (const candidate of candidates(log)) {
    const [program] = candidate.command;
    if (program === undefined || !mayStart(program)) {
      log.info(`${candidate.command.join(" ")} is inside this untrusted workspace: not started`);
      continue;
    }
    const probed = await probe(candidate.command, memory);
    if (probed?.usable) {
      const program = mayStart(probed.executable) ? [probed.executable] : candidate.command;
      return { ...candidate, program, version: probed.version };
    }
    log.info(
      `${candidate.command.join(" ")} (${candidate.origin}): ${probed ? `Python ${probed.version} is too old` : "not a working Python"}`,
    );
    if (probed) {
      tooOld.push(probed.version);
    }
  }
  throw tooOld.length > 0
    ? new Problem(
        vscode.l10n.t(
          "Python {0} is too old to run Django Uplift: it needs Python 3.10 or newer. Your project may use another version.",
          [...new Set(tooOld)].join(", "),
        ),
        "selectInterpreter",
      )
    : new Problem(
        vscode.l10n.t(
          "Django Uplift found no Python to run on: it needs Python 3.10 or newer. Select an interpreter, or install Python.",
        ),
        "selectInterpreter",
      );
}

async function fromSetting(setting: readonly string[], memory: Memory): Promise<Interpreter> {
  const shown = setting.join(" ");
  const probed = await probe(setting, memory);
  if (probed?.usable) {
    // As the user wants it: this may be a wrapper with a purpose.
    return {
      command: setting,
      program: setting,
      version: probed.version,
      origin: "djangoUplift.interpreter",
    };
  }
  throw probed
    ? new Problem(
        vscode.l10n.t(
          "The setting djangoUplift.interpreter names Python {0}, but Django Uplift needs 3.10 or newer ({1}).",
          probed.version,
          shown,
        ),
        "selectInterpreter",
      )
    : new Problem(
        vscode.l10n.t("The setting djangoUplift.interpreter names no working Python: {0}", shown),
        "selectInterpreter",
      );
}

async function* candidates(log: vscode.LogOutputChannel): AsyncGenerator<Candidate> {
  yield* await selectedInterpreters(firstFolder(), log);
  for (const program of onPath()) {
    yield { command: [program], origin: "PATH" };
  }
}

/**
 * The Pythons on PATH, as absolute paths, best names first.
 *
 * We look ourselves: on Windows a bare name would first be looked for in the folder that the process is started in.
 */
function onPath(): string[] {
  const windows = process.platform === "win32";
  const names = windows
    ? ["py.exe", "python.exe", "python3.exe"]
    : ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = names.flatMap((name) => {
    const folder = folders.find((candidate) => isFile(path.join(candidate, name)));
    return folder === undefined ? [] : [path.join(folder, name)];
  });
  return [...new Set(found)];
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Ask an interpreter for its version; undefined if it can't be started, or is no Python. */
async function probe(command: readonly string[], memory: Memory): Promise<Probed> {
  const [program, ...args] = command;
  if (program === undefined) {
    return undefined;
  }
  const key = command.join("\0");
  const known = memory.get(key);
  if (known !== undefined && same(known.stamps, [stampOf(program), stampOf(known.executable)])) {
    return { ...known, usable: isUsable(known.version) };
  }
  try {
    const question =
      "import sys; sys.stdout.write('%d.%d.%d\\n%s' % (sys.version_info[:3] + (sys.executable,)))";
    // -E and -s rather than -I: Python 2 doesn't know -I, and is to be told apart from no Python.
    const { stdout } = await run(program, [...args, "-E", "-s", "-c", question], {
      timeout: PROBE_LIMIT_MS,
      cwd: neutralFolder(),
    });
    const [version = "", told = ""] = stdout.trim().split(/\r?\n/);
    if (!/^\d+\.\d+\.\d+$/.test(version)) {
      return undefined;
    }
    const executable = isFile(told) ? told : program;
    const stamps = [stampOf(program), stampOf(executable)] as const;
    if (stamps[1] !== undefined) {
      memory.set(key, { version, executable, stamps: [stamps[0] ?? 0, stamps[1]] });
    }
    return { version, executable, usable: isUsable(version) };
  } catch {
    return undefined;
  }
}

function same(a: readonly [number, number], b: readonly [number | undefined, number | undefined]): boolean {
  return a[0] === (b[0] ?? 0) && a[1] === b[1];
}

/** A folder that holds nobody's modules: with -c, Python imports from where it is started. */
export function neutralFolder(): string {
  return path.dirname(process.execPath);
}

function stampOf(program: string): number | undefined {
  try {
    return fs.statSync(program).mtimeMs;
  } catch {
    return undefined;
  }
}

function isUsable(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}
