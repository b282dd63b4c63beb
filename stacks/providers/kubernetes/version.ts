/** The version of the `@pulumi/kubernetes` SDK served; the engine warns when it differs from the program's. */
export const SDK_VERSION = "4.34.2";
