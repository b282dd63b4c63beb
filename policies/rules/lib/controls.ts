import type { ControlRef } from "../../../stacks/contract/finding.ts";

/** References to controls of one framework in one version, as one source maps them. Nothing is mapped that no source states. */
const refs =
  (framework: string, version: string, source: string) =>
  (...ids: readonly string[]): ControlRef[] =>
    ids.map((id) => ({ framework, version, id, source }));

/** Checks of the Pod Security Standards, by the name that the admission controller gives them. */
export const podSecurity = refs(
  "Pod Security Standards",
  "1.35",
  "k8s.io/pod-security-admission v0.36.3",
);
/** CIS Kubernetes Benchmark, numbered as Prowler does; Kubescape numbers the same version differently. */
export const cis = refs("CIS Kubernetes Benchmark", "1.12", "Prowler 5.39, cis_1.12");
export const pci = refs("PCI DSS", "4.0", "Prowler 5.39, pci_4.0 (Kubernetes)");
export const iso27001 = refs("ISO/IEC 27001", "2022", "Prowler 5.39, iso27001_2022 (Kubernetes)");
export const soc2 = refs("SOC 2", "as in the source", "Kubescape, soc2");
/** By the number of the control in Kubescape. */
export const nsa = refs("NSA Kubernetes Hardening Guide", "as in the source", "Kubescape, nsa");
