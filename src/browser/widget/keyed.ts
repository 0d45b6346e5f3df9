import { Component, type ComponentChild, type ComponentClass } from 'preact';
import type { Key, Store } from './store.js';

/** A component's properties have at least the box whose store it watches. */
interface Props {
  readonly box: { readonly store: Store };
}

/**
 * A component that is drawn again when a value under one of its keys changes, or when its own
 * properties do, and never because what surrounds it is. It is a class because Preact without
 * hooks (a kilobyte) knows no other component with a life of its own.
 */
export function keyed<P extends Props>(
  keys: (props: P) => readonly Key[],
  draw: (props: P) => ComponentChild,
): ComponentClass<P> {
  return class extends Component<P> {
    ends: readonly (() => void)[] = [];
    watched = '';
    override componentDidMount() {
      const wanted = keys(this.props);
      if (this.watched === wanted.join()) return;
      this.componentWillUnmount();
      this.watched = wanted.join();
      this.ends = wanted.map((key) => this.props.box.store.watch(key, () => this.forceUpdate()));
    }
    override componentDidUpdate() {
      this.componentDidMount();
    }
    override componentWillUnmount() {
      for (const end of this.ends) end();
    }
    override shouldComponentUpdate(next: P) {
      return Object.entries(next).some(([name, value]) => this.props[name as keyof P] !== value); // its own names
    }
    override render(props: P) {
      return draw(props);
    }
  };
}
