import type { Text } from "../../stacks/contract/value.ts";

/** Which resources of the cloud's network the pods of a service reach: ingress rules of the resources' security groups. */
export interface CloudNetworkSpec {
  /** Name of the pods' own security group and of the SecurityGroupPolicy. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** `pod`: the pods get a security group of their own (managed nodes). `node`: the cluster's group is let in, which is coarser. */
  readonly grain: "pod" | "node";
  readonly vpcId: Text;
  /** Security group of the cluster's nodes; pods with a group of their own keep it too. */
  readonly clusterSecurityGroup: Text;
  /** Connections, in order. */
  readonly edges: readonly {
    /** What is reached, and is not called otherwise: the item, or of what is shared its stack. */
    readonly to: string;
    /** Its security group. */
    readonly securityGroup: Text;
    readonly port: number;
    readonly protocol: "TCP" | "UDP";
  }[];
}
