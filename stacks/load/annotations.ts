import { joinPath } from "../contract/path.ts";
import {
  DATA_CLASSES,
  LANGUAGES,
  LIFECYCLES,
  SERVICE_TYPES,
  TIERS,
  type Consent,
  type Service,
} from "../contract/service.ts";
import type { Code } from "../contract/codes.ts";
import { CONSENT_LINE } from "../contract/consent.ts";
import { LABEL } from "../contract/names.ts";
import { choiceOf, didYouMean } from "./suggest.ts";

/** Parts of a model that a Score document can give by annotation. */
export type Annotated = Partial<
  Pick<
    Service,
    | "type"
    | "serviceName"
    | "tier"
    | "lifecycle"
    | "dataClass"
    | "language"
    | "schedule"
    | "was"
    | "consents"
  >
> & { readonly monitoring?: boolean };

interface Entry {
  readonly field: keyof Annotated;
  /** Text of the annotation → value; undefined: any text. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Reads a text that says more than one thing; undefined where it says nothing. */
  readonly read?: { readonly from: (text: string) => unknown; readonly expected: string };
}

/** Names that a workload or resource had. */
export const WAS = "fairway.dev/was";

/** Names with commas in between; undefined where one of them is no label. */
export function wasIn(text: string): readonly string[] | undefined {
  const names = text.split(",").map((name) => name.trim());
  return names.every((name) => LABEL.test(name)) ? names : undefined;
}

function consentsIn(text: string): readonly Consent[] | undefined {
  const found = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => CONSENT_LINE.exec(line));
  if (found.some((match) => match === null) || found.length === 0) return undefined;
  return found.map((match) => {
    const [, action = "", resource = "", until = "", reason = ""] = match!;
    return { resource, action: action as Consent["action"], reason, until };
  });
}

const same = (values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(values.map((value) => [value, value]));

/** Annotations of a Score workload that the platform reads. The first two are score-k8s's own. */
const ANNOTATIONS: Readonly<Record<string, Entry>> = {
  "k8s.score.dev/kind": {
    field: "type",
    values: { Deployment: undefined, StatefulSet: "stateful" },
  },
  "k8s.score.dev/service-name": { field: "serviceName" },
  "fairway.dev/type": { field: "type", values: same(SERVICE_TYPES) },
  "fairway.dev/schedule": { field: "schedule" },
  "fairway.dev/tier": { field: "tier", values: same(TIERS) },
  "fairway.dev/lifecycle": { field: "lifecycle", values: same(LIFECYCLES) },
  "fairway.dev/data-class": { field: "dataClass", values: same(DATA_CLASSES) },
  "fairway.dev/language": { field: "language", values: same(LANGUAGES) },
  [WAS]: {
    field: "was",
    read: { from: wasIn, expected: "names with commas in between, the oldest first" },
  },
  "fairway.dev/consents": {
    field: "consents",
    read: {
      from: consentsIn,
      expected: "lines such as `delete database until 2026-12-31: why, in a few words`",
    },
  },
  "fairway.dev/monitoring": { field: "monitoring", values: { enabled: true, disabled: false } },
};

/** What is for the platform alone, and not for the workload's object. */
const OURS = "fairway.dev/";

/** Annotations of the workload's object: what we read ourselves says nothing to anybody else. */
export const objectAnnotations = (
  annotations: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith(OURS)));

/** The model parts that annotations give; `sources` gets where each stands. Values not allowed are left out. */
export function fromAnnotations(
  annotations: Readonly<Record<string, string>>,
  sources: Record<string, string>,
): Annotated {
  const parts: Record<string, unknown> = {};
  for (const [key, { field, values, read }] of Object.entries(ANNOTATIONS)) {
    const text = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    if (text === undefined) continue;
    const value = read
      ? read.from(text)
      : values
        ? Object.hasOwn(values, text)
          ? values[text]
          : undefined
        : text;
    if (value === undefined) continue;
    parts[field] = value;
    sources[field] = joinPath(["metadata", "annotations", key]);
  }
  return parts as Annotated;
}

/** Annotations in our name that we do not know, and values that are not allowed. */
export function checkAnnotations(
  annotations: Readonly<Record<string, string>>,
  say: (code: Code, key: string, message: string, hint?: string) => void,
): void {
  const known = Object.keys(ANNOTATIONS);
  for (const [key, text] of Object.entries(annotations)) {
    if (!Object.hasOwn(ANNOTATIONS, key)) {
      const ours = known.filter((one) => one.startsWith(OURS));
      if (key.startsWith(OURS))
        say(
          "FW1101",
          key,
          `unknown annotation ${key}: expected ${choiceOf(ours)}`,
          didYouMean(key, ours),
        );
      continue;
    }
    const { values, read } = ANNOTATIONS[key]!;
    if (read && read.from(text) === undefined)
      say(
        "FW1304",
        key,
        `${key} is ${JSON.stringify(text.slice(0, 60))}: expected ${read.expected}`,
      );
    if (values && !Object.hasOwn(values, text))
      say(
        "FW1304",
        key,
        `${key} is ${JSON.stringify(text.slice(0, 60))}: expected ${choiceOf(Object.keys(values))}`,
        didYouMean(text, Object.keys(values)),
      );
  }
}
