import type { Environment } from "../../stacks/contract/environment.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { SCHEMES, albRoute } from "./alb.plan.ts";

/** A path of the outside world that leads to a Service: an Ingress. */
export interface RouteSpec<T = Text> {
  /** Name of the Ingress. */
  readonly name: string;
  /** Namespace of the Ingress. */
  readonly namespace: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of the Ingress, such as the certificate's issuer. */
  readonly annotations: Readonly<Record<string, T>>;
  /** IngressClass that answers it. */
  readonly ingressClass: string;
  /** Host name. */
  readonly host: T;
  /** Path that begins with `/`; everything below it belongs to the route (`pathType: Prefix`). */
  readonly path: string;
  /** Service and published port behind it. */
  readonly service: { readonly name: string; readonly port: number };
  /** Secret with the host's certificate, where the controller has none of its own; absent: no TLS. */
  readonly tls?: { readonly secret?: string };
}

/** What a route is, before the environment decides how it is answered. */
export type RouteInput = Pick<
  RouteSpec,
  "name" | "namespace" | "labels" | "host" | "path" | "service"
>;

/**
 * A route of a service that names no resource for it: answered as the environment's rule for routes says.
 * @param health Path that says whether a pod is well, for controllers that ask themselves.
 */
export function planRoute(route: RouteInput, environment: Environment, health?: string): RouteSpec {
  const rule = environment.resources.find(
    ({ type, class: of }) => type === "route" && (of === "*" || of === "default"),
  );
  if (rule?.driver !== "route-alb") return ingressRoute(route, environment);
  const scheme = SCHEMES.find((known) => known === rule.params["scheme"]) ?? SCHEMES[0];
  return albRoute(route, environment, { scheme, health });
}

/** A route that a controller in the cluster answers, with what the environment decides: class, certificate, issuer. */
export function ingressRoute(route: RouteInput, environment: Environment): RouteSpec {
  const { issuer, secret = issuer && `${route.name}-tls` } = environment.tls;
  return {
    ...route,
    annotations: issuer ? { "cert-manager.io/cluster-issuer": issuer } : {},
    ingressClass: environment.ingressClass,
    ...(secret && { tls: { secret } }),
  };
}

/** Host that a service has by default: its name under the environment's domain. */
export const defaultHost = (service: string, environment: Environment): string =>
  `${service}.${environment.domain}`;
