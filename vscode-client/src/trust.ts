/** What an untrusted workspace may not do: have a program of its own started. */
import * as path from "node:path";
import * as fs from "node:fs";
import * as vscode from "vscode";

/**
 * Whether a program may be started.
 *
 * VS Code keeps the settings of an untrusted workspace from us, but an interpreter in it can still be found by other
 * ways: a Python extension that selects `.venv`, or a PATH that leads into it.
 */
export function mayStart(program: string): boolean {
  return vscode.workspace.isTrusted || !insideWorkspace(program);
}

function insideWorkspace(program: string): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  // As named and as resolved: a link inside the workspace is no better than a file, nor is one that leads into it.
  return [path.resolve(program), real(program)].some((candidate) =>
    folders.some(({ uri }) => isInside(candidate, uri.fsPath) || isInside(candidate, real(uri.fsPath))),
  );
}

/** Whether a file is in a folder, as they are named. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
