/** What the plan page and the extension say to each other. Imported by both, so it knows neither's surroundings. */

/** What is asked for: "" is the server's own choice. */
export interface PlanChoice {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
}

export type FromPage =
  | { readonly kind: "ready" }
  | ({ readonly kind: "plan" } & PlanChoice)
  /** Lines and columns count from 1, columns in characters, as in the server's page. */
  | {
      readonly kind: "open";
      readonly uri: string;
      readonly line: number;
      readonly column: number;
      readonly endLine: number;
      readonly endColumn: number;
    };

export interface ToPage {
  /** What goes on, for the line beside the buttons; "" for nothing. */
  readonly status: string;
  /** Why there is no plan; "" if there is one. */
  readonly problem: string;
  readonly busy: boolean;
}

/** A message of the page, or undefined for anything else: what comes from a page is not to be trusted. */
export function readMessage(message: unknown): FromPage | undefined {
  if (typeof message !== "object" || message === null) {
    return undefined;
  }
  const told = message as Record<string, unknown>;
  const text = (key: string): string => (typeof told[key] === "string" ? told[key] : "");
  const number = (key: string, fallback: number): number =>
    Number.isSafeInteger(told[key]) && (told[key] as number) > 0 ? (told[key] as number) : fallback;
  switch (told.kind) {
    case "ready":
      return { kind: "ready" };
    case "plan":
      return { kind: "plan", ...readChoice(told) };
    case "open": {
      const line = number("line", 1);
      const column = number("column", 1);
      return {
        kind: "open",
        uri: text("uri"),
        line,
        column,
        endLine: number("endLine", line),
        endColumn: number("endColumn", column),
      };
    }
    default:
      return undefined;
  }
}

/** The choice in a message, or in what a page of an earlier window left behind. */
export function readChoice(told: unknown): PlanChoice {
  const choice = (typeof told === "object" && told !== null ? told : {}) as Record<string, unknown>;
  const text = (key: string): string => (typeof choice[key] === "string" ? choice[key] : "");
  return { folder: text("folder"), from: text("from"), to: text("to") };
}
