// The tests through the user interface. Keystrokes race with widgets: never 'press, then wait once', but retry.
/* global document, window, getComputedStyle -- in what the page itself runs */
import fs from "node:fs";
import path from "node:path";
import { address, sleep } from "./editor.mjs";
import { ASYNC_SHOP, OLD_SHOP, SHOP, withoutPython } from "./scenarios.mjs";

const FIXED = `from django.utils.encoding import force_str
from django.utils.translation import gettext as _

é = "é𝒳"; x = _("hello"), force_str(é)
`;

async function until(what, question, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(80);
  }
}

/** Take a step until something is to be seen. Widgets come and go meanwhile, so that a step may fail too. */
async function retry(what, step, locator, times = 10) {
  let last;
  for (let time = 0; time < times; time++) {
    try {
      await step();
      await locator.waitFor({ timeout: 2500 });
      return;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`gave up: ${what}: ${last}`);
}

const SOON = { timeout: 2500 };
const input = (page) =>
  page.locator(".quick-input-widget:not([style*='display: none']) input[type=text]").first();
const row = (page, text) => page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();

async function command(page, label) {
  await retry(
    `the command ${label}`,
    async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("F1");
      await input(page).fill(`>${label}`, SOON);
    },
    row(page, label),
  );
  await page.keyboard.press("Enter");
  await input(page)
    .waitFor({ state: "hidden", timeout: 5000 })
    .catch(() => undefined);
}

async function open(page, name) {
  const here = page.locator(".tabs-container .tab", { hasText: path.basename(name) }).first();
  await retry(
    `open ${name}`,
    async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+p");
      await input(page).fill(name, SOON);
      await row(page, path.basename(name)).waitFor(SOON);
      await page.keyboard.press("Enter");
    },
    here,
  );
}

async function start({ server, page }, file) {
  await page.goto(address(server));
  await page.locator(".monaco-workbench").waitFor();
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "requirements.txt" }).waitFor();
  if (file) await open(page, file);
}

/** Wait until no message covers what a screenshot should show. */
async function settled(page) {
  await page
    .locator(".notification-toast")
    .first()
    .waitFor({ state: "hidden", timeout: 10_000 })
    .catch(() => undefined);
  await sleep(300);
}

const treeRow = (page, text) => page.locator(".customview-tree .monaco-list-row", { hasText: text });
const release = (page) =>
  page.locator(".customview-tree .monaco-list-row[aria-level='1']", { hasText: "Django 4.0" });

