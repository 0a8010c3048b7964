/** What only our tests turn on. */
import type { StaticFeature } from "vscode-languageclient/node";

/** DJANGO_UPLIFT_TEST_PUSH=1 makes this a client that can't pull diagnostics, as older ones are. */
export function testFeatures(): StaticFeature[] {
  if (process.env.DJANGO_UPLIFT_TEST_PUSH !== "1") {
    return [];
  }
  return [
    {
      fillClientCapabilities(capabilities) {
        delete capabilities.textDocument?.diagnostic;
      },
      initialize: () => undefined,
      getState: () => ({ kind: "static" }),
      clear: () => undefined,
    },
  ];
}
