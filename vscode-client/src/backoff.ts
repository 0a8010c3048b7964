/** When a server that keeps dying is started again, and when no longer. */
export interface BackoffLimits {
  /** Deaths within `windowMs` after which to give up. */
  readonly deaths: number;
  readonly windowMs: number;
  /** The wait after the first death; it doubles with each further one, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
}

export const LIMITS: BackoffLimits = { deaths: 5, windowMs: 180_000, firstMs: 250, longestMs: 10_000 };

export class Backoff {
  private times: number[] = [];

  constructor(private readonly limits: BackoffLimits = LIMITS) {}

  /** How many milliseconds to wait after a death at `now`; undefined to give up. */
  died(now: number): number | undefined {
    const { deaths, windowMs, firstMs, longestMs } = this.limits;
    this.times = [...this.times.filter((time) => now - time < windowMs), now];
    return this.times.length >= deaths
      ? undefined
      : Math.min(firstMs * 2 ** (this.times.length - 1), longestMs);
  }

  forget(): void {
    this.times = [];
  }
}
