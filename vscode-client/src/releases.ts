/** Django's feature releases, such as "5.2". */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((release) => release.split(".").map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** "Django 4.2 → 5.2", or "Django 5.2" where the project is already there. */
export function journey(from: string | undefined, target: string): string {
  return from !== undefined && compareReleases(from, target) < 0
    ? `Django ${from} → ${target}`
    : `Django ${target}`;
}
