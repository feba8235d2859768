import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { texts } from '../../src/cards/texts/texts.ts';
import { SCHEMA } from '../../src/config.ts';
import { isNamedModel } from '../../src/config-llm.ts';
import { answerSchema } from '../../src/diagnose/answer/schema.ts';
import { DIAGNOSIS_STATUSES, SHORTFALLS } from '../../src/diagnose/diagnosis.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'diagnosis');
const read = (page: string): string => readFileSync(join(FOLDER, page), 'utf8');
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const ENGLISH = PAGES.filter((name) => !name.endsWith('.zh-CN.md'));
const chinese = (page: string): string => page.replace(/\.md$/, '.zh-CN.md');
const languages = { 'en-US': '.md', 'zh-CN': '.zh-CN.md' } as const;
const LOCALES = ['en-US', 'zh-CN'] as const;

/** Names in capitals with an underscore, as variables have them. */
const variables = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/gu)].map(([name]) => name))].toSorted();

/** Other people's, which our pages must name. */
const FOREIGN =
  /^(?:CI_\w+|GITLAB_USER_LOGIN|GITHUB_\w+|ZHIBAN_KEY|DB_DSN|SSRF_PROXY_ALLOW_PRIVATE_(?:IPS|DOMAINS)|NODE_EXTRA_CA_CERTS|OLLAMA_(?:HOST|CONTEXT_LENGTH|NUM_PARALLEL|KEEP_ALIVE|ORIGINS|LOAD_TIMEOUT|MAX_QUEUE|MAX_LOADED_MODELS|FLASH_ATTENTION|KV_CACHE_TYPE))$/u;

const isOurs = (name: string): boolean =>
  Object.hasOwn(SCHEMA.shape, name) || isNamedModel(name) || (name.endsWith('_FILE') && isOurs(name.slice(0, -5)));

describe('the pages about diagnosis', () => {
  it('are there in both languages', () => {
    expect(PAGES.toSorted()).toEqual(ENGLISH.flatMap((page) => [page, chinese(page)]).toSorted());
  });

  it.each(PAGES)('%s names only variables that are read', (page) => {
    expect(variables(read(page)).filter((name) => !isOurs(name) && !FOREIGN.test(name))).toEqual([]);
  });

  it.each(ENGLISH)('%s and its translation name the same variables', (page) => {
    expect(variables(read(chinese(page)))).toEqual(variables(read(page)));
  });

  it.each(PAGES)('%s links to pages and headings that exist', (page) => {
    const broken = [
      ...read(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/gu),
      ...read(page).matchAll(/<img src="([^"]+)"/gu),
    ].filter(([, path = '', anchor]) => !leadsSomewhere(path === '' ? page : path, anchor));
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(PAGES)('%s shows pictures of its own language', (page) => {
    const shown = [...read(page).matchAll(/images\/[\w-]+\.png/gu)].map(([path]) => path);
    const other = page.endsWith('.zh-CN.md') ? '-en' : '-zh';
    expect(shown.filter((path) => path.includes(`${other}-`) || path.includes(`${other}.`))).toEqual([]);
  });

  it.each(['dify.md', 'dify.zh-CN.md'])('%s prints the schema of an answer', (page) => {
    const printed = [...read(page).matchAll(/^```json\n([\s\S]*?)^```$/gmu)].map(([, json = '']) => JSON.parse(json));
    // An app of somebody else cannot know our runbooks' ids: there it is any text.
    const anyRunbook = JSON.stringify(answerSchema(['one']).json).replace(',"enum":["one",null]', '');
    expect(printed).toContainEqual(JSON.parse(anyRunbook));
  });
});

describe.each(LOCALES)('what a card says, in %s,', (locale) => {
  const page = read(`README${languages[locale]}`);
  const { shortfall, diagnosisStatus, card, risk } = texts(locale);
  const cells = new Set(
    page
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .flatMap((line) => line.split('|').map((cell) => cell.trim())),
  );

  it.each(SHORTFALLS)('is explained where a model could not help: %s', (why) => {
    expect(cells).toContain(shortfall[why]);
  });

  it.each(DIAGNOSIS_STATUSES)('is explained as a status: %s', (status) => {
    expect(cells).toContain(`\`${status}\``);
    expect(cells).toContain(diagnosisStatus[status]);
  });

  it('is explained where it qualifies a cause', () => {
    const said = [
      card.sure(72),
      card.basedOn('E3 E7'),
      card.experience(3, 2),
      card.unverified,
      card.awaiting,
      card.struck(2),
      card.providerBefore('dify', '12:03'),
      card.opinion(texts(locale).severity.critical),
      card.unstructured,
      card.notAnswered,
    ];
    expect(said.filter((words) => !cells.has(words))).toEqual([]);
    for (const word of [risk.careful, risk.dangerous]) expect(page).toContain(word);
  });
});

describe.each(LOCALES)('the role for Kubernetes, in %s,', (locale) => {
  const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```$/mu.exec(read(`evidence${languages[locale]}`)) ?? [];
  const objects = parseAllDocuments(yaml).map((document) => document.toJS());
  const role = objects.find(({ kind }) => kind === 'ClusterRole');

  it('has the rights that the source uses, and no others', () => {
    const granted = role.rules.flatMap(
      ({ apiGroups, resources, verbs }: Readonly<Record<'apiGroups' | 'resources' | 'verbs', readonly string[]>>) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${apiGroups.join()}/${resource}`)),
    );
    expect(granted.toSorted()).toEqual(usedRights());
  });

  it('is bound to the account that the token is of', () => {
    const [account, binding, secret] = ['ServiceAccount', 'ClusterRoleBinding', 'Secret'].map((wanted) =>
      objects.find(({ kind }) => kind === wanted),
    );
    const { name, namespace } = account.metadata;
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }]);
    expect(binding.roleRef).toMatchObject({ kind: 'ClusterRole', name: role.metadata.name });
    expect(secret.metadata.annotations).toEqual({ 'kubernetes.io/service-account.name': name });
  });
});

/** `get /pods`, `list apps/replicasets`, as the code asks for them. */
function usedRights(): readonly string[] {
  const folder = join(ROOT, 'src', 'diagnose', 'evidence', 'kubernetes');
  const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const all = source.join('\n');
  const groups = new Map(
    [...all.matchAll(/^ {2}(\w+): \['apis?', ([^\]]+)\],$/gmu)].map(([, resource = '', path = '']) => {
      const [group = ''] = path.split(', ').map((part) => part.slice(1, -1));
      return [resource, group === 'v1' ? '' : group];
    }),
  );
  const asked = [...all.matchAll(/cluster\.(get|list)\(\s*'(\w+)'/gu)].map(
    ([, verb = '', resource = '']) => `${verb} ${groups.get(resource) ?? '?'}/${resource}`,
  );
  const logs = /cluster\.log\(/u.test(all) ? ['get /pods/log'] : [];
  return [...new Set([...asked, ...logs])].toSorted();
}

function leadsSomewhere(path: string, anchor: string | undefined): boolean {
  let text: string;
  try {
    text = path.endsWith('.md') ? read(path) : '';
    if (path.endsWith('.png')) return readFileSync(join(FOLDER, path)).length > 0;
    if (!path.endsWith('.md')) return readdirSync(join(FOLDER, path)).length > 0;
  } catch {
    return false;
  }
  return anchor === undefined || headings(text).includes(decodeURIComponent(anchor));
}

/** As GitHub makes names of them. */
const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gmu)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/gu, '-'),
  );
