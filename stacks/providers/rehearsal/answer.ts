import any from "google-protobuf/google/protobuf/any_pb.js";
import grpc from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { pathText, type Change } from "../kubernetes/diff.ts";
import { encode, redact, type Values } from "../kubernetes/values.ts";
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
export function failureOf(error: unknown, secrets: readonly string[]): Partial<grpc.StatusObject> {
  const message = redact(error instanceof Error ? error.message : String(error), secrets);
  const cancelled = error instanceof Error && error.name === "CancelledError";
  const code = cancelled ? grpc.status.CANCELLED : grpc.status.UNKNOWN;
  if (!(error instanceof HalfMadeError)) return { code, details: message };
  const detail = new proto.ErrorResourceInitFailed();
  const { id, outputs } = error.made;
  detail.setId(id);
  detail.setProperties(encode(outputs.value, outputs.secrets));
  detail.setInputs(encode(error.inputs.value, error.inputs.secrets));
  detail.setReasonsList([message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status();
  answer.setCode(code);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code, details: message, metadata };
}

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
