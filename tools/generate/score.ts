import { readFileSync } from "node:fs";
import path from "node:path";
import { checkoutRoot } from "../setup/checkout.ts";
import { MARKER, type Outputs } from "./outputs.ts";
import { table } from "./table.ts";
import { BETTER, FIELDS, PROOFS, RULES, type Row } from "./score-table.ts";

/** The part of JSON Schema that Score's schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly deprecated?: boolean;
}

const SCHEMA = "tools/test/specifications/score-v1b1.json";

/** Every field of Score's schema: `*` stands for a name, `[]` for an entry of a list. */
export function scoreFields(): string[] {
  const schema = JSON.parse(readFileSync(path.join(checkoutRoot(), SCHEMA), "utf8")) as Schema & {
    readonly $defs: Readonly<Record<string, Schema>>;
  };
  const fields = new Set<string>();
  const walk = (at: string, given: Schema): void => {
    const { $ref, properties = {}, additionalProperties, items, oneOf, allOf } = given;
    if ($ref) walk(at, schema.$defs[$ref.replace("#/$defs/", "")]!);
    for (const part of [...(oneOf ?? []), ...(allOf ?? [])]) walk(at, part);
    for (const [name, field] of Object.entries(properties)) {
      // The map forms refuse the target of the list forms.
      if (name === "target" && !at.endsWith("[]")) continue;
      const here = at === "" ? name : `${at}.${name}`;
      fields.add(here);
      walk(here, field);
    }
    if (additionalProperties === true && Object.keys(properties).length > 0) fields.add(`${at}.*`);
    if (typeof additionalProperties === "object") walk(`${at}.*`, additionalProperties);
    if (items && (items.properties || items.$ref)) walk(`${at}[]`, items);
  };
  walk("", schema);
  return [...fields];
}

/** docs/SCORE.md: what of Score is supported, where, and which test proves it. */
export function scorePage(): Outputs {
  const missing = scoreFields().filter((field) => !Object.hasOwn(FIELDS, field));
  if (missing.length > 0)
    throw new Error(`tools/generate/score-table.ts says nothing of ${missing.join(", ")}`);
  const head = ["field or rule", "supported", "where", "proof", "the reference tools"];
  const line = (name: string, { where, proof, reference, limit }: Row): string[] => [
    name,
    limit === undefined ? "yes" : `with a limit: ${limit}`,
    link(where),
    proofOf(proof),
    reference ?? "the same",
  ];
  return {
    "docs/SCORE.md": [
      "# Score",
      "",
      MARKER,
      "",
      "A service is described by a `ServiceRequest` or by a [Score](https://score.dev) document (v1b1): `services/<folder>/score.yaml`, or several `score*.yaml` in one folder. Both become the same model and the same plan.",
      "",
      "- `overrides.<name>` beside `<name>` is merged over it; `--override-property path=value` over both, on `validate`, `plan`, `preview` and `up`.",
      "- A resource with an `id` is one for all workloads of an environment that name its type, class and id: a stack of its own (`shared-…`), owned by the team of its users where that is one. It is made before the first of them, stays when they go, and ends by `fairway destroy shared-… --yes` or with `--all`.",
      "- What Score has no field for is an annotation: `fairway.dev/type`, `schedule`, `tier`, `lifecycle`, `data-class`, `language`, `monitoring`; `metadata.owner` and `metadata.description` are read too.",
      "- `fairway score import` turns Score documents into ServiceRequests, `fairway score export` any service into a Score document; what the other form cannot say is listed. `fairway compose` writes a Docker Compose file.",
      "",
      "The reference tools are score-k8s and score-compose as read in summer 2026. Every proof is the name of a test in the file that is linked.",
      "",
      "## Fields of the schema",
      "",
      `Verdicts on documents are the schema's own: ${proofOf("schema")}.`,
      "",
      table(
        head,
        scoreFields().map((field) => line(`\`${field}\``, FIELDS[field]!)),
      ),
      "",
      "## Rules beside the schema",
      "",
      table(
        head,
        Object.entries(RULES).map(([name, found]) => line(name, found)),
      ),
      "",
      "## Where the reference tools are thin",
      "",
      table(
        ["there", "here", "proof"],
        BETTER.map(({ weakness, here, proof }) => [weakness, here, proofOf(proof)]),
      ),
      "",
    ].join("\n"),
  };
}

const link = (file: string): string => `[${path.posix.basename(file)}](../${file})`;

function proofOf(name: keyof typeof PROOFS): string {
  const { file, test } = PROOFS[name];
  return `“${test}” in ${link(file)}`;
}
