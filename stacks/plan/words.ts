import type { ProbeSpec } from "../../components/workload/workload.plan.ts";
import { isTemplate, type Text } from "../contract/value.ts";

/** A value of a plan as people read it: one line, or one for each member where that is more than a line holds. */
export interface Words {
  readonly text: string;
  readonly lines?: readonly string[];
}

/** Members of a record that are still told in one line. */
const LINE = 80;

/** Words for a value; secrets stand there by name, since a plan holds no others. */
export function wordsOf(value: unknown): Words {
  const text = inline(value);
  if (!isRecord(value) || isProbe(value) || text.length <= LINE) return { text: shorten(text) };
  const members = Object.entries(value);
  if (!members.every(([, member]) => isScalar(member))) return { text: shorten(text) };
  return {
    text: "",
    lines: members.map(([name, member]) => shorten(`${name}=${inline(member)}`)),
  };
}

/** At most 100 characters, white space as one space. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}

/** `a, b` for a list, `cpu=1 memory=1Gi` for a record, `limits(cpu=1)` for one inside another. */
function inline(value: unknown): string {
  if (typeof value === "string") return value;
  if (isTemplate(value)) return templateText(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(inline).join(", ");
  if (!isRecord(value)) return String(value);
  if (isProbe(value)) return probeText(value);
  return Object.entries(value)
    .map(([name, member]) =>
      isScalar(member) ? `${name}=${inline(member)}` : `${name}(${inline(member)})`,
    )
    .join(" ");
}

function probeText({ action, period }: ProbeSpec): string {
  return `${actionText(action)} every ${period} s`;
}

function actionText(action: ProbeSpec["action"]): string {
  if ("exec" in action) return action.exec.join(" ");
  if ("tcpSocket" in action) return `connect to :${action.tcpSocket.port}`;
  const { scheme, host, port, path } = action.httpGet;
  return `GET ${path} ${scheme === "HTTPS" ? "https " : ""}${host ?? ""}:${port}`;
}

const templateText = (text: Exclude<Text, string>): string =>
  text.$template
    .map((part) => (typeof part === "string" ? part : `\${${part.ref}.${part.output}}`))
    .join("");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isTemplate(value);

const isScalar = (value: unknown): boolean => !Array.isArray(value) && !isRecord(value);

const isProbe = (value: object): value is ProbeSpec => "action" in value && "period" in value;
