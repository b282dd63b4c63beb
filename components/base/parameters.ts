/** A group of a server's parameters. The family is in its name: a group in use cannot be replaced under its own. */
export const parameterGroup = (
  name: string,
  family: string,
  parameters: Readonly<Record<string, string>>,
) => ({
  name: `${name}-${family.replaceAll(".", "-")}`,
  family,
  description: `Parameters of ${name}`,
  // In force from the first start on, whether or not a running server would take them.
  parameters: Object.entries(parameters).map(([key, value]) => ({
    name: key,
    value,
    applyMethod: "pending-reboot",
  })),
});
