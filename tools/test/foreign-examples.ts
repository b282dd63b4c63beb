import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { checkoutRoot } from "../setup/checkout.ts";

/** Score documents that other people wrote; they stand beside the checkout and are not part of it. */
const SCORE = path.join(checkoutRoot(), "..", "shared", "fixtures", "score");

/** Whether they are here. */
export const present = existsSync(SCORE);

/** Settings of an environment for other people's examples, whose images and probes do not meet our rules. */
export const FOREIGN_SPEC = {
  registries: ["*"],
  policies: {
    levels: {
      "image-tag": "advisory",
      "image-digest": "advisory",
      registries: "advisory",
      probes: "advisory",
    },
    unproven: "allow",
  },
};

/** Files that a document names and its author did not publish with it. */
const COMPANIONS: Readonly<Record<string, string>> = {
  "specification/files/fileA.txt": "I am fileA!\n",
};

/** `--image` of the examples that leave it to be supplied. */
export const IMAGES: Readonly<Record<string, string>> = {
  "samples/traderx": "ingress/ingress=registry.example.com/traderx/ingress:1.0",
};

/** Documents that stand in one root. */
export interface Example {
  readonly title: string;
  /** Folder in the root → folder below examples, and its files. */
  readonly services: Readonly<Record<string, readonly [folder: string, ...files: string[]]>>;
}

/** All examples: each folder of the specification's and the resources', and each sample as a whole. */
export function examples(): Example[] {
  if (!present) return [];
  const all: Example[] = [];
  for (const group of ["resources", "specification"])
    for (const name of readdirSync(path.join(SCORE, "examples", group)).toSorted())
      all.push({
        title: `${group}/${name}`,
        services: { [name]: [`${group}/${name}`, "score.yaml"] },
      });
  for (const sample of readdirSync(path.join(SCORE, "examples", "samples")).toSorted()) {
    const folders = readdirSync(path.join(SCORE, "examples", "samples", sample)).toSorted();
    const services = Object.fromEntries(
      folders.map((name) => [name, [`samples/${sample}/${name}`, "score.yaml"] as const]),
    );
    all.push({ title: `samples/${sample}`, services });
  }
  all.push({
    title: "samples/aks-store-demo/product with AI",
    services: {
      product: ["samples/aks-store-demo/product", "score-ai.yaml"],
      ai: ["samples/aks-store-demo/ai", "score.yaml"],
    },
  });
  return all;
}

/** Writes an example's services into a folder, each into one of its name. */
function stage({ services }: Example, into: string): void {
  for (const [name, [folder, ...files]] of Object.entries(services)) {
    mkdirSync(path.join(into, name), { recursive: true });
    for (const file of files)
      cpSync(path.join(SCORE, "examples", folder, file), path.join(into, name, file));
    for (const [companion, text] of Object.entries(COMPANIONS))
      if (path.posix.dirname(companion) === folder)
        writeFileSync(path.join(into, name, path.posix.basename(companion)), text);
  }
}

/** The checkout's environments. */
export const ENVIRONMENTS = ["local", "dev", "staging", "prod"];

/** A root with copies of them, image rules and probes advisory, and the example's services. */
export function rootOf(example: Example): string {
  const root = emptyRoot();
  stage(example, path.join(root, "services"));
  return root;
}

/** The same with all documents side by side. */
export function rootOfAll(): { readonly root: string; readonly services: readonly string[] } {
  const root = emptyRoot();
  return { root, services: stageAll(path.join(root, "services")) };
}

/**
 * Writes all documents into a folder, side by side: where two have one name, the second has its folder's by an override file.
 * @returns Names of the services.
 */
export function stageAll(into: string): readonly string[] {
  const documents = examples().flatMap(({ services }) =>
    Object.values(services).map(([folder, file]) => `${folder}/${file}`),
  );
  const services = new Set<string>();
  for (const document of new Set(documents)) {
    const [from, file] = [path.posix.dirname(document), path.posix.basename(document)];
    const folder = from.replaceAll("/", "-");
    stage({ title: folder, services: { [folder]: [from, file] } }, into);
    const here = path.join(into, folder);
    const { metadata } = parse(readFileSync(path.join(here, file), "utf8")) as {
      metadata: { name: string };
    };
    const name = services.has(metadata.name) ? folder : metadata.name;
    services.add(name);
    if (name !== metadata.name)
      writeFileSync(path.join(here, `overrides.${file}`), stringify({ metadata: { name } }));
  }
  return [...services];
}

function emptyRoot(): string {
  const root = mkdtempSync(path.join(tmpdir(), "fairway-foreign-"));
  mkdirSync(path.join(root, "environments"));
  for (const name of ENVIRONMENTS) {
    const file = path.join("environments", `${name}.yaml`);
    const document = parse(readFileSync(path.join(checkoutRoot(), file), "utf8")) as {
      spec: Record<string, unknown>;
    };
    const { policies } = document.spec as { policies?: object };
    document.spec = {
      ...document.spec,
      ...FOREIGN_SPEC,
      policies: { ...policies, ...FOREIGN_SPEC.policies },
    };
    writeFileSync(path.join(root, file), stringify(document));
  }
  // None of them names its owner.
  writeFileSync(path.join(root, "CODEOWNERS"), "* @foreign\n");
  return root;
}
