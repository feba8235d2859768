import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { cidrs, duration, isTimezone, list, url, wholeNumber } from './config-fields.ts';
import { EVIDENCE, EVIDENCE_SECRETS, headerSecrets } from './config-evidence.ts';
import { LARK, LARK_SECRETS, larkFaults } from './config-lark.ts';
import { LLM, LLM_SECRETS, type ModelConfig, isNamedModel, readModels } from './config-llm.ts';
import { nearMisses } from './config-names.ts';
import { InvalidConfig } from './errors.ts';
import type { Labels } from './types.ts';

/** Every name we read; `.env.example` is compared with it. Secrets are also read from `<NAME>_FILE`. */
export const SCHEMA = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(8080, 0, 65_535),
  PUBLIC_URL: url.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, { message: 'must be sqlite:<path> or postgres://…' })
    .optional(),
  LOCALE: z.enum(['zh-CN', 'en-US'], { message: 'must be zh-CN or en-US' }).default('zh-CN'),
  TIMEZONE: z.string().refine(isTimezone, { message: 'is no time zone; write one like Asia/Shanghai' }).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      message: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
  SECRET_KEY: z.string().min(16, { message: 'must have at least 16 characters' }).optional(),
  ADMIN_TOKEN: z.string().min(8, { message: 'must have at least 8 characters' }).optional(),
  METRICS_TOKEN: z.string().min(8, { message: 'must have at least 8 characters' }).optional(),
  TRUST_PROXY: cidrs,
  ALERT_API_KEYS: list,
  ALERT_BASIC_AUTH: list.refine((items) => items.every((item) => item.indexOf(':') > 0), {
    message: 'must be user:password, several separated by commas',
  }),
  ALERT_HMAC_SECRET: list,
  ALLOWED_IPS: cidrs,
  ALERT_BOT_IDS: list,
  DEFAULT_TARGET: z
    .string()
    .regex(/^[a-z-]+:.+$/, { message: 'must be a target address such as playground:lobby' })
    .default('playground:lobby'),
  REOPEN_WINDOW: duration('30m'),
  STALE_AFTER: duration('10h'),
  RESOLVE_HOLD: duration('1h'),
  STORM_PER_MINUTE: wholeNumber(20, 1, 100_000),
  RETENTION: duration('400d'),
  REMIND_AFTER: duration('15m'),
  HEARTBEAT_ALERTS: list.prefault('Watchdog,DeadMansSwitch'),
  ...LARK,
  ...LLM,
  ...EVIDENCE,
});

/** Which of the names hold secrets: masked in logs, readable from a file. */
const SECRET_NAMES = [
  'SECRET_KEY',
  'ADMIN_TOKEN',
  'METRICS_TOKEN',
  'ALERT_API_KEYS',
  'ALERT_BASIC_AUTH',
  'ALERT_HMAC_SECRET',
  'DATABASE_URL',
  ...LARK_SECRETS,
  ...LLM_SECRETS,
  ...EVIDENCE_SECRETS,
] as const satisfies readonly (keyof typeof SCHEMA.shape)[];

export type Config = Omit<z.output<typeof SCHEMA>, 'PUBLIC_URL' | 'DATABASE_URL' | 'TIMEZONE'> & {
  readonly PUBLIC_URL: string;
  readonly DATABASE_URL: string;
  readonly TIMEZONE: string;
  /** Endpoints of language models, in fail-over order. */
  readonly models: readonly ModelConfig[];
  /** Which file a secret was read from, by its name: some are rotated while we run. */
  readonly files: Labels;
  /** Secret values, for masking. */
  readonly secrets: readonly string[];
  /** Names that look like ours and are not: told at start, never fatal. */
  readonly warnings: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment once; nobody else does. Throws `InvalidConfig` that lists every fault in words an operator can
 * act on, and never a secret's value.
 */
export function readConfig(environment: Environment, readFile: (path: string) => string = readText): Config {
  const { values, files, faults } = withFiles(environment, readFile);
  const parsed = SCHEMA.safeParse(values);
  const told = (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`);
  const { models, faults: modelFaults, warnings } = readModels(values);
  const all = [...new Set([...faults, ...told, ...larkFaults(values), ...modelFaults])];
  if (!parsed.success || all.length > 0) {
    throw new InvalidConfig(`The configuration cannot be used:\n${all.map((fault) => `  - ${fault}`).join('\n')}`);
  }
  const config = parsed.data;
  return {
    ...config,
    PUBLIC_URL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    DATABASE_URL: config.DATABASE_URL ?? `sqlite:${config.DATA_DIR}/zhiban.db`,
    TIMEZONE: config.TIMEZONE ?? systemTimezone(),
    models,
    files,
    secrets: secretValues(values),
    warnings: [
      ...warnings,
      ...nearMisses(
        Object.keys(environment),
        [...Object.keys(SCHEMA.shape), ...namedModels(environment)],
        secretNames(environment),
      ),
    ],
  };
}

const readText = (path: string): string => readFileSync(path, 'utf8');

/** The names there are of one of several endpoints of a kind, whether the value stands there or in a file. */
const namedModels = (environment: Environment): readonly string[] => [
  ...new Set(
    Object.keys(environment)
      .map((name) => name.replace(/_FILE$/, ''))
      .filter(isNamedModel),
  ),
];

/** Which names may be read from a file. */
const secretNames = (environment: Environment): readonly string[] => [
  ...SECRET_NAMES,
  ...namedModels(environment).filter((name) => name.endsWith('_API_KEY')),
];

/** Empty values count as absent, as in most `.env` files; `<NAME>_FILE` fills a secret from a file. */
function withFiles(environment: Environment, readFile: (path: string) => string) {
  const values: Record<string, string> = {};
  const files: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of [...Object.keys(SCHEMA.shape), ...namedModels(environment)]) {
    const value = environment[name];
    if (value !== undefined && value !== '') values[name] = value;
  }
  for (const name of secretNames(environment)) {
    const path = environment[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    if (values[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    try {
      values[name] = readFile(path).trim();
      files[name] = path;
    } catch {
      faults.push(`${name}_FILE names a file that cannot be read: ${path}`);
    }
  }
  return { values, files, faults };
}

/** The parts of the secrets that could appear alone: list items, and the password of a basic credential or address. */
function secretValues(values: Labels): readonly string[] {
  const items = secretNames(values).flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    if (name === 'DATABASE_URL') return [URL.parse(value)?.password ?? ''];
    if (name.endsWith('_HEADERS')) return headerSecrets(value);
    if (name === 'ALERT_BASIC_AUTH')
      return value.split(',').flatMap((item) => [item.trim(), item.slice(item.indexOf(':') + 1).trim()]);
    return value.split(',').map((item) => item.trim());
  });
  return [...new Set(items.filter((item) => item !== ''))];
}

const systemTimezone = (): string => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === '' || !isTimezone(zone) ? 'UTC' : zone;
};
