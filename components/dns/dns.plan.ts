import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";

/** Params of every driver of host names. */
export const dnsParams = {
  host: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "expected a lower-case host name")
    .describe("Whole host name; default the service's name under the environment's domain")
    .optional(),
};
const params = z.strictObject(dnsParams);

/** Outputs of every driver of host names. */
export const DNS_OUTPUTS = {
  host: { description: "Host name", secret: false },
  url: { description: "The host with its scheme", secret: false },
};

/** A host name of the outside world under the environment's domain. */
export const dns = driver<z.infer<typeof params>>({
  type: "dns",
  name: "dns",
  title: "A host name under the environment's domain",
  params,
  outputs: DNS_OUTPUTS,
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan({ params: { host }, service, environment }) {
    const name = host ?? `${service}.${environment.domain}`;
    const secure = environment.tls.issuer !== undefined || environment.tls.secret !== undefined;
    return { outputs: { host: name, url: `${secure ? "https" : "http"}://${name}` } };
  },
});
