/** Edits (insert, delete, replace, swap neighbours) between two words: optimal string alignment. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The closest of the candidates, where one is close enough to be meant. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** `did you mean x?`, or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const best = closest(word, candidates);
  return best === undefined ? undefined : `did you mean ${best}?`;
}

/** `a, b or c`, for what is allowed. */
export const choiceOf = (words: readonly string[]): string => listOf(words, "or");

/** `a, b and c`; each once, and more than `most` are cut to the first ten. */
export function listOf(all: readonly string[], last = "and", most = 12): string {
  const words = [...new Set(all)];
  const shown = words.length > most ? [...words.slice(0, 10), `${words.length - 10} more`] : words;
  return shown.length < 2
    ? (shown[0] ?? "nothing")
    : `${shown.slice(0, -1).join(", ")} ${last} ${shown.at(-1)}`;
}
