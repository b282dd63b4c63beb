/**
 * Thrown where a rule reads a value that is not known yet. Recognised by its name, since rules share no code with the
 * judge and a bundle may hold two copies of this class.
 */
export class Unproven extends Error {
  override readonly name = "Unproven";

  /** @param path Where the value stands in the resource's props, such as `spec.containers[0].image`. */
  constructor(readonly path: string) {
    super(`${path} is not known yet`);
  }

  static is(error: unknown): error is Unproven {
    return error instanceof Error && error.name === "Unproven";
  }
}
