/** The server's process and the client that talks to it: started, watched, restarted, stopped. */
import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type StaticFeature,
} from "vscode-languageclient/node";
import { Backoff } from "./backoff";
import { launch } from "./launch";
import { reason, TraceChannel } from "./log";
import { middleware } from "./middleware";
import { Problem } from "./problem";
import { firstChoice, startOnPython, type Interpreter, type Memory } from "./python";
import { firstFolder, launchSettings, settingsForServer, type LaunchSettings } from "./settings";

export type ServerState =
  | { readonly kind: "stopped" }
  | { readonly kind: "disabled" }
  | { readonly kind: "starting" }
  | {
      readonly kind: "running";
      readonly interpreter: Interpreter;
      readonly version: string;
      readonly pid: number | undefined;
    }
  | { readonly kind: "waiting"; readonly milliseconds: number }
  | { readonly kind: "failed"; readonly problem: Problem };

/** What VS Code and its Django extensions call Python files and templates. The server tells those of Jinja apart. */
export const LANGUAGES = ["python", "html", "django-html", "django-txt"] as const;

/** Ask a dying process to go before making it. */
const GRACE_MS = 2_000;

export class Server implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ServerState>();
  readonly onDidChangeState = this.changed.event;
  private current: ServerState = { kind: "stopped" };
  private client: LanguageClient | undefined;
  private process: ChildProcess | undefined;
  private readonly backoff = new Backoff();
  private timer: NodeJS.Timeout | undefined;
  /** Starts and stops run one after the other, whatever asks for them meanwhile. */
  private queue: Promise<void> = Promise.resolve();
  private readonly trace: TraceChannel;
  /** When the newest process was started, as by performance.now(). */
  launchedAt: number | undefined;

  constructor(
    private readonly extension: Pick<vscode.ExtensionContext, "asAbsolutePath" | "globalStorageUri">,
    private readonly log: vscode.LogOutputChannel,
    private readonly memory: Memory,
    private readonly features: readonly StaticFeature[] = [],
  ) {
    this.trace = new TraceChannel(log);
  }

  /** The URI of a file that is there, as VS Code sees it. */
  get existing(): string {
    return vscode.Uri.file(this.extension.asAbsolutePath("package.json")).toString();
  }

  get state(): ServerState {
    return this.current;
  }

  /** Start, or start anew. Never rejects: what goes wrong becomes the state. */
  restart(): Promise<void> {
    this.backoff.forget();
    return this.enqueue(() => this.start());
  }

  /** Start anew if another interpreter is selected now: extensions tell of selections that are none. */
  async reselect(): Promise<void> {
    const { state, log } = this;
    const command = await firstChoice(launchSettings().interpreter, log);
    if (state.kind !== "running" || command?.join("\0") !== state.interpreter.command.join("\0")) {
      await this.restart();
    }
  }

  stop(): Promise<void> {
    return this.enqueue(async () => {
      await this.end();
      this.become({ kind: "stopped" });
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    void this.stop().finally(() => {
      this.changed.dispose();
      this.trace.dispose();
    });
  }

  /** Have the server run one of its commands. Throws a `Problem` where it does not run. */
  async execute<Result>(command: string, ...args: unknown[]): Promise<Result> {
    return (await this.running().sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: args,
    })) as Result;
  }

  running(): LanguageClient {
    if (this.client === undefined || this.current.kind !== "running") {
      throw new Problem(vscode.l10n.t("The Django Uplift server is not running."), "restart");
    }
    return this.client;
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch((error: unknown) => {
      this.log.error(reason(error));
    });
    return this.queue;
  }

  private become(state: ServerState): void {
    this.current = state;
    this.changed.fire(state);
  }

  private async start(): Promise<void> {
    await this.end();
    const settings = launchSettings();
    if (!settings.enable) {
      this.become({ kind: "disabled" });
      return;
    }
    this.become({ kind: "starting" });
    try {
      const {
        process: child,
        interpreter,
        at,
      } = await startOnPython(
        settings.interpreter,
        (program) => this.launch(program, settings),
        this.log,
        this.memory,
      );
      this.process = child;
      this.launchedAt = at;
      child.once("exit", (code, signal) => {
        this.log.debug(`process ${child.pid ?? "?"} ended: ${signal ?? code ?? "?"}`);
        this.died(child);
      });
      this.log.info(
        `Python ${interpreter.version} from ${interpreter.origin}: ${interpreter.command.join(" ")}`,
      );
      const client = this.makeClient(child);
      this.client = client;
      await untilExit(child, client.start());
      const version = client.initializeResult?.serverInfo?.version ?? "";
      this.log.info(`django-uplift ${version} runs as process ${child.pid ?? "?"}`);
      this.become({ kind: "running", interpreter, version, pid: child.pid });
    } catch (error) {
      await this.end();
      this.log.error(reason(error));
      const problem =
        error instanceof Problem
          ? error
          : new Problem(vscode.l10n.t("The Django Uplift server could not be started."), "showLog");
      this.become({ kind: "failed", problem });
    }
  }

  private launch(program: readonly string[], settings: LaunchSettings): ReturnType<typeof launch> {
    return launch(
      {
        program,
        launcher: this.extension.asAbsolutePath(path.join("bundled", "launch.py")),
        strategy: settings.importStrategy,
        args: settings.args,
        cache: path.join(this.extension.globalStorageUri.fsPath, "pycache"),
      },
      (line) => {
        this.log.warn(line);
      },
    );
  }

  private makeClient(child: ChildProcess): LanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: [
        ...["file", "untitled"].flatMap((scheme) => LANGUAGES.map((language) => ({ scheme, language }))),
        // Templates of mails: a text file is one by its folder.
        { scheme: "file", language: "plaintext", pattern: "**/templates/**/*.txt" },
        { notebook: { notebookType: "jupyter-notebook", scheme: "file" }, language: "python" },
        { notebook: { notebookType: "jupyter-notebook", scheme: "untitled" }, language: "python" },
      ],
      outputChannel: this.log,
      traceOutputChannel: this.trace,
      // It is listened to since the process started.
      stdioOptions: { stdout: () => undefined, stderr: () => undefined },
      diagnosticCollectionName: "django-uplift",
      initializationOptions: () => ({
        settings: settingsForServer(firstFolder()),
        workspaceTrusted: vscode.workspace.isTrusted,
      }),
      // A server that can't be initialized is not tried again and again: its words are in the log.
      initializationFailedHandler: (error) => {
        this.log.error(reason(error));
        return false;
      },
      errorHandler: {
        error: (_error, _message, count) => {
          if ((count ?? 0) >= 3) {
            child.kill(); // A client that shuts down by itself would not tell that the connection closed.
          }
          return { action: ErrorAction.Continue, handled: true };
        },
        closed: () => {
          this.died(child);
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: middleware(this.existing),
      markdown: { isTrusted: false, supportHtml: false },
      diagnosticPullOptions: { onChange: true, onSave: false, onTabs: false },
    };
    const client = new LanguageClient("djangoUplift", "Django Uplift", () => Promise.resolve(child), options);
    for (const feature of this.features) {
      client.registerFeature(feature);
    }
    return client;
  }

  /** The process ended, or its connection was closed, and not by us. */
  private died(child: ChildProcess): void {
    if (child !== this.process || this.current.kind !== "running") {
      return; // While it starts, `start` says what is wrong.
    }
    const milliseconds = this.backoff.died(Date.now());
    if (milliseconds === undefined) {
      void this.enqueue(async () => {
        await this.end();
        this.become({
          kind: "failed",
          problem: new Problem(
            vscode.l10n.t("The Django Uplift server keeps stopping, and is not started again."),
            "restart",
          ),
        });
      });
      return;
    }
    this.log.warn(`the server stopped; it is started again in ${milliseconds} ms`);
    this.become({ kind: "waiting", milliseconds });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.current.kind === "waiting") {
        void this.enqueue(() => this.start());
      }
    }, milliseconds);
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer);
    const { client, process: child } = this;
    this.client = undefined;
    this.process = undefined;
    if (client !== undefined) {
      try {
        await client.dispose(GRACE_MS);
      } catch (error) {
        this.log.debug(`stopping: ${reason(error)}`);
      }
    }
    if (child !== undefined && !hasEnded(child)) {
      const kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      child.once("exit", () => {
        clearTimeout(kill);
      });
      child.stdin?.end();
    }
  }
}

/** `start`, or a rejection as soon as the process is gone: then no answer to `initialize` will come. */
async function untilExit(child: ChildProcess, start: Promise<void>): Promise<void> {
  const exit = new Promise<never>((_resolve, reject) => {
    const gone = (): void => {
      reject(new Error("the server's process ended while it started"));
    };
    child.once("exit", gone);
    if (hasEnded(child)) {
      gone();
    }
  });
  await Promise.race([start, exit]);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
