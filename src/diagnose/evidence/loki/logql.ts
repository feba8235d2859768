/** A value as LogQL quotes it, whatever is in it. */
export const logqlString = (value: string): string => JSON.stringify(value.toWellFormed());

/** A value within a regular expression of Go's (RE2), as itself. */
export const logqlRegex = (value: string): string => value.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
