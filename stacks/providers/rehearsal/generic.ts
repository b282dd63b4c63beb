import { UNKNOWN } from "../kubernetes/values.ts";
import type { JsonObject, Path } from "../kubernetes/json.ts";
import { changesOf, replacingOf } from "./compare.ts";
import type { Properties } from "./facts.ts";
import { formOf } from "./forms.ts";
import type { Library } from "./library.ts";
import type { Player } from "./player.ts";

/** Plays any other package: inputs echoed, outputs made up where an installed SDK names them. */
export function playAny(library: Library): Player {
  const propertiesOf = async (type: string): Promise<Properties> =>
    (await library.find(type))?.properties ?? {};
  const secretsOf = (properties: Properties, value: JsonObject): Path[] =>
    Object.keys(value).flatMap((name) => (properties[name]?.secret ? [[name]] : []));
  return {
    async check(cue, _, news) {
      const secrets = secretsOf(await propertiesOf(cue.type), news.value);
      return { value: news.value, secrets: [...news.secrets, ...secrets], refusals: [] };
    },
    async diff(cue, old, now) {
      const properties = await propertiesOf(cue.type);
      const changes = changesOf(properties, old, now);
      return { changes, replacing: replacingOf(properties, changes), deleteFirst: false };
    },
    async foresee(cue, { value, secrets }) {
      const properties = await propertiesOf(cue.type);
      const unknown = Object.entries(properties)
        .filter(([name, { use }]) => value[name] === undefined && use !== "optional")
        .map(([name]) => [name, UNKNOWN]);
      const outputs = { ...value, ...(Object.fromEntries(unknown) as JsonObject) };
      return {
        id: "",
        outputs: { value: outputs, secrets: [...secrets, ...secretsOf(properties, outputs)] },
      };
    },
    async make(cue, { value, secrets }, chance) {
      const properties = await propertiesOf(cue.type);
      const { outputs } = formOf(cue, properties, value, chance);
      const all = { ...outputs, ...value };
      return {
        id: `rehearsed-${chance.hex(16)}`,
        outputs: { value: all, secrets: [...secrets, ...secretsOf(properties, all)] },
      };
    },
    refuseCreation: () => undefined,
    refuseDeletion: () => undefined,
  };
}
