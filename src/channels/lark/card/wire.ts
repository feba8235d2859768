import type { ButtonValue } from '../../../cards/card.ts';

/** A card in JSON 2.0, of the vocabulary that we use. The messages API takes it as a JSON string, hooks as an object. */
export interface LarkCard {
  readonly schema: '2.0';
  readonly config: {
    readonly update_multi: true;
    readonly enable_forward: true;
    readonly enable_forward_interaction: false;
    readonly width_mode: 'fill';
    /** What the chat list and notifications show. */
    readonly summary: { readonly content: string };
  };
  readonly header: LarkHeader;
  readonly body: {
    readonly vertical_spacing: 'medium';
    readonly padding: '12px 12px 12px 12px';
    readonly elements: readonly RootElement[];
  };
}

export interface LarkHeader {
  readonly template: HeaderColour;
  readonly title: PlainText;
  readonly subtitle?: PlainText;
  readonly text_tag_list?: readonly TextTag[];
}

export type HeaderColour = 'red' | 'orange' | 'blue' | 'green' | 'grey' | 'default';
export type TagColour = 'red' | 'orange' | 'blue' | 'green' | 'neutral';

export interface TextTag {
  readonly tag: 'text_tag';
  readonly text: PlainText;
  readonly color: TagColour;
}

export interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
}

/** Forms stand at the root only. */
export type RootElement = LarkElement | FormElement;

export type LarkElement = Markdown | Divider | ColumnSet | Panel | ButtonElement | Chart | InputElement | SelectElement;

export interface Markdown {
  readonly tag: 'markdown';
  readonly content: string;
  readonly text_size?: 'notation';
}

export interface Divider {
  readonly tag: 'hr';
}

export interface ColumnSet {
  readonly tag: 'column_set';
  readonly flex_mode: 'flow' | 'bisect';
  readonly horizontal_spacing: '8px';
  readonly columns: readonly Column[];
}

export interface Column {
  readonly tag: 'column';
  readonly width: 'auto' | 'weighted';
  readonly weight?: 1;
  readonly elements: readonly LarkElement[];
}

export interface Panel {
  readonly tag: 'collapsible_panel';
  readonly expanded: boolean;
  readonly background_color?: 'grey';
  readonly header: {
    readonly title: PlainText;
    readonly vertical_align: 'center';
    readonly icon: {
      readonly tag: 'standard_icon';
      readonly token: 'down-small-ccm_outlined';
      readonly size: '16px 16px';
    };
    readonly icon_position: 'right';
    readonly icon_expanded_angle: -180;
  };
  readonly border: { readonly color: 'grey'; readonly corner_radius: '5px' };
  readonly vertical_spacing: '8px';
  readonly padding: '8px 8px 8px 8px';
  readonly elements: readonly LarkElement[];
}

export interface ButtonElement {
  readonly tag: 'button';
  readonly type: 'default' | 'primary_filled' | 'danger';
  readonly size: 'small' | 'medium';
  readonly text: PlainText;
  readonly behaviors: readonly [Behaviour];
  readonly confirm?: { readonly title: PlainText; readonly text: PlainText };
  /** Both inside of a form only. */
  readonly name?: string;
  readonly form_action_type?: 'submit';
}

export type Behaviour =
  | { readonly type: 'callback'; readonly value: ButtonValue }
  | { readonly type: 'open_url'; readonly default_url: string };

export interface FormElement {
  readonly tag: 'form';
  readonly name: string;
  readonly elements: readonly LarkElement[];
}

export interface InputElement {
  readonly tag: 'input';
  readonly name: string;
  readonly label: PlainText;
  readonly placeholder?: PlainText;
  readonly required: boolean;
  readonly max_length: number;
  readonly width: 'fill';
  readonly input_type?: 'multiline_text';
  readonly rows?: number;
}

export interface SelectElement {
  readonly tag: 'select_static';
  readonly name: string;
  readonly placeholder: PlainText;
  readonly required: boolean;
  readonly width: 'fill';
  readonly options: readonly { readonly text: PlainText; readonly value: string }[];
}

export interface Chart {
  readonly tag: 'chart';
  readonly aspect_ratio: '2:1';
  readonly chart_spec: ChartSpec;
}

/** The part of VChart's line chart that we use; no functions, which the platform refuses. */
export interface ChartSpec {
  readonly type: 'line';
  readonly title: { readonly text: string };
  readonly data: {
    readonly values: readonly { readonly time: string; readonly value: number; readonly series: string }[];
  };
  readonly xField: 'time';
  readonly yField: 'value';
  readonly seriesField?: 'series';
  readonly legends?: { readonly visible: true; readonly orient: 'bottom' };
}
