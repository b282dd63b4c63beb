import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { type ProcessId, isAlive, processStart, self } from "../../tools/setup/process.ts";
import { withLock } from "../../tools/setup/lock.ts";
import { type Problem, problem } from "../contract/problem.ts";
import { stateFolder } from "./folder.ts";
import { guardStorage } from "./storage.ts";

/** Who may write the state of a stack just now. */
export interface LeaseRecord {
  readonly stack: string;
  readonly operation: string;
  readonly run: string;
  readonly host: string;
  readonly user: string;
  /** ISO 8601. */
  readonly since: string;
  /** The command, its worker and its engine: the lease ends with the last of them. */
  readonly processes: readonly (ProcessId & { readonly role: "command" | "worker" | "engine" })[];
}

/** A lease that is held. */
export interface Lease {
  readonly file: string;
  /** The owner before, found dead: its locks and half-done operations are to be repaired. */
  readonly dead?: LeaseRecord;
  release(): void;
}

const leaseFile = (root: string, stack: string): string =>
  join(stateFolder(root), "leases", `${stack}.json`);

/** Who holds a stack; undefined where nobody does. */
export function leaseOf(root: string, stack: string): LeaseRecord | undefined {
  const record = read(leaseFile(root, stack));
  return record && isHeld(record) ? record : undefined;
}

/**
 * Takes the lease of a stack, or tells who holds it (exit 6). Takes over from an owner that is dead; an owner on another
 * machine counts as alive, since nobody here can know.
 */
export async function takeLease(
  root: string,
  claim: {
    readonly stack: string;
    readonly operation: string;
    readonly run: string;
    readonly now: Date;
    readonly worker: number;
  },
): Promise<Lease | Problem> {
  const file = leaseFile(root, claim.stack);
  guardStorage(file, () => mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 }));
  const { host, ...command } = self();
  return withLock(join(file, "../lock"), async () => {
    const before = read(file);
    if (before && isHeld(before)) return busy(before);
    const { now, worker, ...rest } = claim;
    const start = processStart(worker);
    write(file, {
      ...rest,
      host,
      user: userInfo().username,
      since: now.toISOString(),
      processes: [
        { ...command, role: "command" },
        ...(start === undefined ? [] : [{ pid: worker, start, role: "worker" as const }]),
      ],
    });
    return { file, release: () => rmSync(file, { force: true }), ...(before && { dead: before }) };
  });
}

/** Adds the engine to a lease, so that it is held as long as the engine lives. Called by the worker that started it. */
export function joinLease(file: string, pid: number): void {
  const record = read(file);
  const start = processStart(pid);
  if (!record || start === undefined) return;
  write(file, { ...record, processes: [...record.processes, { pid, start, role: "engine" }] });
}

/** Says who holds a stack. */
function busy(record: LeaseRecord): Problem {
  const command = record.processes.find(({ role }) => role === "command");
  return problem(
    "FW5005",
    `${record.stack} is held by \`fairway ${record.operation}\` of ${record.user} on ${record.host} (process ${command?.pid ?? "?"}, run ${record.run}, since ${record.since})`,
    {
      hint:
        record.host === hostname()
          ? "wait until it has ended; if its command is gone, its engine is still ending what it began"
          : `wait until it has ended; if that machine is gone, remove .fairway/leases/${record.stack}.json`,
    },
  );
}

const isHeld = (record: LeaseRecord): boolean =>
  record.host !== hostname() || record.processes.some(isAlive);

function read(file: string): LeaseRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LeaseRecord;
  } catch {
    return undefined;
  }
}

function write(file: string, record: LeaseRecord): void {
  guardStorage(file, () => {
    const draft = `${file}.${self().pid}`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    renameSync(draft, file);
  });
}
