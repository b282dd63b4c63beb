/** Arguments of npm that install the locked dependencies. */
export const INSTALL: readonly string[];

/** Whether `node_modules` holds just what package-lock.json says. */
export function dependenciesInstalled(root: string, options?: { dev?: boolean }): boolean;
