import type { AwsCloud } from "../../stacks/contract/cloud.ts";

/** Address ranges of a network, one of each kind for each zone. */
export interface Subnets {
  readonly private: readonly string[];
  readonly public: readonly string[];
  /** Isolated: no way out. */
  readonly database: readonly string[];
}

/**
 * Divides a network: a quarter for the private subnet of each of up to three zones, where pods live, and of the last
 * quarter an eighth for each public and each database subnet.
 * @param cidr IPv4, such as `10.0.0.0/16`; at most /23.
 */
export function subnetsOf(cidr: string, zones: number): Subnets {
  const [address = "", length = "16"] = cidr.split("/");
  const prefix = Number(length);
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const part = (bits: number, index: number): string =>
    `${dotted(base + index * 2 ** (32 - prefix - bits))}/${prefix + bits}`;
  const each = (bits: number, first: number): string[] =>
    Array.from({ length: zones }, (_, zone) => part(bits, first + zone));
  return { private: each(2, 0), public: each(5, 24), database: each(5, 28) };
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** Addresses of an environment's network: its load balancers and the endpoints of AWS's APIs have theirs there. */
export const networkCidr = ({ network }: AwsCloud): string =>
  "adopt" in network ? network.adopt.cidr : network.create.cidr;

/** Where databases and caches of an environment have their addresses. */
export const databaseCidrs = ({ network }: AwsCloud): readonly string[] =>
  "adopt" in network
    ? network.adopt.databaseCidrs
    : subnetsOf(network.create.cidr, network.create.zones).database;
