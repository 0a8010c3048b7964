/** The upgrade view: what is left to do, release by release. */
import * as vscode from "vscode";
import { parseFilter } from "./filter";
import { findings } from "./findings";
import type { Server } from "./server";
import { diagnosticMode } from "./settings";
import { buildTree, endOf, TOP, worst, type Item, type Node, type Severity } from "./upgradeTree";

const VIEW = "djangoUplift.upgrade";
/** Diagnostics come file by file; the tree is made once they pause. */
const CALM_MS = 150;

const ICONS: Record<Severity, vscode.ThemeIcon> = {
  error: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
  warning: new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")),
  information: new vscode.ThemeIcon("info"),
  hint: new vscode.ThemeIcon("lightbulb"),
};

/** For screen readers, which don't see the icons' colours. */
const SEVERITY_NAMES: Record<Severity, () => string> = {
  error: () => vscode.l10n.t("Error"),
  warning: () => vscode.l10n.t("Warning"),
  information: () => vscode.l10n.t("Information"),
  hint: () => vscode.l10n.t("Hint"),
};

export class UpgradeView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly listeners: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private filter = "";
  private all: readonly Item[] = [];
  private roots: readonly Node[] = [];
  private parents = new Map<string, Node>();

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    const soon = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.rebuild();
      }, CALM_MS);
    };
    this.listeners = vscode.Disposable.from(
      vscode.languages.onDidChangeDiagnostics(soon),
      vscode.workspace.onDidChangeConfiguration(soon),
      server.onDidChangeState(soon),
    );
    this.rebuild();
  }

  /** The topmost nodes, as they are shown. */
  get nodes(): readonly Node[] {
    return this.roots;
  }

  async askFilter(): Promise<void> {
    const families = [...new Set(this.all.map(({ family }) => `@${family}`))].sort().join(" ");
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t("Filter the Upgrade View"),
      value: this.filter,
      placeHolder: "urls @error @fixable",
      prompt: vscode.l10n.t(
        "Words of the message, code or path; @error @warning @information @hint; @fixable; {0}",
        families,
      ),
    });
    if (text !== undefined) {
      this.setFilter(text);
    }
  }

  setFilter(text: string): void {
    this.filter = text.trim();
    void vscode.commands.executeCommand("setContext", "djangoUplift.filtered", this.filter !== "");
    this.rebuild();
  }

  getChildren(node?: Node): Node[] {
    return [...(node === undefined ? this.roots : node.kind === "finding" ? [] : node.children)];
  }

  getParent(node: Node): Node | undefined {
    return this.parents.get(node.id);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "finding" ? findingItem(node.id, node.item) : this.groupItem(node);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  private groupItem(node: Exclude<Node, { kind: "finding" }>): vscode.TreeItem {
    const open = node.kind === "release" && this.roots.length <= 3;
    const item = new vscode.TreeItem(
      label(node),
      open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    const safe = node.items.filter((finding) => finding.safe).length;
    item.id = node.id;
    item.description =
      safe > 0 ? vscode.l10n.t("{0}, {1} fixable", node.items.length, safe) : String(node.items.length);
    item.contextValue = safe > 0 ? `${node.kind} fixable` : node.kind;
    if (node.kind === "release") {
      item.iconPath = ICONS[worst(node.items)];
      item.tooltip =
        node.name === ""
          ? vscode.l10n.t("Not brought about by a release")
          : vscode.l10n.t("To be mended before Django {0}", endOf(node.name));
    } else {
      item.iconPath = new vscode.ThemeIcon(node.kind === "family" ? "symbol-class" : "package");
    }
    item.accessibilityInformation = {
      label: vscode.l10n.t("{0}, findings: {1}, with a safe fix: {2}", label(node), node.items.length, safe),
    };
    return item;
  }

  private rebuild(): void {
    this.all = findings();
    this.roots = buildTree(this.all.filter(parseFilter(this.filter)));
    this.parents = new Map();
    this.remember(this.roots);
    const shown = this.roots.reduce(
      (sum, node) => sum + (node.kind === "finding" ? 1 : node.items.length),
      0,
    );
    this.view.badge = shown > 0 ? { value: shown, tooltip: vscode.l10n.t("{0} findings", shown) } : undefined;
    this.view.description =
      this.filter === "" ? "" : vscode.l10n.t("{0} ({1} of {2})", this.filter, shown, this.all.length);
    this.view.message = this.message(shown);
    this.changed.fire(undefined);
  }

  /** A line above the tree. With no findings at all, package.json's welcome stands there instead. */
  private message(shown: number): string {
    if (shown === 0 && this.all.length > 0) {
      return vscode.l10n.t("No finding passes the filter.");
    }
    return shown > 0 && this.server.state.kind === "running" && diagnosticMode() !== "workspace"
      ? vscode.l10n.t("Of open files only.")
      : "";
  }

  private remember(nodes: readonly Node[], parent?: Node): void {
    for (const node of nodes) {
      if (parent !== undefined) {
        this.parents.set(node.id, parent);
      }
      if (node.kind !== "finding") {
        this.remember(node.children, node);
      }
    }
  }
}

function label(node: Exclude<Node, { kind: "finding" }>): string {
  if (node.kind === "release") {
    return node.name === "" ? vscode.l10n.t("Any release") : `Django ${node.name}`;
  }
  return node.kind === "app" && node.name === TOP ? vscode.l10n.t("(top folder)") : node.name;
}

function findingItem(id: string, finding: Item): vscode.TreeItem {
  const name = finding.path.slice(finding.path.lastIndexOf("/") + 1);
  const line = finding.line + 1;
  const place =
    finding.cell === null
      ? `${name}:${line}`
      : vscode.l10n.t("{0}, cell {1}, line {2}", name, finding.cell, line);
  const item = new vscode.TreeItem(place);
  const start = new vscode.Position(finding.line, finding.character);
  item.id = id;
  item.description = `${finding.slug} · ${finding.message}`;
  item.tooltip = new vscode.MarkdownString().appendText(
    `${finding.code} ${finding.slug}\n${finding.message}\n${finding.path}:${line}`,
  );
  item.accessibilityInformation = {
    label: vscode.l10n.t("{0}: {1}, in {2}", SEVERITY_NAMES[finding.severity](), finding.message, place),
  };
  item.iconPath = ICONS[finding.severity];
  item.contextValue = finding.safe ? "finding fixable" : "finding";
  item.command = {
    command: "vscode.open",
    title: vscode.l10n.t("Go to the Code"),
    arguments: [vscode.Uri.parse(finding.uri), { selection: new vscode.Range(start, start) }],
  };
  return item;
}
