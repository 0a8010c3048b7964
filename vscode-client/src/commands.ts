/** The commands, and the menu of the status item. */
import * as vscode from "vscode";
import { LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import { FIX_ALL, safeFix, safeFixes } from "./fixes";
import { reason } from "./log";
import type { PlanPage } from "./planPage";
import { Problem } from "./problem";
import type { Project } from "./project";
import { selectionCommand } from "./pythonApis";
import type { Server } from "./server";
import { diagnosticMode, firstFolder, SECTION, setDiagnosticMode, setTargetVersion } from "./settings";
import { explain } from "./notices";
import type { Node } from "./upgradeTree";
import type { UpgradeView } from "./upgradeView";

export interface Parts {
  readonly extensionId: string;
  readonly server: Server;
  readonly project: Project;
  readonly view: UpgradeView;
  readonly plan: PlanPage;
  readonly log: vscode.LogOutputChannel;
}

type Command = (...args: never[]) => unknown;

export function registerCommands(parts: Parts): vscode.Disposable {
  const { server, project, view, plan, log } = parts;
  const commands: Record<string, Command> = {
    showMenu: () => showMenu(parts),
    selectTarget: () => selectTarget(parts),
    keepTarget: () => keepTarget(project),
    toggleWorkspaceMode: () =>
      setDiagnosticMode(diagnosticMode() === "workspace" ? "openFilesOnly" : "workspace"),
    showPlan: () => plan.show(),
    refreshPlan: () => plan.refresh(),
    fixFile: () => fixFile(server),
    fixAllHere: (node: Node | undefined) => node && fixAllHere(parts, node),
    fixWorkspace: () => fixAllHere(parts),
    selectInterpreter,
    restartServer: () => server.restart(),
    recheck: () => server.execute("djangoUplift.reindex"),
    showDebugInformation: () => showDebugInformation(server),
    showLog: () => {
      log.show();
    },
    openSettings: () => openSettings(parts.extensionId),
    openWalkthrough: () =>
      vscode.commands.executeCommand(
        "workbench.action.openWalkthrough",
        `${parts.extensionId}#firstSteps`,
        false,
      ),
    filterUpgradeView: (text: string | undefined) => {
      if (typeof text === "string") {
        view.setFilter(text);
        return undefined;
      }
      return view.askFilter();
    },
    clearUpgradeFilter: () => {
      view.setFilter("");
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, command]) =>
      vscode.commands.registerCommand(`${SECTION}.${name}`, async (...args: never[]) => {
        try {
          return await command(...args);
        } catch (error) {
          if (isCancelled(error)) {
            return undefined; // The user did it.
          }
          log.error(`${name}: ${reason(error)}`);
          explain(
            error instanceof Problem
              ? error
              : new Problem(
                  vscode.l10n.t("That did not work. The log of Django Uplift says more."),
                  "showLog",
                ),
          );
          return undefined;
        }
      }),
    ),
  );
}

function isCancelled(error: unknown): boolean {
  return error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
}

interface Choice extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

async function showMenu(parts: Parts): Promise<void> {
  const { project, server } = parts;
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

/** Pick a release: it is tried out at once. The button writes it into the workspace's settings. */
async function selectTarget({ project, server }: Parts): Promise<void> {
  server.running();
  await project.refresh();
  const { information } = project;
  if (information === undefined) {
    throw new Problem(vscode.l10n.t("Open a folder first: a target belongs to a project."), "showLog");
  }
  const { target, detected } = information;
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem>(
    [
      {
        label: vscode.l10n.t("As the project declares"),
        description: `Django ${detected.release}`,
        detail: detected.origin,
      },
      { label: vscode.l10n.t("Releases"), kind: vscode.QuickPickItemKind.Separator },
      ...[...information.releases].reverse().map((release) => ({
        label: release,
        description: [
          ...(release === target.release ? [vscode.l10n.t("current target")] : []),
          ...(release === detected.release ? [vscode.l10n.t("declared")] : []),
        ].join(", "),
      })),
    ],
    {
      title: vscode.l10n.t("Check for which Django?"),
      placeHolder: vscode.l10n.t("Nothing is written to disk: the menu offers to keep the target."),
      matchOnDescription: true,
    },
  );
  if (picked !== undefined) {
    await project.tryTarget(information.releases.includes(picked.label) ? picked.label : undefined);
  }
}

async function keepTarget(project: Project): Promise<void> {
  const { trial } = project;
  if (trial !== undefined) {
    await setTargetVersion(trial, vscode.window.activeTextEditor?.document.uri ?? firstFolder());
    await project.tryTarget(undefined);
  }
}

async function fixFile(server: Server): Promise<void> {
  server.running();
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: FIX_ALL, apply: "first" });
}

/** Fix what a node of the upgrade view stands for; without one, the whole workspace. */
async function fixAllHere({ server, log }: Parts, node?: Node): Promise<void> {
  server.running();
  const offer = await vscode.window.withProgress(
    { location: { viewId: `${SECTION}.upgrade` } },
    async () =>
      await (node?.kind === "finding" ? safeFix(server, node.item) : safeFixes(server, node?.items)),
  );
  for (const { uri, reason: why } of offer.skipped) {
    log.warn(`${uri}: not fixed: ${why}`);
  }
  if (offer.files === 0) {
    void vscode.window.showInformationMessage(
      node === undefined
        ? vscode.l10n.t("There is nothing that can be fixed safely.")
        : vscode.l10n.t("Nothing here can be fixed safely just now."),
    );
    return;
  }
  const made = await vscode.workspace.applyEdit(offer.edit, { isRefactoring: true });
  if (made && offer.skipped.length > 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0} files were left as they are: the log says why.", offer.skipped.length),
    );
  }
}

async function selectInterpreter(): Promise<void> {
  const elsewhere = selectionCommand();
  const setting = vscode.workspace.getConfiguration(SECTION).get<string[]>("interpreter", []);
  if (elsewhere !== undefined && setting.length === 0) {
    await vscode.commands.executeCommand(elsewhere);
    return;
  }
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("A Python, 3.10 or newer, to run Django Uplift on"),
    openLabel: vscode.l10n.t("Select"),
    canSelectMany: false,
  });
  const [file] = picked ?? [];
  if (file !== undefined) {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update("interpreter", [file.fsPath], vscode.ConfigurationTarget.Global);
  }
}

async function showDebugInformation(server: Server): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri.toString();
  const content = await server.execute<string>("djangoUplift.debugInformation", uri ?? null);
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

async function openSettings(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${extensionId}`);
}
