import { z } from "zod";
import { parseQuantity } from "./quantity.ts";
import { API_VERSION } from "./service-request.ts";

const quantity = z
  .string()
  .refine(
    (text) => (parseQuantity(text) ?? 0) > 0,
    "expected a Kubernetes quantity, such as 500m or 512Mi",
  );
const allowOrBlock = z.enum(["allow", "block"]);
export const LEVELS = ["mandatory", "advisory", "disabled"] as const;
/** How a rule is enforced. */
export type Level = (typeof LEVELS)[number];

const cluster = z.union([
  z.strictObject({
    embedded: z.literal(true).describe("The control plane that `fairway cluster up` starts"),
  }),
  z.strictObject({
    context: z.string().min(1),
    kubeconfig: z.string().min(1).describe("File; default as kubectl finds it").optional(),
  }),
  z.strictObject({
    eks: z.string().min(1).describe("Name of an EKS cluster in the environment's account"),
  }),
]);

/** Size → what the cloud calls it. */
const sizes = (small: string, medium: string, large: string) =>
  z
    .strictObject({
      small: z.string().min(1).default(small),
      medium: z.string().min(1).default(medium),
      large: z.string().min(1).default(large),
    })
    .prefault({});
export type CloudSize = "small" | "medium" | "large";

const ids = z.array(z.string().min(1)).min(1);
const retention = z.int().min(1).max(3653).describe("Days that logs are kept");

const aws = z.strictObject({
  provider: z.literal("aws"),
  region: z.string().min(1),
  account: z.string().regex(/^\d{12}$/, "expected the 12 digits of an AWS account"),
  permissionsBoundary: z
    .string()
    .startsWith("arn:")
    .describe("Policy that bounds every role of a service")
    .optional(),
  costCentre: z.string().min(1).describe("Tag on every resource").optional(),
  repository: z
    .string()
    .min(1)
    .describe("Repository of the descriptors, a tag on every resource")
    .optional(),
  tags: z.record(z.string(), z.string()).describe("Tags on every resource").default({}),
  network: z
    .union([
      z.strictObject({
        adopt: z.strictObject({
          vpc: z.string().startsWith("vpc-"),
          privateSubnets: ids,
          publicSubnets: z.array(z.string().min(1)).default([]),
          databaseSubnets: ids,
          databaseCidrs: z
            .array(z.cidrv4())
            .min(1)
            .describe(
              "Address ranges of the database subnets, which network policies let pods reach",
            ),
        }),
      }),
      z.strictObject({
        create: z.strictObject({
          cidr: z.cidrv4().default("10.0.0.0/16"),
          zones: z.int().min(2).max(3).default(3),
          nat: z
            .enum(["none", "one", "zone"])
            .describe("NAT gateways: none, one for all, or one for each zone")
            .default("zone"),
          endpoints: z
            .array(z.string().min(1))
            .describe("Services reached inside the network, such as s3 or secretsmanager")
            .default([
              "s3",
              "dynamodb",
              "ecr.api",
              "ecr.dkr",
              "sts",
              "logs",
              "secretsmanager",
              "kms",
            ]),
          flowLogs: retention.default(365),
        }),
      }),
    ])
    .describe(
      "Whether the network is there already (adopt: nothing is created) or the platform's stack creates it",
    )
    .prefault({ create: {} }),
  eks: z
    .union([
      z.strictObject({
        adopt: z.strictObject({
          mode: z.enum(["auto", "managed"]),
          clusterSecurityGroup: z.string().startsWith("sg-"),
        }),
      }),
      z.strictObject({
        create: z.strictObject({
          version: z
            .string()
            .regex(/^1\.\d+$/, "expected a Kubernetes version such as 1.33")
            .default("1.33"),
          mode: z
            .enum(["auto", "managed"])
            .describe("EKS Auto Mode, or managed nodes with add-ons")
            .default("managed"),
          endpoint: z
            .union([z.literal("private"), z.strictObject({ cidrs: z.array(z.cidrv4()).min(1) })])
            .describe(
              "Whether the API server is reached from inside only, or from some addresses too",
            )
            .default("private"),
          nodes: z
            .strictObject({
              instanceTypes: z.array(z.string().min(1)).min(1).default(["m7g.large"]),
              min: z.int().min(1).default(3),
              max: z.int().min(1).default(12),
              disk: z.int().min(20).describe("GiB").default(60),
            })
            .prefault({}),
          logs: retention.default(365),
        }),
      }),
    ])
    .describe(
      "Whether the cluster that `cluster.eks` names is there already, or the platform's stack creates it",
    )
    .prefault({ create: {} }),
  keys: z
    .union([
      z.strictObject({
        adopt: z.strictObject({
          public: z.string().startsWith("arn:"),
          internal: z.string().startsWith("arn:"),
          confidential: z.string().startsWith("arn:"),
          restricted: z.string().startsWith("arn:"),
        }),
      }),
      z.strictObject({ create: z.strictObject({}) }),
    ])
    .describe("KMS keys by data class")
    .prefault({ create: {} }),
  dns: z
    .union([
      z.strictObject({
        adopt: z.strictObject({
          zone: z.string().min(1),
          certificate: z.string().startsWith("arn:"),
        }),
      }),
      z.strictObject({ create: z.strictObject({}) }),
    ])
    .describe("Hosted zone of the environment's domain, and its wildcard certificate")
    .prefault({ create: {} }),
  logs: retention.default(90),
  backups: z.int().min(1).max(35).describe("Days that databases' backups are kept").default(14),
  sizes: z
    .strictObject({
      rds: sizes("db.t4g.small", "db.m7g.large", "db.r7g.xlarge"),
      elasticache: sizes("cache.t4g.small", "cache.m7g.large", "cache.r7g.xlarge"),
      docdb: sizes("db.t4g.medium", "db.r6g.large", "db.r6g.xlarge"),
      msk: sizes("kafka.t3.small", "kafka.m7g.large", "kafka.m7g.xlarge"),
    })
    .describe("What small, medium and large are")
    .prefault({}),
});

