import { z } from "zod";
import { consentSchema } from "./consent.ts";
import { IMAGE_EXPECTED, isImage } from "./image.ts";
import { LABEL } from "./names.ts";
import { isQuantity } from "./quantity.ts";
import {
  DATA_CLASSES,
  LANGUAGES,
  LIFECYCLES,
  SERVICE_TYPES,
  TIERS,
  VISIBILITIES,
} from "./service.ts";

/** `apiVersion` of the platform's own kinds. */
export const API_VERSION = "platform.company.com/v1";

const label = z
  .string()
  .regex(LABEL, "expected a lower-case label of 2 to 63 characters (a-z, 0-9, -)");
const quantity = (what: string) =>
  z.string().refine(isQuantity, {
    error: `expected a Kubernetes quantity of ${what}, such as ${what === "cpu" ? "500m" : "512Mi"}`,
    params: { takes: isQuantity },
  });
const portNumber = z.int().min(1).max(65_535);
const seconds = z.int().min(1).max(3_600);
const stringMap = z.record(z.string(), z.string());
const json = z.json();

/** `enabled` and `disabled`, as the short descriptor writes it. */
const toggle = z.enum(["enabled", "disabled"]);

const compute = z
  .strictObject({
    cpu: quantity("cpu")
      .describe("CPU request; the limit follows the environment's ratio")
      .optional(),
    memory: quantity("memory").describe("Memory request and limit").optional(),
  })
  .describe("CPU and memory of the main container");

const was = z
  .array(label)
  .min(1)
  .describe("Names that it had, the oldest first: it keeps its data, objects and passwords");

const use = z.strictObject({
  was: was.optional(),
  type: z
    .string()
    .min(2)
    .max(63)
    .describe("Resource type, such as postgres, redis, s3, amqp, secret"),
  class: z
    .string()
    .min(2)
    .max(63)
    .describe("Specialisation that an environment's rules answer")
    .optional(),
  id: z
    .string()
    .min(2)
    .max(63)
    .describe("Shared by all services that name the same type, class and id")
    .optional(),
  params: z.record(z.string(), json).describe("Parameters of the driver").optional(),
});

const health = z.strictObject({
  path: z.string().startsWith("/").describe("HTTP path that answers 200 when ready").optional(),
  port: portNumber.describe("Container port of the probes; default the first port").optional(),
  command: z.array(z.string()).min(1).describe("Command instead of HTTP").optional(),
  initialDelay: seconds.describe("Seconds before the first probe").optional(),
  period: seconds.describe("Seconds between probes").optional(),
  timeout: seconds.describe("Seconds until a probe counts as failed").optional(),
  failureThreshold: z
    .int()
    .min(1)
    .max(100)
    .describe("Failures in a row until action is taken")
    .optional(),
});

const file = z.strictObject({
  content: z.string().describe("Text, with placeholders"),
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, "expected an octal mode such as 0644")
    .describe("Octal mode; default 0444")
    .optional(),
});

const port = z.strictObject({
  port: portNumber.describe("Port that others call"),
  targetPort: portNumber.describe("Port that the container listens on; default port").optional(),
  protocol: z.enum(["TCP", "UDP"]).describe("Default TCP").optional(),
});

const replicas = z.int().min(1).max(1_000);
const cron = z.string().max(100);

const scalingWindow = z.strictObject({
  from: cron.describe("Cron expression of its begin, such as 0 8 * * 1-5"),
  to: cron.describe("Cron expression of its end, such as 0 18 * * 1-5"),
  replicas: replicas.describe("Replicas that run at least, within min and max"),
  timeZone: z
    .string()
    .max(100)
    .describe("Time zone of both, such as Europe/Berlin; default Etc/UTC")
    .optional(),
});

const scaling = z.strictObject({
  min: replicas.describe("Least replicas, within the environment's bounds"),
  max: replicas.describe("Most replicas, within the environment's bounds"),
  cpu: z.int().min(1).max(100).describe("Target percent of the CPU request").optional(),
  memory: z.int().min(1).max(100).describe("Target percent of the memory request").optional(),
  schedule: z
    .array(scalingWindow)
    .max(20)
    .describe(
      "Windows with more replicas, by the clock; the KEDA operator of the cluster acts on them",
    )
    .optional(),
});

const slo = z.strictObject({
  availability: z.number().min(50).max(99.999).describe("Percent of good requests"),
  latency: z.int().min(1).describe("Milliseconds for 99 % of requests").optional(),
});

const route = z.strictObject({
  host: z
    .string()
    .min(1)
    .describe("Host name; default the service's name under the environment's domain")
    .optional(),
  path: z.string().startsWith("/").describe("Path prefix; default /").optional(),
  port: portNumber.describe("Published port it leads to; default the first").optional(),
});

