/** 'Fix all safe here': the fixes of many files as one edit, which the user sees before it is made. */
import * as vscode from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  type CodeAction,
  type LanguageClient,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { compatible } from "./edits";
import { findings } from "./findings";
import { reason } from "./log";
import type { Server } from "./server";
import type { Item } from "./upgradeTree";

export const FIX_ALL = "source.fixAll.djangoUplift";

/** How many fixes could not be offered together with the others. */
export interface Offer {
  readonly edit: vscode.WorkspaceEdit;
  readonly files: number;
  readonly left: number;
}

/** Ask for the safe fixes of these findings. The files are opened for that, though not shown. */
export async function safeFixes(
  server: Server,
  items: readonly Item[],
  log: vscode.LogOutputChannel,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<Offer> {
  const client = server.running();
  const everything = findings();
  const safe = items.filter((item) => item.safe);
  const byFile = new Map<string, Item[]>(
    safe.map(({ uri }) => [uri, safe.filter((item) => item.uri === uri)]),
  );
  const edit = new vscode.WorkspaceEdit();
  let files = 0;
  let left = 0;
  for (const [uri, wanted] of byFile) {
    if (token.isCancellationRequested) {
      break;
    }
    progress.report({ message: wanted[0]?.path ?? uri, increment: 100 / byFile.size });
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      const all = everything.filter((item) => item.uri === uri && item.safe);
      const groups = await fixesOf(client, document, wanted, all, token);
      const merged = compatible(groups);
      left += merged.left;
      if (merged.edits.length > 0) {
        files += 1;
        if (files === 1) {
          askToConfirm(edit, document);
        }
        for (const { range, newText } of merged.edits) {
          edit.replace(document.uri, client.protocol2CodeConverter.asRange(range), newText, {
            needsConfirmation: false,
            label: vscode.l10n.t("Safe fixes of Django Uplift"),
            iconPath: new vscode.ThemeIcon("wand"),
          });
        }
      }
    } catch (error) {
      left += 1;
      log.warn(`${uri}: no fix: ${reason(error)}`);
    }
  }
  return { edit, files, left };
}

/**
 * Have the edit previewed.
 *
 * VS Code shows a preview if any edit needs confirmation, and leaves those unticked that do. So that the user need not
 * tick a hundred files, it is one edit that changes nothing which asks.
 */
function askToConfirm(edit: vscode.WorkspaceEdit, document: vscode.TextDocument): void {
  const first = document.lineAt(0).range;
  edit.replace(document.uri, new vscode.Range(first.start, first.start), "", {
    needsConfirmation: true,
    label: vscode.l10n.t("Look the changes through, and take out what you don't want"),
    iconPath: new vscode.ThemeIcon("info"),
  });
}

/** The edits that mend `wanted`, a group for each action that was needed. */
async function fixesOf(
  client: LanguageClient,
  document: vscode.TextDocument,
  wanted: readonly Item[],
  all: readonly Item[],
  token: vscode.CancellationToken,
): Promise<TextEdit[][]> {
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  const ask = async (range: vscode.Range, kind: string): Promise<CodeAction[]> => {
    const answer = await client.sendRequest(
      CodeActionRequest.type,
      {
        textDocument: { uri },
        range: client.code2ProtocolConverter.asRange(range),
        context: { diagnostics: [], only: [kind] },
      },
      token,
    );
    return (answer ?? []).filter((action): action is CodeAction => "kind" in action);
  };
  const resolve = async (action: CodeAction | undefined): Promise<TextEdit[]> => {
    if (action === undefined) {
      return [];
    }
    const resolved = action.edit
      ? action
      : await client.sendRequest(CodeActionResolveRequest.type, action, token);
    return resolved.edit ? textEdits(resolved.edit, uri) : [];
  };
  if (wanted.length === all.length) {
    const [action] = await ask(document.validateRange(new vscode.Range(0, 0, Infinity, 0)), FIX_ALL);
    return [await resolve(action)];
  }
  const groups: TextEdit[][] = [];
  for (const code of new Set(wanted.map((item) => item.code))) {
    const [first, ...others] = wanted.filter((item) => item.code === code);
    if (first === undefined) {
      continue;
    }
    const start = new vscode.Position(first.line, first.character);
    const actions = (await ask(new vscode.Range(start, start), "quickfix")).filter((action) =>
      action.diagnostics?.every((diagnostic) => diagnostic.code === code),
    );
    const single = actions.find((action) => action.isPreferred);
    // The action for all of a rule names all its diagnostics.
    const whole = actions.find((action) => (action.diagnostics?.length ?? 0) > 1);
    groups.push(await resolve(others.length > 0 ? (whole ?? single) : single));
  }
  return groups;
}

function textEdits(edit: WorkspaceEdit, uri: string): TextEdit[] {
  const versioned = (edit.documentChanges ?? []).flatMap((change) =>
    "textDocument" in change && change.textDocument.uri === uri
      ? change.edits.filter((one): one is TextEdit => "newText" in one)
      : [],
  );
  return [...versioned, ...(edit.changes?.[uri] ?? [])];
}
