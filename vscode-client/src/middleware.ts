/** What is changed of the messages between the server and VS Code. */
import {
  CancellationToken,
  CodeActionResolveRequest,
  type Middleware,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { asked } from "./preview";
import { settingsMiddleware } from "./settings";

/** `existing` is the URI of a file that is there. */
export function middleware(existing: string): Middleware {
  return {
    sendRequest: async (type, param, token, next) => {
      const result = await next(type, param, token);
      const method = typeof type === "string" ? type : type.method;
      if (method !== CodeActionResolveRequest.method) {
        return result;
      }
      const { edit } = result as { readonly edit?: WorkspaceEdit };
      return edit === undefined ? result : { ...result, edit: asked(edit, existing) };
    },
    // A command has nothing to be resolved, which the server would refuse.
    resolveCodeAction: (item, token, next) => (item.command === undefined ? next(item, token) : item),
    workspace: {
      ...settingsMiddleware,
      handleApplyEdit: (params, next) =>
        next({ ...params, edit: asked(params.edit, existing) }, CancellationToken.None),
    },
  };
}
