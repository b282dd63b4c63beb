import { credentials } from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

/** What is told to the person at the engine's terminal, each line about a resource (its URN). */
export interface EngineLog {
  /** Shown live beside the resource and then forgotten. */
  status(urn: string, text: string): void;
  info(urn: string, text: string): void;
  warn(urn: string, text: string): void;
  /** Resolves when everything told so far has arrived. */
  flush(): Promise<void>;
  close(): void;
}

/**
 * A log to the engine at this address, one line after the other: the engine takes calls at once in any order. A line
 * that cannot be told is dropped: it must never fail the operation.
 */
export function openEngineLog(address: string): EngineLog {
  const client = new engineService.EngineClient(address, credentials.createInsecure());
  let told: Promise<void> = Promise.resolve();
  const tell = (
    severity: engine.LogSeverity,
    urn: string,
    text: string,
    ephemeral: boolean,
  ): void => {
    const request = new engine.LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(text);
    request.setEphemeral(ephemeral);
    told = told.then(() => new Promise((resolve) => client.log(request, () => resolve())));
  };
  return {
    status: (urn, text) => tell(engine.LogSeverity.INFO, urn, text, true),
    info: (urn, text) => tell(engine.LogSeverity.INFO, urn, text, false),
    warn: (urn, text) => tell(engine.LogSeverity.WARNING, urn, text, false),
    flush: () => told,
    close: () => client.close(),
  };
}
