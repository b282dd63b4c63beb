import type { CostItem } from "./cost.ts";
import type { Origin } from "./origin.ts";
import type { Problem } from "./problem.ts";
import type { Consent, DataClass } from "./service.ts";
import type { Json, Text } from "./value.ts";

/** One component of a plan. */
export interface PlanItem {
  /** Unique in the plan and stable: the component's logical name is `<plan name>-<id>`. */
  readonly id: string;
  /** Key of components/registry.ts, such as `tenancy`, `web-service`, `postgres-cluster`. */
  readonly component: string;
  /** The component's arguments, where a text may be a template (see value.ts). */
  readonly args: Readonly<Record<string, PlanValue>>;
  /** Dotted path in `args` ("" for the whole) → origin. Longest prefix wins. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Ids of items that must exist first, beyond those whose outputs are referenced. */
  readonly after: readonly string[];
  /** Holds data: protected where the environment says so. */
  readonly stateful: boolean;
  /** What holds its data is not deleted or replaced without consent: stateful, in an environment that protects. Default false. */
  readonly protect?: boolean;
  /** What a month of it is made of; not part of the digest. Default none. */
  readonly costs?: readonly CostItem[];
}

/** Leave to delete or replace something that holds data, with where it is written. */
export interface PlanConsent extends Consent {
  /** Ids of the items that it is about. */
  readonly items: readonly string[];
  /** Its last day has passed. Default false. */
  readonly ended?: boolean;
  readonly file: string;
  readonly path: string;
}

/** What decides whether data may be lost: for the refusal, and who is to write what. */
export interface PlanGuard {
  /** Where consents are written, and under which path: `services/shop/service.yaml`, `spec`. */
  readonly file: string;
  readonly path: string;
  /** Path of what is asked for, under which an entry that is gone stood: `spec.uses`. */
  readonly uses: string;
  /** Item id → what the descriptor calls it today, where that differs. */
  readonly called: Readonly<Record<string, string>>;
  readonly consents: readonly PlanConsent[];
}

/** The cloud account that a stack's items are built in. */
export interface PlanCloud {
  readonly provider: "aws";
  readonly region: string;
  /** 12 digits; the program refuses credentials of another one. */
  readonly account: string;
  /** On every resource: service, owner, environment, cost centre, data class, repository. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Plain JSON in which texts may be templates. */
export type PlanValue = Json | Text | readonly PlanValue[] | { readonly [key: string]: PlanValue };

/** A JSON merge patch of the descriptor, applied to each generated object of its kind (and name). */
export interface PlanPatch {
  readonly kind: string;
  readonly name?: string;
  readonly merge: Readonly<Record<string, Json>>;
  readonly origin: Origin;
}

/** Who may reach whom. Ingress and egress policies are computed from these and nothing else. */
export interface Edge {
  /** `self` is an item of this plan; `entity` is a part of the platform; `stack` is another stack's pods. */
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  readonly origin: Origin;
}

/** One end of an {@link Edge}: an item of this stack, an item of another stack, whoever uses the named service or shared resource, or a part of the surroundings. */
export type Peer =
  | { readonly kind: "self"; readonly item: string }
  | {
      readonly kind: "stack";
      readonly stack: string;
      readonly namespace: string;
      readonly item: string;
    }
  | {
      /** Reached in the cloud's network: an item of this plan, or the reference to a shared stack's. */
      readonly kind: "cloud";
      readonly item: string;
    }
  | { readonly kind: "consumers"; readonly of: string }
  | {
      readonly kind: "entity";
      readonly entity:
        | "dns"
        | "ingress"
        | "monitoring"
        | "telemetry"
        | "internet"
        | "cloud-api"
        | "pod-identity";
    };

/** An output of a stack: names for people and other stacks. */
export interface PlanOutput {
  readonly value: Text;
  readonly secret: boolean;
}

/**
 * `resolve(…)`: everything that can be decided without the engine, as plain data. The digest covers all but
 * `digest`, `origins`, `origin`, `costs`, `guard` and `notes`, so that moving lines or folders changes nothing.
 */
export interface Plan {
  /** `<service>.<environment>` by the service's recorded name, `platform.<environment>` or `shared-<type>-<class>-<id>.<environment>`. */
  readonly stack: string;
  readonly kind: "service" | "shared" | "platform";
  /** What people call it: today's name of the service, shared name, or `platform`. */
  readonly name: string;
  readonly environment: string;
  /** Empty for a platform stack. */
  readonly namespace: string;
  /** Absent where nothing of the stack is in a cloud. */
  readonly cloud?: PlanCloud;
  /** On every object: service, owner, environment, tier and the environment's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly items: readonly PlanItem[];
  readonly patches: readonly PlanPatch[];
  readonly edges: readonly Edge[];
  readonly outputs: Readonly<Record<string, PlanOutput>>;
  /** Stacks that must be up first. */
  readonly dependsOn: readonly string[];
  /** Container → how its image was chosen. */
  readonly images: Readonly<
    Record<
      string,
      { readonly image: string; readonly from: "flag" | "release" | "descriptor" | "unreleased" }
    >
  >;
  /** SHA-256, hex. */
  readonly digest: string;
  /** Absent: nobody can consent to anything. */
  readonly guard?: PlanGuard;
  /** Refused in `preview` and `up`, noted in `validate`: unreleased images, say. Each code says its exit. */
  readonly refusals: readonly Problem[];
  readonly notes: readonly Problem[];
}

/** What `resolve` may know of other services in the same environment. */
export interface Directory {
  /** Service → where its pods are and which ports it publishes. Absent: no such service in this environment. */
  readonly services: Readonly<Record<string, DirectoryEntry>>;
  /** Shared name (`sharedName`) → a resource with an id, which several services may use. Default none. */
  readonly shared?: Readonly<Record<string, SharedEntry>>;
}

/** A resource with an id: one thing for all services of an environment that name it. */
export interface SharedEntry {
  readonly type: string;
  readonly class: string;
  readonly id: string;
  /** Params of all services that use it, merged; they agree. */
  readonly params: Readonly<Record<string, Json>>;
  /** Names of these services, in order. */
  readonly users: readonly string[];
  /** Where the first of them asks for it, and what they consent to. */
  readonly guard?: PlanGuard;
  /** The most sensitive of theirs. */
  readonly dataClass: DataClass;
  /** Owner of all of these services, where it is one. */
  readonly owner?: string;
}

/** Where other services find a service. */
export interface DirectoryEntry {
  readonly stack: string;
  readonly namespace: string;
  /** Name of the Kubernetes Service. */
  readonly host: string;
  /** Published port → target port and protocol, by name. Empty: it publishes none. */
  readonly ports: Readonly<
    Record<
      string,
      { readonly port: number; readonly targetPort: number; readonly protocol: "TCP" | "UDP" }
    >
  >;
}
