import type { z } from "zod";
import type { CostItem } from "./cost.ts";
import type { Environment } from "./environment.ts";
import type { IamStatement } from "./iam.ts";
import type { Directory, Edge, PlanValue } from "./plan.ts";
import type { DataClass, Scaling } from "./service.ts";
import type { Json, Text } from "./value.ts";

/** What a driver says of one of its outputs. */
export interface OutputFace {
  readonly description: string;
  /** Never shown, kept in a Kubernetes Secret. */
  readonly secret: boolean;
}

/** What a driver is asked to answer. */
export interface DriverRequest<P> {
  /** Id of the plan item: the name in the descriptor under which the resource began. Survives renames. */
  readonly id: string;
  /** What people call them today; absent: as they are recorded. */
  readonly called?: { readonly service: string; readonly resource: string };
  /** Name for objects: `<id>` in a service's namespace. */
  readonly name: string;
  readonly type: string;
  readonly class: string;
  /** The environment rule's params under the descriptor's, checked by `params`. */
  readonly params: P;
  /** What a derived password is derived from, beside the environment's key and the rotation. Survives renames. */
  readonly identity: string;
  readonly stack: string;
  /** Name under which the service began. Survives renames. */
  readonly service: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How sensitive the asking service's data is; `internal` where the descriptor says nothing. */
  readonly dataClass: DataClass;
  readonly environment: Environment;
  readonly directory: Directory;
  /** Published ports of the asking service, by name. */
  readonly ports: Readonly<
    Record<
      string,
      { readonly port: number; readonly targetPort: number; readonly protocol: "TCP" | "UDP" }
    >
  >;
}

/** A driver's answer: pure. */
export interface DriverAnswer {
  /** Arguments of the component named like the driver; absent: nothing is built. */
  readonly args?: Readonly<Record<string, PlanValue>>;
  /**
   * Output → value. A text known now is a literal; one known only at run time refers to this item
   * (`{ref: request.id, output, secret}`).
   */
  readonly outputs: Readonly<Record<string, Text | Json>>;
  /** Ports of the driver's pods (labelled with the item's id) that the service's pods must reach. */
  readonly listens?: readonly { readonly port: number; readonly protocol: "TCP" | "UDP" }[];
  /** Ports that it listens on in the cloud's network, behind the security group of its output `securityGroupId`. */
  readonly serves?: readonly { readonly port: number; readonly protocol: "TCP" | "UDP" }[];
  /** Further edges, such as to another service. `from: {kind: "self", item: ""}` stands for the asking workload. */
  readonly edges?: readonly Edge[];
  /** Stacks that must be up first. */
  readonly dependsOn?: readonly string[];
  /** Replicas of the asking workload, instead of the descriptor's. */
  readonly scaling?: Scaling;
  /** Text that changes when the resource's credentials change, so that consumers restart. */
  readonly revision?: string;
  /** What the pods of the asking service may do in the cloud. */
  readonly iam?: readonly IamStatement[];
  /** What a month of it is made of. */
  readonly costs?: readonly CostItem[];
}

/** The pure face of a driver: what can be known without building anything. `components/catalog.ts` lists them. */
export interface Driver<P = unknown> {
  /** Resource type it answers: `postgres`. */
  readonly type: string;
  /** Unique: `postgres-cluster`. Also the key of its component in components/registry.ts, where it builds one. */
  readonly name: string;
  /** Key of its component in components/registry.ts, where that is another driver's. Default: its name. */
  readonly component?: string;
  /** One sentence for people. */
  readonly title: string;
  /** Schema of the params, with defaults; closed, so that a mistyped name is found. */
  readonly params: z.ZodType<P>;
  readonly outputs: Readonly<Record<string, OutputFace>>;
  /** Builds in the environment's cloud account: an environment without one refuses it. Default: in the cluster. */
  readonly cloud?: "aws";
  /** Holds data that a replacement would lose. */
  readonly stateful: boolean;
  /** `server`: raising `rotation` changes the password in the server. `restart`: it restarts the server with another one. `none`: there is no password. `refused`: somebody else rotates it. */
  readonly rotation: "server" | "restart" | "none" | "refused";
  /** Whether the driver was proven against the real server, and by which test; shown on its page. */
  readonly proof: {
    readonly kind: "real-server" | "no-server" | "admitted-never-run" | "rehearsed";
    readonly test?: string;
  };
  plan(request: DriverRequest<P>): DriverAnswer;
}

/** Gives a driver its params type and forgets it in lists. */
export function driver<P>(face: Driver<P>): Driver {
  return face as unknown as Driver;
}
