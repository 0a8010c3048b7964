/** 'Fix all safe here': the fixes of many files as one edit, which the user sees before it is made. */
import * as vscode from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  type CodeAction,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { previewed } from "./preview";
import type { Server } from "./server";
import type { Item } from "./upgradeTree";

export const FIX_ALL = "source.fixAll.djangoUplift";
const FIX = "djangoUplift.fix";

export interface Offer {
  readonly edit: vscode.WorkspaceEdit;
  readonly files: number;
  /** URIs of files that were left as they are, and why. */
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
}

interface Fixed {
  readonly files: number;
  readonly skipped: Offer["skipped"];
  readonly edit?: WorkspaceEdit | null;
}

/** The safe fixes of all files, or of what `items` name: of these rules, in these files. */
export async function safeFixes(server: Server, items?: readonly Item[]): Promise<Offer> {
  const safe = items?.filter((item) => item.safe);
  const files = safe?.filter((item) => item.cell === null);
  const codes = files && [...new Set(files.map(({ code }) => code))];
  const uris = files && [...new Set(files.map(({ uri }) => uri))];
  const made: Fixed =
    uris?.length === 0 // To the server that would be all files.
      ? { files: 0, skipped: [] }
      : await server.execute<Fixed>(FIX, codes ?? null, uris ?? null, "safe", "edit");
  const notebooks = new Set(safe?.filter((item) => item.cell !== null).map(({ path }) => path));
  const skipped = [...notebooks].map((uri) => ({
    uri,
    reason: "a notebook's findings are fixed one by one",
  }));
  return {
    edit: await toPreview(server, made.edit),
    files: made.files,
    skipped: [...made.skipped, ...skipped],
  };
}

/** The safe fix of a single finding. */
export async function safeFix(server: Server, item: Item): Promise<Offer> {
  const client = server.running();
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(item.uri));
  const start = { line: item.line, character: item.character };
  const offered = await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
    range: { start, end: start },
    context: { diagnostics: [], only: ["quickfix"] },
  });
  const action = (offered ?? []).find(
    (one): one is CodeAction =>
      "kind" in one &&
      one.isPreferred === true &&
      (one.diagnostics ?? []).some(
        ({ code, range }) =>
          code === item.code && range.start.line === item.line && range.start.character === item.character,
      ),
  );
  const resolved =
    action === undefined || action.edit
      ? action
      : await client.sendRequest(CodeActionResolveRequest.type, action);
  const edit = resolved?.edit;
  return { edit: await toPreview(server, edit), files: edit ? 1 : 0, skipped: [] };
}

async function toPreview(
  server: Server,
  edit: WorkspaceEdit | null | undefined,
): Promise<vscode.WorkspaceEdit> {
  return edit
    ? await server.running().protocol2CodeConverter.asWorkspaceEdit(previewed(edit, server.existing))
    : new vscode.WorkspaceEdit();
}
