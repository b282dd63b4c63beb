import type { DriverAnswer, DriverRequest } from "../../stacks/contract/driver.ts";
import type { DirectoryEntry } from "../../stacks/contract/plan.ts";
import { fail } from "../../stacks/contract/problem.ts";
import { hostOf } from "../base/server.plan.ts";

type Port = DirectoryEntry["ports"][string];

/** Another service of the environment, as a driver's answer needs it. */
export interface ServicePeer {
  /** Host name that reaches it from the asking service's namespace. */
  readonly host: string;
  readonly ports: DirectoryEntry["ports"];
  /** What calling it on those ports adds to the answer. */
  reach(ports: readonly Port[]): Pick<DriverAnswer, "edges" | "dependsOn">;
}

/** Finds another service, or the asking one itself. Fails with FW3051 where the environment has no such service. */
export function findPeer(request: DriverRequest<unknown>, service: string): ServicePeer {
  const entry = request.directory.services[service];
  if (entry === undefined)
    fail(
      "FW3051",
      `resource ${request.id} names the service ${service}, which ${request.environment.name} does not have`,
      {
        hint: `name one of ${Object.keys(request.directory.services).sort().slice(0, 10).join(", ") || "the environment's services (it has none)"}`,
      },
    );
  const self = service === (request.called?.service ?? request.service);
  return {
    host: entry.namespace === request.namespace ? entry.host : hostOf(entry.host, entry.namespace),
    ports: entry.ports,
    reach: (ports) => ({
      edges: ports.map(({ targetPort, protocol }) => ({
        from: { kind: "self", item: "" },
        to: self
          ? { kind: "self", item: "" }
          : { kind: "stack", stack: entry.stack, namespace: entry.namespace, item: "workload" },
        port: targetPort,
        protocol,
        origin: { from: "default", reason: `resource ${request.id} calls ${service}` },
      })),
      dependsOn: self ? [] : [entry.stack],
    }),
  };
}

/** The port that a name, a number, or neither (the first) means. Fails with FW3052 where the service publishes none such. */
export function findPort(
  request: DriverRequest<unknown>,
  service: string,
  ports: DirectoryEntry["ports"],
  wanted?: string | number,
): Port {
  const found =
    wanted === undefined
      ? Object.values(ports)[0]
      : (ports[String(wanted)] ??
        Object.values(ports).find(({ port }) => String(port) === String(wanted)));
  return (
    found ??
    fail(
      "FW3052",
      `resource ${request.id} wants ${wanted === undefined ? "a port" : `the port ${wanted}`} of ${service}, which publishes ${published(ports)}`,
      {
        hint: "write the name or the number of a published port",
      },
    )
  );
}

const published = (ports: DirectoryEntry["ports"]): string =>
  Object.entries(ports)
    .map(([name, { port }]) => `${name} (${port})`)
    .join(", ") || "none";
