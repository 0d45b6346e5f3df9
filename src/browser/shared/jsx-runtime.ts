import { Fragment, h } from 'preact';

/**
 * What the compiler turns elements into, by Preact's `h`: its own `jsx` costs more bytes and does
 * nothing else that is needed here. The build puts this in the place of `preact/jsx-runtime`.
 */
export const jsx = (type: string, props: object, key?: string) =>
  h(type, key === undefined ? props : { ...props, key });

export { Fragment, jsx as jsxs };
