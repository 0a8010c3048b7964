/** Activation: makes the parts and joins them. Nothing in here throws; what goes wrong becomes the server's state. */
import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { createLog, reason } from "./log";
import { FileMemory } from "./memory";
import { explain } from "./notices";
import { PlanPage } from "./planPage";
import { Project } from "./project";
import { onSelectionChange } from "./pythonApis";
import { Server, type ServerState } from "./server";
import { needsRestart, useManifest } from "./settings";
import { Status } from "./status";
import { testFeatures } from "./testFeatures";
import { UpgradeView } from "./upgradeView";
import type { Node } from "./upgradeTree";

/** What other extensions, and our tests, may ask. */
export interface Api {
  /** Resolves when the first start has come to something. */
  readonly started: Promise<void>;
  /** Milliseconds from the begin of activation to its end, to the start of the server's process, and to its answer. */
  readonly timing: { activated: number; launched: number; running: number };
  readonly state: ServerState;
  readonly statusText: string;
  readonly upgradeTree: readonly Node[];
  /** The plan page, if one is open. */
  readonly planHtml: string | undefined;
  readonly onDidChangeState: vscode.Event<ServerState>;
}

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const begun = performance.now();
  const timing = { activated: 0, launched: 0, running: 0 };
  const log = createLog();
  context.subscriptions.push(log);
  useManifest(context.extension.packageJSON);

  const memory = new FileMemory(context.globalStorageUri.fsPath);
  const made = new Server(context, log, memory, testFeatures());
  server = made;
  const project = new Project(made, context.workspaceState, log);
  const status = new Status(made, project);
  const view = new UpgradeView(made);
  const plan = new PlanPage(context, made, project, log);
  context.subscriptions.push(
    made,
    project,
    status,
    view,
    plan,
    registerCommands({ extensionId: context.extension.id, server: made, project, view, plan, log }),
    made.onDidChangeState((state) => {
      announce(state);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (needsRestart(event)) {
        void made.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void made.restart()),
    vscode.extensions.onDidChange(() => {
      if (made.state.kind === "failed") {
        void made.restart(); // A Python extension may have come, and with it an interpreter.
      }
    }),
  );
  const started = made.restart().then(() => {
    timing.running = performance.now() - begun;
    timing.launched = (made.launchedAt ?? begun) - begun;
    if (made.state.kind === "running") {
      const [launched, running] = [timing.launched, timing.running].map(Math.round);
      log.info(
        `from activation to the server's process ${launched ?? 0} ms, to its answer ${running ?? 0} ms`,
      );
    }
  });
  void started.then(
    async () => {
      const listening = await onSelectionChange(() => void made.reselect(), log);
      context.subscriptions.push(...listening);
    },
    (error: unknown) => {
      log.error(reason(error));
    },
  );
  timing.activated = performance.now() - begun;
  return {
    started,
    timing,
    get state() {
      return made.state;
    },
    get statusText() {
      return status.text;
    },
    get upgradeTree() {
      return view.nodes;
    },
    get planHtml() {
      return plan.html;
    },
    onDidChangeState: made.onDidChangeState,
  };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Tell package.json's conditions, and on failure the user. */
function announce(state: ServerState): void {
  const shown = state.kind === "waiting" ? "starting" : state.kind;
  void vscode.commands.executeCommand("setContext", "djangoUplift.state", shown);
  void vscode.commands.executeCommand("setContext", "djangoUplift.running", state.kind === "running");
  if (state.kind === "failed") {
    void vscode.commands.executeCommand("setContext", "djangoUplift.remedy", state.problem.remedy);
    explain(state.problem);
  }
}