const specFields = {
  type: z.enum(SERVICE_TYPES).describe("What the service is"),
  language: z.enum(LANGUAGES).describe("Gives port and health path by convention").optional(),
  owner: z
    .string()
    .min(1)
    .max(100)
    .describe("Team that answers for it; default from CODEOWNERS")
    .optional(),
  tier: z.enum(TIERS).describe("How much it matters that it runs").optional(),
  lifecycle: z.enum(LIFECYCLES).describe("How far the service has come").optional(),
  dataClass: z.enum(DATA_CLASSES).describe("Most sensitive data it holds").optional(),
  description: z.string().max(1_000).describe("What it is for, in a sentence").optional(),
  links: z
    .array(
      z.strictObject({
        title: z.string().min(1).describe("What a reader sees"),
        url: z.url().describe("Where it leads"),
      }),
    )
    .describe("Pages about the service, such as a dashboard")
    .optional(),
  image: z
    .string()
    .refine(isImage, IMAGE_EXPECTED)
    .describe("Image where no release names one")
    .optional(),
  command: z.array(z.string()).min(1).describe("Instead of the image's entry point").optional(),
  args: z.array(z.string()).describe("Instead of the image's arguments").optional(),
  port: portNumber.describe("The one port it listens on").optional(),
  ports: z.record(label, port).describe("Named ports, where there is more than one").optional(),
  health: health.describe("Health path and timings of the probes").optional(),
  env: z
    .record(z.string().regex(/^[^=\s]+$/, "expected a name without = and spaces"), z.string())
    .describe("Environment variables, with placeholders")
    .optional(),
  files: z.record(z.string().startsWith("/"), file).describe("Files by absolute path").optional(),
  database: z
    .enum(["postgresql", "postgres", "mysql", "mongodb"])
    .describe("Short for a use named database")
    .optional(),
  cache: z.enum(["redis"]).describe("Short for a use named cache").optional(),
  uses: z.record(label, use).describe("What the service uses, by name").optional(),
  queues: z
    .array(label)
    .describe("Queues: short for uses of type amqp with the queue's name")
    .optional(),
  topics: z
    .array(label)
    .describe(
      "Topics: short for uses of type kafka-topic with the topic's name; no environment here answers that type yet (FW3001)",
    )
    .optional(),
  consumes: z.array(label).describe("Services that this one calls").optional(),
  provides: z
    .array(
      z.strictObject({
        name: label.describe("Name of the API"),
        kind: z.enum(["openapi", "asyncapi", "grpc", "graphql"]).describe("How it is written down"),
        file: z.string().describe("File of the API, relative to the descriptor").optional(),
      }),
    )
    .describe("APIs it offers, with a file beside the descriptor")
    .optional(),
  monitoring: toggle
    .describe("Metrics, alerts and traces; default enabled for tier critical")
    .optional(),
  scaling: scaling.describe("How many replicas; default by tier").optional(),
  resources: compute.optional(),
  route: z
    .union([route, z.array(route)])
    .describe("Where the outside world finds it")
    .optional(),
  visibility: z.enum(VISIBILITIES).describe("public adds a route with its default host").optional(),
  schedule: cron.describe("Cron expression of type cron").optional(),
  slo: slo.describe("Service level objective over 30 days").optional(),
  cost: z
    .strictObject({ ceiling: z.number().positive().describe("US dollars a month") })
    .describe("What it may cost")
    .optional(),
  patches: z
    .array(
      z.strictObject({
        kind: z.string().min(1).describe("Kind of the object, such as Deployment"),
        name: z.string().min(1).describe("Its name; default every object of the kind").optional(),
        merge: z.record(z.string(), json).describe("JSON merge patch (RFC 7386)"),
      }),
    )
    .describe("JSON merge patches on generated objects, judged like everything else")
    .optional(),
  consents: z
    .array(consentSchema)
    .describe("Leave to replace or delete something stateful")
    .optional(),
};

/** A ServiceRequest's spec in one environment, overrides merged. */
export const requestSpecSchema = z.strictObject(specFields);

/** Overrides of one environment: maps are merged, so that a map may give some of its fields only. */
const override = requestSpecSchema
  .omit({ owner: true })
  .partial()
  .extend({
    scaling: scaling.partial().describe("Some of scaling").optional(),
    slo: slo.partial().describe("Some of the objective").optional(),
    uses: z.record(label, use.partial()).describe("Some of uses, by name").optional(),
    ports: z.record(label, port.partial()).describe("Some of ports, by name").optional(),
    files: z
      .record(z.string().startsWith("/"), file.partial())
      .describe("Some of files, by absolute path")
      .optional(),
  });

const spec = z.strictObject({
  ...specFields,
  environments: z
    .record(z.string().min(1).max(20), override)
    .describe(
      "Per environment: merged over the fields above; null is not allowed, leave a field out instead",
    )
    .optional(),
});

/** The short descriptor: `services/<folder>/service.yaml`. */
export const serviceRequestSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    kind: z.literal("ServiceRequest"),
    metadata: z.strictObject({
      name: label.describe("Name of the service; its folder is free"),
      was: was.optional(),
      annotations: stringMap.describe("Annotations of the workload's object").optional(),
    }),
    spec,
  })
  .describe("A service: the golden path");

/** `spec` of a checked ServiceRequest. */
export type RequestSpec = z.infer<typeof requestSpecSchema>;
/** A checked `service.yaml`, as it was written. */
export type ServiceRequest = z.infer<typeof serviceRequestSchema>;
