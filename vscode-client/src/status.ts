/** The language status item: "Django 4.2 → 5.2", or what keeps the server from running. */
import * as vscode from "vscode";
import type { Project } from "./project";
import { journey } from "./releases";
import { LANGUAGES, type Server } from "./server";

export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly server: Server,
    private readonly project: Project,
  ) {
    this.item = vscode.languages.createLanguageStatusItem(
      "djangoUplift.status",
      LANGUAGES.map((language) => ({ language })),
    );
    this.item.name = "Django Uplift";
    const draw = (): void => {
      this.draw();
    };
    this.listeners = vscode.Disposable.from(server.onDidChangeState(draw), project.onDidChange(draw));
    this.draw();
  }

  get text(): string {
    return this.item.text;
  }

  dispose(): void {
    this.listeners.dispose();
    this.item.dispose();
  }

  private draw(): void {
    const { item, server, project } = this;
    const { state } = server;
    item.busy = state.kind === "starting" || state.kind === "waiting";
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.command = { command: "djangoUplift.showMenu", title: vscode.l10n.t("Menu") };
    switch (state.kind) {
      case "running": {
        const { information, trial } = project;
        item.text = information ? journey(project.from, information.target.release) : "Django Uplift";
        item.detail =
          trial !== undefined ? vscode.l10n.t("trying this target out") : (information?.target.origin ?? "");
        break;
      }
      case "starting":
      case "waiting":
        item.text = "Django Uplift";
        item.detail = vscode.l10n.t("starting");
        break;
      case "stopped":
      case "disabled":
        item.text = "Django Uplift";
        item.detail = vscode.l10n.t("off");
        break;
      case "failed":
        item.text = vscode.l10n.t("Django Uplift does not run");
        // Its message would be cut off here: the menu shows it.
        item.detail =
          state.problem.remedy === "selectInterpreter"
            ? vscode.l10n.t("needs Python 3.10 or newer")
            : vscode.l10n.t("the log says why");
        item.severity = vscode.LanguageStatusSeverity.Error;
        break;
    }
  }
}
