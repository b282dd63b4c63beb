import { RULES } from "../../policies/rules/index.ts";
import { type Hearing, serveAnalyzer } from "./analyzer.ts";

/** What the carrier process is told. */
export type CarrierRequest =
  | { readonly id: number; readonly open: Hearing }
  | { readonly id: number; readonly close: number };
/** What it answers. */
export type CarrierReply =
  | { readonly id: number; readonly port: number }
  | { readonly id: number; readonly error: string };

const open = new Map<number, () => void>();

async function handle(request: CarrierRequest): Promise<number> {
  if ("open" in request) {
    const { port, close } = await serveAnalyzer(request.open, RULES);
    open.set(port, close);
    return port;
  }
  open.get(request.close)?.();
  open.delete(request.close);
  return request.close;
}

process.on("message", (request: CarrierRequest) => {
  const reply = (message: CarrierReply) => process.send?.(message);
  handle(request).then(
    (port) => reply({ id: request.id, port }),
    (error: unknown) => reply({ id: request.id, error: String(error) }),
  );
});
// The carrier lives as long as the process that forked it, and no longer; that may have let go while this loaded.
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
