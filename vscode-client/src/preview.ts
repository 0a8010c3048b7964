/**
 * Edits that the user looks through before they are made. Knows nothing of VS Code.
 *
 * VS Code shows a preview if any change needs confirmation, and leaves those unticked that do: who just applies it would
 * get half of a refactoring. So what needs confirmation is one change that does nothing, and all others are ticked.
 */
import type { WorkspaceEdit } from "vscode-languageclient/node";

const ASK = "django-uplift preview";

/** The edit, previewed, with everything ticked. `existing` is the URI of a file that is there. */
export function previewed(edit: WorkspaceEdit, existing: string): WorkspaceEdit {
  const ticked = Object.entries(edit.changeAnnotations ?? {}).map(
    ([name, annotation]) => [name, { ...annotation, needsConfirmation: false }] as const,
  );
  return {
    ...edit,
    documentChanges: [
      // To create what is there already is a change that VS Code asks for, but neither shows nor makes.
      { kind: "create", uri: existing, options: { ignoreIfExists: true }, annotationId: ASK },
      ...(edit.documentChanges ?? []),
    ],
    changeAnnotations: { ...Object.fromEntries(ticked), [ASK]: { label: ASK, needsConfirmation: true } },
  };
}

/** The edit, previewed with everything ticked if the server wants any of it to be confirmed. */
export function asked(edit: WorkspaceEdit, existing: string): WorkspaceEdit {
  return Object.values(edit.changeAnnotations ?? {}).some(({ needsConfirmation }) => needsConfirmation)
    ? previewed(edit, existing)
    : edit;
}
