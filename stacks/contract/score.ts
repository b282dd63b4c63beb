import { z } from "zod";
import { LABEL } from "./names.ts";

/** `apiVersion` of the Score documents that are read. */
export const SCORE_API_VERSION = "score.dev/v1b1";

const label = z
  .string()
  .regex(LABEL, "expected a lower-case label of 2 to 63 characters (a-z, 0-9, -)");
const portNumber = z.int().min(1).max(65_535);
const typeName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/,
    "expected a name of 2 to 63 characters (A-Z, a-z, 0-9, -)",
  );

const annotations = z.record(
  z
    .string()
    .min(2)
    .max(316)
    .regex(
      /^(([a-z0-9][a-z0-9-]{0,61}[a-z0-9])(\.[a-z0-9][a-z0-9-]{0,61}[a-z0-9])*\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,61}[A-Za-z0-9]$/,
      "expected an annotation key such as example.com/name",
    ),
  z.string(),
);

const metadata = z
  .object({ name: label.describe("Name of the service"), annotations: annotations.optional() })
  .catchall(z.json())
  .describe("Further keys are allowed, and read by ${metadata.<key>}");

const compute = z.strictObject({
  memory: z
    .string()
    .regex(
      /^(0\.\d+|[1-9]\d*(\.\d+)?)(K|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/,
      "expected an amount of memory such as 512Mi",
    )
    .optional(),
  cpu: z
    .string()
    .regex(/^\d+(?:m|\.\d+)?$/, "expected an amount of CPU such as 500m or 0.5")
    .optional(),
});

const fileFields = {
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, "expected an octal mode such as 0644")
    .optional(),
  source: z.string().min(1).describe("File, relative to this document").optional(),
  content: z.string().describe("Text, with placeholders").optional(),
  binaryContent: z.string().describe("Base64, without placeholders").optional(),
  noExpand: z.boolean().describe("Leave placeholders as they are").optional(),
};
const oneContent = (file: Readonly<Record<string, unknown>>): boolean =>
  ["source", "content", "binaryContent"].filter((field) => file[field] !== undefined).length === 1;
const ONE_CONTENT = "expected exactly one of source, content and binaryContent";

const volumeFields = {
  source: z.string().describe("Usually ${resources.<name>}"),
  path: z.string().describe("Path inside the volume").optional(),
  readOnly: z.boolean().optional(),
};

const httpGet = z.strictObject({
  host: z.string().min(1).optional(),
  scheme: z.enum(["HTTP", "HTTPS"]).optional(),
  path: z.string(),
  port: portNumber,
  httpHeaders: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9_-]+$/, "expected the name of an HTTP header"),
        value: z.string().min(1),
      }),
    )
    .optional(),
});

const probe = z
  .strictObject({
    httpGet: httpGet.optional(),
    exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  })
  .refine(
    (value) => value.httpGet !== undefined || value.exec !== undefined,
    "expected httpGet or exec",
  );

const container = z.strictObject({
  image: z.string().min(1).describe("Image; . where the release gives it"),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  variables: z
    .record(z.string().regex(/^[^=]+$/, "expected a name without ="), z.string())
    .describe("Environment variables, with placeholders")
    .optional(),
  files: z
    .union([
      z.record(z.string(), z.strictObject(fileFields).refine(oneContent, ONE_CONTENT)),
      z.array(
        z
          .strictObject({ ...fileFields, target: z.string().min(1).optional() })
          .refine(oneContent, ONE_CONTENT),
      ),
    ])
    .describe("Target path → file; the list form is deprecated")
    .optional(),
  volumes: z
    .union([
      z.record(z.string(), z.strictObject(volumeFields)),
      z.array(z.strictObject({ ...volumeFields, target: z.string().optional() })),
    ])
    .describe("Target path → volume; the list form is deprecated")
    .optional(),
  before: z
    .record(label, z.strictObject({ ready: z.enum(["started", "healthy", "complete"]) }))
    .describe("Containers that start first, and how far they must be")
    .optional(),
  resources: z
    .strictObject({ limits: compute.optional(), requests: compute.optional() })
    .optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
});

const resource = z.strictObject({
  type: typeName,
  class: typeName.optional(),
  id: z
    .string()
    .min(2)
    .max(63)
    .regex(
      /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/,
      "expected lower-case labels joined by dots",
    )
    .describe("Shared by all workloads that name the same type, class and id")
    .optional(),
  metadata: z.object({ annotations: annotations.optional() }).catchall(z.json()).optional(),
  params: z.record(z.string(), z.json()).optional(),
});

/**
 * A Score v1b1 workload, with the verdicts of score-spec's JSON Schema (score-v1b1.json). What that schema leaves
 * open, such as a list entry without a target, is judged by stacks/load.
 */
export const scoreSchema = z.strictObject({
  apiVersion: z.literal(SCORE_API_VERSION),
  metadata,
  service: z
    .strictObject({
      ports: z
        .record(
          label,
          z.strictObject({
            port: portNumber,
            protocol: z.enum(["TCP", "UDP"]).optional(),
            targetPort: portNumber.optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  containers: z
    .record(label, container)
    .refine((value) => Object.keys(value).length > 0, "expected at least one container"),
  resources: z.record(label, resource).optional(),
});

/** A checked Score document, as it was written. */
export type ScoreDocument = z.infer<typeof scoreSchema>;
/** One container of a Score document. */
export type ScoreContainer = ScoreDocument["containers"][string];
