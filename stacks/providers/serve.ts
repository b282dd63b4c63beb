import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import { encode, redact, type Values } from "./kubernetes/values.ts";

export type Unary<Q, A> = grpc.handleUnaryCall<Q, A>;

/** What a failed operation leaves behind, which the engine keeps in state. */
export interface Remainder {
  readonly id: string;
  readonly outputs: Values;
  readonly inputs: Values;
}

/** A running provider. */
export interface Served {
  /** On the loopback interface. */
  port: number;
  close(): Promise<void>;
}

/** Serves a provider's calls over gRPC on a free loopback port, until `signal` aborts or it is closed. */
export async function serveCalls(
  calls: grpc.UntypedServiceImplementation,
  { signal, ending }: { readonly signal?: AbortSignal | undefined; readonly ending: () => void },
): Promise<Served> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(service.ResourceProviderService as unknown as grpc.ServiceDefinition, calls);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const close = async (): Promise<void> => {
    ending();
    server.forceShutdown();
  };
  signal?.addEventListener("abort", () => void close(), { once: true });
  return { port, close };
}

/** The answer to a call that this provider does not serve. */
export const unsupported =
  (details: string): Unary<unknown, never> =>
  (_, callback) =>
    callback({ code: grpc.status.UNIMPLEMENTED, details });

/** An error as gRPC carries it, without the given secrets; what it leaves behind travels in the details. */
export function failureAnswer(
  error: unknown,
  secrets: readonly string[],
  left?: Remainder,
): Partial<grpc.StatusObject> {
  const message = redact(error instanceof Error ? error.message : String(error), secrets);
  const cancelled = error instanceof Error && error.name === "CancelledError";
  const code = cancelled ? grpc.status.CANCELLED : grpc.status.UNKNOWN;
  if (!left) return { code, details: message };
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(left.id);
  detail.setProperties(encode(left.outputs.value, left.outputs.secrets));
  detail.setInputs(encode(left.inputs.value, left.inputs.secrets));
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

/** An input that Check refuses. */
export function refusalMessage({
  property,
  reason,
}: {
  readonly property: string;
  readonly reason: string;
}): proto.CheckFailure {
  const failure = new proto.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}
