/** Edits (insert, delete, replace, swap of neighbours) from one word to another: optimal string alignment. */
function distance(a: string, b: string): number {
  const width = b.length + 1;
  const cell = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => cell[i * width + j]!;
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        cell[i * width + j] = i + j;
        continue;
      }
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(i - 2, j - 2) + 1);
      cell[i * width + j] = best;
    }
  }
  return at(a.length, b.length);
}

/** The candidate meant by a mistyped word, or undefined where none is near (a third of the longer word, at least 1). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > 100) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const steps = distance(lower, candidate.toLowerCase());
    if (steps <= limit && steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}
