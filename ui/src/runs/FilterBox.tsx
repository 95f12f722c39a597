import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Menu } from '../design/Menu';
import { kit } from '../design/kit';
import { complete, type Place, placeAt, unquoted } from './completion';
import { FilterHelp } from './FilterHelp';
import type { Keys } from './columns';
import { type Suggestion, suggestions } from './suggestions';
import style from './filter.module.css';

/** The filter in the search grammar. While typing it offers keys, operators and values; Enter applies it. */
export function FilterBox({ experimentId, value, keys, onApply, onNeedKeys }: {
  experimentId: string; value: string; keys: Keys; onApply: (filter: string) => void; onNeedKeys: () => void;
}) {
  const [typed, setTyped] = useState(value);
  const [place, setPlace] = useState<Place | null>(null);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const about = place?.expected === 'value' ? place.field : null;
  const begun = useDeferredValue(about ? unquoted(place!.typed) : '');
  const values = useQuery({ ...queries.runValues(experimentId, about ?? '', begun), enabled: about !== null, retry: false });
  const offered = place ? suggestions(place, keys, about ? values.data : undefined) : [];
  const options = offered.filter((one) => one.insert !== null);

  const look = (text: string) => {
    onNeedKeys();
    setChosen(-1);
    setPlace(placeAt(text, input.current?.selectionStart ?? text.length));
  };
  const edit = (text: string) => {
    setTyped(text);
    look(text);
    if (text === '' && value !== '') onApply('');
  };
  const take = (one: Suggestion) => {
    const done = complete(typed, place!, one.insert!);
    // At once: what is typed next belongs behind it.
    flushSync(() => {
      setTyped(done.text);
      setChosen(-1);
    });
    input.current?.focus();
    input.current?.setSelectionRange(done.caret, done.caret);
    setPlace(placeAt(done.text, done.caret));
  };
  const apply = () => {
    setPlace(null);
    onApply(typed.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const picked = options[chosen] ?? (event.key === 'Tab' && place && place.typed !== '' ? options[0] : undefined);
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && options.length > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen(chosen < 0 && step < 0 ? options.length - 1 : (chosen + step + options.length) % options.length);
    } else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey && picked)) {
      event.preventDefault();
      if (picked) take(picked);
      else apply();
    } else if (event.key === 'Escape') {
      if (place && offered.length > 0) {
        // The first Escape closes the list, the next leaves the field.
        event.stopPropagation();
        event.nativeEvent.stopImmediatePropagation();
        setPlace(null);
      } else setTyped(value);
    }
  };
  const open = place !== null && offered.length > 0;
  return (
    <div className={style.filter}>
      <div className={`${kit.search} ${style.box}`}>
        <Icon name="search" size={14} />
        <input
          ref={input} type="text" role="combobox" data-search="" value={typed} spellCheck={false} autoComplete="off"
          placeholder="Name, or a filter: metrics.rmse < 3 and params.depth = '4'" aria-label="Filter runs" title="Filter runs"
          aria-expanded={open} aria-controls={list} aria-autocomplete="list" aria-activedescendant={open && chosen >= 0 ? `${list}-${chosen}` : undefined}
          onChange={(event) => edit(event.target.value)} onKeyDown={onKeyDown} onFocus={() => look(typed)} onClick={() => look(typed)}
          onKeyUp={(event) => {
            if (event.key === 'ArrowLeft' || event.key === 'ArrowRight' || event.key === 'Home' || event.key === 'End') look(typed);
          }}
          onBlur={() => setPlace(null)}
        />
        <kbd aria-hidden="true">/</kbd>
        {typed !== '' && (
          <button type="button" className={`${kit.bare} ${kit.clear}`} onClick={() => { edit(''); setPlace(null); }} title="Clear the filter">
            <Icon name="cross" size={12} label="Clear the filter" />
          </button>
        )}
        <ul id={list} role="listbox" aria-label="What could come next" className={style.offers} hidden={!open} onMouseDown={(event) => event.preventDefault()}>
          {open && offered.map((one) => {
            const index = options.indexOf(one);
            return one.insert === null ? <li key={one.label} role="presentation" className={style.told}>{one.label}</li> : (
              <li
                key={one.label} id={`${list}-${index}`} role="option" aria-selected={index === chosen} title={one.label}
                ref={index === chosen ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined} onClick={() => take(one)}
              >
                <span>{one.label}</span>
                {one.detail && <small>{one.detail}</small>}
              </li>
            );
          })}
        </ul>
      </div>
      {typed.trim() !== value && <button type="button" className={kit.button} title="Apply the filter (Enter)" onClick={apply}>Apply ⏎</button>}
      <Menu label="How to write a filter" className={kit.bare} align="right" button={<Icon name="info" />}>{() => <FilterHelp keys={keys} />}</Menu>
    </div>
  );
}
