import type { Sketch, SketchUse } from "./sketch.ts";

/** Numbers from a seed: the same seed, the same edits. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return Math.floor((state / 2 ** 31) * below);
  };
}

export const EDITS = [
  "rename the service",
  "rename a resource",
  "move the folder",
  "re-parent a resource",
  "resize",
  "change a class",
  "remove a resource",
  "rename a resource and say nothing",
  "swap the kind",
] as const;
export type Edit = (typeof EDITS)[number];

/** Edits that take something with data away, and are refused without a consent. */
export const LOSES: ReadonlySet<Edit> = new Set([
  "re-parent a resource",
  "remove a resource",
  "rename a resource and say nothing",
]);

export interface Edited {
  readonly edit: Edit;
  readonly sketches: readonly Sketch[];
  /** Names that the changed services began with. */
  readonly touched: readonly string[];
}

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  postgres: ["default", "ha", "reporting"],
  redis: ["default", "sessions"],
};
const SIZES = ["small", "medium", "large"];
const began = ({ name, was }: Sketch): string => was?.[0] ?? name;

/** Ten services with state of several types, in both kinds. */
export const tenServices = (types: readonly string[], prefix = "service"): Sketch[] =>
  Array.from({ length: 10 }, (_, index) => ({
    name: `${prefix}-${index}`,
    folder: `folder-${index}`,
    kind: index % 2 === 0 ? "ServiceRequest" : "Score",
    cpu: "100m",
    uses: Object.fromEntries(
      [0, 1].map((place): [string, SketchUse] => {
        const type = types[(index + place) % types.length]!;
        const [of, className] = type.split("/") as [string, string | undefined];
        return [
          `${of}-${place}`,
          { type: of, ...(className !== undefined && { class: className }) },
        ];
      }),
    ),
  }));

/** One random edit, as a person would make it; undefined where the service drawn has nothing to edit so. */
export function editOf(
  sketches: readonly Sketch[],
  next: (below: number) => number,
  step: number,
  wanted?: Edit,
): Edited | undefined {
  const edit = wanted ?? EDITS[next(EDITS.length)]!;
  const index = next(sketches.length);
  const sketch = sketches[index]!;
  const names = Object.keys(sketch.uses);
  const key = names[next(Math.max(1, names.length))];
  const use = key === undefined ? undefined : sketch.uses[key];
  const others = Object.fromEntries(Object.entries(sketch.uses).filter(([name]) => name !== key));
  const changed = (over: Partial<Sketch>, also: readonly Sketch[] = []): Edited => ({
    edit,
    sketches: sketches.map(
      (one, at) =>
        also.find((other) => began(other) === began(one)) ??
        (at === index ? { ...one, ...over } : one),
    ),
    touched: [began(sketch), ...also.map(began)],
  });
  if (edit === "rename the service")
    return changed({
      name: `renamed-${step}`,
      was: [...(sketch.was ?? []), sketch.name],
    });
  if (edit === "move the folder") return changed({ folder: `moved-${step}` });
  if (edit === "swap the kind")
    return changed({ kind: sketch.kind === "Score" ? "ServiceRequest" : "Score" });
  if (key === undefined || use === undefined) return undefined;
  if (edit === "rename a resource")
    return changed({
      uses: { ...others, [`resource-${step}`]: { ...use, was: [...(use.was ?? []), key] } },
    });
  if (edit === "rename a resource and say nothing") {
    const { was: _, ...bare } = use;
    return changed({ uses: { ...others, [`forgotten-${step}`]: bare } });
  }
  if (edit === "resize") {
    if (!["postgres", "redis"].includes(use.type) || next(2) === 0)
      return changed({ cpu: `${100 + 50 * next(8)}m` });
    return changed({ uses: { ...others, [key]: { ...use, size: SIZES[next(SIZES.length)]! } } });
  }
  if (edit === "change a class") {
    const classes = CLASSES[use.type];
    if (!classes || use.class === "in-cluster") return undefined;
    return changed({
      uses: { ...others, [key]: { ...use, class: classes[next(classes.length)]! } },
    });
  }
  if (edit === "remove a resource") return changed({ uses: others });
  const target = sketches[(index + 1 + next(sketches.length - 1)) % sketches.length]!;
  if (target === sketch) return undefined;
  const { was: _, ...bare } = use;
  return changed({ uses: others }, [
    { ...target, uses: { ...target.uses, [`taken-${step}`]: bare } },
  ]);
}
