// Collects the texts that src/ hands to vscode.l10n.t into l10n/bundle.l10n.json, which translators copy.
// With --check it only says whether that file is up to date.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const target = path.join(root, "l10n/bundle.l10n.json");
const texts = new Set();

for (const name of fs.readdirSync(path.join(root, "src"))) {
  const code = fs.readFileSync(path.join(root, "src", name), "utf8");
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(tree) === "vscode.l10n.t") {
      const [text] = node.arguments;
      if (!text || !ts.isStringLiteralLike(text)) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
        throw new Error(`src/${name}:${line + 1}: the text to translate must be a plain string`);
      }
      texts.add(text.text);
    }
    ts.forEachChild(node, visit);
  };
  const tree = ts.createSourceFile(name, code, ts.ScriptTarget.Latest);
  visit(tree);
}

const bundle = `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (fs.readFileSync(target, "utf8") !== bundle) {
    console.error("l10n/bundle.l10n.json is out of date: run node scripts/l10n.mjs");
    process.exit(1);
  }
} else {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, bundle);
}
