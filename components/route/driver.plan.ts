import { z } from "zod";
import { type DriverAnswer, type DriverRequest, driver } from "../../stacks/contract/driver.ts";
import { findPort } from "../service/peer.ts";
import { type RouteInput, type RouteSpec, defaultHost, ingressRoute } from "./route.plan.ts";

/** Params of every driver of routes. */
export const routeParams = {
  host: z
    .string()
    .min(1)
    .describe("Host name; default the service's name under the environment's domain")
    .optional(),
  path: z.string().startsWith("/").describe("Path prefix").default("/"),
  port: z
    .union([z.string().min(1), z.int()])
    .describe("Name or number of a published port; default the first")
    .optional(),
};
const params = z.strictObject(routeParams);
type Params = z.infer<typeof params>;

/** Outputs of every driver of routes. */
export const ROUTE_OUTPUTS = {
  host: { description: "Host name", secret: false },
  path: { description: "Path prefix", secret: false },
};

/** A path of the outside world that leads to a port of the asking service. */
export const route = driver<Params>({
  type: "route",
  name: "route",
  title: "A path of the outside world that leads to a port of the service",
  params,
  outputs: ROUTE_OUTPUTS,
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan: (request) => routeAnswer(request, (input) => ingressRoute(input, request.environment)),
});

/** What every driver of routes answers; `answered` adds what its controller needs. */
export function routeAnswer(
  request: DriverRequest<Params>,
  answered: (input: RouteInput) => RouteSpec,
): DriverAnswer {
  const called = request.called?.service ?? request.service;
  const { path, host = defaultHost(called, request.environment) } = request.params;
  const { port, targetPort, protocol } = findPort(
    request,
    called,
    request.ports,
    request.params.port,
  );
  const { name, namespace, labels } = request;
  const service = request.directory.services[called]?.host ?? request.service;
  return {
    args: {
      ...answered({ name, namespace, labels, host, path, service: { name: service, port } }),
    },
    outputs: { host, path },
    edges: [
      {
        from: { kind: "entity", entity: "ingress" },
        to: { kind: "self", item: "" },
        port: targetPort,
        protocol,
        origin: { from: "default", reason: `route ${request.id} leads here` },
      },
    ],
  };
}
