import { Host, type Program } from "./host.ts";
import { problemsOf } from "./outcome.ts";
import type { Reply, Request, Telling } from "./protocol.ts";

/** Milliseconds for which what is told is gathered: a message for each event would cost more than the event. */
const GATHERED = 25;

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
  let gathered: Telling[] = [];
  const flush = (): void => {
    if (gathered.length > 0) tell({ kind: "told", told: gathered });
    gathered = [];
  };
  const gather = (telling: Telling): void => {
    if (gathered.push(telling) === 1) setTimeout(flush, GATHERED);
  };
  const end = (reply: Reply): void => {
    flush();
    tell(reply);
  };
  // A terminal's Ctrl-C is for the parent to decide about; a parent that is gone leaves closed pipes.
  process.on("SIGINT", () => {});
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  let last: Promise<unknown> = host.warm();
  process.on("message", (request: Request) => {
    if (request.kind === "interrupt") host.interrupt();
    else
      last = host.perform(request.job, gather).then(
        (outcome) => end({ kind: "done", outcome }),
        (error: unknown) =>
          end({ kind: "failed", problems: problemsOf(error, "the worker failed") }),
      );
  });
  process.once("disconnect", () => {
    host.interrupt();
    void last.finally(() => process.exit(0));
  });
}
