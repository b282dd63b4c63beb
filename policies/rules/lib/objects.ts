import type { ResourceView } from "../../../stacks/contract/finding.ts";
import { type Fields, fields, list, text } from "./read.ts";

/** `metadata.name` of an object. */
export const nameOf = ({ props }: ResourceView): string =>
  text(fields(props["metadata"])["name"]) ?? "";

/** Namespace of an object, `default` where it names none. */
export const namespaceOf = ({ props }: ResourceView): string =>
  text(fields(props["metadata"])["namespace"]) ?? "default";

/**
 * Whether a LabelSelector selects labels; an empty one selects everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(selector: Fields, labels: Fields): boolean {
  const equal = fields(selector["matchLabels"]);
  return (
    Object.keys(equal).every((key) => labels[key] === equal[key]) &&
    list(selector["matchExpressions"]).every((one) => holds(fields(one), labels))
  );
}

function holds(expression: Fields, labels: Fields): boolean {
  const value = labels[text(expression["key"]) ?? ""];
  const values = list(expression["values"]);
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** Whether a selector is there and selects everything. */
export const selectsAll = (selector: unknown): boolean =>
  Object.keys(fields(fields(selector)["matchLabels"])).length === 0 &&
  list(fields(selector)["matchExpressions"]).length === 0;
