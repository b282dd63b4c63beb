import { z } from "zod";
import { consentSchema } from "./consent.ts";
import { aws } from "./cloud.ts";
import { COST_UNITS } from "./cost.ts";
import { LABEL } from "./names.ts";
import { isQuantity } from "./quantity.ts";
import { API_VERSION } from "./service-request.ts";

const quantity = z.string().refine(isQuantity, {
  error: "expected a Kubernetes quantity, such as 500m or 512Mi",
  params: { takes: isQuantity },
});
const allowOrBlock = z.enum(["allow", "block"]);
/** Ways to enforce a rule: `mandatory` refuses, `advisory` tells, `disabled` does not judge. */
export const LEVELS = ["mandatory", "advisory", "disabled"] as const;
/** How a rule is enforced. */
export type Level = (typeof LEVELS)[number];

const cluster = z.union([
  z.strictObject({
    embedded: z.literal(true).describe("The control plane that `fairway cluster up` starts"),
  }),
  z.strictObject({
    context: z.string().min(1).describe("Context of the kubeconfig"),
    kubeconfig: z.string().min(1).describe("File; default as kubectl finds it").optional(),
  }),
  z.strictObject({
    eks: z.string().min(1).describe("Name of an EKS cluster in the environment's account"),
  }),
]);

