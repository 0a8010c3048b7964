/** Runs tests inside VS Code's extension host, and writes down how they went. */
import * as fs from "node:fs";
import * as vscode from "vscode";
import type { Api } from "../../src/extension";

export const ID = "django-uplift.django-uplift";

type Test = () => Promise<unknown>;

/** What a test file exports as `run`: the tests one after the other, until one fails. */
export function suite(tests: Record<string, Test>): () => Promise<void> {
  return async () => {
    const report: { name: string; error?: string; note?: string; milliseconds: number }[] = [];
    const file = process.env.DJANGO_UPLIFT_TEST_REPORT ?? "";
    for (const [name, test] of Object.entries(tests)) {
      const begun = Date.now();
      try {
        const note = await test();
        report.push({
          name,
          ...(typeof note === "string" ? { note } : {}),
          milliseconds: Date.now() - begun,
        });
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        report.push({ name, error: text, milliseconds: Date.now() - begun });
        throw error;
      } finally {
        fs.writeFileSync(file, JSON.stringify(report));
      }
    }
  };
}

export async function until<T>(
  what: string,
  question: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  milliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== false && answer !== null) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(ID);
  if (extension === undefined) {
    throw new Error(`${ID} is not installed`);
  }
  return extension.isActive ? extension.exports : await extension.activate();
}

export async function running(): Promise<Api> {
  const found = await api();
  await until(
    `a running server (it is ${JSON.stringify(found.state)})`,
    () => found.state.kind === "running",
  );
  return found;
}

export function uri(name: string, folder = 0): vscode.Uri {
  const root = vscode.workspace.workspaceFolders?.[folder]?.uri;
  if (root === undefined) {
    throw new Error("no folder is open");
  }
  return vscode.Uri.joinPath(root, name);
}

export async function show(name: string, folder = 0): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri(name, folder));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Our diagnostics of a file that are findings, rather than marks of further uses. */
export function diagnostics(file: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(file)
    .filter(
      ({ source, severity }) => source === "django-uplift" && severity !== vscode.DiagnosticSeverity.Hint,
    );
}

export async function actions(file: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    file,
    range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  );
}

export async function set(
  key: string,
  value: unknown,
  target = vscode.ConfigurationTarget.Workspace,
  folder?: vscode.Uri,
): Promise<void> {
  await vscode.workspace.getConfiguration("djangoUplift", folder).update(key, value, target);
}
