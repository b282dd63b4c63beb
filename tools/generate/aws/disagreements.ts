import type { Limits, Property, TypeFacts } from "../../../stacks/providers/rehearsal/facts.ts";

/** A member of a creating operation in a service model of botocore. */
export interface Member {
  member: string;
  required?: boolean;
  /** Every updating operation needs it: it names the resource. */
  identifies?: boolean;
  /** An updating operation has it too. */
  updatable?: boolean;
  enum?: string[];
  /** Values that each item may have. */
  each?: string[];
  /** Least and most; of a text its length. */
  limits?: [number | null, number | null];
}

/** What the service models say of a type. */
export interface Model {
  operation: string;
  updates: string[];
  members: Readonly<Record<string, Member>>;
}

/** One thing on which the tables and the service models do not agree; the tables are followed. */
export interface Disagreement {
  type: string;
  property: string;
  about: "required" | "replacement" | "values" | "limits";
  tables: string;
  botocore: string;
}

/** Where the two sources speak of the same thing and do not agree, by type and property. */
export function disagreements(
  types: Readonly<Record<string, TypeFacts>>,
  models: Readonly<Record<string, Model>>,
): Disagreement[] {
  return Object.entries(models).flatMap(([type, model]) =>
    Object.entries(model.members).flatMap(([property, member]) => {
      const facts = types[`aws:${type}`]?.properties[property];
      if (!facts) return [];
      const found = [
        required(facts, member),
        replacement(facts, member, model),
        values(facts, member.enum),
        values(facts.each ?? {}, member.each),
        limits(facts, member),
      ];
      return found.flatMap((one) => (one ? [{ type, property, ...one }] : []));
    }),
  );
}

type Found = Pick<Disagreement, "about" | "tables" | "botocore"> | undefined;

/** Required by AWS and optional in Pulumi is none: the provider makes a name, or has a default. */
function required(facts: Property, member: Member): Found {
  if (facts.use !== "required" || member.required) return undefined;
  return { about: "required", tables: "required", botocore: "optional" };
}

/** What no updating operation takes can only be replaced, and the other way round; a type without any says nothing. */
function replacement(facts: Property, member: Member, { updates }: Model): Found {
  if (updates.length === 0 || member.identifies) return undefined;
  if (facts.replaces && member.updatable)
    return { about: "replacement", tables: "replaces", botocore: `${updates.join(", ")} takes it` };
  if (!facts.replaces && !member.updatable && !facts.of)
    return { about: "replacement", tables: "updates", botocore: `not in ${updates.join(", ")}` };
  return undefined;
}

function values({ oneOf }: Limits, model: readonly string[] | undefined): Found {
  if (!oneOf || !model) return undefined;
  const ours = oneOf.map(String);
  const only = (a: readonly string[], b: readonly string[]): string =>
    a.filter((one) => !b.includes(one)).join(", ");
  const [tables, botocore] = [only(ours, model), only(model, ours)];
  if (tables === "" && botocore === "") return undefined;
  return {
    about: "values",
    tables: tables && `also ${tables}`,
    botocore: botocore && `also ${botocore}`,
  };
}

function limits({ range, length }: Property, member: Member): Found {
  const ours = range ?? length;
  const theirs = member.limits;
  if (!ours || !theirs) return undefined;
  if (ours[0] === theirs[0] && ours[1] === theirs[1]) return undefined;
  const text = ([least, most]: readonly [number | null, number | null]): string =>
    `${least ?? "…"} to ${most ?? "…"}`;
  return { about: "limits", tables: text(ours), botocore: text(theirs) };
}
