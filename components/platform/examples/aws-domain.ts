// prod.example.com and a certificate for every name under it.
import { AwsDomain } from "../aws-domain.ts";

export const domain = new AwsDomain("shared", { domain: "prod.example.com" });
