import type grpc from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { pathText, type Change } from "../kubernetes/diff.ts";
import type { Values } from "../kubernetes/values.ts";
import { failureAnswer } from "../serve.ts";
import type { Difference, Made } from "./player.ts";

/** Thrown for a resource that exists although its creation failed: the engine keeps it in state with the reason. */
export class HalfMadeError extends Error {
  readonly made: Made;
  readonly inputs: Values;
  constructor(message: string, made: Made, inputs: Values) {
    super(message);
    this.made = made;
    this.inputs = inputs;
  }
}

/** An error as gRPC carries it, without the given secrets. */
export const failureOf = (error: unknown, secrets: readonly string[]): Partial<grpc.StatusObject> =>
  failureAnswer(
    error,
    secrets,
    error instanceof HalfMadeError ? { ...error.made, inputs: error.inputs } : undefined,
  );

/** A difference as the engine takes it: paths with the kind of change, and those that replace. */
export function diffAnswer({ changes, replacing, deleteFirst }: Difference): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse();
  response.setHasdetaileddiff(true);
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList([...new Set(replacing.map(({ path }) => String(path[0])))]);
  response.setDeletebeforereplace(deleteFirst);
  for (const change of changes) {
    const detail = new proto.PropertyDiff();
    detail.setKind(KINDS[change.kind][replacing.includes(change) ? 1 : 0]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(pathText(change.path), detail);
  }
  return response;
}

const { Kind } = proto.PropertyDiff;
const KINDS: Readonly<
  Record<Change["kind"], readonly [proto.PropertyDiff.Kind, proto.PropertyDiff.Kind]>
> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};
