/**
 * What we use of the two Python extensions, either of which may be missing: VSCodium, Cursor and code-server often
 * have neither.
 */
import * as vscode from "vscode";
import { reason } from "./log";

const ENVIRONMENTS = "ms-python.vscode-python-envs";
const PYTHON = "ms-python.python";

/** An interpreter that the user has selected elsewhere. */
export interface Selected {
  readonly command: readonly string[];
  readonly origin: string;
}

interface EnvironmentsApi {
  getEnvironment(
    scope: vscode.Uri | undefined,
  ): Promise<{ execInfo: { run: { executable: string; args?: string[] } } } | undefined>;
  onDidChangeEnvironment?(listener: () => void): vscode.Disposable;
}

interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: {
      path: string;
    }): Promise<{ executable: { uri?: vscode.Uri | undefined } } | undefined>;
    onDidChangeActiveEnvironmentPath?(listener: () => void): vscode.Disposable;
  };
}

async function api<Api>(id: string, log: vscode.LogOutputChannel): Promise<Api | undefined> {
  const extension = vscode.extensions.getExtension<Api | undefined>(id);
  if (extension === undefined) {
    return undefined;
  }
  try {
    return extension.isActive ? extension.exports : await extension.activate();
  } catch (error) {
    log.warn(`${id} can't be asked for its interpreter: ${reason(error)}`);
    return undefined;
  }
}

/** The interpreters that are selected for a folder, the newer extension's first. */
export async function selectedInterpreters(
  folder: vscode.Uri | undefined,
  log: vscode.LogOutputChannel,
): Promise<Selected[]> {
  const found: Selected[] = [];
  const ask = async (id: string, question: () => Promise<readonly string[] | undefined>): Promise<void> => {
    try {
      const command = await question();
      if (command !== undefined) {
        found.push({ command, origin: id });
      }
    } catch (error) {
      log.warn(`${id} did not tell its interpreter: ${reason(error)}`);
    }
  };
  await ask(ENVIRONMENTS, async () => {
    const environments = await api<EnvironmentsApi>(ENVIRONMENTS, log);
    const run = (await environments?.getEnvironment(folder))?.execInfo.run;
    return run && [run.executable, ...(run.args ?? [])];
  });
  await ask(PYTHON, async () => {
    const python = await api<PythonApi>(PYTHON, log);
    if (python === undefined) {
      return undefined;
    }
    const active = python.environments.getActiveEnvironmentPath(folder);
    const executable = (await python.environments.resolveEnvironment(active))?.executable.uri;
    return executable && [executable.fsPath];
  });
  return found;
}

/** Have `listener` called when another interpreter is selected in either extension. */
export async function onSelectionChange(
  listener: () => void,
  log: vscode.LogOutputChannel,
): Promise<vscode.Disposable[]> {
  const environments = await api<EnvironmentsApi>(ENVIRONMENTS, log);
  const python = await api<PythonApi>(PYTHON, log);
  const listening: vscode.Disposable[] = [];
  try {
    const first = environments?.onDidChangeEnvironment?.(listener);
    const second = python?.environments.onDidChangeActiveEnvironmentPath?.(listener);
    listening.push(...[first, second].filter((disposable) => disposable !== undefined));
  } catch (error) {
    log.warn(`changes of the selected interpreter won't be noticed: ${reason(error)}`);
  }
  return listening;
}

/** Whether an extension is there in which an interpreter can be selected; undefined if not. */
export function selectionCommand(): string | undefined {
  return vscode.extensions.getExtension(ENVIRONMENTS) !== undefined
    ? "python-envs.set"
    : vscode.extensions.getExtension(PYTHON) !== undefined
      ? "python.setInterpreter"
      : undefined;
}
