/** What the server knows of the project that the user is looking at, and the target that the user is trying out. */
import * as vscode from "vscode";
import { reason } from "./log";
import type { Server } from "./server";
import { firstFolder } from "./settings";

export interface ProjectInformation {
  readonly root: string;
  readonly configuration: string | null;
  readonly target: { readonly release: string; readonly origin: string };
  /** What the target would be if no target-version were set. */
  readonly detected: { readonly release: string; readonly origin: string };
  readonly fromVersion: string | null;
  readonly releases: readonly string[];
}

const TRIAL = "trialTarget";
/** Lets quick successions of events cost one question. */
const CALM_MS = 100;

export class Project implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private known: ProjectInformation | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly server: Server,
    private readonly state: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const soon = (): void => {
      this.refreshSoon();
    };
    this.listeners = vscode.Disposable.from(
      server.onDidChangeState((now) => {
        if (now.kind === "running") {
          void this.resume();
        } else {
          this.become(undefined);
        }
      }),
      vscode.window.onDidChangeActiveTextEditor(soon),
      vscode.workspace.onDidChangeConfiguration(soon),
      // Requirements and pyproject.toml tell the target.
      vscode.workspace.onDidSaveTextDocument(soon),
    );
  }

  get information(): ProjectInformation | undefined {
    return this.known;
  }

  /** The target that is tried out, above all settings. */
  get trial(): string | undefined {
    return this.state.get<string>(TRIAL);
  }

  /** Check for another release, without writing it down anywhere; undefined ends that. */
  async tryTarget(release: string | undefined): Promise<void> {
    await this.state.update(TRIAL, release);
    await this.server.execute("djangoUplift.setTargetVersion", release ?? "");
    await this.refresh();
  }

  /** The release that the project comes from. */
  get from(): string | undefined {
    return this.known?.fromVersion ?? this.known?.detected.release;
  }

  async refresh(): Promise<void> {
    if (this.server.state.kind !== "running") {
      return;
    }
    try {
      const document = vscode.window.activeTextEditor?.document.uri;
      const uri = document?.scheme === "file" ? document : firstFolder();
      this.become(
        (await this.server.execute<ProjectInformation | null>(
          "djangoUplift.projectInformation",
          uri?.toString() ?? null,
        )) ?? undefined,
      );
    } catch (error) {
      // An older server from the environment may not know the command.
      this.log.debug(`no project information: ${reason(error)}`);
      this.become(undefined);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.dispose();
    this.changed.dispose();
  }

  private async resume(): Promise<void> {
    const { trial } = this;
    if (trial !== undefined) {
      try {
        await this.server.execute("djangoUplift.setTargetVersion", trial);
      } catch (error) {
        this.log.warn(`the target ${trial} can't be tried any more: ${reason(error)}`);
        await this.state.update(TRIAL, undefined);
      }
    }
    await this.refresh();
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), CALM_MS);
  }

  private become(information: ProjectInformation | undefined): void {
    this.known = information;
    this.changed.fire();
  }
}
