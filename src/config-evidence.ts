import { z } from 'zod';
import { list, url } from './config-fields.ts';

/** `Authorization: Bearer x; X-Scope-OrgID: team` → name → value. */
const headers = z
  .string()
  .default('')
  .transform((text, context): Readonly<Record<string, string>> => {
    const read: Record<string, string> = {};
    for (const part of text.split(/[;\n]/).map((one) => one.trim())) {
      if (part === '') continue;
      const [, name, value] = /^([\w-]{1,64})\s*:\s*([\x20-\x7e\x80-\xff]{0,4096})$/.exec(part) ?? [];
      // Never the text itself: it holds the credential.
      if (name === undefined || value === undefined) context.addIssue({ code: 'custom', message: HEADERS_FORM });
      else read[name] = value;
    }
    return read;
  });

const HEADERS_FORM = 'must be Name: value, several separated by semicolons';

/** Where evidence comes from; each is off until its address is set. */
export const EVIDENCE = {
  PROMETHEUS_URL: url.optional(),
  PROMETHEUS_HEADERS: headers,
  ALERTMANAGER_URL: url.optional(),
  ALERTMANAGER_HEADERS: headers,
  LOKI_URL: url.optional(),
  LOKI_HEADERS: headers,
  ELASTICSEARCH_URL: url.optional(),
  ELASTICSEARCH_HEADERS: headers,
  KUBERNETES_API_URL: url.optional(),
  KUBERNETES_TOKEN: z.string().min(1).optional(),
  KUBERNETES_CA_FILE: z.string().min(1).optional(),
  KUBERNETES_HEADERS: headers,
  MCP_SERVERS: z.string().min(1).optional(),
  RUNBOOKS_DIR: z.string().min(1).default('./runbooks'),
  PROBE_HOSTS: list.refine(
    (hosts) => hosts.every((host) => /^[\w.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i.test(host)),
    {
      message: 'must be hosts, with a port or without: shop.example.com,10.0.0.5:8080',
    },
  ),
};

export const EVIDENCE_SECRETS = [
  'PROMETHEUS_HEADERS',
  'ALERTMANAGER_HEADERS',
  'LOKI_HEADERS',
  'ELASTICSEARCH_HEADERS',
  'KUBERNETES_TOKEN',
  'KUBERNETES_HEADERS',
] as const;

/** The parts of a header list that are worth masking: the values, and what follows a scheme in them. */
export const headerSecrets = (text: string): readonly string[] =>
  text.split(/[;\n]/).flatMap((part) => {
    const value = part.slice(part.indexOf(':') + 1).trim();
    return [value, value.slice(value.indexOf(' ') + 1)];
  });
