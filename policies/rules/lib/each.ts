/**
 * Collects what `check` finds in each of `count` items. An item with a value that is not known yet (the judge throws
 * `Unproven` and remembers it) does not keep the others from being checked.
 */
export function each<F>(count: number, check: (index: number) => readonly F[]): F[] {
  const found: F[] = [];
  for (let index = 0; index < count; index++) found.push(...attempt(() => check(index)));
  return found;
}

/** What `check` finds, or nothing where it meets a value that is not known yet. */
export function attempt<F>(check: () => readonly F[]): readonly F[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof Error && error.name === "Unproven") return [];
    throw error;
  }
}
