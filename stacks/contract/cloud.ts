import { z } from "zod";

/** Size → what the cloud calls it. */
const sizes = (small: string, medium: string, large: string) =>
  z
    .strictObject({
      small: z.string().min(1).describe("Class of the size small").default(small),
      medium: z.string().min(1).describe("Class of the size medium").default(medium),
      large: z.string().min(1).describe("Class of the size large").default(large),
    })
    .prefault({});
export type CloudSize = "small" | "medium" | "large";

const ids = (what: string) => z.array(z.string().min(1)).min(1).describe(what);
const retention = (what: string) => z.int().min(1).max(3653).describe(`Days that ${what} are kept`);

/** The account in AWS of an environment that has one. */
export const aws = z.strictObject({
  provider: z.literal("aws").describe("AWS"),
  region: z.string().min(1).describe("Region, such as eu-central-1"),
  account: z
    .string()
    .regex(/^\d{12}$/, "expected the 12 digits of an AWS account")
    .describe("Account"),
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
  repositoryIds: z
    .strictObject({
      owner: z.int().min(1).describe("Id of the owner"),
      repository: z.int().min(1).describe("Id of the repository"),
    })
    .describe(
      "Ids that GitHub gave the repository and its owner: its jobs show them if it was created, renamed or transferred after 15 July 2026",
    )
    .optional(),
  tags: z.record(z.string(), z.string()).describe("Tags on every resource").default({}),
  network: z
    .union([
      z.strictObject({
        adopt: z
          .strictObject({
            vpc: z.string().startsWith("vpc-").describe("VPC"),
            cidr: z
              .cidrv4()
              .describe(
                "Addresses of the VPC: load balancers and endpoints of AWS's APIs have theirs there",
              ),
            privateSubnets: ids("Subnets of nodes and pods, a zone each"),
            publicSubnets: z
              .array(z.string().min(1))
              .describe("Subnets of public load balancers")
              .default([]),
            databaseSubnets: ids("Isolated subnets of databases and caches, a zone each"),
            databaseCidrs: z
              .array(z.cidrv4())
              .min(1)
              .describe(
                "Address ranges of the database subnets, which network policies let pods reach",
              ),
          })
          .describe("It is there: nothing is created"),
      }),
      z.strictObject({
        create: z
          .strictObject({
            cidr: z.cidrv4().describe("Addresses of the VPC").default("10.0.0.0/16"),
            zones: z.int().min(2).max(3).describe("Availability zones").default(3),
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
            flowLogs: retention("flow logs").default(365),
          })
          .describe("The platform's stack creates it"),
      }),
    ])
    .describe(
      "Whether the network is there already (adopt: nothing is created) or the platform's stack creates it",
    )
    .prefault({ create: {} }),
  eks: z
    .union([
      z.strictObject({
        adopt: z
          .strictObject({
            mode: z.enum(["auto", "managed"]).describe("EKS Auto Mode, or managed nodes"),
            clusterSecurityGroup: z
              .string()
              .startsWith("sg-")
              .describe("Security group of the cluster's nodes"),
          })
          .describe("It is there: nothing is created"),
      }),
      z.strictObject({
        create: z
          .strictObject({
            version: z
              .string()
              .regex(/^1\.\d+$/, "expected a Kubernetes version such as 1.35")
              .describe("Version of Kubernetes")
              // In standard support until 27 March 2027:
              // https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
              .default("1.35"),
            support: z
              .enum(["standard", "extended"])
              .describe(
                "What happens when AWS ends the version's standard support: it upgrades the cluster by itself, whatever this file says (standard), or keeps the version for a year more at a higher price (extended)",
              )
              .default("extended"),
            mode: z
              .enum(["auto", "managed"])
              .describe("EKS Auto Mode, or managed nodes with add-ons")
              .default("managed"),
            endpoint: z
              .union([
                z.literal("private"),
                z.strictObject({
                  cidrs: z.array(z.cidrv4()).min(1).describe("Addresses that may call it"),
                }),
              ])
              .describe(
                "Whether the API server is reached from inside only, or from some addresses too",
              )
              .default("private"),
            nodes: z
              .strictObject({
                instanceTypes: z
                  .array(z.string().min(1))
                  .min(1)
                  .describe("Instance types")
                  .default(["m7g.large"]),
                min: z.int().min(1).describe("Least nodes").default(3),
                max: z.int().min(1).describe("Most nodes").default(12),
                disk: z.int().min(20).describe("GiB of each node").default(60),
              })
              .describe("Managed nodes")
              .prefault({}),
            loadBalancerController: z
              .string()
              .min(1)
              .describe("Image of the AWS Load Balancer Controller 2.7, such as a mirror's")
              .default("public.ecr.aws/eks/aws-load-balancer-controller:v2.7.2"),
            logs: retention("the control plane's logs").default(365),
          })
          .describe("The platform's stack creates it"),
      }),
    ])
    .describe(
      "Whether the cluster that `cluster.eks` names is there already, or the platform's stack creates it",
    )
    .prefault({ create: {} }),
  keys: z
    .union([
      z.strictObject({
        adopt: z
          .strictObject({
            public: z.string().startsWith("arn:").describe("ARN of the key of public data"),
            internal: z.string().startsWith("arn:").describe("ARN of the key of internal data"),
            confidential: z
              .string()
              .startsWith("arn:")
              .describe("ARN of the key of confidential data"),
            restricted: z.string().startsWith("arn:").describe("ARN of the key of restricted data"),
          })
          .describe("It is there: nothing is created"),
      }),
      z.strictObject({ create: z.strictObject({}).describe("Created by the platform's stack") }),
    ])
    .describe("KMS keys by data class")
    .prefault({ create: {} }),
  dns: z
    .union([
      z.strictObject({
        adopt: z
          .strictObject({
            zone: z.string().min(1).describe("Id of the hosted zone"),
            certificate: z.string().startsWith("arn:").describe("ARN of the wildcard certificate"),
          })
          .describe("It is there: nothing is created"),
      }),
      z.strictObject({ create: z.strictObject({}).describe("Created by the platform's stack") }),
    ])
    .describe("Hosted zone of the environment's domain, and its wildcard certificate")
    .prefault({ create: {} }),
  logs: retention("logs").default(90),
  backups: z.int().min(1).max(35).describe("Days that databases' backups are kept").default(14),
  sizes: z
    .strictObject({
      rds: sizes("db.t4g.small", "db.m7g.large", "db.r7g.xlarge").describe("Databases"),
      elasticache: sizes("cache.t4g.small", "cache.m7g.large", "cache.r7g.xlarge").describe(
        "Caches",
      ),
      docdb: sizes("db.t4g.medium", "db.r6g.large", "db.r6g.xlarge").describe("Document databases"),
      msk: sizes("kafka.t3.small", "kafka.m7g.large", "kafka.m7g.xlarge").describe(
        "Kafka's brokers",
      ),
      mq: sizes("mq.m7g.medium", "mq.m7g.large", "mq.m7g.xlarge").describe("Message brokers"),
    })
    .describe("What small, medium and large are")
    .prefault({}),
});

/** The cloud account of an environment that has one. */
export type AwsCloud = z.infer<typeof aws>;
