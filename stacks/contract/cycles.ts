/**
 * Cycles of a graph (node → nodes it depends on): as many as it takes until none is left, each from its first name on,
 * closed by repeating it (`a`, `b`, `a`). Nodes that nothing is known of are ignored.
 */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const left = new Map(
    [...graph].sort(([a], [b]) => (a < b ? -1 : 1)).map(([node, to]) => [node, [...to].sort()]),
  );
  const cycles: string[][] = [];
  for (;;) {
    dropLeaves(left);
    const [start] = left.keys();
    if (start === undefined) return cycles;
    // Every node left has a dependency that is left, so that the walk must come round.
    const walked: string[] = [];
    let node = start;
    while (!walked.includes(node)) {
      walked.push(node);
      node = left.get(node)?.find((next) => left.has(next)) ?? node;
    }
    const round = walked.slice(walked.indexOf(node));
    const first = round.indexOf([...round].sort()[0] ?? node);
    const cycle = [...round.slice(first), ...round.slice(0, first)];
    cycles.push([...cycle, cycle[0] ?? node]);
    for (const member of cycle) left.delete(member);
  }
}

/** Takes out every node whose dependencies are all out. */
function dropLeaves(left: Map<string, readonly string[]>): void {
  const waiting = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [node, to] of left) {
    const present = to.filter((next) => left.has(next));
    waiting.set(node, present.length);
    for (const next of present) dependants.set(next, [...(dependants.get(next) ?? []), node]);
    if (present.length === 0) ready.push(node);
  }
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    left.delete(node);
    for (const dependant of dependants.get(node) ?? []) {
      const count = (waiting.get(dependant) ?? 0) - 1;
      waiting.set(dependant, count);
      if (count === 0) ready.push(dependant);
    }
  }
}
