import type { DiagnosisStatus } from '../diagnose/diagnosis.ts';
import type { Incident } from '../incident/incident.ts';
import type { Block, Button, ButtonValue, Form } from './card.ts';
import { clean } from './clean.ts';
import type { Texts } from './texts/zh-cn.ts';
import { texts } from './texts/texts.ts';
import type { CardContext, IncidentView } from './view.ts';

/** Longest text of a form's input that any platform takes is 1000; ours need less. */
const MAX_TYPED = 500;
const MAX_PEOPLE = 50;
/** A finding that can be right or wrong and has no verdict yet. */
const JUDGEABLE: readonly DiagnosisStatus[] = ['ready', 'not_an_issue'];

/** What can be done in this state, most wanted first, and the forms for what needs words. */
export function incidentActions(view: IncidentView, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const { incident } = view;
  const value = (action: string): ButtonValue => ({ action, incident_id: incident.id, rev: incident.revision });
  if (incident.status === 'resolved') {
    return [{ kind: 'buttons', buttons: [{ text: t.card.buttons.reopen, style: 'default', value: value('reopen') }] }];
  }
  const ack: readonly Button[] =
    incident.status === 'open' ? [{ text: t.card.buttons.ack, style: 'primary', value: value('ack') }] : [];
  return [
    {
      kind: 'buttons',
      buttons: [
        ...ack,
        { text: t.card.buttons.assignMe, style: 'default', value: value('assign') },
        { text: t.card.buttons.silence, style: 'default', value: { ...value('silence'), args: { duration: '2h' } } },
        ...verdictButtons(view, t, value),
      ],
    },
    resolveForm(incident, t, value('resolve')),
    ...rejectForm(view, t, value('reject_diagnosis')),
    ...assignForm(view, t, value('assign')),
  ];
}

/** A verdict is about one diagnosis: the one this card shows. */
function verdictButtons(view: IncidentView, t: Texts, value: (action: string) => ButtonValue): readonly Button[] {
  const { diagnosis } = view;
  if (diagnosis === undefined || diagnosis.status === 'pending') return [];
  const confirm: readonly Button[] = JUDGEABLE.includes(diagnosis.status)
    ? [
        {
          text: t.card.buttons.confirm,
          style: 'default',
          value: { ...value('confirm_diagnosis'), diagnosis_id: diagnosis.id },
        },
      ]
    : [];
  const again: Button = { text: t.card.buttons.rediagnose, style: 'default', value: value('rediagnose') };
  return diagnosis.status === 'confirmed' ? [] : [...confirm, again];
}

function rejectForm({ diagnosis }: IncidentView, t: Texts, value: ButtonValue): readonly Form[] {
  if (diagnosis === undefined || !JUDGEABLE.includes(diagnosis.status)) return [];
  const words = t.card.rejectForm;
  return [
    {
      kind: 'form',
      name: 'reject_diagnosis',
      title: words.title,
      inputs: [
        {
          kind: 'input',
          name: 'reason',
          label: words.reason,
          placeholder: words.placeholder,
          required: true,
          maxLength: MAX_TYPED,
        },
      ],
      submit: { text: words.submit, style: 'default', value: { ...value, diagnosis_id: diagnosis.id } },
    },
  ];
}

function resolveForm(incident: Incident, t: Texts, value: ButtonValue): Form {
  const words = t.card.resolveForm;
  const { firingCount } = incident;
  return {
    kind: 'form',
    name: 'resolve',
    title: words.title,
    inputs: [
      {
        kind: 'input',
        name: 'cause',
        label: words.cause,
        placeholder: words.placeholder,
        required: false,
        maxLength: MAX_TYPED,
      },
    ],
    submit: {
      text: t.card.buttons.resolve,
      style: 'danger',
      value,
      confirm: {
        title: words.confirmTitle(incident.id),
        text: firingCount > 0 ? words.confirmFiring(firingCount) : words.confirmText,
      },
    },
  };
}

function assignForm({ people = [] }: IncidentView, t: Texts, value: ButtonValue): readonly Form[] {
  if (people.length === 0) return [];
  const words = t.card.assignForm;
  const options = people.slice(0, MAX_PEOPLE).map(({ id, name }) => ({ value: id, text: clean(name, 40) }));
  return [
    {
      kind: 'form',
      name: 'assign',
      title: words.title,
      inputs: [{ kind: 'select', name: 'to', label: words.person, required: true, options }],
      submit: { text: words.submit, style: 'default', value },
    },
  ];
}
