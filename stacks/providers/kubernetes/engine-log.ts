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

/** A log to the engine at this address. A line that cannot be told is dropped: it must never fail the operation. */
export function openEngineLog(address: string): EngineLog {
  const client = new engineService.EngineClient(address, credentials.createInsecure());
  const pending = new Set<Promise<void>>();
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
    const told = new Promise<void>((resolve) => client.log(request, () => resolve()));
    pending.add(told);
    void told.then(() => pending.delete(told));
  };
  return {
    status: (urn, text) => tell(engine.LogSeverity.INFO, urn, text, true),
    info: (urn, text) => tell(engine.LogSeverity.INFO, urn, text, false),
    warn: (urn, text) => tell(engine.LogSeverity.WARNING, urn, text, false),
    flush: async () => void (await Promise.all(pending)),
    close: () => client.close(),
  };
}
