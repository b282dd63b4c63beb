import { nearest } from "../contract/nearest.ts";
import { FairwayError, problem, type Problem } from "../contract/problem.ts";
import { splitStack } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import type { Workspace } from "../contract/workspace.ts";
import { isImage } from "../contract/image.ts";
import type { Input } from "./command.ts";
import { strayProblem, strays } from "./stray.ts";

/**
 * The environments of a command: the one named, or all where the command says so.
 * @throws FairwayError FW7007 where there is none of the name, with what of it is left in the state.
 */
export function selectEnvironments(
  workspace: Workspace,
  input: Input,
  otherwise: "all" | "local",
): string[] {
  const named = input.flags["env"] as string | undefined;
  const names = Object.keys(workspace.environments);
  if (named === undefined && otherwise === "all") return names;
  const wanted = named ?? "local";
  if (names.includes(wanted)) return [wanted];
  const left = strays(workspace).filter((stack) => splitStack(stack).environment === wanted);
  if (left.length > 0) throw new FairwayError(strayProblem(wanted, left));
  const near = nearest(wanted, names);
  throw new FairwayError(
    problem(
      "FW7007",
      `there is no environment \`${wanted}\`: ${names.join(", ") || "none at all"}`,
      {
        hint: near
          ? `did you mean \`--env ${near}\`?`
          : `add a file under environments/; one that was deleted is in Git (\`git log -- environments/${wanted}.yaml\`)`,
      },
    ),
  );
}

/**
 * The services that operands name, globs allowed; all where `--all` is given or the command takes all by default.
 * `known` are the names that may be chosen: descriptors, and for some commands stacks without one.
 */
export function selectServices(
  known: readonly string[],
  input: Input,
  otherwise: "all" | "none",
): string[] {
  const { operands, flags } = input;
  if (flags["all"] === true && operands.length > 0) {
    throw new FairwayError(
      problem(
        "FW7005",
        `both \`--all\` and ${operands.map((name) => `\`${name}\``).join(", ")} were given`,
        { hint: "leave one of them out" },
      ),
    );
  }
  if (flags["all"] === true || (operands.length === 0 && otherwise === "all")) return [...known];
  if (operands.length === 0) {
    throw new FairwayError(
      problem("FW7005", "no service was named", {
        hint: `name services (${known.slice(0, 3).join(", ")}${known.length > 3 ? ", …" : ""}) or write \`--all\``,
      }),
    );
  }
  const chosen = new Set<string>();
  const problems: Problem[] = [];
  for (const operand of operands) {
    const matching = known.filter((name) => globToRegExp(operand).test(name));
    for (const name of matching) chosen.add(name);
    if (matching.length > 0) continue;
    const near = nearest(operand, known);
    problems.push(
      problem("FW7006", `there is no service \`${operand}\``, {
        hint: near ? `did you mean \`${near}\`?` : `services: ${known.join(", ") || "none"}`,
      }),
    );
  }
  if (problems.length > 0) throw new FairwayError(problems);
  return known.filter((name) => chosen.has(name));
}

/** A stack, and what people call what it is of. */
export type NamedStack = Pick<Plan, "stack" | "name">;

/**
 * The stacks that operands mean: one by its full name (`shop.local`), or all that people call so, globs allowed.
 * `services` are names that may be chosen, though they have no stack.
 */
export function selectStacks<T extends NamedStack>(
  stacks: readonly T[],
  services: readonly string[],
  input: Input,
  otherwise: "all" | "none",
): T[] {
  const known = [...new Set([...services, ...stacks.map(({ name }) => name)])].sort();
  const inFull = input.flags["all"] === true ? [] : namedInFull(stacks, input);
  const operands = input.operands.filter((operand) => !inFull.includes(operand));
  const names =
    inFull.length > 0 && operands.length === 0
      ? []
      : selectServices(known, { ...input, operands }, otherwise);
  return stacks.filter(({ stack, name }) => inFull.includes(stack) || names.includes(name));
}

/**
 * Refuses to destroy stacks of which it is not plain that they are meant: several that people call the same, and to retire
 * what a pattern matches.
 * @throws FairwayError FW7020.
 */
export function refuseSeveral(chosen: readonly NamedStack[], input: Input, retire: boolean): void {
  if (input.flags["all"] === true || chosen.length === 0) return;
  const inFull = namedInFull(chosen, input);
  const pattern = retire && input.operands.find((operand) => /[*?[]/.test(operand));
  if (pattern)
    throw severalProblem(`\`${pattern}\` is a pattern, and one stack at a time is retired`, chosen);
  for (const { name } of chosen.filter((one) => !inFull.includes(one.stack))) {
    const same = chosen.filter((one) => one.name === name);
    if (same.length > 1) throw severalProblem(`\`${name}\` is the name of several stacks`, same);
  }
}

const namedInFull = (stacks: readonly NamedStack[], { operands }: Input): string[] =>
  stacks.map(({ stack }) => stack).filter((stack) => operands.includes(stack));

function severalProblem(what: string, stacks: readonly NamedStack[]): FairwayError {
  const names = stacks.map(({ stack }) => stack);
  return new FairwayError(
    problem("FW7020", `${what}: ${names.join(", ")}`, {
      hint: `name the one that is meant in full: ${names.join(" or ")}`,
    }),
  );
}

/** `*`, `?` and `[…]` as a shell has them; everything else is literal. */
export function globToRegExp(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}

/**
 * `--image <service>/<container>=<reference>` as service → container → reference. `known` are the containers of each
 * service.
 */
export function selectImages(
  input: Input,
  known: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const images: Record<string, Record<string, string>> = {};
  const problems: Problem[] = [];
  for (const text of (input.flags["image"] as readonly string[] | undefined) ?? []) {
    const match = /^([^/=]+)\/([^/=]+)=(.+)$/.exec(text);
    const [, service = "", container = "", image = ""] = match ?? [];
    if (!match || !isImage(image)) {
      problems.push(
        problem("FW7004", `\`--image ${text}\` is not SERVICE/CONTAINER=REFERENCE`, {
          hint: "write `--image shop-api/api=registry.example.com/shop-api:1.2`",
        }),
      );
    } else if (!Object.hasOwn(known, service)) {
      problems.push(
        problem("FW7006", `\`--image\` names \`${service}\`, which is no service`, {
          hint: `services: ${Object.keys(known).join(", ")}`,
        }),
      );
    } else if (!known[service]!.includes(container)) {
      problems.push(
        problem(
          "FW7004",
          `\`--image\` names \`${container}\`, which is no container of ${service}`,
          {
            hint: `containers: ${known[service]!.join(", ")}`,
          },
        ),
      );
    } else {
      (images[service] ??= {})[container] = image;
    }
  }
  if (problems.length > 0) throw new FairwayError(problems);
  return images;
}