const spec = z.strictObject({
  description: z.string().optional(),
  cluster: cluster.describe("Where workloads run"),
  cloud: z
    .union([z.strictObject({ provider: z.literal("none") }), aws])
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
        .optional(),
    })
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
      secret: z.string().min(1).describe("Wildcard certificate's Secret").optional(),
    })
    .default({}),
  ingressClass: z.string().min(1).default("fairway"),
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
      pullSecrets: z.array(z.string().min(1)).default([]),
      tools: z
        .string()
        .min(1)
        .describe("Image with a shell, for the platform's own init containers")
        .default("docker.io/library/busybox:1.37"),
    })
    .prefault({}),
  owner: z
    .strictObject({
      policy: z.enum(["required", "optional"]).default("required"),
      default: z.string().min(1).optional(),
    })
    .describe("What happens to a service without an owner")
    .prefault({}),
  stateful: z
    .enum(["protect", "disposable"])
    .describe("Whether replacing or deleting data needs a consent")
    .default("protect"),
  resources: z
    .array(
      z.strictObject({
        type: z.string().min(1),
        class: z.string().min(1).describe('"*" for every class').default("*"),
        driver: z.string().min(1),
        params: z.record(z.string(), z.json()).describe("Under the descriptor's own").default({}),
      }),
    )
    .describe("Which driver answers a type and class; the first that fits"),
  replicas: z
    .strictObject({ min: z.int().min(1).default(1), max: z.int().min(1).default(20) })
    .describe("Bounds of scaling in this environment")
    .prefault({}),
  quota: z
    .strictObject({
      cpu: quantity.default("16"),
      memory: quantity.default("32Gi"),
      pods: z.int().min(1).default(60),
      storage: quantity.default("200Gi"),
    })
    .describe("ResourceQuota of each namespace")
    .prefault({}),
  limits: z
    .strictObject({
      cpu: quantity.default("500m"),
      memory: quantity.default("512Mi"),
      cpuRequest: quantity.default("100m"),
      memoryRequest: quantity.default("128Mi"),
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
    .prefault({}),
  approvals: z
    .strictObject({
      required: z.int().min(0).max(10).default(0),
      groups: z.array(z.string()).default([]),
    })
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
        ),
    }),
    spec,
  })
  .describe("An environment");

/** The cloud account of an environment that has one. */
export type AwsCloud = z.infer<typeof aws>;

export type EnvironmentDocument = z.infer<typeof environmentSchema>;

/** An environment as everything after the loader sees it, defaults applied. */
export type Environment = EnvironmentDocument["spec"] & {
  readonly name: string;
  /** Relative to the root. */
  readonly file: string;
};
