import { suite } from "../lib/suite.ts";
import { serviceAccount } from "./service-account.ts";

suite(serviceAccount, {
  pods: [
    {
      title: "fails the default account",
      set: { serviceAccountName: "default" },
      finds: ["serviceAccountName"],
    },
    {
      title: "fails without an account",
      set: { serviceAccountName: undefined },
      finds: ["serviceAccountName"],
    },
    {
      title: "fails a mounted token",
      set: { automountServiceAccountToken: true },
      finds: ["automountServiceAccountToken"],
    },
    {
      title: "fails where the token is not declined",
      set: { automountServiceAccountToken: undefined },
      finds: ["automountServiceAccountToken"],
    },
  ],
  objects: [
    {
      title: "fails an account that gives its token away",
      set: { automountServiceAccountToken: undefined },
      finds: ["automountServiceAccountToken"],
      on: "core/v1:ServiceAccount",
    },
  ],
});
