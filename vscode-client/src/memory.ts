/** What is behind shims of interpreters, in a file beside them: VS Code's own storage is the client's, and a remote has other files. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Memory, Remembered } from "./python";

export class FileMemory implements Memory {
  private known: Record<string, Remembered> | undefined;

  constructor(private readonly folder: string) {}

  get(key: string): Remembered | undefined {
    return this.read()[key];
  }

  set(key: string, value: Remembered): void {
    this.known = { ...this.read(), [key]: value };
    try {
      fs.mkdirSync(this.folder, { recursive: true });
      fs.writeFileSync(this.file, JSON.stringify(this.known));
    } catch {
      // Then the shim is started again in the next window.
    }
  }

  private get file(): string {
    return path.join(this.folder, "interpreters.json");
  }

  private read(): Record<string, Remembered> {
    if (this.known === undefined) {
      this.known = {};
      try {
        const told: unknown = JSON.parse(fs.readFileSync(this.file, "utf8"));
        for (const [key, value] of Object.entries(told ?? {})) {
          if (isRemembered(value)) {
            this.known[key] = value;
          }
        }
      } catch {
        // Nothing is known yet, or the file was damaged.
      }
    }
    return this.known;
  }
}

function isRemembered(value: unknown): value is Remembered {
  const { executable, stamps } = (value ?? {}) as Partial<Record<keyof Remembered, unknown>>;
  return typeof executable === "string" && Array.isArray(stamps);
}
