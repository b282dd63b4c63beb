import { chanceOf } from "../chance.ts";
import { objectAt, textAt } from "../../kubernetes/json.ts";
import type { FormOf, Scene } from "./scene.ts";

/** A form for what EC2 knows by a prefix and seventeen digits. */
const ec2 =
  (prefix: string, kind: string, more: (scene: Scene, id: string) => object = () => ({})): FormOf =>
  (scene) => {
    const id = `${prefix}-${scene.chance.hex(17)}`;
    return {
      id,
      outputs: {
        arn: scene.arn("ec2", `${kind}/${id}`),
        ownerId: scene.account,
        ...more(scene, id),
      },
    };
  };

/** The groups and tables that come with a VPC, told by its id. */
const withVpc = (vpc: string, prefix: string): string =>
  `${prefix}-${chanceOf(vpc).hex(17, prefix)}`;

/** An address of the documentation's networks, which nobody owns. */
const publicIp = ({ chance }: Scene): string => `198.51.100.${1 + chance.number(254, "ip")}`;
const privateIp = ({ chance }: Scene): string =>
  `10.${chance.number(256, "b")}.${chance.number(256, "c")}.${4 + chance.number(250, "d")}`;

const rule = ec2("sgr", "security-group-rule", (_, id) => ({ securityGroupRuleId: id }));

