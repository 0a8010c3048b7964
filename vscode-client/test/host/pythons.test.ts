import * as assert from "node:assert/strict";
import { isNewEnough, pythons } from "../pythons";
import { diagnostics, running, set, show, suite, until, uri } from "./harness";

const found = [...pythons()].filter(([version]) => isNewEnough(version));

export const run = suite(
  Object.fromEntries(
    found.map(([version, python]) => [
      `the installed extension checks files on Python ${version}`,
      async () => {
        const uplift = await running();
        const before = uplift.state;
        await set("interpreter", [python]);
        await until(
          "the other Python",
          () => uplift.state !== before && uplift.state.kind === "running" && uplift.state,
        );
        assert.ok(uplift.state.kind === "running" && uplift.state.interpreter.version.startsWith(version));
        await show("shop/app.py");
        await until("2 diagnostics", () => diagnostics(uri("shop/app.py")).length === 2);
      },
    ]),
  ),
);
