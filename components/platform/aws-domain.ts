import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import { Zone, type ZoneArgs } from "@pulumi/aws/route53/zone.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { AwsDomainSpec } from "./aws.plan.ts";

/** Arguments of a domain. */
export type AwsDomainArgs = AwsDomainSpec & {
  readonly transforms?: { readonly zone?: Transform<ZoneArgs> };
};

/**
 * The zone of a domain, and a certificate for it and every name under it. The certificate is issued once the zone above
 * delegates this one to `nameServers`. Example: `examples/aws-domain.ts`.
 */
export class AwsDomain extends FairwayComponent {
  static readonly type = "fairway:platform:AwsDomain";
  readonly zoneId: Output<string>;
  readonly certificateArn: Output<string>;
  /** Joined by commas: what the zone above delegates to. */
  readonly nameServers: Output<string>;

  constructor(
    name: string,
    { domain, transforms = {} }: AwsDomainArgs,
    opts?: ComponentResourceOptions,
  ) {
    super(AwsDomain.type, name, opts);
    const zone = this.child(
      "zone",
      Zone,
      { name: domain, comment: "Managed by Fairway" },
      transforms.zone,
    );
    const certificate = this.child("certificate", Certificate, {
      domainName: domain,
      subjectAlternativeNames: [`*.${domain}`],
      validationMethod: "DNS",
    });
    // A domain and its wildcard are proven by the same record.
    const proof = certificate.domainValidationOptions.apply(([first]) => first!);
    const record = this.child("proof", DnsRecord, {
      zoneId: zone.zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 60,
      allowOverwrite: true,
    });
    const issued = this.child("issued", CertificateValidation, {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    });
    this.zoneId = zone.zoneId;
    this.certificateArn = issued.certificateArn;
    this.nameServers = zone.nameServers.apply((servers) => servers.join(","));
    this.registerOutputs({});
  }
}
