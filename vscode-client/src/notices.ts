/** Pop-ups: one or two sentences, with the buttons that help. */
import * as vscode from "vscode";
import type { Problem } from "./problem";

/** Show a problem, once; resolves when the user has answered. */
export function explain(problem: Problem): void {
  const buttons = new Map([
    [vscode.l10n.t("Select Interpreter"), "djangoUplift.selectInterpreter"],
    [vscode.l10n.t("Restart"), "djangoUplift.restartServer"],
    [vscode.l10n.t("Open Settings"), "djangoUplift.openSettings"],
    [vscode.l10n.t("Show Log"), "djangoUplift.showLog"],
  ]);
  const others = {
    selectInterpreter: "djangoUplift.restartServer",
    restart: "djangoUplift.selectInterpreter",
    showLog: "djangoUplift.selectInterpreter",
  };
  const labels = [...buttons]
    .filter(([, command]) => command !== others[problem.remedy])
    .map(([label]) => label);
  void vscode.window.showErrorMessage(problem.message, ...labels).then((label) => {
    const command = label === undefined ? undefined : buttons.get(label);
    if (command !== undefined) {
      void vscode.commands.executeCommand(command);
    }
  });
}
