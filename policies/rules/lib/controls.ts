import type { ControlRef } from "../../../stacks/contract/finding.ts";

const refs =
  (framework: string, version: string, source: string) =>
  (...ids: readonly string[]): ControlRef[] =>
    ids.map((id) => ({ framework, version, id, source }));

const prowler = (file: string) => `Prowler 5.39, compliance/kubernetes/${file}`;

/** Checks of the Pod Security Standards, by the name that the admission controller gives them. */
export const podSecurity = refs(
  "Pod Security Standards",
  "1.35",
  "k8s.io/pod-security-admission v0.36.3",
);
/** CIS Kubernetes Benchmark, numbered as Prowler does (Kubescape numbers 1.12 differently). */
export const cis = refs("CIS Kubernetes Benchmark", "1.12", prowler("cis_1.12_kubernetes.json"));
export const pci = refs("PCI DSS", "4.0", prowler("pci_4.0_kubernetes.json"));
export const iso27001 = refs("ISO/IEC 27001", "2022", prowler("iso27001_2022_kubernetes.json"));
export const soc2 = refs("SOC 2", "2017", "Kubescape, soc2");
export const nsa = refs("NSA Kubernetes Hardening Guide", "1.2", "Kubescape, nsa");
