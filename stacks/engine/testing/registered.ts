import type { Output } from "@pulumi/pulumi";
import type { Plan } from "../../contract/plan.ts";
import type { Change } from "../../contract/result.ts";
import { memoryOf } from "../../program/memory.ts";
import { program } from "../../program/program.ts";
import { recordProgram } from "../../record/record.ts";
import type { StateResource } from "../../state/checkpoint.ts";

/** What a plan's program registers, as the state that its update leaves. */
export interface Registered {
  readonly resources: readonly StateResource[];
  /** URN → former URNs. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly identities: Readonly<Record<string, string>>;
}

/** Inputs that a provider cannot change in place, of what holds data. */
const FIXED: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "spec.selector",
  "spec.volumeClaimTemplates",
  "spec.serviceName",
  "spec.storageClassName",
  "spec.accessModes",
  "identifier",
  "engine",
  "dbName",
  "username",
  "bucket",
  "name",
  "hashKey",
  "rangeKey",
  "fifoQueue",
  "replicationGroupId",
];

/** The key that passwords are derived from here. */
const TEST_KEY = new Uint8Array(32).fill(7);

/**
 * Runs a plan's program without an engine.
 * @param before What is recorded when it runs.
 */
export async function registered(plan: Plan, before?: Registered): Promise<Registered> {
  const aliases = new Map<string, readonly string[]>();
  let identities: Registered["identities"] = {};
  const context = {
    key: TEST_KEY,
    sharedStacks: new Set<string>(),
    kubernetes: {},
    ...(before && {
      recorded: before.resources.map(({ urn }) => urn),
      identities: before.identities,
    }),
  };
  const views = await recordProgram(
    plan.stack,
    async () => {
      const { identities: told } = await program(plan, context);
      if (told) identities = memoryOf({ identities: await valueOf(told) }).identities;
    },
    { reveal: true, aliases },
  );
  const resources = views.map(({ urn, type, parent, props }) => ({
    urn,
    type,
    protect: false,
    inputs: props as StateResource["inputs"],
    outputs: {},
    ...(parent !== undefined && { parent }),
  }));
  return { resources, aliases, identities };
}

const valueOf = (value: Output<string>): Promise<string> =>
  new Promise((done) => void value.apply(done));

/** What the engine would do to what is recorded: it finds things by their URNs and by those they had. */
export function changesOf(
  before: Registered,
  after: Registered,
): Pick<Change, "op" | "urn" | "type">[] {
  const now = new Map(
    after.resources.flatMap((resource) =>
      [resource.urn, ...(after.aliases.get(resource.urn) ?? [])].map((urn) => [urn, resource]),
    ),
  );
  return before.resources.flatMap(
    ({ urn, type, inputs }): Pick<Change, "op" | "urn" | "type">[] => {
      const same = now.get(urn);
      if (!same) return [{ op: "delete", urn, type }];
      const fixed = FIXED.some(
        (path) => JSON.stringify(at(inputs, path)) !== JSON.stringify(at(same.inputs, path)),
      );
      return fixed ? [{ op: "replace", urn, type }] : [];
    },
  );
}

const at = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

/** What resources keep secret, passwords among it, by their logical names; what workloads are told is made of that. */
export function secretsIn(resources: readonly StateResource[]): Record<string, unknown> {
  return Object.fromEntries(
    resources.flatMap(({ urn, inputs }) => {
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      const held = inputs["stringData"] ?? inputs["secretString"] ?? inputs["authToken"];
      return held === undefined || name.includes("-workload-") ? [] : [[name, held]];
    }),
  );
}
