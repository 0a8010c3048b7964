/** Edits of one document that may get in each other's way. Knows nothing of VS Code. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface TextChange {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly newText: string;
}

/** The groups of edits that fit together, the first ones first, and how many had to stay out. */
export function compatible<Change extends TextChange>(
  groups: readonly (readonly Change[])[],
): { edits: Change[]; left: number } {
  const edits: Change[] = [];
  let left = 0;
  for (const group of groups) {
    const fresh = group.filter((edit) => !edits.some((other) => same(edit, other)));
    if (fresh.some((edit) => edits.some((other) => overlap(edit, other)))) {
      left += 1;
    } else {
      edits.push(...fresh);
    }
  }
  return { edits, left };
}

function same(a: TextChange, b: TextChange): boolean {
  return (
    compare(a.range.start, b.range.start) === 0 &&
    compare(a.range.end, b.range.end) === 0 &&
    a.newText === b.newText
  );
}

/** Two insertions at one place count as overlapping: their order would be a guess. */
function overlap(a: TextChange, b: TextChange): boolean {
  return compare(a.range.start, b.range.end) <= 0 && compare(b.range.start, a.range.end) <= 0;
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.character - b.character;
}
