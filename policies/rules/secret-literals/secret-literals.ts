import type { Finding, ResourceRule, ResourceView } from "../../../stacks/contract/finding.ts";
import { cis, pci, soc2 } from "../lib/controls.ts";
import { attempt, each } from "../lib/each.ts";
import { about, type ContainerView, eachContainer, podOf, POD_TYPES } from "../lib/pods.ts";
import { at, fields, list, text } from "../lib/read.ts";
import { secretsIn, signOf } from "./detect.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

export const secretLiterals: ResourceRule = {
  scope: "resource",
  name: "secret-literals",
  description:
    "No secret stands as a literal in environment variables, commands, arguments or ConfigMaps.",
  why: "What stands there can be read by everybody who may look at the object, and stays in Git's history for ever.",
  fix: "Keep it in the environment's store (`fairway secret set`) and refer to it: `type: secret`, or the output of a resource.",
  severity: "critical",
  level: "mandatory",
  // A variable or argument that is not known yet comes from a resource: a literal is always known.
  harmless: /\.env\[\d+\]\.value$|\.(?:command|args)\[\d+\]$|^data(?:\.|\[)/,
  types: [...POD_TYPES, CONFIG_MAP],
  fields: {
    ServiceRequest: ["spec.env", "spec.files", "spec.args", "spec.command"],
    Score: ["containers.*.variables", "containers.*.files", "containers.*.args"],
  },
  frameworks: [
    ...cis("5.4.1"),
    ...pci("2.2.5", "3.5.1", "8.3.2"),
    ...soc2("CC6.1", "CC6.6", "CC6.7"),
  ],
  check(resource) {
    const pod = podOf(resource);
    return pod
      ? eachContainer(pod, (container) => [...inEnv(container), ...inCommand(container)])
      : inConfigMap(resource);
  },
};

function inEnv(container: ContainerView): Finding[] {
  const env = list(container.spec["env"]);
  return each(env.length, (index) => {
    const variable = fields(env[index]);
    const name = text(variable["name"]) ?? "";
    const sign = signOf(name, text(variable["value"]) ?? "");
    return sign === undefined
      ? []
      : [
          about(
            container,
            `has a secret literal in variable ${name}, ${sign}`,
            `env[${index}].value`,
          ),
        ];
  });
}

function inCommand(container: ContainerView): Finding[] {
  return (["command", "args"] as const).flatMap((field) =>
    attempt(() => {
      const given = list(container.spec[field]);
      // One that is not known yet reads empty, and does not keep the others from being checked.
      const parts = Array.from(given.keys(), (i) => attempt(() => [text(given[i])])[0] ?? "");
      return parts.flatMap((part, index) => {
        // `--password value` may be two parts.
        const next = parts[index + 1];
        const pair = /^--[\w-]+$/.test(part) && next !== undefined && !next.startsWith("-");
        return secretsIn(pair && !/\s/.test(next) ? `${part} ${next}` : part).map(
          ({ name, sign }) =>
            about(
              container,
              `has a secret literal in its ${field}${name && ` (${name})`}, ${sign}`,
              `${field}[${index}]`,
            ),
        );
      });
    }),
  );
}

function inConfigMap({ props }: ResourceView): Finding[] {
  return [
    ...attempt(() => {
      const data = fields(props["data"]);
      const keys = Object.keys(data);
      return each(keys.length, (index) => {
        const key = keys[index]!;
        const content = text(data[key]) ?? "";
        const signs = content.includes("\n")
          ? secretsIn(content)
          : [{ name: "", sign: signOf(key, content) }, ...secretsIn(content)];
        const found = signs.find(({ sign }) => sign !== undefined);
        return found
          ? [
              {
                message: `the ConfigMap has a secret literal in ${key}${found.name && ` (${found.name})`}, ${found.sign}`,
                path: at("data", key),
              },
            ]
          : [];
      });
    }),
  ];
}
