/** The findings of the workspace as a tree: hop or release, family, app, finding. Knows nothing of VS Code. */
import { compareReleases } from "./releases";

export type Severity = "error" | "warning" | "information" | "hint";

export interface Item {
  readonly uri: string;
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  /** In a notebook, the number of the cell, from 1. */
  readonly cell: number | null;
  /** From 0. */
  readonly line: number;
  readonly character: number;
  readonly message: string;
  readonly code: string;
  readonly slug: string;
  readonly family: string;
  readonly removedIn: string | null;
  readonly deprecatedIn: string | null;
  /** The app, dotted as in Python; "(top)" outside of all. */
  readonly app: string;
  /** The hop of the way to the target on which it breaks; null before, beyond or beside that way. */
  readonly hop: readonly [string, string] | null;
  readonly severity: Severity;
  /** Whether there is a fix that keeps behaviour as it is. */
  readonly safe: boolean;
}

export interface Leaf {
  readonly kind: "finding";
  readonly id: string;
  readonly item: Item;
}

export interface Group {
  readonly kind: "release" | "family" | "app";
  readonly id: string;
  /** The hop ("4.2 → 5.2") or release, family or app; "" for findings that no release brings about. */
  readonly name: string;
  readonly items: readonly Item[];
  readonly children: readonly Node[];
}

export type Node = Group | Leaf;

const RANK: Record<Severity, number> = { error: 0, warning: 1, information: 2, hint: 3 };

/** The release at which something must be mended: where it is gone, else where it is deprecated. */
export function releaseOf(item: Item): string {
  return item.removedIn ?? item.deprecatedIn ?? "";
}

/** The step of the upgrade that a finding belongs to. */
export function stepOf(item: Item): string {
  return item.hop === null ? releaseOf(item) : item.hop.join(ARROW);
}

/** The release that a step ends at. */
export function endOf(step: string): string {
  return step.split(ARROW).at(-1) ?? step;
}

const ARROW = " → ";

/** Folders that structure an app rather than being one. */
const STRUCTURE = new Set([
  "admin",
  "api",
  "forms",
  "management",
  "migrations",
  "models",
  "serializers",
  "settings",
  "templatetags",
  "tests",
  "urls",
  "views",
]);

/** What the server calls the app of files that are in none. */
export const TOP = "(top)";

/** The app that a file belongs to, told from its path alone: for servers that don't tell. */
export function appOf(path: string): string {
  const folders = path.split("/").slice(0, -1);
  const end = folders.findIndex((folder, index) => index > 0 && STRUCTURE.has(folder));
  return (end === -1 ? folders : folders.slice(0, end)).join(".") || TOP;
}

const LEVELS = [
  { kind: "release", name: stepOf, compare: releasesFirst },
  { kind: "family", name: (item: Item) => item.family, compare: byText },
  { kind: "app", name: (item: Item) => item.app, compare: byText },
] as const;

/** Findings without a release come last: they don't belong to a step of the upgrade. */
function releasesFirst(a: string, b: string): number {
  return a === "" || b === ""
    ? Number(a === "") - Number(b === "")
    : compareReleases(endOf(a), endOf(b)) || byText(a, b);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function buildTree(items: readonly Item[], depth = 0, above = ""): Node[] {
  const level = LEVELS[depth];
  if (level === undefined) {
    return [...items]
      .sort(
        (a, b) =>
          byText(a.path, b.path) ||
          (a.cell ?? 0) - (b.cell ?? 0) ||
          a.line - b.line ||
          a.character - b.character,
      )
      .map((item) => ({
        kind: "finding",
        id: `${above}/${item.uri}:${item.line}:${item.character}:${item.code}`,
        item,
      }));
  }
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = level.name(item);
    const members = groups.get(name);
    if (members === undefined) {
      groups.set(name, [item]);
    } else {
      members.push(item);
    }
  }
  return [...groups]
    .sort(([a], [b]) => level.compare(a, b))
    .map(([name, members]) => {
      const id = `${above}/${name}`;
      return { kind: level.kind, id, name, items: members, children: buildTree(members, depth + 1, id) };
    });
}

export function itemsOf(node: Node): readonly Item[] {
  return node.kind === "finding" ? [node.item] : node.items;
}

export function worst(items: readonly Item[]): Severity {
  return items.reduce<Severity>(
    (found, { severity }) => (RANK[severity] < RANK[found] ? severity : found),
    "hint",
  );
}
