import type { Environment } from "../../stacks/contract/environment.ts";
import type { Text } from "../../stacks/contract/value.ts";

/** A path of the outside world that leads to a Service: an Ingress. */
export interface RouteSpec<T = Text> {
  /** Name of the Ingress. */
  readonly name: string;
  /** Namespace of the Ingress. */
  readonly namespace: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of the Ingress, such as the certificate's issuer. */
  readonly annotations: Readonly<Record<string, string>>;
  /** IngressClass that answers it. */
  readonly ingressClass: string;
  /** Host name. */
  readonly host: T;
  /** Path that begins with `/`; everything below it belongs to the route (`pathType: Prefix`). */
  readonly path: string;
  /** Service and published port behind it. */
  readonly service: { readonly name: string; readonly port: number };
  /** Secret with the host's certificate; absent: no TLS. */
  readonly tls?: { readonly secret: string };
}

/** A route with what the environment decides: class, certificate and its issuer. */
export function planRoute(
  route: Pick<RouteSpec, "name" | "namespace" | "labels" | "host" | "path" | "service">,
  environment: Environment,
): RouteSpec {
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
