import { useEffect, useRef } from 'react';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import style from './shell.module.css';

const keys: readonly (readonly [string[], string])[] = [
  [['Ctrl K', '⌘K'], 'Go to anything, do anything'],
  [['/'], 'Search or filter on this page'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['→', '←'], 'Open and close a group or nested runs'],
  [['x'], 'Choose the run; with Shift all up to here'],
  [['c'], 'Compare the chosen runs'],
  [['h'], 'Show or hide the run in charts'],
  [['['], 'Part of the page before this one'],
  [[']'], 'Next part of the page'],
  [['p'], 'Decide what an alias points to'],
  [['e'], 'In a lineage graph: what lies beyond'],
  [['Alt click'], 'Only runs with this value'],
  [['z'], 'Undo what was just done'],
  [['g'], 'Go to the experiments'],
  [['t'], 'Next theme: desktop, light, dark'],
  [['?'], 'This help'],
  [['Esc'], 'Leave a field, close a panel'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={style.dialog} onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" className={kit.bare} onClick={() => dialog.current?.close()}>
          <Icon name="cross" size={14} label="Close" />
        </button>
      </header>
      <dl>
        {keys.map(([combo, does]) => (
          <div key={does}>
            <dt>{combo.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
