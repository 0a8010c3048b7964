/** Settings: what the extension reads for itself, and what it tells the server. */
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { ImportStrategy } from "./launch";

export const SECTION = "djangoUplift";

/** Settings that only a new server process can follow. */
const NEEDS_RESTART = ["enable", "interpreter", "importStrategy", "args"];

/** Settings that the server never hears of. */
const OURS = new Set([...NEEDS_RESTART, "trace"]);

export type DiagnosticMode = "openFilesOnly" | "workspace";

export interface LaunchSettings {
  readonly enable: boolean;
  readonly interpreter: readonly string[];
  readonly importStrategy: ImportStrategy;
  readonly args: readonly string[];
}

export function launchSettings(): LaunchSettings {
  const config = section(firstFolder());
  return {
    enable: config.get("enable", true),
    interpreter: strings(config.get("interpreter")).map(expand),
    importStrategy: config.get("importStrategy") === "fromEnvironment" ? "fromEnvironment" : "useBundled",
    args: strings(config.get("args")).map(expand),
  };
}

export function diagnosticMode(): DiagnosticMode {
  return section(firstFolder()).get("diagnosticMode") === "workspace" ? "workspace" : "openFilesOnly";
}

export async function setDiagnosticMode(mode: DiagnosticMode): Promise<void> {
  await update("diagnosticMode", mode);
}

/** Keep a target for this workspace, or with undefined let the project's own declaration decide again. */
export async function setTargetVersion(release: string | undefined, resource?: vscode.Uri): Promise<void> {
  await update("targetVersion", release, resource);
}

async function update(key: string, value: unknown, resource?: vscode.Uri): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = resource === undefined ? undefined : vscode.workspace.getWorkspaceFolder(resource);
  const target =
    folders.length === 0
      ? vscode.ConfigurationTarget.Global
      : folders.length > 1 && folder !== undefined
        ? vscode.ConfigurationTarget.WorkspaceFolder
        : vscode.ConfigurationTarget.Workspace;
  await section(folder?.uri ?? firstFolder()).update(key, value, target);
}

export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  return NEEDS_RESTART.some((key) => event.affectsConfiguration(`${SECTION}.${key}`));
}

/**
 * The settings that the user has set, and those alone.
 *
 * VS Code would also send the defaults that package.json shows; to the server they would be the user's wishes, and
 * win over the project's pyproject.toml.
 */
export function settingsForServer(resource: vscode.Uri | undefined): Record<string, unknown> {
  const config = section(resource);
  const given: Record<string, unknown> = {};
  for (const key of knownKeys()) {
    const value = explicit(config, key);
    // The settings editor leaves an empty string where a text was deleted.
    if (value !== undefined && value !== null && value !== "" && !OURS.has(key.split(".", 1)[0] ?? "")) {
      given[key] = value;
    }
  }
  return given;
}

/** Answers the server's questions about settings, and lets its notifications carry none: it asks again. */
export const settingsMiddleware: NonNullable<Middleware["workspace"]> = {
  configuration: (params) =>
    params.items.map((item) =>
      settingsForServer(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : firstFolder()),
    ),
  didChangeConfiguration: (_sections, next) => next(undefined),
};

function explicit(config: vscode.WorkspaceConfiguration, key: string): unknown {
  const found = config.inspect(key);
  if (found === undefined) {
    return undefined;
  }
  const isSet = [found.globalValue, found.workspaceValue, found.workspaceFolderValue].some(
    (value) => value !== undefined,
  );
  // The merged value: objects are merged over the levels.
  return isSet ? config.get(key) : undefined;
}

let keys: readonly string[] | undefined;

/** The settings that package.json declares, without our section's name. */
function knownKeys(): readonly string[] {
  keys ??= declared().flatMap((block) =>
    Object.keys(block.properties)
      .filter((name) => name.startsWith(`${SECTION}.`))
      .map((name) => name.slice(SECTION.length + 1)),
  );
  return keys;
}

interface ConfigurationBlock {
  readonly properties: Record<string, unknown>;
}

let manifest: { contributes?: { configuration?: ConfigurationBlock[] } } = {};

/** Told once at activation what package.json says. */
export function useManifest(packageJson: unknown): void {
  manifest = packageJson as typeof manifest;
  keys = undefined;
}

function declared(): ConfigurationBlock[] {
  return manifest.contributes?.configuration ?? [];
}

function section(resource: vscode.Uri | undefined): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(SECTION, resource ?? null);
}

export function firstFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Put folders and environment variables where a setting names them, as in VS Code's own settings. */
function expand(text: string): string {
  const home = process.env.HOME ?? process.env.USERPROFILE ?? "~";
  return text
    .replace(/^~(?=$|[\\/])/, home)
    .replace(/\$\{userHome\}/g, home)
    .replace(/\$\{workspaceFolder\}/g, firstFolder()?.fsPath ?? "")
    .replace(/\$\{workspaceFolder:([^}]*)\}/g, (whole: string, name: string) => {
      const folder = vscode.workspace.workspaceFolders?.find((candidate) => candidate.name === name);
      return folder?.uri.fsPath ?? whole;
    })
    .replace(/\$\{env:([^}]*)\}/g, (_whole, name: string) => process.env[name] ?? "");
}
