/** What keeps the server from running, in words for the user. */
export type Remedy = "selectInterpreter" | "showLog" | "restart";

/** An error whose message may be shown as it is: it says what is wrong and what to do. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly remedy: Remedy,
  ) {
    super(message);
    this.name = "Problem";
  }
}
