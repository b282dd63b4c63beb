/** Where a piece of a plan came from. Lines are looked up when shown, so that moving a line changes no plan. */
export type Origin =
  | {
      readonly from: "descriptor" | "environment" | "release";
      /** Relative to the root. */
      readonly file: string;
      /** Dotted path in that file. */
      readonly path: string;
    }
  | { readonly from: "flag"; readonly flag: string }
  | { readonly from: "default"; readonly reason: string };

/** A place in a file, 1-based. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Looks up where a path of a file stands; the nearest parent that exists answers for a path that does not. */
export interface Positions {
  at(file: string, path: string): Position | undefined;
}
