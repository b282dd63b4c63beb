import { z } from "zod";
import { COST_UNITS } from "../contract/cost.ts";
import { LEVELS } from "../contract/environment.ts";
import { OUTCOMES, SEVERITIES } from "../contract/finding.ts";
import { OPERATIONS } from "../contract/result.ts";

/** Schemas of what commands print with `--json`; published under docs/schemas by `npm run generate`. */

const json = z.json();
const text = z.string();

const problem = z.strictObject({
  code: text.regex(/^FW\d{4}$/),
  source: z.enum(["user", "internal"]),
  message: text,
  file: text.optional(),
  line: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
  path: text.optional(),
  hint: text.optional(),
  docs: text.optional(),
});

const change = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete", "same", "read", "refresh"]),
  urn: text,
  type: text.describe("Pulumi type token"),
  name: text,
  id: text.optional(),
  fields: z.array(
    z.strictObject({
      path: text,
      old: json.optional(),
      new: json.optional(),
      secret: z.boolean(),
      replaces: z.boolean(),
    }),
  ),
  item: text.optional(),
  error: text.optional(),
});

const lastCopy = z.strictObject({
  of: text,
  kind: z.enum(["snapshot", "volume", "secret"]),
  name: text,
  until: text.describe("Date until which it can be brought back").optional(),
});

const verdict = z.strictObject({
  rule: text,
  level: z.enum(LEVELS),
  severity: z.enum(SEVERITIES),
  outcome: z.enum(OUTCOMES),
  stack: text,
  urn: text,
  type: text,
  name: text,
  message: text.optional(),
  path: text.optional(),
  at: z.strictObject({ file: text, line: z.int(), column: z.int(), path: text }).optional(),
});

const usd = z.number().describe("US dollars a month");
const skus = z.array(text).describe("SKUs without a price, in no sum");
const stackKind = z.enum(["service", "shared", "platform"]);

const costLine = z.strictObject({
  sku: text,
  quantity: z.number(),
  unit: z.enum(COST_UNITS),
  assumed: text.optional(),
  price: z
    .strictObject({
      usd: z.number().describe("US dollars for a unit"),
      region: text.optional(),
      date: text.optional(),
      source: text,
    })
    .optional(),
  usd: usd.optional(),
  missing: text.describe("Why there is no price").optional(),
});

const environmentCost = z.strictObject({
  environment: text,
  region: text.optional(),
  stacks: z.array(
    z.strictObject({
      stack: text,
      kind: stackKind,
      name: text,
      environment: text,
      items: z.array(z.strictObject({ id: text, component: text, lines: z.array(costLine), usd })),
      usd,
      assumed: usd.describe("How much of it follows from assumed usage"),
      missing: skus,
    }),
  ),
  nodes: usd.describe("Nodes of the platform that pods pay for, taken off once"),
  usd,
  assumed: usd.describe("How much of it follows from assumed usage"),
  missing: skus,
});

const comparison = z.strictObject({
  environment: text,
  base: text,
  before: usd,
  after: usd,
  difference: usd,
  missing: skus,
  changes: z.array(
    z.strictObject({
      stack: text,
      before: usd.optional(),
      after: usd.optional(),
      difference: usd,
      missing: skus,
    }),
  ),
});

const run = z.strictObject({
  run: text,
  operation: z.enum(OPERATIONS),
  environment: text,
  rehearsed: z.boolean(),
  because: text.optional().describe("Of a rehearsed run: why, and what it started from"),
  stacks: z.array(
    z.strictObject({
      stack: text,
      operation: z.enum(OPERATIONS),
      status: z.enum(["succeeded", "failed", "refused", "cancelled", "skipped", "busy"]),
      planDigest: text,
      changes: z.array(change),
      verdicts: z.array(verdict),
      problems: z.array(problem),
      outputs: z.record(text, json),
      notes: z.array(text).optional(),
      duration: z.number().describe("Milliseconds"),
    }),
  ),
  problems: z.array(problem),
  notes: z.array(problem),
  cost: comparison.describe("What the change costs, of a preview with --base").optional(),
  duration: z.number().describe("Milliseconds"),
  exit: z.int(),
});

const origin = z.union([
  z.strictObject({
    from: z.enum(["descriptor", "environment", "release"]),
    file: text,
    path: text,
  }),
  z.strictObject({ from: z.literal("flag"), flag: text }),
  z.strictObject({ from: z.literal("default"), reason: text }),
]);

const plan = z.looseObject({
  stack: text,
  kind: z.enum(["service", "shared", "platform"]),
  name: text,
  environment: text,
  namespace: text,
  labels: z.record(text, text),
  items: z.array(
    z.looseObject({
      id: text,
      component: text,
      args: z.record(text, json),
      origins: z.record(text, origin),
      after: z.array(text),
      stateful: z.boolean(),
    }),
  ),
  outputs: z.record(text, z.looseObject({ secret: z.boolean() })),
  dependsOn: z.array(text),
  images: z.record(
    text,
    z.strictObject({ image: text, from: z.enum(["flag", "release", "descriptor", "unreleased"]) }),
  ),
  digest: text.regex(/^[0-9a-f]{64}$/),
});

