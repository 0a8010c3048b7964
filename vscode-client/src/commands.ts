/** The commands. */
import * as vscode from "vscode";
import { LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import { FIX_ALL, safeFix, safeFixes } from "./fixes";
import { reason } from "./log";
import { showMenu } from "./menu";
import type { PlanPage } from "./planPage";
import { Problem } from "./problem";
import type { Project } from "./project";
import { selectionCommand } from "./pythonApis";
import type { Server } from "./server";
import { diagnosticMode, SECTION, setDiagnosticMode } from "./settings";
import { keepTarget, selectTarget } from "./target";
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
    showMenu: () => showMenu(server, project),
    selectTarget: () => selectTarget(server, project),
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
