import type grpc from "@grpc/grpc-js";
import { failureAnswer } from "../serve.ts";
import type { Left } from "./lifecycle.ts";
import type { Values } from "./values.ts";

/** Thrown for an object that exists but is not ready: the engine keeps it in state with the reasons. */
class UnreadyError extends Error {
  readonly left: Left;
  readonly inputs: Values;
  constructor(left: Left, inputs: Values) {
    super(left.failure);
    this.left = left;
    this.inputs = inputs;
  }
}

/** Ends the call with the reasons when the object it leaves is not ready. */
export function throwUnready(left: Left, inputs: Values): void {
  if (left.failure !== undefined) throw new UnreadyError(left, inputs);
}

/** An error as gRPC carries it, without the given secrets. */
export const failureOf = (error: unknown, secrets: readonly string[]): Partial<grpc.StatusObject> =>
  failureAnswer(
    error,
    secrets,
    error instanceof UnreadyError ? { ...error.left, inputs: error.inputs } : undefined,
  );
