import {
  Record as DnsRecord,
  type RecordArgs as DnsRecordArgs,
} from "@pulumi/aws/route53/record.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { RecordSpec } from "./dns-route53.plan.ts";

/** Arguments of a host name. */
export type HostArgs = RecordSpec<Input<string>> & {
  readonly transforms?: { readonly record?: Transform<DnsRecordArgs> };
};

/** A host name that stands for another, in a zone of Route 53. Example: `examples/host.ts`. */
export class Host extends FairwayComponent {
  static readonly type = "fairway:dns:Host";
  readonly nodes: { readonly record: DnsRecord };

  constructor(name: string, args: HostArgs, opts?: ComponentResourceOptions) {
    super(Host.type, name, opts);
    const record = this.child(
      "record",
      DnsRecord,
      { zoneId: args.zoneId, name: args.host, type: "CNAME", ttl: 300, records: [args.target] },
      args.transforms?.record,
    );
    this.nodes = { record };
    this.registerOutputs({ host: args.host });
  }
}