const spec = z.strictObject({
  description: z.string().describe("What it is for, in a sentence").optional(),
  cluster: cluster.describe("Where workloads run"),
  cloud: z
    .union([z.strictObject({ provider: z.literal("none").describe("No cloud") }), aws])
    .describe("Account that cloud drivers use")
    .default({ provider: "none" }),
  state: z
    .strictObject({
      backend: z
        .string()
        .regex(
          /^(file|s3|gs|azblob|postgres|https):\/\//,
          "expected a Pulumi backend such as s3://bucket",
        )
        .describe("URL of the backend, such as s3://bucket?region=eu-central-1")
        .optional(),
      organization: z
        .string()
        .regex(/^[A-Za-z0-9_][\w.-]*$/, "expected the name of an organization")
        .describe("Organization in a Pulumi service; only, and always, with an https:// backend")
        .optional(),
    })
    .refine(
      ({ backend = "", organization }) =>
        backend.startsWith("https://") === (organization !== undefined),
      {
        error: "expected an organization with an https:// backend, and with no other",
        path: ["organization"],
      },
    )
    .describe("Pulumi backend; default a folder under .fairway")
    .default({}),
  secretsProvider: z
    .string()
    .min(1)
    .describe("Pulumi secrets provider: passphrase, or a key such as awskms://…")
    .default("passphrase"),
  namespace: z
    .string()
    .regex(/\{service\}/, "expected a pattern that holds {service}")
    .describe("Namespace of a service; {service} and {environment} are replaced")
    .default("{service}"),
  domain: z.string().min(1).describe("Routes get <service>.<domain>"),
  tls: z
    .strictObject({
      issuer: z.string().min(1).describe("cert-manager ClusterIssuer").optional(),
      secret: z
        .string()
        .min(1)
        .describe("Secret with a certificate, in the namespace of each service that has a route")
        .optional(),
    })
    .describe("Certificates of routes; default none: routes answer HTTP")
    .default({}),
  ingressClass: z.string().min(1).describe("IngressClass of routes").default("fairway"),
  ingressNamespace: z
    .string()
    .min(1)
    .describe("Namespace of the ingress controller, admitted by network policies")
    .default("ingress"),
  storageClass: z.string().min(1).describe("Default: the cluster's default class").optional(),
  registry: z.string().min(1).describe("Registry of images that no release names"),
  registries: z
    .array(z.string().min(1))
    .min(1)
    .describe('Registries or prefixes whose images may run; "*" for all'),
  images: z
    .strictObject({
      unreleased: allowOrBlock.describe("Run services that have no release yet").default("block"),
      digest: z
        .enum(["required", "optional"])
        .describe("Whether an image needs a digest")
        .default("optional"),
      pullSecrets: z
        .array(z.string().regex(LABEL, "expected a name of lower-case letters, digits and dashes"))
        .describe(
          "Secrets that images are pulled with, by name; kept with `fairway secret set --pull`, copied into each namespace",
        )
        .default([]),
      tools: z
        .string()
        .min(1)
        .describe("Image with a shell, for the platform's own init containers")
        .default("docker.io/library/busybox:1.37"),
    })
    .describe("Which images run, and what they are pulled with")
    .prefault({}),
  owner: z
    .strictObject({
      policy: z
        .enum(["required", "optional"])
        .describe("Whether a service without an owner is refused")
        .default("required"),
      default: z.string().min(1).describe("Owner of services that name none").optional(),
    })
    .describe("What happens to a service without an owner")
    .prefault({}),
  stateful: z
    .enum(["protect", "disposable"])
    .describe("Whether replacing or deleting data needs a consent")
    .default("protect"),
  consents: z
    .array(consentSchema)
    .describe("Leave to replace or delete something that the environment shares")
    .default([]),
  resources: z
    .array(
      z.strictObject({
        type: z.string().min(1).describe("Resource type, such as postgres"),
        class: z.string().min(1).describe('"*" for every class').default("*"),
        driver: z.string().min(1).describe("Driver of components/catalog.ts"),
        params: z.record(z.string(), z.json()).describe("Under the descriptor's own").default({}),
      }),
    )
    .describe("Which driver answers a type and class; the first that fits"),
  replicas: z
    .strictObject({
      min: z.int().min(1).describe("No workload but a stateful one has fewer").default(1),
      max: z.int().min(1).describe("No workload has more").default(20),
    })
    .describe("Bounds of scaling in this environment")
    .prefault({}),
  quota: z
    .strictObject({
      cpu: quantity.describe("CPU requests of all pods").default("16"),
      memory: quantity.describe("Memory requests of all pods").default("32Gi"),
      pods: z.int().min(1).describe("Number of pods").default(60),
      storage: quantity.describe("Sizes of all claims").default("200Gi"),
    })
    .describe("ResourceQuota of each namespace")
    .prefault({}),
  limits: z
    .strictObject({
      cpu: quantity.describe("CPU limit of a container that names none").default("500m"),
      memory: quantity.describe("Memory limit of a container that names none").default("512Mi"),
      cpuRequest: quantity.describe("CPU request of a container that names none").default("100m"),
      memoryRequest: quantity
        .describe("Memory request of a container that names none")
        .default("128Mi"),
      cpuLimitRatio: z
        .number()
        .min(1)
        .max(100)
        .describe("CPU limit as a multiple of the request")
        .default(2),
    })
    .describe("LimitRange defaults of each namespace, and the limit that follows a request")
    .prefault({}),
  policies: z
    .strictObject({
      levels: z
        .record(z.string(), z.enum(LEVELS))
        .describe("Rule → level in this environment")
        .default({}),
      unproven: allowOrBlock
        .describe("Whether an update may start with verdicts that preview could not reach")
        .default("allow"),
    })
    .describe("How rules are enforced")
    .prefault({}),
  approvals: z
    .strictObject({
      required: z.int().min(0).max(10).describe("How many people must approve").default(0),
      groups: z.array(z.string()).describe("Groups whose members may").default([]),
    })
    .describe(
      "Approvals that the pipeline asks for before an update; not yet enforced here, the Git host's protected environments are",
    )
    .prefault({}),
  budget: z
    .strictObject({
      monthly: z
        .number()
        .positive()
        .describe("US dollars a month for everything in the environment")
        .optional(),
      service: z
        .number()
        .positive()
        .describe("US dollars a month for one service that names no ceiling")
        .optional(),
    })
    .describe("What a month may cost; how strictly is the level of the rule budget")
    .prefault({}),
  costs: z
    .strictObject({
      prices: z
        .record(
          z.string().regex(/^[a-z][a-z0-9.-]+$/, "expected a SKU such as rds.storage.gp3.multi-az"),
          z.strictObject({
            usd: z.number().min(0).describe("US dollars for a unit"),
            unit: z.enum(COST_UNITS).describe("What the price is for"),
            date: z.iso.date().describe("Day of the price").optional(),
            source: z.string().min(1).describe("Where it is from, such as a contract").optional(),
          }),
        )
        .describe(
          "SKU → price, over the platform's table; cluster.vcpu and cluster.memory are hours of a vCPU and of a GiB that pods request, cluster.storage is a GiB of a volume",
        )
        .default({}),
    })
    .describe("What things cost here")
    .prefault({}),
  labels: z.record(z.string(), z.string()).describe("Labels on every object").default({}),
  groups: z
    .record(z.string(), z.string())
    .describe("Owner → group of the cluster's RBAC; default the owner itself")
    .default({}),
  monitoring: z
    .strictObject({
      namespace: z
        .string()
        .min(1)
        .describe("Namespace of Prometheus, admitted by network policies")
        .default("monitoring"),
      otlp: z
        .string()
        .min(1)
        .describe("OTLP endpoint given to services")
        .default("http://otel-collector.monitoring:4318"),
    })
    .describe("Where metrics and traces go")
    .prefault({}),
});

/** `environments/<name>.yaml`. Environment differences are data, here and nowhere else. */
export const environmentSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal("Environment"),
    metadata: z.strictObject({
      name: z
        .string()
        .regex(
          /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/,
          "expected a lower-case name of up to 20 characters without a dot",
        )
        .describe("The file's name without .yaml"),
    }),
    spec,
  })
  .describe("An environment");

/** A checked `environments/<name>.yaml`, defaults applied. */
export type EnvironmentDocument = z.infer<typeof environmentSchema>;

/** An environment as everything after the loader sees it, defaults applied. */
export type Environment = EnvironmentDocument["spec"] & {
  readonly name: string;
  /** Relative to the root. */
  readonly file: string;
  /** Dotted paths under `spec` that the file does not say: the keys of ENVIRONMENT_DEFAULTS that took effect. Absent: none. */
  readonly unsaid?: readonly string[];
};
