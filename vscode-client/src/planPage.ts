/** The plan page: the server's upgrade plan in a tab, whose places are links into the code. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as vscode from "vscode";
import { reason } from "./log";
import { dress, emptyPage } from "./planHtml";
import { readChoice, readMessage, type FromPage, type PlanChoice, type ToPage } from "./planMessages";
import { Problem } from "./problem";
import type { Project } from "./project";
import type { Server } from "./server";
import { isInside } from "./trust";

export const PLAN_VIEW = "djangoUplift.plan";

interface Plan {
  readonly root: string;
  readonly from: string;
  readonly to: string;
  readonly content: string;
}

const NOTHING: PlanChoice = { folder: "", from: "", to: "" };

export class PlanPage implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | undefined;
  private choice = NOTHING;
  private plan: Plan | undefined;
  private told: ToPage = { status: "", problem: "", busy: false };
  /** Counts the plans that were asked for: only the newest one is shown. */
  private newest = 0;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly extension: Pick<vscode.ExtensionContext, "asAbsolutePath">,
    private readonly server: Server,
    private readonly project: Project,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listeners = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(PLAN_VIEW, this),
      server.onDidChangeState(({ kind }) => {
        if (kind === "running" && this.panel !== undefined && this.plan === undefined) {
          void this.make(); // It was restored before the server ran.
        }
      }),
    );
  }

  /** The page as it is shown, for our tests. */
  get html(): string | undefined {
    return this.panel?.webview.html;
  }

  /** Open the page, or bring it to the front, and make a plan. */
  async show(): Promise<void> {
    this.server.running();
    await this.project.refresh();
    if (this.panel !== undefined) {
      this.panel.reveal();
    } else {
      const folder = this.here();
      if (folder === undefined) {
        throw new Problem(vscode.l10n.t("Open a folder first: a plan is made for a project."), "showLog");
      }
      this.choice = { ...NOTHING, folder };
      this.adopt(
        vscode.window.createWebviewPanel(PLAN_VIEW, vscode.l10n.t("Upgrade Plan"), vscode.ViewColumn.Active),
      );
    }
    await this.make();
  }

  /** Make the plan anew. */
  async refresh(): Promise<void> {
    await (this.panel === undefined ? this.show() : this.make());
  }

  /** A page that was open when the window was closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const choice = readChoice(state);
    const folder = folders().some(({ uri }) => uri === choice.folder) ? choice.folder : (this.here() ?? "");
    this.choice = { ...choice, folder };
    this.adopt(panel);
    if (this.server.state.kind === "running") {
      await this.make();
    }
  }

  dispose(): void {
    this.listeners.dispose();
    this.panel?.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.plan = undefined;
    panel.iconPath = vscode.Uri.file(this.extension.asAbsolutePath("media/uplift.svg"));
    panel.webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [] };
    panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(readMessage(message)));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.plan = undefined;
      this.newest += 1;
    });
    this.draw();
  }

  private async make(): Promise<void> {
    const serial = ++this.newest;
    const { folder, from, to } = this.choice;
    this.tell({ status: vscode.l10n.t("Making the plan…"), problem: "", busy: true });
    try {
      if (this.project.information === undefined) {
        await this.project.refresh(); // It tells the releases that can be chosen.
      }
      const nonce = newNonce();
      const plan = await this.server.execute<Plan>(
        PLAN_VIEW,
        folder || null,
        from || null,
        to || null,
        "html",
        nonce,
      );
      if (serial === this.newest && this.panel !== undefined) {
        this.plan = plan;
        this.panel.title = vscode.l10n.t("Upgrade Plan: Django {0} → {1}", plan.from, plan.to);
        this.told = { status: vscode.l10n.t("The plan is made."), problem: "", busy: false };
        this.draw(nonce);
      }
    } catch (error) {
      if (serial === this.newest) {
        // The server's refusals are sentences for the user; other failures are for the log.
        this.log.warn(`no plan: ${reason(error)}`);
        this.tell({ status: "", problem: vscode.l10n.t("No plan: {0}", reason(error)), busy: false });
      }
    }
  }

  private draw(nonce = newNonce()): void {
    if (this.panel === undefined) {
      return;
    }
    const page = this.plan?.content ?? emptyPage(vscode.l10n.t("Upgrade Plan"));
    const script = fs.readFileSync(this.extension.asAbsolutePath("dist/planPage.js"), "utf8");
    this.panel.webview.html = dress(page, nonce, script, {
      choice: this.choice,
      folders: folders(),
      releases: this.project.information?.releases ?? [],
      made: this.plan,
      words: {
        controls: vscode.l10n.t("Which plan"),
        folder: vscode.l10n.t("Folder"),
        from: vscode.l10n.t("From Django"),
        to: vscode.l10n.t("to"),
        refresh: vscode.l10n.t("Refresh"),
        declared: vscode.l10n.t("declared"),
        configured: vscode.l10n.t("the goal"),
      },
    });
  }

  private tell(told: ToPage): void {
    this.told = told;
    void this.panel?.webview.postMessage(told);
  }

  private async receive(message: FromPage | undefined): Promise<void> {
    switch (message?.kind) {
      case "ready":
        this.tell(this.told);
        break;
      case "plan":
        this.choice = readChoice(message);
        await this.make();
        break;
      case "open":
        await this.open(message).catch((error: unknown) => {
          this.log.warn(`${message.uri}: ${reason(error)}`);
          void vscode.window.showWarningMessage(
            vscode.l10n.t("That place is not there any more: refresh the plan."),
          );
        });
        break;
      case undefined:
        break;
    }
  }

  /** Jump to a place, beside the page. Only files of the workspace and the plan's project are opened. */
  private async open(place: FromPage & { kind: "open" }): Promise<void> {
    const uri = vscode.Uri.parse(place.uri, true);
    const roots = [...folders().map((folder) => vscode.Uri.parse(folder.uri).fsPath), this.plan?.root ?? ""];
    if (uri.scheme !== "file" || !roots.some((root) => root !== "" && isInside(uri.fsPath, root))) {
      this.log.warn(`the plan's page asked for ${place.uri}, which is not in the project`);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const position = (line: number, column: number): vscode.Position => {
      const text = document.lineAt(Math.min(line, document.lineCount) - 1);
      // The plan counts characters, VS Code UTF-16 units.
      return text.range.start.translate(
        0,
        Array.from(text.text)
          .slice(0, column - 1)
          .join("").length,
      );
    };
    const first = this.panel?.viewColumn === vscode.ViewColumn.One;
    await vscode.window.showTextDocument(document, {
      viewColumn: first ? vscode.ViewColumn.Two : vscode.ViewColumn.One,
      selection: new vscode.Range(
        position(place.line, place.column),
        position(place.endLine, place.endColumn),
      ),
    });
  }

  /** The folder of the document at hand, else the first one. */
  private here(): string | undefined {
    const document = vscode.window.activeTextEditor?.document.uri;
    const folder = document && vscode.workspace.getWorkspaceFolder(document);
    return (folder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri)?.toString();
  }
}

function folders(): { uri: string; name: string }[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri, name }) => ({ uri: uri.toString(), name }));
}

function newNonce(): string {
  return randomBytes(18).toString("base64url");
}
