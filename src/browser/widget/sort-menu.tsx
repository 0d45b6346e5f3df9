import { useState } from 'preact/hooks';
import type { Sort } from '../../contract/comment.js';
import type { View } from './view.js';
import { Down } from './icons.js';
import { useKey } from './store.js';

const sorts: readonly Sort[] = ['newest', 'oldest', 'top', 'replies'];

/** The order of the list: a disclosure button and a list of buttons. */
export function SortMenu({ box }: { readonly box: View }) {
  const [open, setOpen] = useState(false);
  const sort = useKey(box.store, 'sort') ?? 'newest';
  const current = box.say(sort);
  return (
    <div
      class="sort"
      part="sort"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        event.currentTarget.querySelector('button')?.focus();
      }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false); // a Node of this tree or null
      }}
    >
      <button
        class="quiet"
        aria-expanded={open}
        aria-label={`${current}: ${box.say('sort')}`}
        onClick={() => setOpen(!open)}
      >
        {current}
        <Down />
      </button>
      {open && (
        <ul>
          {sorts.map((each) => (
            <li key={each}>
              <button
                aria-pressed={each === sort}
                onClick={(event) => {
                  event.currentTarget.closest('.sort')?.querySelector('button')?.focus();
                  setOpen(false);
                  box.setSort(each);
                }}
              >
                {box.say(each)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
