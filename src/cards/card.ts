import type { EpochMs } from '../types.ts';

/**
 * The neutral card: what we want to say, in no platform's words. Every string is plain text; a channel escapes it for
 * its own markup, so nothing inside can become a mention, a link or formatting. Formatting exists only as structure.
 */
export interface Card {
  readonly tone: Tone;
  readonly title: string;
  readonly subtitle?: string;
  readonly tags: readonly Tag[];
  readonly blocks: readonly Block[];
  readonly footer?: string;
  /** Set on cards of an incident; buttons carry them. */
  readonly incidentId?: string;
  readonly rev?: number;
}

/** What the header's colour says. */
export type Tone = 'critical' | 'warning' | 'info' | 'resolved' | 'stale' | 'neutral';

export interface Tag {
  readonly text: string;
  readonly tone: Tone;
}

export type Block =
  | { readonly kind: 'text'; readonly text: Rich }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'section';
      readonly title: string;
      readonly collapsed: boolean;
      readonly blocks: readonly Block[];
    }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Rich[] }
  | { readonly kind: 'chart'; readonly title: string; readonly unit?: string; readonly series: readonly Series[] }
  | { readonly kind: 'image'; readonly alt: string; readonly svg: string }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | { readonly kind: 'links'; readonly links: readonly LinkButton[] }
  | Form
  | { readonly kind: 'divider' }
  /** Small grey print. */
  | { readonly kind: 'note'; readonly text: Rich };

/** Formatted text without markup: pieces with a style each. */
export type Rich = readonly Inline[];

export type Inline =
  | { readonly text: string; readonly style?: 'bold' | 'code' | 'muted' | 'strike' }
  /** A person mentioned because we mean it; `id` is the platform's own, known to be valid. */
  | { readonly mention: { readonly id: string; readonly name: string } };

export interface Field {
  readonly label: string;
  readonly value: Rich;
  /** True: may share a row with its neighbour. */
  readonly short: boolean;
}

export interface Series {
  readonly name: string;
  /** [epoch ms, value], ascending. */
  readonly points: readonly (readonly [EpochMs, number])[];
}

/** What a press sends back; the names are public (contract: button values). */
export interface ButtonValue {
  readonly action: string;
  readonly incident_id?: string;
  readonly rev?: number;
  readonly diagnosis_id?: string;
  /** Other arguments of the operation, e.g. `{ duration: '2h' }`. */
  readonly args?: Readonly<Record<string, string>>;
}

export interface Button {
  readonly text: string;
  readonly style: 'primary' | 'default' | 'danger';
  readonly value: ButtonValue;
  /** Asked before it is sent. */
  readonly confirm?: { readonly title: string; readonly text: string };
}

/** Opens an address; the host is part of what is shown. */
export interface LinkButton {
  readonly text: string;
  readonly host: string;
  readonly url: string;
}

/** A small form; its values arrive as `args` of `submit`, by input name. */
export interface Form {
  readonly kind: 'form';
  readonly name: string;
  /** Shown as a button that unfolds the form where the platform can fold. */
  readonly title: string;
  readonly inputs: readonly Input[];
  readonly submit: Button;
}

export type Input =
  | {
      readonly kind: 'input';
      readonly name: string;
      readonly label: string;
      readonly placeholder?: string;
      readonly required: boolean;
      readonly maxLength: number;
    }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly required: boolean;
      readonly options: readonly { readonly value: string; readonly text: string }[];
    };
