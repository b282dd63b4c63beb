import { cyclesOf } from "../contract/cycles.ts";
import type { Plan } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";

/** Stacks that wait for each other (FW1210), each circle named once; stacks that are not planned count as up already. */
export function circleProblems(plans: readonly Plan[]): Problem[] {
  const graph = new Map(
    plans.map(({ stack, dependsOn }) => [stack, dependsOn.filter((other) => other !== stack)]),
  );
  return cyclesOf(graph).map((circle) =>
    problem("FW1210", `stacks wait for each other in a circle: ${circle.join(" → ")}`, {
      hint: "take one of the dependencies out, or put a queue between them",
    }),
  );
}
