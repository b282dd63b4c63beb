import type { z } from "zod";
import type { Path } from "../contract/path.ts";

/** The parts of a zod definition that lead to its fields. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly in?: z.core.$ZodType;
}

/** Names of the fields that a schema knows at a path, of every branch of a union. */
export function fieldsAt(schema: z.core.$ZodType, path: Path): string[] {
  let schemas = branches(schema);
  for (const part of path)
    schemas = schemas.flatMap((current) => {
      const next =
        current.shape && Object.hasOwn(current.shape, part)
          ? current.shape[part]
          : (current.element ?? current.valueType);
      return next ? branches(next) : [];
    });
  return [...new Set(schemas.flatMap((current) => Object.keys(current.shape ?? {})))];
}

/** Definitions behind optional, default and union wrappers. */
function branches(schema: z.core.$ZodType): Definition[] {
  const definition = schema._zod.def as unknown as Definition;
  if (definition.type === "lazy") return [];
  if (definition.options) return definition.options.flatMap(branches);
  const inner = definition.innerType ?? definition.in;
  return inner ? branches(inner) : [definition];
}
