import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process that cannot be mistaken for a later one of the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started: opaque text, to be compared only. */
  readonly start: string;
}

/** A process and the machine it runs on. */
export interface Owner extends ProcessId {
  readonly host: string;
}

let boot: string | undefined;

function linuxStart(pid: number): string | undefined {
  try {
    boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets and may hold anything; the state is the third, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function otherStart(pid: number): string | undefined {
  try {
    return (
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() ||
      undefined
    );
  } catch {
    return undefined;
  }
}

/** When the process of that number started, or undefined where none runs (a zombie counts as gone). */
export function processStart(pid: number): string | undefined {
  return process.platform === "linux" ? linuxStart(pid) : otherStart(pid);
}

/** Whether just that process still runs on this machine. */
export function isAlive(id: ProcessId): boolean {
  return processStart(id.pid) === id.start;
}

/** This process. */
export function self(): Owner {
  return { pid: process.pid, start: processStart(process.pid) ?? "", host: hostname() };
}

/** Sends a signal to one process; false where it is gone already. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, signal);
  } catch {
    return false;
  }
}
