/** The plan page as VS Code shows it: the server's page, with controls, our script and a policy. Knows nothing of VS Code. */
import type { PlanChoice } from "./planMessages";

/** What stands in the controls. Texts are in the user's language. */
export interface Controls {
  readonly choice: PlanChoice;
  readonly folders: readonly { readonly uri: string; readonly name: string }[];
  readonly releases: readonly string[];
  /** What the server chose, for the options that leave it to it. */
  readonly made: { readonly from: string; readonly to: string } | undefined;
  readonly words: {
    readonly controls: string;
    readonly folder: string;
    readonly from: string;
    readonly to: string;
    readonly refresh: string;
    readonly declared: string;
    readonly configured: string;
  };
}

const STYLE = `
html { scroll-padding-top: 3.5rem; }
body { padding: 0; }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; }
body.vscode-dark, body.vscode-high-contrast { color-scheme: dark; }
.uplift { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center;
  padding: .5rem max(1.5rem, calc((100% - 68rem) / 2 + 1.5rem)); background: var(--vscode-editor-background);
  border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); }
.uplift label { display: flex; gap: .4rem; align-items: center; }
.uplift select { padding: .15rem .3rem; color: var(--vscode-dropdown-foreground); font: inherit;
  background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, transparent);
  border-radius: 2px; }
.uplift button { padding: .2rem .8rem; color: var(--vscode-button-foreground); font: inherit; cursor: pointer;
  background: var(--vscode-button-background); border: 1px solid var(--vscode-button-border, transparent);
  border-radius: 2px; }
.uplift button:hover { background: var(--vscode-button-hoverBackground); }
.uplift :is(select, button):focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
.uplift [role="status"] { color: var(--vscode-descriptionForeground); }
#uplift-problem { flex-basis: 100%; padding: .4rem .6rem;
  background: var(--vscode-inputValidation-errorBackground, transparent);
  border: 1px solid var(--vscode-inputValidation-errorBorder, currentColor); }
#uplift-problem[hidden] { display: none; }
body[aria-busy="true"] main { opacity: .6; }
`;

/** The page that is there before the first plan. */
export function emptyPage(title: string): string {
  return (
    `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${escape(title)}</title>\n</head>\n` +
    `<body>\n<main id="main"></main>\n</body>\n</html>\n`
  );
}

/**
 * Put our controls and script into a page.
 *
 * The server's page brings a policy of its own. Ours comes before it, so that the page is as strict with a server that
 * brings none; where there are two, both hold.
 */
export function dress(page: string, nonce: string, script: string, controls: Controls): string {
  const policy =
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ` +
    `style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">`;
  const [beforeHead, afterHead] = split(page, "<head>");
  const [head, afterStyle] = split(afterHead, "</head>");
  const at = afterStyle.indexOf(">", afterStyle.indexOf("<body")) + 1;
  const end = afterStyle.lastIndexOf("</body>");
  if (at === 0 || end < at) {
    throw new Error("the server's plan is no page");
  }
  return [
    `${beforeHead}<head>\n${policy}`,
    `${head}<style nonce="${nonce}">${STYLE}</style>\n</head>`,
    `${afterStyle.slice(0, at)}\n${bar(controls)}${afterStyle.slice(at, end)}`,
    `<script nonce="${nonce}">${script}</script>\n${afterStyle.slice(end)}`,
  ].join("");
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  if (index === -1) {
    throw new Error("the server's plan is no page");
  }
  return [text.slice(0, index), text.slice(index + at.length)];
}

function bar({ choice, folders, releases, made, words }: Controls): string {
  // A choice stays one that can be seen, even while nothing tells the releases that there are.
  const chosen = [choice.from, choice.to].filter((release) => release !== "" && !releases.includes(release));
  const newest = [...new Set([...releases, ...chosen])]
    .reverse()
    .map((release) => ({ value: release, name: release }));
  const own = (word: string, release: string | undefined): { value: string; name: string } => ({
    value: "",
    name: release === undefined ? word : `${release} (${word})`,
  });
  const chooser =
    folders.length > 1
      ? select(
          "folder",
          words.folder,
          folders.map(({ uri, name }) => ({ value: uri, name })),
          choice.folder,
        )
      : "";
  const from = own(words.declared, choice.from === "" ? made?.from : undefined);
  const to = own(words.configured, choice.to === "" ? made?.to : undefined);
  return (
    `<div class="uplift" role="toolbar" aria-label="${escape(words.controls)}">\n${chooser}` +
    select("from", words.from, [from, ...newest], choice.from) +
    select("to", words.to, [to, ...newest], choice.to) +
    `<button type="button" id="uplift-refresh">${escape(words.refresh)}</button>\n` +
    `<span id="uplift-status" role="status"></span>\n` +
    `<span id="uplift-problem" role="alert" hidden></span>\n</div>\n`
  );
}

function select(
  name: string,
  label: string,
  options: readonly { value: string; name: string }[],
  chosen: string,
): string {
  const made = options.map(
    (option) =>
      `<option value="${escape(option.value)}"${option.value === chosen ? " selected" : ""}>${escape(option.name)}</option>`,
  );
  return `<label>${escape(label)} <select id="uplift-${name}">${made.join("")}</select></label>\n`;
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
