/** The menu of the status item. */
import * as vscode from "vscode";
import type { Project } from "./project";
import type { Server } from "./server";
import { diagnosticMode, SECTION } from "./settings";

interface Choice extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

export async function showMenu(server: Server, project: Project): Promise<void> {
  const { information, trial } = project;
  const running = server.state.kind === "running";
  const run = (name: string) => (): unknown => vscode.commands.executeCommand(`${SECTION}.${name}`);
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const target: Choice[] = [
    {
      label: `$(versions) ${vscode.l10n.t("Change the target…")}`,
      description: information?.target.release ?? "",
      detail: information?.target.origin ?? "",
      run: run("selectTarget"),
    },
  ];
  if (trial !== undefined) {
    target.push(
      {
        label: `$(pin) ${vscode.l10n.t("Keep Django {0} as this workspace's target", trial)}`,
        run: run("keepTarget"),
      },
      {
        label: `$(discard) ${vscode.l10n.t("Stop trying Django {0} out", trial)}`,
        run: () => project.tryTarget(undefined),
      },
    );
  }
  const checks: Choice[] = [
    diagnosticMode() === "workspace"
      ? { label: `$(file) ${vscode.l10n.t("Check open files only")}`, run: run("toggleWorkspaceMode") }
      : { label: `$(files) ${vscode.l10n.t("Check the whole workspace")}`, run: run("toggleWorkspaceMode") },
    { label: `$(list-tree) ${vscode.l10n.t("Show the upgrade view")}`, run: showView },
    { label: `$(milestone) ${vscode.l10n.t("Show the upgrade plan")}`, run: run("showPlan") },
    { label: `$(wand) ${vscode.l10n.t("Fix everything safe in this file")}`, run: run("fixFile") },
    {
      label: `$(wand) ${vscode.l10n.t("Fix everything safe in the workspace…")}`,
      run: run("fixWorkspace"),
    },
    { label: `$(refresh) ${vscode.l10n.t("Read everything again")}`, run: run("recheck") },
  ];
  const state = server.state.kind === "running" ? server.state.interpreter : undefined;
  const about: Choice[] = [
    { label: `$(output) ${vscode.l10n.t("Show the log")}`, run: run("showLog") },
    {
      label: `$(debug-restart) ${vscode.l10n.t("Restart the server")}`,
      description: state ? `Python ${state.version} (${state.origin})` : "",
      run: run("restartServer"),
    },
    {
      label: `$(symbol-misc) ${vscode.l10n.t("Select the server's interpreter…")}`,
      run: run("selectInterpreter"),
    },
    { label: `$(gear) ${vscode.l10n.t("Open the settings")}`, run: run("openSettings") },
  ];
  const choices: Choice[] = [
    ...(running ? [separator(vscode.l10n.t("Target")), ...target] : []),
    ...(running ? [separator(vscode.l10n.t("Checks")), ...checks] : []),
    separator(vscode.l10n.t("Server")),
    ...about,
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: "Django Uplift",
    ...(server.state.kind === "failed" ? { placeHolder: server.state.problem.message } : {}),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await chosen?.run?.();
}

async function showView(): Promise<void> {
  await vscode.commands.executeCommand(`${SECTION}.upgrade.focus`);
}
