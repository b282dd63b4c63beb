import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { CancelledError } from "./failure.ts";
import type { Left } from "./lifecycle.ts";
import { encode, redact, type Values } from "./values.ts";

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

/** An error as gRPC carries it, without the given secrets; an object that is not ready travels in the details. */
export function failureOf(error: unknown, secrets: readonly string[]): Partial<grpc.StatusObject> {
  const message = redact(error instanceof Error ? error.message : String(error), secrets);
  const code = error instanceof CancelledError ? grpc.status.CANCELLED : grpc.status.UNKNOWN;
  if (!(error instanceof UnreadyError)) return { code, details: message };
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.left.id);
  detail.setProperties(encode(error.left.outputs.value, error.left.outputs.secrets));
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
