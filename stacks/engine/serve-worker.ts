import { Host, type Program } from "./host.ts";
import { problemsOf } from "./outcome.ts";
import type { Reply, Request } from "./protocol.ts";

/**
 * Makes this process a worker: does the operations that its parent sends, one at a time. When the parent is gone it
 * lets a running engine end in order (one SIGINT) and ends after it, so that the engine is never left alone.
 */
export function serveWorker(program: Program): void {
  // The parent may be gone before this module was loaded: then nobody tells any more.
  if (!process.connected) process.exit(0);
  const host = new Host(program);
  const tell = (reply: Reply): void => {
    if (process.connected) process.send!(reply, undefined, undefined, () => {});
  };
  // A terminal's Ctrl-C is for the parent to decide about; a parent that is gone leaves closed pipes.
  process.on("SIGINT", () => {});
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  let last: Promise<unknown> = host.warm();
  process.on("message", (request: Request) => {
    if (request.kind === "interrupt") host.interrupt();
    else
      last = host.perform(request.job, tell).then(
        (outcome) => tell({ kind: "done", outcome }),
        (error: unknown) =>
          tell({ kind: "failed", problems: problemsOf(error, "the worker failed") }),
      );
  });
  process.once("disconnect", () => {
    host.interrupt();
    void last.finally(() => process.exit(0));
  });
}
