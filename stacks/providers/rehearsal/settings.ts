import { at, isObject, listAt, textAt, type Json, type JsonObject } from "../kubernetes/json.ts";

/** What a provider instance was configured with. */
export interface Settings {
  /** Empty where none is configured. */
  region: string;
  account: string;
  /** Tags that every resource gets. */
  tags: JsonObject;
  /** Of Kubernetes objects that name none. */
  namespace: string;
}

/** The account of examples in the documentation of AWS; taken where the configuration names none. */
const EXAMPLE_ACCOUNT = "123456789012";

/**
 * Settings from the arguments of Configure and the configuration variables of its package: texts, with nested values in
 * JSON. The account is the one that the provider is allowed to use.
 */
export function readSettings(args: JsonObject, variables: ReadonlyMap<string, string>): Settings {
  const get = (name: string): Json | undefined => {
    const given = args[name] ?? variables.get(`aws:config:${name}`);
    return typeof given === "string" && /^[[{]/.test(given) ? parsed(given) : given;
  };
  const role = textAt(listAt(get("assumeRoles"))[0], "roleArn");
  const tags = at(get("defaultTags"), "tags");
  const allowed = listAt(get("allowedAccountIds"))[0];
  const region = get("region");
  return {
    region: typeof region === "string" ? region : "",
    account:
      typeof allowed === "string" ? allowed : (/:(\d{12}):/.exec(role)?.[1] ?? EXAMPLE_ACCOUNT),
    tags: isObject(tags) ? tags : {},
    namespace: textAt(args, "namespace") || "default",
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
