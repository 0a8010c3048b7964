/** Runs in the plan page: follows its links, asks for other plans, and keeps its place when it is made anew. */
import type { FromPage, ToPage } from "../src/planMessages";

interface State {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly scroll: number;
  /** The lists that are unfolded. */
  readonly open: readonly string[];
  /** The control that had the focus. */
  readonly focus: string;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): Partial<State> | undefined;
  setState(state: State): void;
};

const vscode = acquireVsCodeApi();
const before = vscode.getState() ?? {};

const control = (name: string): HTMLSelectElement | null =>
  document.querySelector<HTMLSelectElement>(`select#uplift-${name}`);
const chosen = (name: "folder" | "from" | "to"): string => control(name)?.value ?? before[name] ?? "";

/** A list goes by its section and its rule: its number would change with the plan. */
function nameOf(list: HTMLDetailsElement): string {
  const section = list.closest("section")?.getAttribute("aria-labelledby") ?? "";
  return `${section}/${list.closest("td")?.querySelector(".code")?.textContent ?? ""}`;
}

function lists(): HTMLDetailsElement[] {
  return [...document.querySelectorAll("details")];
}

function keep(): void {
  vscode.setState({
    folder: chosen("folder"),
    from: chosen("from"),
    to: chosen("to"),
    scroll: window.scrollY,
    open: lists()
      .filter((list) => list.open)
      .map(nameOf),
    focus: document.activeElement?.id ?? "",
  });
}

function ask(): void {
  keep();
  vscode.postMessage({ kind: "plan", folder: chosen("folder"), from: chosen("from"), to: chosen("to") });
}

function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const href = link?.getAttribute("href");
  if (!link || !href) {
    return;
  }
  if (link.classList.contains("place")) {
    event.preventDefault();
    event.stopPropagation();
    const number = (name: string): number => Number(link.dataset[name]);
    vscode.postMessage({
      kind: "open",
      uri: href.replace(/#.*/, ""),
      line: number("line"),
      column: number("column"),
      endLine: number("endLine"),
      endColumn: number("endColumn"),
    });
  } else if (href.startsWith("#")) {
    // VS Code scrolls there, but leaves the focus behind: the next Tab, and a screen reader, would go on from here.
    const goal = document.getElementById(href.slice(1));
    goal?.setAttribute("tabindex", "-1");
    goal?.focus({ preventScroll: true });
  }
}

function show({ status, problem, busy }: ToPage): void {
  const line = document.getElementById("uplift-status");
  const alert = document.getElementById("uplift-problem");
  if (line) {
    line.textContent = status;
  }
  if (alert) {
    alert.textContent = problem;
    alert.hidden = problem === "";
  }
  document.body.setAttribute("aria-busy", String(busy));
}

document.addEventListener("click", follow, true);
document.getElementById("uplift-refresh")?.addEventListener("click", ask);
for (const name of ["folder", "from", "to"]) {
  control(name)?.addEventListener("change", ask);
}
window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  show(event.data);
});

const open = new Set(before.open);
for (const list of lists()) {
  list.open = open.has(nameOf(list));
  list.addEventListener("toggle", keep);
}
window.scrollTo({ top: before.scroll ?? 0, behavior: "instant" });
if (before.focus?.startsWith("uplift-")) {
  document.getElementById(before.focus)?.focus({ preventScroll: true });
}
let timer: ReturnType<typeof setTimeout> | undefined;
window.addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, 150);
});
document.addEventListener("focusin", keep);
keep();
vscode.postMessage({ kind: "ready" });
