import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the command is ended; none unless told. */
  readonly timeoutMs?: number;
  /** Lines of each stream that are kept, the last ones. Default 2000: enough to say what went wrong. */
  readonly keep?: number;
  /** Called with each line of either stream. */
  readonly onLine?: (line: string) => void;
}

/** How a command ended. */
export interface RunResult {
  /** Exit code; -1 where it was ended by a signal or the time limit, 127 where there is no such command. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It took longer than `timeoutMs`. */
  readonly timedOut: boolean;
}

const KEEP = 2000;
const GRACE = 3000;

/** Runs a command in a process group of its own, which is ended whole on abort and time-out. Throws only the abort reason. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, timeoutMs, onLine, keep = KEEP } = options;
  signal?.throwIfAborted();
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
  for (const stream of ["stdout", "stderr"] as const) {
    createInterface({ input: child[stream] }).on("line", (line) => {
      if (lines[stream].push(line) > keep) lines[stream].shift();
      onLine?.(line);
    });
  }
  const end = (): void => endGroup(child.pid);
  let timedOut = false;
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => ((timedOut = true), end()), timeoutMs);
  signal?.addEventListener("abort", end, { once: true });
  try {
    const code = await new Promise<number>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        lines.stderr.push(error.message);
        resolve(error.code === "ENOENT" ? 127 : -1);
      });
      child.once("close", (exit) => resolve(exit ?? -1));
    });
    signal?.throwIfAborted();
    return { code, stdout: lines.stdout.join("\n"), stderr: lines.stderr.join("\n"), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(process.platform === "win32" ? pid : -pid, signal);
    } catch {
      // Gone already.
    }
  };
  send("SIGTERM");
  setTimeout(() => send("SIGKILL"), GRACE).unref();
}
