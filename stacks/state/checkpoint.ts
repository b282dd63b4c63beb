import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../contract/problem.ts";
import type { Json } from "../contract/value.ts";
import { type Backend, PROJECT, type RemoteState, checkpointFile, retiredIn } from "./backend.ts";
import { hideSecrets } from "./secret.ts";
import { guardStorage } from "./storage.ts";

/** A resource as the state records it; secrets read `"[secret]"`. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly protect: boolean;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

/** What an interrupted engine left half done. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/** The recorded state of one stack. */
export interface Checkpoint {
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

/** Stacks of a `file://` backend, sorted. */
export const stacksIn = (folder: string): string[] =>
  namesIn(folder).filter((name) => retiredIn(name) === undefined);

function namesIn(folder: string): string[] {
  const path = join(folder, ".pulumi", "stacks", PROJECT);
  if (!existsSync(path)) return [];
  return guardStorage(path, () => readdirSync(path))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/**
 * The state of a stack in a `file://` backend; undefined where it has none.
 * @throws FairwayError FW5004 where the file is damaged, with the command that brings the previous one back.
 */
export function readCheckpoint(folder: string, stack: string): Checkpoint | undefined {
  const deployment = readDeployment(folder, stack);
  return deployment && checkpointOf(deployment);
}

/** The same as it is recorded, secrets encrypted. */
export function readDeployment(
  folder: string,
  stack: string,
): Readonly<Record<string, unknown>> | undefined {
  const file = checkpointFile(folder, stack);
  if (!existsSync(file)) return undefined;
  const text = guardStorage(file, () => readFileSync(file, "utf8"));
  const deployment = deploymentIn(text);
  if (deployment === "damaged") throwDamaged(stack, file);
  return deployment === "empty" ? undefined : deployment;
}

/** Bytes of a stack's state in a `file://` backend. */
export const stateSize = (folder: string, stack: string): number =>
  statSync(checkpointFile(folder, stack), { throwIfNoEntry: false })?.size ?? 0;

/** Reads what `pulumi stack export` prints, or the `latest` of a checkpoint file. */
export function checkpointOf(deployment: Readonly<Record<string, unknown>>): Checkpoint {
  const pending = records(deployment["pending_operations"]);
  return {
    resources: records(deployment["resources"]).map(resourceOf),
    pending: pending.map((one) => ({
      type: String(one["type"]) as PendingOperation["type"],
      resource: resourceOf(record(one["resource"])),
    })),
  };
}

/** Stacks that a backend holds, sorted. */
export async function listStacks(backend: Backend): Promise<string[]> {
  const { stacks } = await listAll(backend);
  return stacks;
}

/** Stacks that a backend holds and those that were retired in it, each sorted. */
export async function listAll(
  backend: Backend,
): Promise<{ readonly stacks: string[]; readonly retired: string[] }> {
  const names =
    backend.folder === undefined ? await remoteIn(backend).list() : namesIn(backend.folder);
  return {
    stacks: names.filter((name) => retiredIn(name) === undefined),
    retired: names.flatMap((name) => retiredIn(name) ?? []),
  };
}

/** Outputs of a stack, secrets hidden; undefined where it has no state. */
export async function readOutputs(
  backend: Backend,
  stack: string,
): Promise<Readonly<Record<string, Json>> | undefined> {
  const checkpoint = await readState(backend, stack);
  return checkpoint && outputsOf(checkpoint);
}

/** Resources of a stack, secrets hidden; undefined where it has no state. */
export async function readResources(
  backend: Backend,
  stack: string,
): Promise<readonly StateResource[] | undefined> {
  return (await readState(backend, stack))?.resources;
}

async function readState(backend: Backend, stack: string): Promise<Checkpoint | undefined> {
  if (backend.folder !== undefined) return readCheckpoint(backend.folder, stack);
  const deployment = await remoteIn(backend).export(stack);
  return deployment && checkpointOf(deployment);
}

/** State that is not in a folder. */
export function remoteIn(backend: Backend): RemoteState {
  return (
    backend.remote ??
    fail("FW5011", `the state in ${backend.url} is read through the engine, which is not there`, {
      hint: "run `fairway doctor`",
    })
  );
}

/** Outputs of a stack, as its last update left them. */
function outputsOf(checkpoint: Checkpoint): Readonly<Record<string, Json>> {
  return checkpoint.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

/** Stacks with state that no plan stands for: their service's folder is gone, or left the environment. */
export function orphansOf(
  stacks: readonly string[],
  environment: string,
  planned: Iterable<string>,
): string[] {
  const known = new Set(planned);
  return stacks.filter((stack) => stack.endsWith(`.${environment}`) && !known.has(stack));
}

function deploymentIn(text: string): Readonly<Record<string, unknown>> | "empty" | "damaged" {
  try {
    const document = record(JSON.parse(text));
    if (typeof document["version"] !== "number" || !("checkpoint" in document)) return "damaged";
    const { latest } = document["checkpoint"] as { latest?: unknown };
    if (latest === undefined || latest === null) return "empty";
    return Array.isArray(record(latest)["resources"] ?? []) ? record(latest) : "damaged";
  } catch {
    return "damaged";
  }
}

function throwDamaged(stack: string, file: string): never {
  const backup = `${file}.bak`;
  const usable =
    existsSync(backup) && typeof deploymentIn(readFileSync(backup, "utf8")) !== "string";
  return fail("FW5004", `the state of ${stack} is damaged: ${file} is no readable checkpoint`, {
    hint: usable
      ? `bring back the state before the last write with: cp '${backup}' '${file}'`
      : "no usable backup stands beside it; restore the file from a backup of the backend",
  });
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(record) : [];

function resourceOf(raw: Record<string, unknown>): StateResource {
  return {
    urn: String(raw["urn"]),
    type: String(raw["type"]),
    protect: raw["protect"] === true,
    ...(typeof raw["id"] === "string" && raw["id"] !== "" && { id: raw["id"] }),
    ...(typeof raw["parent"] === "string" && { parent: raw["parent"] }),
    inputs: hideSecrets(record(raw["inputs"])) as Record<string, Json>,
    outputs: hideSecrets(record(raw["outputs"])) as Record<string, Json>,
  };
}
