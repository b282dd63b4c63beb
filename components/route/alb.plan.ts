import type { Environment } from "../../stacks/contract/environment.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { fromPlatform } from "../base/aws.plan.ts";
import type { RouteInput, RouteSpec } from "./route.plan.ts";

/** Who reaches a load balancer: everybody, or the network it is in. */
export const SCHEMES = ["internet-facing", "internal"] as const;
export type Scheme = (typeof SCHEMES)[number];

/**
 * IngressClass of an environment's load balancers: the class of the environment for the internet, the same with
 * `-internal` for the network. The platform's stack makes each with IngressClassParams, which hold what EKS Auto Mode
 * takes from nowhere else: scheme and group, so that all routes of a class share one load balancer.
 */
export const albClass = ({ ingressClass }: Environment, scheme: Scheme): string =>
  scheme === "internal" ? `${ingressClass}-internal` : ingressClass;

/** What a route may say of its load balancer. */
export interface AlbOptions {
  readonly scheme: Scheme;
  /** ARN of a certificate; default the wildcard certificate of the environment's domain. */
  readonly certificate?: string | undefined;
  /** Path that answers below 400 when a pod is well; default any answer of `/` below 500. */
  readonly health?: string | undefined;
}

/**
 * A route that an Application Load Balancer answers: TLS ends there, HTTP is redirected, pods are reached directly. EKS
 * Auto Mode and the AWS Load Balancer Controller read the same annotations of an Ingress.
 * Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ and
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
 */
export function albRoute(
  route: RouteInput,
  environment: Environment,
  { scheme, certificate, health }: AlbOptions,
): RouteSpec {
  return {
    ...route,
    annotations: prefixed({
      "certificate-arn": certificate ?? fromPlatform("certificateArn"),
      "healthcheck-path": health ?? "/",
      "listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
      "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "ssl-redirect": "443",
      "success-codes": health === undefined ? "200-499" : "200-399",
      "target-type": "ip",
    }),
    ingressClass: albClass(environment, scheme),
    tls: {},
  };
}

const prefixed = (annotations: Readonly<Record<string, Text>>): Record<string, Text> =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      `alb.ingress.kubernetes.io/${name}`,
      value,
    ]),
  );
