import { Ingress, type IngressArgs } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { RouteSpec } from "./route.plan.ts";

/** Arguments of Route. */
export type RouteArgs = RouteSpec<Input<string>> & {
  readonly transforms?: { readonly ingress?: Transform<IngressArgs> };
};

/** A host and path of the outside world that lead to a Service: an Ingress. Example: `examples/route.ts`. */
export class Route extends FairwayComponent {
  static readonly type = "fairway:route:Route";
  /** Host name. */
  readonly host: Output<string>;
  /** Where people find it. */
  readonly url: Output<string>;
  /** The raw children. */
  readonly nodes: { readonly ingress: Ingress };

  constructor(name: string, args: RouteArgs, opts?: ComponentResourceOptions) {
    super(Route.type, name, opts);
    const ingress = this.child("ingress", Ingress, ingressArgs(args), args.transforms?.ingress);
    this.nodes = { ingress };
    this.host = output(args.host);
    this.url = this.host.apply(
      (host) => `${args.tls ? "https" : "http"}://${host}${args.path === "/" ? "" : args.path}`,
    );
    this.registerOutputs({ host: this.host, url: this.url });
  }
}

function ingressArgs(args: RouteArgs): IngressArgs {
  const { name, port } = args.service;
  const backend = { service: { name, port: { number: port } } };
  return {
    metadata: {
      name: args.name,
      namespace: args.namespace,
      labels: { ...args.labels },
      ...(Object.keys(args.annotations).length > 0 && { annotations: { ...args.annotations } }),
    },
    spec: {
      ingressClassName: args.ingressClass,
      rules: [
        { host: args.host, http: { paths: [{ path: args.path, pathType: "Prefix", backend }] } },
      ],
      ...(args.tls && {
        tls: [
          {
            hosts: [args.host],
            ...(args.tls.secret !== undefined && { secretName: args.tls.secret }),
          },
        ],
      }),
    },
  };
}
