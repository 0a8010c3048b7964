/** The filter of the upgrade view, typed as in VS Code's own lists: words, and @ for what findings are. */
import type { Item } from "./upgradeTree";

export type Filter = (item: Item) => boolean;

/** What can stand behind an @, besides families. */
export const MARKS = ["error", "warning", "information", "hint", "fixable"] as const;

/**
 * Read "url @error @fixable": all words must occur, severities are alternatives, and so are families.
 *
 * A word occurs in the message, the code, the slug, the path or the app; case doesn't matter.
 */
export function parseFilter(text: string): Filter {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const marks = words.filter((word) => word.startsWith("@")).map((word) => word.slice(1));
  const plain = words.filter((word) => !word.startsWith("@"));
  const severities = marks.filter((mark) => ["error", "warning", "information", "hint"].includes(mark));
  const families = marks.filter((mark) => !(MARKS as readonly string[]).includes(mark) && mark !== "");
  const fixable = marks.includes("fixable");
  return (item) => {
    const text = `${item.message}\n${item.code}\n${item.slug}\n${item.path}\n${item.app}`.toLowerCase();
    return (
      plain.every((word) => text.includes(word)) &&
      (severities.length === 0 || severities.includes(item.severity)) &&
      (families.length === 0 || families.includes(item.family)) &&
      (!fixable || item.safe)
    );
  };
}
