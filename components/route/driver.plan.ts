import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { findPort } from "../service/peer.ts";
import { defaultHost, planRoute } from "./route.plan.ts";

const params = z.strictObject({
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
});

/** A path of the outside world that leads to a port of the asking service. */
export const route = driver<z.infer<typeof params>>({
  type: "route",
  name: "route",
  title: "A path of the outside world that leads to a port of the service",
  params,
  outputs: {
    host: { description: "Host name", secret: false },
    path: { description: "Path prefix", secret: false },
  },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan(request) {
    const { path, host = defaultHost(request.service, request.environment) } = request.params;
    const { port, targetPort, protocol } = findPort(
      request,
      request.service,
      request.ports,
      request.params.port,
    );
    const { name, namespace, labels } = request;
    const service = request.directory.services[request.service]?.host ?? request.service;
    return {
      args: {
        ...planRoute(
          { name, namespace, labels, host, path, service: { name: service, port } },
          request.environment,
        ),
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
  },
});
