import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { SCHEMES, albRoute } from "./alb.plan.ts";
import { ROUTE_OUTPUTS, routeAnswer, routeParams } from "./driver.plan.ts";

const params = z.strictObject({
  ...routeParams,
  scheme: z
    .enum(SCHEMES)
    .describe("Reached from the internet, or from the network only")
    .default("internet-facing"),
  certificate: z
    .string()
    .startsWith("arn:")
    .describe("ARN of a certificate; default the wildcard of the environment's domain")
    .optional(),
  health: z
    .string()
    .startsWith("/")
    .describe("Path that answers below 400 when a pod is well; default any answer of / below 500")
    .optional(),
});

/** A path of the outside world that an Application Load Balancer leads to a port of the asking service. */
export const routeAlb = driver<z.infer<typeof params>>({
  type: "route",
  name: "route-alb",
  component: "route",
  title: "A path of the outside world on the environment's load balancer (ALB), with TLS",
  params,
  outputs: ROUTE_OUTPUTS,
  cloud: "aws",
  stateful: false,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan: (request) =>
    routeAnswer(request, (input) => albRoute(input, request.environment, request.params)),
});
