/** The log that users read, and a facade that gives the protocol's trace a setting of its own. */
import * as vscode from "vscode";
import { SECTION } from "./settings";

export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel("Django Uplift", { log: true });
}

/** One line about anything that was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A channel for the protocol's trace.
 *
 * The client library traces when its channel's level is Trace, which users must set by a command that is hard to
 * find. Here the level follows from the setting `djangoUplift.trace.server`, and lines appear at once.
 */
export class TraceChannel implements vscode.LogOutputChannel {
  private readonly changed = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly listener: vscode.Disposable;
  readonly onDidChangeLogLevel = this.changed.event;
  readonly name: string;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.name = log.name;
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.trace.server`)) {
        this.changed.fire(this.logLevel);
      }
    });
  }

  get logLevel(): vscode.LogLevel {
    const wanted = vscode.workspace.getConfiguration(SECTION).get<string>("trace.server", "off");
    return wanted === "off" ? vscode.LogLevel.Info : vscode.LogLevel.Trace;
  }

  trace(message: string): void {
    this.log.info(`[trace] ${message}`);
  }

  debug(message: string): void {
    this.trace(message);
  }

  info(message: string, ...args: unknown[]): void {
    this.log.info(message, ...args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.log.warn(message, ...args);
  }

  error(message: string | Error, ...args: unknown[]): void {
    this.log.error(message, ...args);
  }

  append(value: string): void {
    this.log.append(value);
  }

  appendLine(value: string): void {
    this.log.appendLine(value);
  }

  replace(value: string): void {
    this.log.replace(value);
  }

  clear(): void {
    this.log.clear();
  }

  show(): void {
    this.log.show(true);
  }

  hide(): void {
    this.log.hide();
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}
