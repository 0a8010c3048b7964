/** Choosing the release to check for. */
import * as vscode from "vscode";
import { Problem } from "./problem";
import type { Project } from "./project";
import type { Server } from "./server";
import { firstFolder, setTargetVersion } from "./settings";

/** Pick a release: it is tried out at once. The button writes it into the workspace's settings. */
export async function selectTarget(server: Server, project: Project): Promise<void> {
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

/** Write the release that is tried out into the workspace's settings. */
export async function keepTarget(project: Project): Promise<void> {
  const { trial } = project;
  if (trial !== undefined) {
    await setTargetVersion(trial, vscode.window.activeTextEditor?.document.uri ?? firstFolder());
    await project.tryTarget(undefined);
  }
}