export const UI = {
  ui: {
    title: "squiggle, hover, Problems, quick fix by keyboard, save: the bytes are right",
    scenario: { files: SHOP },
    async run({ server, page, shot }) {
      await start({ server, page }, "shop/app.py");
      const squiggles = page.locator(".squiggly-error");
      await until("squiggles", async () => (await squiggles.count()) >= 2, 60_000);
      await page
        .locator(".editor-instance .view-line")
        .first()
        .locator("span", { hasText: "force_text" })
        .last()
        .hover();
      await page.locator(".monaco-hover:visible", { hasText: "DUR4001" }).first().waitFor();
      await shot("diagnostics");
      await command(page, "Problems: Focus on Problems View");
      const problems = page.locator(".markers-panel .monaco-list-row", {
        hasText: "was removed in Django 4.0",
      });
      await until("the problems", async () => (await problems.count()) === 2);
      await shot("problems");
      const action = (title) =>
        page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first();
      for (const [left, title] of [
        [1, "force_str"],
        [0, "gettext"],
      ]) {
        const marker = page.locator(".marker-widget");
        await retry(
          "the next problem",
          () => command(page, "Go to Next Problem (Error, Warning, Info)"),
          marker.first(),
        );
        await page.keyboard.press("Escape");
        await until("the marker to close", async () => (await marker.count()) === 0);
        await retry("the quick fixes", () => page.keyboard.press("Control+."), action(title));
        if (left === 1) await shot("quick-fix");
        await page.keyboard.press("Enter");
        await until("a squiggle less", async () => (await squiggles.count()) === left);
      }
      const file = path.join(server.workspace, "shop/app.py");
      await page.keyboard.press("Control+s");
      const text = await until("the file to be saved", () => {
        const now = fs.readFileSync(file, "utf8");
        return !/force_text|ugettext/.test(now) && now;
      });
      if (text !== FIXED) throw new Error(`unexpected content: ${JSON.stringify(text)}`);
    },
  },
  ui_view: {
    title: "the status changes the target; the upgrade view counts, filters, jumps and fixes with a preview",
    scenario: { files: SHOP },
    async run({ server, page, shot }) {
      await start({ server, page }, "shop/app.py");
      await until("squiggles", async () => (await page.locator(".squiggly-error").count()) >= 2, 60_000);
      // The language status.
      const status = page.locator("#status\\.languageStatus").first();
      const item = page.locator(".hover-language-status", { hasText: "Django 4.2" }).first();
      await retry("the language status", () => status.hover(SOON), item);
      await shot("language-status");
      await page.mouse.move(10, 600);
      // The menu, and another target that is only tried.
      await command(page, "Django Uplift: Show Menu");
      await row(page, "Change the target").waitFor();
      await shot("menu");
      await page.keyboard.press("Enter");
      await row(page, "As the project declares").waitFor();
      await input(page).fill("5.2");
      await shot("targets");
      await page.keyboard.press("Enter");
      await retry(
        "the journey",
        async () => {
          await page.mouse.move(10, 600);
          await status.hover();
        },
        page.locator(".hover-language-status", { hasText: "4.2 → 5.2" }).first(),
      );
      await page.mouse.move(10, 600);
      // The view, of the whole workspace.
      await command(page, "Django Uplift: Check Whole Workspace or Open Files Only (Toggle)");
      await page
        .locator(".activitybar .action-item", { has: page.locator('[aria-label^="Django Uplift"]') })
        .first()
        .click();
      await until("the release", async () =>
        (
          await release(page)
            .innerText()
            .catch(() => "")
        ).includes("5, 5 fixable"),
      );
      const twistie = (text) => treeRow(page, text).first().locator(".monaco-tl-twistie");
      for (const name of ["upgrade", "shop"]) {
        await retry(
          `${name} to unfold`,
          () => twistie(name).click(SOON),
          treeRow(page, name === "upgrade" ? "shop" : "models.py:2").first(),
        );
      }
      await shot("upgrade-view");
      // The filter.
      await command(page, "Django Uplift: Filter Upgrade View");
      await input(page).fill("ugettext_lazy");
      await page.keyboard.press("Enter");
      await until("one finding", async () => (await release(page).innerText()).includes("1, 1 fixable"));
      await shot("upgrade-view-filtered");
      // The jump to the source.
      await treeRow(page, "models.py:2").first().click();
      await page.locator(".tabs-container .tab.active", { hasText: "models.py" }).waitFor();
      await command(page, "Django Uplift: Clear Filter of Upgrade View");
      await until("all findings", async () => (await release(page).innerText()).includes("5, 5 fixable"));
      // Fix all, with a preview.
      const wand = release(page).locator('[aria-label*="Fix All Safe Here"]');
      const apply = page.locator(".part.panel .monaco-button", { hasText: "Apply" }).first();
      await release(page).hover();
      await wand.click();
      await apply.waitFor();
      await settled(page);
      await shot("refactor-preview");
      await apply.click();
      await apply.waitFor({ state: "hidden" });
      await command(page, "File: Save All Files");
      const saved = {
        "shop/app.py": "gettext as _",
        "shop/models.py": "import gettext_lazy",
        "accounts/ignored.py": "smart_str as smart_text",
      };
      for (const [name, text] of Object.entries(saved)) {
        await until(`${name} to be fixed`, () =>
          fs.readFileSync(path.join(server.workspace, name), "utf8").includes(text),
        );
      }
      if (fs.readFileSync(path.join(server.workspace, "shop/app.py"), "utf8") !== FIXED)
        throw new Error("wrong bytes in shop/app.py");
      await page.locator(".pane-body", { hasText: "Nothing to do for the current target" }).first().waitFor();
      await shot("upgrade-view-done");
    },
  },
  ui_plan: {
    title:
      "the plan page: opened from the view, by keyboard into the code, other releases, light and dark, a reload",
    scenario: { files: OLD_SHOP },
    async run({ server, page, shot }) {
      await start({ server, page }, "shop/app.py");
      await until("squiggles", async () => (await page.locator(".squiggly-warning").count()) >= 2, 60_000);
      const plan = page.frameLocator("iframe.webview").frameLocator("#active-frame");
      const heading = (text) => plan.locator("h1", { hasText: text });
      await page
        .locator(".activitybar .action-item", { has: page.locator('[aria-label^="Django Uplift"]') })
        .first()
        .click();
      const title = page.locator('.part.sidebar .action-label[aria-label^="Show Upgrade Plan"]').first();
      await retry(
        "the plan",
        async () => {
          await page.locator(".customview-tree").first().hover(SOON); // The title's buttons come with the mouse.
          await title.click(SOON);
        },
        page.locator(".tab", { hasText: "Upgrade Plan" }).first(),
      );
      await heading("Django 3.2 → 6.1").waitFor();
      await plan.locator("#uplift-status", { hasText: "The plan is made." }).waitFor();
      await page.locator(".tab.active", { hasText: "Upgrade Plan: Django 3.2 → 6.1" }).waitFor();
      await settled(page);
      await shot("plan-dark");
      await command(page, "Preferences: Toggle between Light/Dark Themes");
      await plan.locator("body.vscode-light").waitFor();
      await settled(page);
      await shot("plan-light");
      await command(page, "Preferences: Toggle between Light/Dark Themes");
      await plan.locator("body.vscode-dark").waitFor();
      // Nothing but our own script runs.
      const injected = await plan.locator("body").evaluate(async (body) => {
        body.insertAdjacentHTML("beforeend", '<img id="trap" src="x:" onerror="window.trapped = true">');
        const script = document.createElement("script");
        script.textContent = "window.trapped = true";
        body.append(script);
        await new Promise((done) => setTimeout(done, 200));
        return { trapped: window.trapped === true, styled: getComputedStyle(body).margin };
      });
      if (injected.trapped || injected.styled !== "0px") throw new Error(JSON.stringify(injected));
      // By keyboard alone: unfold a list, and follow a link of it.
      const list = plan.locator("details", { has: plan.locator('a.place[data-rule="DUR4001"]') }).first();
      await list.locator("summary").focus();
      await page.keyboard.press("Enter");
      await list.locator('a.place[data-path="shop/app.py"]').waitFor();
      await shot("plan-places");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".tab.active", { hasText: "ignored.py" }).waitFor();
      const selection = (text) => page.locator("#status\\.editor\\.selection", { hasText: text }).waitFor();
      await selection(/Ln 1, Col \d+ \(10 selected\)/);
      // Behind a character that is one to Python, and two to VS Code.
      const zone = plan.locator('details:has(a.place[data-path="shop/times.py"])').first();
      await zone.locator("summary").click();
      await zone.locator("a.place").first().click();
      await page.locator(".tab.active", { hasText: "times.py" }).first().waitFor();
      await selection("Ln 3, Col 32 (3 selected)"); // The status bar counts characters, too.
      await shot("plan-jump");
      // Other releases, and what can't be.
      await plan.locator("#uplift-to").selectOption("4.2");
      await heading("Django 3.2 → 4.2").waitFor();
      await plan
        .locator("details[open]", { has: plan.locator('a.place[data-rule="DUR4001"]') })
        .first()
        .waitFor();
      await plan.locator("#uplift-from").selectOption("5.2");
      await plan.locator("#uplift-problem", { hasText: "There is no way back" }).waitFor();
      await shot("plan-refused");
      await plan.locator("#uplift-from").selectOption("");
      await heading("Django 3.2 → 4.2").waitFor();
      await plan.locator("#uplift-problem").waitFor({ state: "hidden" });
      // A reload of the window.
      await command(page, "Developer: Reload Window");
      await plan.locator("body").waitFor({ state: "detached" });
      await heading("Django 3.2 → 4.2").waitFor();
    },
  },
  ui_async: {
    title:
      "a query on the loop is marked; a helper is made async with its callers, all of them ticked in the preview",
    scenario: {
      files: {
        ...ASYNC_SHOP,
        ".vscode/settings.json": { "djangoUplift.codeLens": true, "djangoUplift.inlayHints": true },
      },
    },
    async run({ server, page, shot }) {
      await start({ server, page }, "shop/views.py");
      await page.locator(".codelens-decoration", { hasText: "1 query on the event loop" }).first().waitFor();
      await page
        .locator(".view-line", { hasText: "query on the loop: Order.objects.latest()" })
        .first()
        .waitFor();
      const action = page.locator(".action-widget .action", { hasText: "Make newest() async" }).first();
      await retry(
        "the refactoring",
        async () => {
          await command(page, "Go to Next Problem (Error, Warning, Info)");
          await page.keyboard.press("Escape");
          await page.keyboard.press("Control+.");
        },
        action,
      );
      await shot("async");
      await action.click();
      const apply = page.locator(".part.panel .monaco-button", { hasText: "Apply" }).first();
      await apply.waitFor();
      await settled(page);
      await shot("async-preview");
      const boxes = page.locator(
        ".part.panel .monaco-list-row [role=checkbox], .part.panel .monaco-list-row input",
      );
      const ticked = await boxes.evaluateAll((all) =>
        all.map((box) => box.checked ?? box.getAttribute("aria-checked") === "true"),
      );
      if (ticked.length < 4 || ticked.includes(false)) throw new Error(`ticked: ${ticked}`);
      await apply.click();
      await apply.waitFor({ state: "hidden" });
      await command(page, "File: Save All Files");
      const saved = { "shop/helpers.py": "async def newest", "shop/views.py": "order = await newest()" };
      for (const [name, text] of Object.entries(saved)) {
        await until(`${name} to be async`, () =>
          fs.readFileSync(path.join(server.workspace, name), "utf8").includes(text),
        );
      }
    },
  },
  ui_missing: {
    title: "without Python one message says what to do, in words",
    scenario: { files: SHOP, env: withoutPython },
    async run({ server, page, shot }) {
      // No file is opened by keyboard: Escape would close the message.
      await start({ server, page });
      const toast = page.locator(".notification-toast", { hasText: "found no Python" });
      await toast.waitFor({ timeout: 60_000 });
      const text = await toast.innerText();
      for (const button of ["Select Interpreter", "Open Settings", "Show Log"]) {
        if (!text.includes(button)) throw new Error(`no button ${button} in: ${text}`);
      }
      await shot("no-python");
      await toast.locator(".monaco-button", { hasText: "Show Log" }).click();
      await page.locator(".part.panel", { hasText: "Output" }).waitFor();
      // The output takes the focus when it comes, and Enter with it.
      await retry(
        "open the walkthrough",
        () => command(page, "Django Uplift: Open Walkthrough"),
        page.locator(".gettingStartedContainer", { hasText: "Choose the target" }).first(),
      );
      await sleep(500);
      await shot("walkthrough");
      await retry(
        "open the settings",
        () => command(page, "Django Uplift: Open Settings"),
        page.locator(".settings-editor", { hasText: "Diagnostic Mode" }).first(),
      );
      await shot("settings");
    },
  },
};
