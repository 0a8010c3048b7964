/** Starting the server's process. Its launcher says first which Python it is on: nothing has to be asked beforehand. */
import { spawn, type ChildProcess } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";

/** How long an interpreter may be silent. */
const LIMIT_MS = 10_000;

export type ImportStrategy = "useBundled" | "fromEnvironment";

export interface Launch {
  /** The interpreter, with arguments of its own. */
  readonly program: readonly string[];
  readonly launcher: string;
  readonly strategy: ImportStrategy;
  /** For the server. */
  readonly args: readonly string[];
  /** Where compiled modules are kept. */
  readonly cache: string;
  /** Where it is started; by default in a folder that holds nobody's modules. */
  readonly cwd?: string;
}

/** What the launcher says first. */
export interface Greeting {
  readonly python: string;
  /** Whether it is new enough; else the process ends. */
  readonly usable: boolean;
  /** Where the interpreter itself is, whatever started it. */
  readonly executable: string;
}

export interface Launched {
  readonly process: ChildProcess;
  /** When the process was started, as by performance.now(). */
  readonly at: number;
  readonly greeting: Greeting;
}

/** Start a program; undefined where it can't be started, or is no Python. `tell` gets the lines that it writes. */
export async function launch(how: Launch, tell: (line: string) => void): Promise<Launched | undefined> {
  const [program, ...before] = how.program;
  if (program === undefined) {
    return undefined;
  }
  const which = how.strategy === "useBundled" ? "bundled" : "environment";
  const child = spawn(program, [...before, how.launcher, which, ...how.args], {
    env: environment(how),
    cwd: how.cwd ?? path.dirname(process.execPath),
    windowsHide: true,
  });
  const at = performance.now();
  const greeting = await greetingOf(child, tell);
  return greeting && { process: child, at, greeting };
}

/**
 * What keeps a Python to itself, as -I would, and what -X would say: as variables, since Python 2 refuses such options,
 * and is to be told apart from no Python.
 */
function environment({ strategy, cache }: Launch): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => strategy === "fromEnvironment" || !/^PYTHON/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(strategy === "useBundled" ? { PYTHONNOUSERSITE: "1" } : {}),
    PYTHONUTF8: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONPYCACHEPREFIX: cache,
  };
}

function greetingOf(child: ChildProcess, tell: (line: string) => void): Promise<Greeting | undefined> {
  return new Promise((resolve) => {
    const tooLate = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    const heard = (greeting: Greeting | undefined): void => {
      clearTimeout(tooLate);
      resolve(greeting);
    };
    child.once("error", (error) => {
      tell(error.message);
      heard(undefined);
    });
    child.stdin?.on("error", () => undefined); // Whoever writes to a process that ended learns it from its end.
    if (child.stderr === null) {
      return;
    }
    let greeted = false;
    createInterface({ input: child.stderr })
      .on("line", (line) => {
        const greeting = greeted ? undefined : readGreeting(line);
        if (greeting === undefined) {
          tell(line);
        } else {
          greeted = true;
          heard(greeting);
        }
      })
      // Not at the process's exit: its words may come after that.
      .on("close", () => {
        heard(undefined);
      });
  });
}

function readGreeting(line: string): Greeting | undefined {
  try {
    const { python, usable, executable } = JSON.parse(line) as Partial<Record<keyof Greeting, unknown>>;
    return typeof python === "string" && typeof usable === "boolean" && typeof executable === "string"
      ? { python, usable, executable }
      : undefined;
  } catch {
    return undefined;
  }
}
