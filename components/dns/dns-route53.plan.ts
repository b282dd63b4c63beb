import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { FairwayError, problem } from "../../stacks/contract/problem.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { fromPlatform } from "../base/aws.plan.ts";
import { DNS_OUTPUTS, dnsParams } from "./dns.plan.ts";

/** Arguments of the component, as plan data. */
export interface RecordSpec<T = Text> {
  readonly host: string;
  /** Id of the hosted zone. */
  readonly zoneId: T;
  /** Name that the host stands for. */
  readonly target: T;
}

const params = z.strictObject(dnsParams);

/** A host name in the environment's zone of Route 53. */
export const dnsRoute53 = driver<z.infer<typeof params>>({
  type: "dns",
  name: "dns-route53",
  title: "A host name in the environment's zone of Route 53, which leads to its load balancer",
  params,
  outputs: DNS_OUTPUTS,
  cloud: "aws",
  stateful: false,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan({ params: given, service, environment }) {
    const host = given.host ?? `${service}.${environment.domain}`;
    if (!host.endsWith(`.${environment.domain}`))
      throw new FairwayError(
        problem("FW3003", `the zone of ${environment.name} cannot hold the host ${host}`, {
          hint: `write a name under ${environment.domain}, such as ${service}.${environment.domain}`,
        }),
      );
    const args = {
      host,
      zoneId: fromPlatform("zoneId"),
      target: fromPlatform("ingressHost"),
    } satisfies RecordSpec;
    return {
      args,
      outputs: { host, url: `https://${host}` },
      costs: [
        {
          sku: "route53.queries",
          quantity: 1,
          unit: "million-requests",
          assumed: "a million queries",
        },
      ],
    };
  },
});
