import { self } from "../../../tools/setup/process.ts";
import { holdsData } from "../../contract/data.ts";
import { stackBase } from "../../contract/names.ts";
import type { RunResult } from "../../contract/result.ts";
import { fullName, openBackend } from "../../state/backend.ts";
import { readCheckpoint, stacksIn } from "../../state/checkpoint.ts";
import { closeSlot, openSlot } from "../../state/folder.ts";
import { readKey } from "../../state/key.ts";
import { rehearsed, worldFolder } from "../../state/rehearsal.ts";
import { commandsIn } from "../commands.ts";
import { type Workers, prewarm } from "../pool.ts";
import type { RunRequest } from "../run.ts";
import { openCluster } from "./cluster.ts";
import type { Place } from "./renames.ts";
import { buildModule, openSetting } from "./setting.ts";
import { type Sketch, plansOf } from "./sketch.ts";

/** Services that a test runs on the real engine: rehearsed in the account, or on the tests' cluster. */
export interface Estate {
  /**
   * Runs the stacks of sketches and of what they share.
   * @param of Recorded names of those to run. Default all.
   */
  run(
    operation: "preview" | "up",
    sketches: readonly Sketch[],
    more?: { readonly of?: readonly string[]; readonly workers?: Workers },
  ): Promise<RunResult>;
  /** What is recorded that holds data, as `stack type id`. */
  data(): string[];
  /** What resources of a stack keep secret, by type and logical name, in clear; what workloads are told is made of that. */
  secrets(stack: string): Promise<Record<string, string>>;
  /** Workers of another module of the checkout. */
  others(module: string): Workers;
  /** Ends it, with the namespaces of these services in the cluster. */
  close(names?: readonly string[]): Promise<void>;
}

const SECRET_INPUTS = ["data", "stringData", "secretString", "authToken"];

/** Opens an estate with its platform built, in an environment of the repository that protects data. */
export async function openEstate(place: Place): Promise<Estate> {
  const setting = await openSetting("stacks/engine/worker.ts");
  const cluster = place === "local" ? await openCluster() : undefined;
  const { platform, environment: written } = await plansOf([], place);
  const environment = cluster ? written : rehearsed(written);
  const request: Partial<RunRequest> = cluster
    ? { environment, kubeconfig: cluster.kubeconfig }
    : { environment, rehearsal: { world: worldFolder(setting.root), because: "a test" } };
  const backend = openBackend(setting.root, { state: {} });
  const folder = backend.folder!;
  const closing: (() => Promise<void>)[] = [];

  const built = await setting.run("up", platform, request);
  const problems = built.stacks.flatMap((stack) => stack.problems);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const common = new Set(stacksIn(folder));

  return {
    async run(operation, sketches, { of, workers } = {}) {
      const { plans, shared } = await plansOf(sketches, place);
      const chosen = [...shared, ...plans].filter(
        ({ stack }) => of === undefined || of.includes(stackBase(stack)),
      );
      return setting.run(operation, chosen, { ...request, ...(workers && { workers }) });
    },
    data: () =>
      stacksIn(folder)
        .filter((stack) => !common.has(stack))
        .flatMap((stack) =>
          (readCheckpoint(folder, stack)?.resources ?? [])
            .filter(({ type }) => holdsData(type))
            .map(({ type, id }) => `${stack} ${type} ${id}`),
        )
        .sort(),
    async secrets(stack) {
      const slot = openSlot(setting.root, self(), "");
      try {
        const commands = commandsIn(
          slot,
          setting.engine,
          backend.url,
          readKey(setting.root, undefined).hex,
        );
        const { stdout } = await commands(
          "stack",
          "export",
          "--show-secrets",
          "--stack",
          fullName(stack),
        );
        const { deployment } = JSON.parse(stdout) as { deployment: { resources: unknown[] } };
        const clear = deployment.resources as {
          urn: string;
          type: string;
          inputs?: Readonly<Record<string, unknown>>;
        }[];
        return Object.fromEntries(
          clear.flatMap(({ urn, type, inputs = {} }) => {
            const name = urn.slice(urn.lastIndexOf("::") + 2);
            const held = SECRET_INPUTS.flatMap((input) => inputs[input] ?? []);
            const counts = /:Secret$|SecretVersion$|ReplicationGroup$/.test(type);
            return counts && held.length > 0 && !name.includes("-workload-")
              ? [[`${type} ${name}`, JSON.stringify(held)]]
              : [];
          }),
        );
      } finally {
        closeSlot(slot);
      }
    },
    others(source) {
      const { module, remove } = buildModule(source);
      const workers = prewarm(1, module);
      closing.push(async () => {
        await workers.close();
        remove();
      });
      return workers;
    },
    async close(names = []) {
      for (const end of closing) await end();
      for (const name of names) await cluster?.deleteNamespace(name);
      cluster?.close();
      await setting.close();
    },
  };
}
