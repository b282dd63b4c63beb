import type { ResourceView } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import { UNKNOWN } from "../contract/value.ts";

/** A stack: its plan and what its program registers, secrets in clear. */
export interface RevealedStack {
  readonly plan: Plan;
  readonly views: readonly ResourceView[];
}

/** The parts of Kubernetes objects that a Compose file is made from, as our components write them. */
export interface Meta {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly ports?: readonly { readonly containerPort: number; readonly protocol?: "TCP" | "UDP" }[];
  readonly resources?: { readonly limits?: { readonly cpu?: string; readonly memory?: string } };
  readonly volumeMounts?: readonly Mount[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: {
    readonly preStop?: { readonly exec?: { readonly command: readonly string[] } };
  };
  readonly restartPolicy?: "Always";
  readonly securityContext?: { readonly runAsUser?: number };
}

export interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

export interface Probe {
  readonly exec?: { readonly command: readonly string[] };
  readonly httpGet?: {
    readonly path: string;
    readonly port: number;
    readonly scheme?: "HTTP" | "HTTPS";
    readonly host?: string;
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

interface Items {
  readonly items?: readonly {
    readonly key: string;
    readonly path: string;
    readonly mode?: number;
  }[];
  readonly defaultMode?: number;
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly configMap?: Items & { readonly name: string };
  readonly secret?: Items & { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly fsGroup?: number;
  };
}

/** What runs pods. */
export interface Owner {
  readonly kind: "Deployment" | "StatefulSet" | "Job" | "CronJob";
  readonly metadata: Meta;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
  /** Claims of each replica. */
  readonly claims: readonly string[];
}

/** A Kubernetes Service. */
export interface Front {
  readonly metadata: Meta;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number; readonly targetPort?: number }[];
}

/** Texts of a ConfigMap or Secret by key; a binary one has bytes. */
export type Texts = Readonly<Record<string, string | Buffer>>;

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}
interface Raw {
  readonly metadata: Meta;
  readonly spec?: {
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec: { readonly template: Template } };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: Front["ports"];
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** The objects of a stack, by what they are to a Compose file. */
export interface Objects {
  readonly owners: readonly Owner[];
  readonly fronts: readonly Front[];
  readonly configs: ReadonlyMap<string, Texts>;
  readonly secrets: ReadonlyMap<string, Texts>;
}

/** Sorts a stack's objects. */
export function objectsOf({ views }: RevealedStack): Objects {
  const owners: Owner[] = [];
  const fronts: Front[] = [];
  const configs = new Map<string, Texts>();
  const secrets = new Map<string, Texts>();
  // What is read and not made has no inputs: a secret that the team brought.
  for (const { type, props } of views.filter(({ read }) => read !== true)) {
    const raw = props as unknown as Raw;
    const kind = type.split(":").at(-1) ?? "";
    if (kind === "ConfigMap")
      configs.set(raw.metadata.name, { ...raw.data, ...bytesOf(raw.binaryData) });
    else if (kind === "Secret") secrets.set(raw.metadata.name, secretOf(raw));
    else if (kind === "Service")
      fronts.push({
        metadata: raw.metadata,
        selector: raw.spec?.selector ?? {},
        ports: raw.spec?.ports ?? [],
      });
    else if (isOwner(kind)) {
      const template = raw.spec?.jobTemplate?.spec.template ?? raw.spec?.template;
      if (template)
        owners.push({
          kind,
          metadata: raw.metadata,
          labels: template.metadata?.labels ?? {},
          pod: template.spec,
          claims: (raw.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
        });
    }
  }
  return { owners, fronts, configs, secrets };
}

const isOwner = (kind: string): kind is Owner["kind"] =>
  ["Deployment", "StatefulSet", "Job", "CronJob"].includes(kind);

const bytesOf = (data: Readonly<Record<string, string>> = {}): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64")]));

/** What a Secret holds; a text with a part that only the environment's store knows is empty. */
function secretOf({ data = {}, stringData = {} }: Raw): Texts {
  const decoded = Object.entries(data).map(([key, text]): [string, string | Buffer] => {
    const bytes = text === UNKNOWN ? Buffer.alloc(0) : Buffer.from(text, "base64");
    const plain = bytes.toString("utf8");
    return [key, Buffer.from(plain, "utf8").equals(bytes) ? plain : bytes];
  });
  const all = [...decoded, ...Object.entries(stringData)];
  return Object.fromEntries(all.map(([key, text]) => [key, text.includes(UNKNOWN) ? "" : text]));
}
