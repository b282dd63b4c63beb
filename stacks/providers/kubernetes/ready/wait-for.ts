import { at, listAt, textAt, type Json, type JsonObject } from "../json.ts";
import { READY, waiting, type Waiter } from "./readiness.ts";

/**
 * The waiter of the annotation `pulumi.com/waitFor`: `condition=Ready`, `condition=Ready=False` or
 * `jsonpath={.status.phase}=Running` (without a value: any); all of several must hold. Undefined for another form.
 */
export function waitFor(expressions: readonly string[]): Waiter | undefined {
  const tests = expressions.map(parse);
  if (tests.length === 0 || tests.some((test) => test === undefined)) return undefined;
  return {
    judge(object) {
      const open = tests.findIndex((test) => !test?.(object));
      return open < 0 ? READY : waiting(`${expressions[open]} does not hold yet`);
    },
  };
}

function parse(expression: string): ((object: JsonObject) => boolean) | undefined {
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(expression);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    return (object) =>
      listAt(object, "status", "conditions").some(
        (each) =>
          textAt(each, "type") === type &&
          textAt(each, "status").toLowerCase() === status.toLowerCase(),
      );
  }
  const jsonpath = /^jsonpath=['"]?\{?\.?([\w.[\]-]+)\}?['"]?(?:=(.+))?$/.exec(expression);
  if (!jsonpath) return undefined;
  const path = (jsonpath[1] ?? "")
    .split(/[.[\]]/)
    .filter(Boolean)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return (object) => {
    const found: Json | undefined = at(object, ...path);
    return jsonpath[2] === undefined ? found !== undefined : String(found) === jsonpath[2];
  };
}
