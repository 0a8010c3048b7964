/** The server's findings, taken from what VS Code shows of it. */
import * as vscode from "vscode";
import { appOf, type Item, type Severity } from "./upgradeTree";

const SOURCE = "django-uplift";

/** The scheme of what VS Code calls a notebook's cells by. */
const CELL = "vscode-notebook-cell";

const SEVERITIES: Record<vscode.DiagnosticSeverity, Severity> = {
  [vscode.DiagnosticSeverity.Error]: "error",
  [vscode.DiagnosticSeverity.Warning]: "warning",
  [vscode.DiagnosticSeverity.Information]: "information",
  [vscode.DiagnosticSeverity.Hint]: "hint",
};

/** What the server adds to a diagnostic; the client library keeps it there. */
interface Data {
  readonly slug?: string;
  readonly family?: string;
  readonly removedIn?: string | null;
  readonly deprecatedIn?: string | null;
  readonly safe?: boolean;
  /** Of an older server neither of these comes. */
  readonly app?: string | null;
  readonly hop?: readonly string[] | null;
}

export function findings(): Item[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, diagnostics]) => diagnostics.flatMap((diagnostic) => toItem(uri, diagnostic) ?? []));
}

/** Without data it is no finding, but a mark: another use of the same thing, or a file that does not parse. */
function toItem(uri: vscode.Uri, diagnostic: vscode.Diagnostic): Item | undefined {
  const data = (diagnostic as { data?: Data }).data;
  if (diagnostic.source !== SOURCE || data?.slug === undefined) {
    return undefined;
  }
  const { code } = diagnostic;
  const place = placeOf(uri);
  const path = vscode.workspace.asRelativePath(place.file).replaceAll("\\", "/");
  const [start, goal] = data.hop ?? [];
  return {
    uri: uri.toString(),
    path,
    cell: place.cell,
    app: data.app ?? appOf(path),
    hop: start !== undefined && goal !== undefined ? [start, goal] : null,
    line: diagnostic.range.start.line,
    character: diagnostic.range.start.character,
    message: diagnostic.message,
    code: String(typeof code === "object" ? code.value : (code ?? "")),
    slug: data.slug,
    family: data.family ?? "",
    removedIn: data.removedIn ?? null,
    deprecatedIn: data.deprecatedIn ?? null,
    severity: SEVERITIES[diagnostic.severity],
    safe: data.safe ?? false,
  };
}

/** The file that the user knows, and in a notebook the number of the cell. */
function placeOf(uri: vscode.Uri): { readonly file: vscode.Uri; readonly cell: number | null } {
  if (uri.scheme === CELL) {
    for (const notebook of vscode.workspace.notebookDocuments) {
      const cell = notebook.getCells().find(({ document }) => document.uri.toString() === uri.toString());
      if (cell !== undefined) {
        return { file: notebook.uri, cell: cell.index + 1 };
      }
    }
  }
  return { file: uri, cell: null };
}
