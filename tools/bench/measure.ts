import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One finished process. */
export interface Sample {
  /** Milliseconds from start to end. */
  readonly wall: number;
  /** Highest resident memory of the process itself, MiB; 0 where the system does not tell. */
  readonly peak: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function sample(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let peak = 0;
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const poll = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 20);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(poll);
      resolve({ wall: performance.now() - began, peak, code, stdout, stderr });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return (
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024
    );
  } catch {
    return 0;
  }
}

/** The middle of an odd number of figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs several things in turn, A B C A B C …, so that a machine that slows down slows all of them, and gives medians. */
export async function interleaved(
  rounds: number,
  things: readonly (() => Promise<number>)[],
): Promise<number[]> {
  const figures: number[][] = things.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, thing] of things.entries()) figures[index]!.push(await thing());
  }
  return figures.map(median);
}