/** EC2 networks, load balancers, DNS and certificates. */
export const NETWORK: Readonly<Record<string, FormOf>> = {
  "ec2/vpc:Vpc": ec2("vpc", "vpc", (scene, id) => ({
    defaultSecurityGroupId: withVpc(id, "sg"),
    defaultRouteTableId: withVpc(id, "rtb"),
    mainRouteTableId: withVpc(id, "rtb"),
    defaultNetworkAclId: withVpc(id, "acl"),
    dhcpOptionsId: withVpc(id, "dopt"),
    enableDnsHostnames: scene.or("enableDnsHostnames", false),
  })),
  "ec2/subnet:Subnet": ec2("subnet", "subnet", (scene) => ({
    availabilityZone: scene.or("availabilityZone", `${scene.region}a`),
    availabilityZoneId: `${shortRegion(scene.region)}-az${zoneNumber(scene)}`,
  })),
  "ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
  "ec2/route:Route": (scene) => ({
    id: `r-${scene.text("routeTableId")}${scene.chance.digits(10)}`,
    outputs: { state: "active", origin: "CreateRoute" },
  }),
  "ec2/routeTableAssociation:RouteTableAssociation": ec2("rtbassoc", "route-table-association"),
  "ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "ec2/natGateway:NatGateway": ec2("nat", "natgateway", (scene) => ({
    publicIp: publicIp(scene),
    privateIp: scene.or("privateIp", privateIp(scene)),
    networkInterfaceId: `eni-${scene.chance.hex(17, "eni")}`,
    associationId: `eipassoc-${scene.chance.hex(17, "association")}`,
  })),
  "ec2/eip:Eip": ec2("eipalloc", "elastic-ip", (scene, id) => ({
    allocationId: id,
    publicIp: publicIp(scene),
    publicDns: `ec2-${publicIp(scene).replaceAll(".", "-")}.${scene.region}.compute.amazonaws.com`,
    domain: scene.or("domain", "vpc"),
  })),
  "ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "ec2/defaultSecurityGroup:DefaultSecurityGroup": (scene) => {
    const id = withVpc(scene.text("vpcId"), "sg");
    return {
      id,
      outputs: {
        arn: scene.arn("ec2", `security-group/${id}`),
        name: "default",
        ownerId: scene.account,
      },
    };
  },
  "ec2/securityGroupRule:SecurityGroupRule": (scene) => ({
    id: `sgrule-${scene.chance.digits(10)}`,
  }),
  "ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
  "ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template", () => ({
    latestVersion: 1,
    defaultVersion: 1,
  })),
  "ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", (scene, id) => {
    const gateway = scene.or("vpcEndpointType", "Gateway") === "Gateway";
    const service = scene.text("serviceName").split(".").at(-1) ?? "";
    return {
      state: "available",
      requesterManaged: false,
      ...(gateway
        ? { prefixListId: `pl-${scene.chance.hex(8)}`, cidrBlocks: [], dnsEntries: [] }
        : {
            networkInterfaceIds: [`eni-${scene.chance.hex(17, "eni")}`],
            dnsEntries: [
              {
                dnsName: `${id}-${scene.chance.lower(8)}.${service}.${scene.region}.vpce.amazonaws.com`,
                hostedZoneId: `Z${scene.chance.upper(13)}`,
              },
            ],
          }),
    };
  }),
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
  "vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
  "lb/loadBalancer:LoadBalancer": (scene) => {
    const kind = { application: "app", network: "net", gateway: "gwy" }[
      String(scene.or("loadBalancerType", "application"))
    ];
    const suffix = `${kind ?? "app"}/${scene.name}/${scene.chance.hex(16)}`;
    const arn = scene.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
    const host = `${scene.given["internal"] === true ? "internal-" : ""}${scene.name}-${scene.chance.digits(10)}`;
    return {
      id: arn,
      outputs: {
        arn,
        arnSuffix: suffix,
        dnsName: `${host}.${scene.region}.elb.amazonaws.com`,
        zoneId: `Z${chanceOf(scene.region).upper(13)}`,
        vpcId: `vpc-${scene.chance.hex(17, "vpc")}`,
        ipAddressType: scene.or("ipAddressType", "ipv4"),
      },
    };
  },
  "lb/targetGroup:TargetGroup": (scene) => {
    const suffix = `targetgroup/${scene.name}/${scene.chance.hex(16)}`;
    const arn = scene.arn("elasticloadbalancing", suffix);
    return { id: arn, outputs: { arn, arnSuffix: suffix, loadBalancerArns: [] } };
  },
  "lb/listener:Listener": (scene) => {
    const arn = `${scene.text("loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${scene.chance.hex(16)}`;
    return { id: arn, outputs: { arn } };
  },
  "lb/listenerRule:ListenerRule": (scene) => {
    const arn = `${scene.text("listenerArn").replace(":listener/", ":listener-rule/")}/${scene.chance.hex(16)}`;
    return { id: arn, outputs: { arn, priority: scene.or("priority", 1) } };
  },
  "lb/listenerCertificate:ListenerCertificate": (scene) => ({
    id: `${scene.text("listenerArn")}_${scene.text("certificateArn")}`,
  }),
  "lb/targetGroupAttachment:TargetGroupAttachment": (scene) => ({
    id: `${scene.text("targetGroupArn")}-${scene.chance.digits(26)}`,
  }),
  "route53/zone:Zone": (scene) => {
    const id = `Z${scene.chance.upper(20)}`;
    const servers = [0, 1, 2, 3].map(
      (n) =>
        `ns-${scene.chance.number(2048, `ns ${n}`)}.awsdns-${String(n).padStart(2, "0")}.${["com", "net", "org", "co.uk"][n]}`,
    );
    return {
      id,
      outputs: {
        zoneId: id,
        arn: `arn:aws:route53:::hostedzone/${id}`,
        nameServers: servers,
        primaryNameServer: servers[0] ?? "",
      },
    };
  },
  "route53/record:Record": (scene) => {
    const name = scene.text("name").toLowerCase().replace(/\.$/, "");
    const set = scene.text("setIdentifier");
    return {
      id: [scene.text("zoneId"), name, scene.text("type"), set].filter(Boolean).join("_"),
      outputs: { fqdn: name },
    };
  },
  "acm/certificate:Certificate": (scene) => {
    const arn = scene.arn("acm", `certificate/${scene.chance.uuid()}`);
    const others = scene.given["subjectAlternativeNames"];
    const names = [scene.text("domainName"), ...(Array.isArray(others) ? others.map(String) : [])];
    const options = [...new Set(names)].map((domainName) => {
      const bare = domainName.replace(/^\*\./, "");
      const chance = chanceOf(`${scene.account} ${bare}`);
      return {
        domainName,
        resourceRecordName: `_${chance.hex(32)}.${bare}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${chance.hex(32, "value")}.${chance.lower(10)}.acm-validations.aws.`,
      };
    });
    return {
      id: arn,
      outputs: {
        arn,
        domainValidationOptions: options,
        subjectAlternativeNames: [...new Set(names)],
        status: "PENDING_VALIDATION",
        type: "AMAZON_ISSUED",
        keyAlgorithm: scene.or("keyAlgorithm", "RSA_2048"),
        renewalEligibility: "INELIGIBLE",
      },
    };
  },
  "acm/certificateValidation:CertificateValidation": () => ({
    id: "2006-01-02 15:04:05 +0000 UTC",
  }),
};

/** `eu-central-1` → `euc1`, as ids of zones and names of caches have it. */
export function shortRegion(region: string): string {
  const [area = "", place = "", number = ""] = region.split("-");
  const places: Readonly<Record<string, string>> = {
    northeast: "ne",
    northwest: "nw",
    southeast: "se",
    southwest: "sw",
  };
  return `${area}${places[place] ?? place.slice(0, 1)}${number}`;
}

function zoneNumber(scene: Scene): number {
  const zone = textAt(objectAt(scene.given), "availabilityZone");
  return (zone.codePointAt(zone.length - 1) ?? 97) - 96;
}