/** Command → schema of `data`. */
export const DATA_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  start: run,
  validate: z.strictObject({
    services: z.array(text),
    environments: z.array(text),
    problems: z.int(),
    notes: z.int(),
  }),
  plan: z.strictObject({ plans: z.array(plan) }),
  cost: z.strictObject({
    currency: z.literal("USD"),
    prices: z.strictObject({ date: text, sources: z.record(text, text) }),
    environments: z.array(environmentCost),
    base: text.optional(),
    comparisons: z.array(comparison).optional(),
  }),
  preview: run,
  up: run,
  destroy: run,
  retire: z.union([
    run,
    z
      .strictObject({ stack: text, forgotten: z.boolean(), copies: z.array(lastCopy) })
      .describe("With --forget"),
  ]),
  drift: run,
  status: z.strictObject({
    environment: text,
    stacks: z.array(
      z.strictObject({
        stack: text,
        state: z.enum(["current", "changed", "absent", "orphan", "retired", "retiring"]),
        images: z.record(text, text),
        ready: z.strictObject({ pods: z.int(), wanted: z.int() }).optional(),
        copies: z.array(lastCopy).optional().describe("Last copies of a retired one's data"),
      }),
    ),
  }),
  outputs: z.strictObject({ stack: text, outputs: z.record(text, json) }),
  release: z.strictObject({
    service: text,
    environment: text,
    images: z.record(text, text),
    source: text.nullable(),
    file: text,
  }),
  "secret set": z.strictObject({
    service: text.optional(),
    secret: text,
    environment: text,
    store: text,
  }),
  new: z.strictObject({ service: text, template: text, files: z.array(text), next: z.array(text) }),
  bootstrap: z.strictObject({
    environment: text,
    stack: text.describe("Stack of CloudFormation"),
    result: z.enum(["created", "updated", "unchanged", "rehearsed"]),
    template: z.record(text, json),
    settings: z.array(text).describe("What is left to do on GitHub"),
  }),
  "explain iam": z.strictObject({
    service: text,
    policies: z.array(
      z.strictObject({
        environment: text,
        role: text.optional(),
        permissionsBoundary: text.optional(),
        statements: z.array(
          z.strictObject({
            sid: text,
            actions: z.array(text),
            resources: z.array(text),
            conditions: z.record(text, z.record(text, z.array(text))).optional(),
            reason: text,
            wildcard: text.optional(),
            origin,
            from: text.describe("The origin in words"),
          }),
        ),
      }),
    ),
  }),
  explain: z.looseObject({ kind: z.enum(["code", "rule"]) }),
  "score import": z.strictObject({
    documents: z.array(
      z.strictObject({
        service: text,
        from: text.describe("The Score document"),
        file: text.nullable().describe("What was written, relative to the root"),
        document: z.record(text, json).describe("The ServiceRequest"),
      }),
    ),
  }),
  "score export": z.strictObject({
    service: text,
    environment: text,
    file: text.nullable(),
    document: z.record(text, json).describe("The Score document"),
  }),
  compose: z.strictObject({
    environment: text,
    services: z.array(text).describe("Services of the Compose file"),
    file: text.nullable(),
    env: text.describe("The env file, relative to the root"),
    missing: z.array(text).describe("Variables of the env file that only you can fill in"),
    document: z.record(text, json).describe("The Compose file"),
  }),
  logs: z.strictObject({
    service: text,
    environment: text,
    logs: z.array(
      z.strictObject({ pod: text, container: text, lines: z.array(text), error: text.optional() }),
    ),
  }),
  open: z.strictObject({ service: text, environment: text, urls: z.array(text) }),
  "cluster up": z.strictObject({
    server: text,
    version: text,
    kubeconfig: text,
    started: z.array(text),
  }),
  "cluster down": z.strictObject({ kept: z.boolean() }),
  "cluster status": z.looseObject({
    state: z.enum(["running", "partial", "stopped", "absent"]),
    version: text,
  }),
  "cluster kubeconfig": z.strictObject({ file: text, kubeconfig: text }),
  doctor: z.strictObject({
    needs: z.array(
      z.strictObject({
        name: text,
        found: z.boolean(),
        version: text.optional(),
        path: text.optional(),
        mend: text.optional(),
        optional: z.boolean(),
      }),
    ),
  }),
  completion: z.strictObject({ shell: text, script: text }),
};

/** The one document that a command prints with `--json`; `data` is null where the command could not begin. */
export function documentSchema(command: string): z.ZodType {
  return z
    .strictObject({
      command: z.literal(command),
      exit: z.int(),
      rehearsed: z.boolean(),
      data: z.union([DATA_SCHEMAS[command]!, z.null()]),
      problems: z.array(problem),
      notes: z.array(problem),
    })
    .describe(`What \`fairway ${command} --json\` prints`);
}
